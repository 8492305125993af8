// What the page knows while it is unlocked. There is one of it, made when the key opens and dropped when it locks.

import { weeksBetween } from './dom.js';
import { fold } from './folding.js';

const OPEN = ['new', 'read', 'in_progress', 'answered', 'to_dialogue'];
const UNDER_WAY = ['read', 'in_progress'];
// Whole weeks, as in handlers/concerns/telling.py.
const LONG = 4;

export class Store {
  me = null;
  readers = [];
  /** Cases as the server lists them, by id. */
  cases = new Map();
  /** The opened concern of each case, by the case's id; null where this key doesn't open it. */
  concerns = new Map();
  /** What their writers added, likewise: lists. */
  replies = new Map();
  /** The kind of what was written last, apart from notes and files. */
  last = new Map();
  /** How many items aren't sealed to exactly those who may read now. */
  stale = 0;
  /** The union's themes. */
  themes = [];
  /** What is being written: texts by case. */
  drafts = new Map();
  #folded = new Map();

  /** The keys to which everything is sealed now. */
  get active() {
    return this.readers.filter((reader) => reader.state === 'active' && reader.is_entitled);
  }

  /** Who was let in and may not read any more: nothing new is sealed to them. */
  get lapsed() {
    return this.readers.filter((reader) => reader.state === 'active' && !reader.is_entitled);
  }

  /** Their ids, as the server asks for them. */
  get readerIds() {
    return this.active.map((reader) => reader.id).join(',');
  }

  readerName(id) {
    return this.active.find((reader) => reader.id === id)?.name ?? null;
  }

  /** Those that were merged into the case. */
  mergedInto(id) {
    return [...this.cases.values()].filter((each) => each.merged_into === id);
  }

  /** Takes in which cases are merged into one now, as the server says. */
  putMerged(id, rows) {
    for (const row of this.mergedInto(id)) this.put({ ...row, merged_into: null });
    for (const row of rows) this.put(row);
  }

  /** Whether it is assigned to who is here: by this key, or by one before it. */
  isMine(row) {
    return this.me.keys.some((key) => key.id === row.assigned_to);
  }

  /** Whether a first answer is late, or it is under way and nobody wrote for long. */
  isOverdue(row) {
    if (row.first_answer_week !== null) return UNDER_WAY.includes(row.state) && weeksBetween(row.quiet_since, this.me.today) > LONG;
    return OPEN.includes(row.state) && row.due_on < this.me.today;
  }

  /** Whether the writer wrote last, or wrote something that nobody has opened. */
  hasReply(row) {
    return !row.is_over && (row.has_news || this.last.get(row.id) === 'reply');
  }

  /** Its short name and everything opened of it, as it is searched. */
  searchable(id) {
    if (!this.#folded.has(id)) this.#folded.set(id, this.#fold(id));
    return this.#folded.get(id);
  }

  /** Takes in what was changed or opened since. */
  put(row, { concern, replies, last } = {}) {
    this.cases.set(row.id, row);
    if (concern !== undefined) this.concerns.set(row.id, concern);
    if (replies !== undefined) this.replies.set(row.id, replies);
    if (last !== undefined) this.last.set(row.id, last);
    this.#folded.delete(row.id);
  }

  #fold(id) {
    const texts = [this.concerns.get(id), ...(this.replies.get(id) ?? [])].map((each) => each?.text ?? '');
    return fold([this.cases.get(id).name, ...texts].join(' '));
  }
}
