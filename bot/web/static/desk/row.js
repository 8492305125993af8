// One case in the list.

import { dayName, say, show } from './dom.js';

const EXCERPT = 160;

export function fillRow(line, store, row) {
  const concern = store.concerns.get(row.id);
  const merged = store.mergedInto(row.id);
  line.root.dataset.case = row.id;
  line.category.textContent = categoryName(row.category);
  line.text.textContent = concern ? excerpt(concern) : say('not_opened');
  line.text.classList.toggle('unopened', !concern);
  line.when.textContent = say('week_of', { day: dayName(row.week) });
  line.state.textContent = say(`state_${row.state}`);
  line.state.dataset.state = row.state;
  show(line.due, row.first_answer_week === null && !row.is_over && say('due', { day: dayName(row.due_on) }));
  line.overdue.hidden = !store.isOverdue(row);
  if (store.isOverdue(row)) line.due.hidden = true;
  line.replied.hidden = ![row, ...merged].some((each) => store.hasReply(each));
  show(line.assigned, row.assigned_to && store.readerName(row.assigned_to));
  show(line.merged, merged.length > 0 && say('merged_count', { count: merged.length }));
}

/** Categories that are gone from the list keep their key. */
export function categoryName(category) {
  try {
    return say(`category_${category}`);
  } catch {
    return category;
  }
}

function excerpt({ text, files }) {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (!line) return say('only_files', { count: files?.length ?? 0 });
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line;
}
