// What was answered to a case before another one was merged into it: the other one's writer gets it too.

import * as api from './api.js';
import { Problem } from './doing.js';
import { idFrom } from './frames.js';
import { openItems } from './items.js';
import { sendOne } from './sending.js';

// Where a case may stand once it was answered.
const AFTERWARDS = ['answered', 'in_progress', 'to_dialogue'];

/** Seals each answer of the case `into` for whoever wrote the page's case. What they have they don't get again. */
export async function copyAnswers(page, into) {
  const { store, visit, id } = page;
  // Not by opening it: what its writer added may be unread still.
  const answers = (await api.get('items?kind=answer', visit.signal)).filter((item) => item.case === into);
  const opened = await openItems(answers, visit.signal);
  if (opened.some((answer) => !answer.header)) throw new Problem('not_copied');
  const { state } = store.cases.get(into);
  // As once before, when it was merged and taken out again.
  const theirs = new Set(page.items.filter((item) => item.kind === 'answer').map((item) => item.header?.text));
  for (const answer of opened.filter(({ header }) => !theirs.has(header.text))) {
    const { text, by } = answer.header;
    const item = await idOfCopy(answer.id, id);
    const after = AFTERWARDS.includes(state) ? state : 'answered';
    store.put(await sendOne(page, page.row(), { mode: 'answer', text, by, item, state: { state: after } }));
  }
}

/** The same for the same answer and case: what was sent before and broke off isn't there twice. */
async function idOfCopy(answer, id) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${answer} ${id}`));
  return idFrom(new Uint8Array(digest));
}
