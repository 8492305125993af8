// Writing in a case: an answer, a decline with its reason, a note among readers. Everything is sealed here; an answer goes to
// whoever wrote the case, and to the writers of those that were merged into it, each sealed for that one alone.

import { mondayOf, say, show } from './dom.js';
import { onSend, Problem } from './doing.js';
import * as drafts from './drafts.js';
import { groupOf, withNews } from './deciding.js';
import { newId } from './frames.js';
import { sendOne } from './sending.js';

export function createWriting(page) {
  const { view, store, id } = page;
  const draft = store.drafts.get(id) ?? { mode: 'answer', text: '' };
  store.drafts.set(id, draft);
  view.text.value = draft.text;
  view.writing.elements.mode.value = draft.mode;
  view.writing.addEventListener('input', () => {
    Object.assign(draft, { text: view.text.value, mode: view.writing.elements.mode.value, isTouched: true });
    refresh(page);
  });
  view.canned.addEventListener('change', () => {
    const { text } = view.canned.selectedOptions[0].dataset;
    view.canned.value = '';
    draft.text = [view.text.value.trim(), text].filter(Boolean).join('\n\n');
    view.text.value = draft.text;
  });
  onSend(view.writing, view.writingProblem, () => withNews(page, async () => {
    const item = await write(page, draft);
    Object.assign(draft, { text: '', attempt: null, isTouched: true });
    view.text.value = '';
    await drafts.keep(store.drafts);
    page.items.push(item);
    page.refresh();
    show(view.written, say(draft.mode === 'note' ? 'note_kept' : 'answer_sent'));
  }));
  page.writing = { refresh: () => refresh(page) };
  refresh(page);
}

function refresh(page) {
  const { view } = page;
  const mode = view.writing.elements.mode.value;
  const others = groupOf(page).length - 1;
  view.writing.hidden = page.row().is_over;
  view.over.hidden = !page.row().is_over;
  view.writing.dataset.mode = mode;
  view.send.textContent = say(`send_${mode}`);
  view.afterwards.hidden = mode !== 'answer';
  view.cannedPart.hidden = mode === 'note';
  show(view.reach, mode !== 'note' && others > 0 && say('reach', { count: others }));
  show(view.written, '');
}

/** What stands in the case from now on. */
async function write(page, draft) {
  const text = draft.text.trim();
  if (!text) throw new Problem('empty');
  // The field holds back what is typed, not what is put in ready-made.
  const most = page.view.text.maxLength;
  if (text.length > most) throw new Problem('too_long', { most, length: text.length });
  const targets = draft.mode === 'note' ? [page.row()] : groupOf(page);
  const attempt = attemptFor(draft, text);
  const state = draft.mode === 'answer' ? { state: page.view.after.value } : {};
  // The case itself comes last: while it stands open, what didn't go through can be sent again.
  for (const row of targets.reverse()) {
    if (attempt.done.has(row.id)) continue;
    const changed = await sendOne(page, row, { mode: draft.mode, text, item: attempt.item(row.id), state });
    attempt.done.add(row.id);
    page.store.put(changed);
  }
  const kind = draft.mode === 'note' ? 'note' : 'answer';
  return { kind, week: mondayOf(page.store.me.today), header: { text, by: page.store.me.name } };
}

/** What is sent again unchanged keeps its ids, so that it is there once. */
function attemptFor(draft, text) {
  const key = `${draft.mode} ${text}`;
  if (draft.attempt?.key === key) return draft.attempt;
  const ids = new Map();
  const item = (id) => ids.get(id) ?? ids.set(id, newId()).get(id);
  draft.attempt = { key, done: new Set(), item };
  return draft.attempt;
}
