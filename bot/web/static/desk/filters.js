// Which cases the list shows, and in which order.

import { fold } from './folding.js';

/** Cases that fit `wanted`; merged ones stand with the case into which they went, whose row fits when one of them does. */
export function chosenCases(store, wanted) {
  const words = fold(wanted.text).split(' ').filter(Boolean);
  const groups = groupsOf(store);
  return [...store.cases.values()]
    .filter((row) => row.merged_into === null || !store.cases.has(row.merged_into))
    .filter((row) => {
      const group = [row, ...(groups.get(row.id) ?? [])];
      return group.some((each) => fits(store, each, wanted)) && (words.length === 0 || group.some((each) => holds(store, each, words)));
    })
    .sort(byDue);
}

function groupsOf(store) {
  const groups = new Map();
  for (const row of store.cases.values()) {
    if (row.merged_into !== null) groups.set(row.merged_into, [...(groups.get(row.merged_into) ?? []), row]);
  }
  return groups;
}

function fits(store, row, wanted) {
  return (wanted.state === 'all' || (wanted.state === 'open' ? !row.is_over : row.state === wanted.state))
    && (!wanted.category || row.category === wanted.category)
    && (!wanted.week || row.week === wanted.week)
    && (!wanted.theme || String(row.theme ?? 'none') === wanted.theme)
    && (!wanted.mine || store.isMine(row))
    && (!wanted.overdue || store.isOverdue(row))
    && (!wanted.replied || store.hasReply(row));
}

function holds(store, row, words) {
  const text = store.searchable(row.id);
  return words.every((word) => text.includes(word));
}

/** What still waits for its first answer comes first, by its day; what is over comes last. */
function byDue(one, other) {
  return rank(one) - rank(other) || compare(one.due_on, other.due_on) || compare(one.id, other.id);
}

function rank(row) {
  if (row.is_over) return 2;
  return row.first_answer_week === null ? 0 : 1;
}

const compare = (one, other) => (one < other ? -1 : Number(one > other));
