// The items of one case, opened.

import * as keys from './keys.js';
import { fetchSealed } from './loading.js';
import { createOpener, SealingProblem } from './sealing.js';

/** In their order, each with its `header`, null where this key doesn't open it. Files stay closed until somebody asks for them. */
export async function openItems(items, signal) {
  const texts = items.filter((item) => item.kind !== 'file');
  const sealed = new Map(await fetchSealed(texts.map((item) => item.id), signal));
  const open = keys.withIdentities(createOpener);
  const opened = [];
  for (const item of [...items].sort((one, other) => one.number - other.number)) {
    opened.push({ ...item, header: sealed.has(item.id) ? await headerOrNull(open, sealed.get(item.id)) : null });
  }
  return opened;
}

async function headerOrNull(open, sealed) {
  try {
    return (await open(sealed)).header;
  } catch (error) {
    if (error instanceof SealingProblem) return null;
    throw error;
  }
}
