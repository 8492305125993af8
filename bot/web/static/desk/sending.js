// What is written in a case, sealed and sent.

import * as api from './api.js';
import { Problem } from './doing.js';
import { loadReaders } from './loading.js';
import { seal } from './sealing.js';

/** Seals `text` to the readers, and all but a note to the case's writer, and has it kept; the case as it is then. */
export async function sendOne(page, row, writing) {
  try {
    return await sealAndSend(page, row, writing);
  } catch (error) {
    if (error.reason !== 'readers_changed') throw error;
    await loadReaders(page.store, page.visit.signal);
    return sealAndSend(page, row, writing);
  }
}

async function sealAndSend({ store, visit }, row, { mode, text, by = store.me.name, item, state }) {
  const recipients = store.active.map((reader) => reader.recipient);
  const kind = mode === 'note' ? 'note' : 'answer';
  if (kind === 'answer') {
    const writer = store.concerns.get(row.id)?.answer_to;
    if (!writer) throw new Problem('no_way_back', { name: row.name });
    recipients.push(writer);
  }
  const sealed = await seal({ header: { kind, text, by } }, recipients);
  const query = { version: row.version, item, readers: store.readerIds, ...state };
  return api.send(`cases/${row.id}/${mode}`, query, sealed, visit.signal);
}
