// Sealing anew, to the readers there are now, what isn't sealed to them. The server knows of each item for whom it is sealed:
// so this can stop at any place, and goes on with what is left, in whichever browser it is begun again.

import * as api from './api.js';
import { framed } from './frames.js';
import * as keys from './keys.js';
import { fetchSealed, loadReaders } from './loading.js';
import { noteWork } from './locking.js';
import { createPool } from './opener.js';
import { seal } from './sealing.js';

const PIECE = 400;
// Now and then the page is to draw.
const BREATH = 10;

/** `{done, unopened}`; `onProgress` gets how many of how many were looked at. The page doesn't lock itself meanwhile. */
export async function resealAll({ visit, store }, onProgress) {
  const { signal } = visit;
  await loadReaders(store, signal);
  const stale = await api.get('stale', signal);
  const texts = stale.filter((item) => item.kind !== 'file');
  const files = stale.filter((item) => item.kind === 'file');
  const pool = keys.withIdentities((identities) => createPool(identities, signal));
  const job = { store, signal, pool, done: 0, unopened: 0, seen: 0, all: stale.length, onProgress };
  onProgress(0, job.all);
  try {
    for (const item of files) await resealPiece(job, [item], await fetchFile(item, signal));
    for (let at = 0; at < texts.length; at += PIECE) {
      const piece = texts.slice(at, at + PIECE);
      await resealPiece(job, piece, await fetchSealed(piece.map((item) => item.id), signal));
    }
  } finally {
    pool.close();
  }
  store.stale = job.unopened;
  return { done: job.done, unopened: job.unopened };
}

async function fetchFile(item, signal) {
  try {
    return [[item.id, await api.bytes(`items/${item.id}`, signal)]];
  } catch (error) {
    if (error.reason === 'item_gone') return [];
    throw error;
  }
}

async function resealPiece(job, items, frames) {
  const known = new Map(items.map((item) => [item.id, item]));
  const opened = await job.pool.open(frames.map(([, sealed]) => sealed), noteWork);
  const anew = [];
  for (const [at, [id]] of frames.entries()) {
    const recipients = recipientsOf(job.store, known.get(id));
    if (opened[at] && recipients) anew.push([id, await seal(opened[at], recipients)]);
    else job.unopened += 1;
    if (at % BREATH === 0) await new Promise((resolve) => { setTimeout(resolve); });
    noteWork();
    job.signal.throwIfAborted();
  }
  if (anew.length) await put(job, anew);
  job.seen += items.length;
  job.onProgress(job.seen, job.all);
}

/** What was destroyed meanwhile is left out: a piece is taken whole or not at all. */
async function put(job, pairs) {
  try {
    await api.send('reseal', { readers: job.store.readerIds }, framed(pairs), job.signal);
    job.done += pairs.length;
  } catch (error) {
    if (error.reason !== 'item_gone' && error.reason !== 'case_gone') throw error;
    if (pairs.length > 1) for (const each of pairs) await put(job, [each]);
  }
}

/** Null where whoever wrote the case can't be known: their concern doesn't open. */
function recipientsOf(store, item) {
  const readers = store.active.map((reader) => reader.recipient);
  if (item.kind !== 'answer') return readers;
  const writer = store.concerns.get(item.case)?.answer_to;
  return writer ? [...readers, writer] : null;
}
