// Filling the store: lists from the server, and everything that was written to be read here, opened in pieces while the next
// one is on its way.

import * as api from './api.js';
import { framesIn } from './frames.js';
import * as keys from './keys.js';
import { createPool } from './opener.js';

// So many sealed texts take 20 MB.
const PIECE = 1_000;
const WRITTEN = ['concern', 'reply', 'answer'];

/** Loads everything; `onProgress` gets how many of how many are opened. */
export async function load(store, signal, onProgress) {
  const paths = ['readers', 'stale', 'cases', 'themes', ...WRITTEN.map((kind) => `items?kind=${kind}`)];
  const found = await Promise.all(paths.map((path) => api.get(path, signal)));
  const [readers, stale, cases, themes, concerns, replies, answers] = found;
  store.readers = readers;
  store.stale = stale.length;
  store.themes = themes;
  store.cases = new Map(cases.map((row) => [row.id, row]));
  noteLast(store, [...concerns, ...replies, ...answers]);
  await openTexts(store, [...concerns, ...replies], signal, onProgress);
}

/** Readers and cases as they are now, without opening anything. */
export async function loadReaders(store, signal) {
  store.readers = await api.get('readers', signal);
}

/** What `ids` hold: `[id, sealed]` pairs. */
export async function fetchSealed(ids, signal) {
  return framesIn(await api.bytesFor('sealed', { ids }, signal));
}

function noteLast(store, items) {
  const numbers = new Map();
  for (const item of items) {
    if (item.number < (numbers.get(item.case) ?? -1)) continue;
    numbers.set(item.case, item.number);
    store.last.set(item.case, item.kind);
  }
}

async function openTexts(store, items, signal, onProgress) {
  const known = new Map(items.map((item) => [item.id, item]));
  const ids = [...known.keys()];
  const pieces = Array.from({ length: Math.ceil(ids.length / PIECE) }, (_, at) => ids.slice(at * PIECE, (at + 1) * PIECE));
  const pool = keys.withIdentities((identities) => createPool(identities, signal));
  let coming = pieces.length ? fetchSealed(pieces[0], signal) : null;
  let done = 0;
  onProgress(0, ids.length);
  try {
    for (const at of pieces.keys()) {
      const frames = await coming;
      coming = at + 1 < pieces.length ? fetchSealed(pieces[at + 1], signal) : null;
      // What goes wrong with the next piece is heard of when it is waited for.
      coming?.catch(() => {});
      const opened = await pool.open(frames.map(([, each]) => each), (count) => onProgress(done + count, ids.length));
      frames.forEach(([id], number) => keep(store, known.get(id), opened[number]));
      done += pieces[at].length;
    }
  } finally {
    pool.close();
  }
}

function keep(store, item, opened) {
  const header = opened?.header ?? null;
  if (item.kind === 'concern') store.concerns.set(item.case, header);
  else store.replies.set(item.case, [...(store.replies.get(item.case) ?? []), header]);
}
