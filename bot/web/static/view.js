// The list of messages: one row for each id, in the order of `seq`, own unsent ones last.

import { mark } from './bubbles.js';

// Messages of one sender within this time stand close together under one time.
const CLOSE = 5 * 60_000;

/** Keeps `list` in order. `bubbles` makes rows, `dates` names days, `follower` scrolls. */
export function createView({ list, bubbles, dates, follower }) {
  const rows = new Map();
  const facts = new WeakMap();
  let highest = 0;
  let today = dates.day(Date.now());

  /** Shows a message of the server; tells what it was: 'new', 'edited', 'own' (the echo of one sent here) or 'same'. */
  function put(message) {
    const raw = JSON.stringify({ ...message, client: null });
    const pending = message.client ? rows.get(message.client) : undefined;
    const known = rows.get(message.id);
    if (known && facts.get(known).raw === raw) return 'same';
    const row = known ?? pending ?? bubbles.make(message.from);
    facts.set(row, { seq: message.seq, from: message.from, at: message.at, raw });
    highest = Math.max(highest, message.seq);
    bubbles.fill(row, message);
    row.dataset.id = message.id;
    if (message.from === 'me') mark(row, 'sent');
    rows.delete(message.client);
    rows.set(message.id, row);
    if (known) follower.edited(row);
    else if (message.from === 'bot') follower.arriving(row);
    settle(row);
    if (known) return 'edited';
    return pending ? 'own' : 'new';
  }

  /** Shows an own text before the server has it; `put` finds it again by `client`. */
  function pend({ client, text, at }) {
    const row = bubbles.make('me');
    facts.set(row, { seq: Infinity, from: 'me', at, raw: '' });
    bubbles.fill(row, { text, at });
    row.dataset.client = client;
    mark(row, 'sending');
    rows.set(client, row);
    settle(row);
    follower.own();
  }

  /**
   * A refused one keeps its place among what follows; any other unsent one stays the newest, and so does one that was
   * refused before the page was loaded again: among the others it would not be seen.
   */
  function markPending(client, state, why) {
    const row = rows.get(client);
    if (!row || facts.get(row).taken) return;
    facts.get(row).seq = state === 'refused' && highest > 0 ? highest + 0.5 : Infinity;
    mark(row, state, why);
    settle(row);
  }

  /** The server has it, and no echo will come: it keeps the place that it has here. */
  function taken(client) {
    const row = rows.get(client);
    if (!row) return;
    Object.assign(facts.get(row), { seq: highest, taken: true });
    mark(row, 'sent');
    settle(row);
  }

  function remove(client) {
    const row = rows.get(client);
    if (!row) return;
    const next = row.nextElementSibling;
    rows.delete(client);
    row.remove();
    if (next) join(next);
    freshen();
  }

  function settle(row) {
    place(row);
    join(row);
    if (row.nextElementSibling) join(row.nextElementSibling);
    freshen();
    if (today !== dates.day(Date.now())) renameDays();
    follower.place();
  }

  // A row that already stands right isn't moved: moving would have it read aloud a second time.
  function place(row) {
    const { seq } = facts.get(row);
    let before = list.lastElementChild;
    while (before && (before === row || facts.get(before).seq > seq)) before = before.previousElementSibling;
    const next = before ? before.nextElementSibling : list.firstElementChild;
    if (next === row || (row.isConnected && row.previousElementSibling === before)) return;
    const old = row.nextElementSibling;
    list.insertBefore(row, next);
    if (old) join(old);
  }

  function join(row) {
    const before = row.previousElementSibling;
    const mine = facts.get(row);
    const theirs = before && facts.get(before);
    const newDay = !theirs || dates.day(theirs.at) !== dates.day(mine.at);
    const joined = !newDay && theirs.from === mine.from && !before.querySelector('.keys')
      && Date.parse(mine.at) - Date.parse(theirs.at) < CLOSE;
    row.classList.toggle('joined', joined);
    before?.classList.toggle('joining', joined);
    if (!row.nextElementSibling) row.classList.remove('joining');
    const day = row.querySelector('.day');
    day.hidden = !newDay;
    day.textContent = newDay ? dates.dayName(mine.at) : '';
  }

  // Only the newest buttons look like a question that is still open.
  function freshen() {
    const withKeys = list.querySelectorAll('.row.bot .keys');
    list.querySelector('.keys.fresh')?.classList.remove('fresh');
    withKeys[withKeys.length - 1]?.classList.add('fresh');
  }

  function renameDays() {
    today = dates.day(Date.now());
    for (const row of list.children) join(row);
  }

  const isPending = (client) => rows.has(client) && !facts.get(rows.get(client)).taken;

  return { put, pend, markPending, taken, remove, isPending };
}
