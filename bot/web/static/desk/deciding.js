// What is decided about a case: its state, who takes care of it, with which it is merged. What is decided for a case is
// decided for those that were merged into it.

import * as api from './api.js';
import { ask } from './asking.js';
import { copyAnswers } from './copying.js';
import { fillChoice, say, show } from './dom.js';
import { run } from './doing.js';
import { fillThemes, forward } from './forwarding.js';
import { chooseTarget } from './merging.js';

const NEWS = ['case_changed', 'case_over', 'not_so', 'not_answered', 'not_told', 'reader_gone'];

export function createDecisions(page) {
  const { view } = page;
  const act = (work) => run(view.decisions, view.decisionProblem, () => withNews(page, work));
  for (const button of view.states.querySelectorAll('[value]')) {
    button.addEventListener('click', () => act(() => move(page, button.value)));
  }
  view.assignee.addEventListener('change', () => act(() => assign(page)));
  view.theme.addEventListener('change', () => act(() => forward(page)));
  view.merge.addEventListener('click', () => act(() => merge(page)));
  view.unmerge.addEventListener('click', () => act(() => change(page, page.id, 'merge', { into: null })));
  view.target.addEventListener('click', () => page.list.turnTo(page.row().merged_into));
  page.decisions = { refresh: () => refresh(page) };
  refresh(page);
}

/** Does `work`; where somebody was faster the case is shown as it is now, and what the server said stays said. */
export async function withNews(page, work) {
  try {
    await work();
  } catch (error) {
    if (NEWS.includes(error.reason)) await page.reload();
    throw error;
  }
}

/** The case, and those that were merged into it and aren't over. */
export function groupOf({ store, id, row }) {
  return [row(), ...store.mergedInto(id).filter((each) => !each.is_over)];
}

function refresh(page) {
  const { view, store, row } = page;
  const now = row();
  view.decisions.hidden = now.is_over;
  for (const button of view.states.querySelectorAll('[value]')) button.hidden = button.value === now.state;
  view.assignee.replaceChildren(new Option(say('nobody'), ''));
  fillChoice(view.assignee, store.active.map((reader) => [reader.id, reader.name]));
  view.assignee.value = now.assigned_to ?? '';
  fillThemes(page);
  const target = store.cases.get(now.merged_into);
  view.mergedInto.hidden = !target;
  show(view.target, target && say('case_title', { name: target.name }));
  view.unmerge.hidden = now.is_over;
  view.merge.hidden = Boolean(target) || store.mergedInto(now.id).length > 0;
}

async function move(page, state) {
  if (state === 'closed') return close(page);
  // The case itself comes last: while it stands open, what didn't go through can be decided again.
  for (const row of groupOf(page).reverse()) {
    if (row.state !== state) await change(page, row.id, 'state', { state });
  }
}

/** Those that were merged into it close with it. */
async function close(page) {
  if ((await ask('ask-close')) !== 'yes') return;
  await change(page, page.id, 'state', { state: 'closed' });
  await page.reload();
}

async function assign(page) {
  const { value } = page.view.assignee;
  await change(page, page.id, 'assign', { reader: value ? Number(value) : null });
}

async function merge(page) {
  const into = await chooseTarget(page);
  if (!into) return;
  await copyAnswers(page, into);
  await change(page, page.id, 'merge', { into });
  await page.reload();
}

async function change(page, id, path, value) {
  const { visit, store } = page;
  const row = await api.post(`cases/${id}/${path}`, { version: store.cases.get(id).version, ...value }, visit.signal);
  store.put(row);
  page.refresh();
}
