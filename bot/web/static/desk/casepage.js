// One case: what was written, what is decided, what is answered.

import * as api from './api.js';
import { createWriting } from './answering.js';
import { createDecisions } from './deciding.js';
import { copyOf, dayName, monthName, say, show } from './dom.js';
import { run } from './doing.js';
import { openItems } from './items.js';
import { loadReaders } from './loading.js';
import { categoryName } from './row.js';
import { fillThread } from './thread.js';

/** Opens the case in `pane`; `list` hears of changes, and is asked for other cases. */
export async function openCase(visit, store, id, pane, list) {
  const view = copyOf('case');
  view.back.addEventListener('click', list.close);
  view.title.textContent = say('case_title', { name: store.cases.get(id).name });
  pane.replaceChildren(view.root);
  pane.scrollTo(0, 0);
  scrollTo(0, 0);
  view.title.focus();
  const page = { visit, store, id, view, list, items: [], row: () => store.cases.get(id) };
  page.reload = () => reload(page);
  page.refresh = () => refresh(page);
  await run(view.root, view.problem, async () => {
    await reload(page);
    createDecisions(page);
    createWriting(page);
  });
}

async function reload(page) {
  const { visit, store, id } = page;
  const [opened] = await Promise.all([
    api.post(`cases/${id}/open`, {}, visit.signal), loadReaders(store, visit.signal),
  ]);
  page.items = await openItems(opened.items, visit.signal);
  visit.signal.throwIfAborted();
  store.put(opened.case);
  store.putMerged(id, opened.merged);
  refresh(page);
}

/** Shows what is known of the case now. */
function refresh(page) {
  const { store, items, row, view } = page;
  const texts = (kind) => items.filter((item) => item.kind === kind).map((item) => item.header);
  const said = items.filter((item) => !['note', 'file'].includes(item.kind));
  store.put(row(), { concern: texts('concern')[0] ?? null, replies: texts('reply'), last: said.at(-1)?.kind });
  fillHead(view, page);
  fillThread(page);
  page.decisions?.refresh();
  page.writing?.refresh();
  page.list.changed();
}

function fillHead(view, { store, row }) {
  const now = row();
  view.category.textContent = categoryName(now.category);
  view.week.textContent = say('week_of', { day: dayName(now.week) });
  view.state.textContent = say(`state_${now.state}`);
  view.state.dataset.state = now.state;
  show(view.due, now.first_answer_week === null && !now.is_over && say('due', { day: dayName(now.due_on) }));
  view.overdue.hidden = !store.isOverdue(now);
  if (store.isOverdue(now)) view.due.hidden = true;
  show(view.satisfaction, now.satisfaction && say(`satisfaction_${now.satisfaction}`));
  view.destroyed.textContent = say('destroyed', { month: monthName(now.destroyed_after) });
}
