// Whether words repeat what somebody wrote: their way of saying it would tell who they are.

import { fold } from './folding.js';

const LONGEST_RUN = 8;

/** The first eight words in a row that stand in `words` and in one of `texts`; null when there are none. */
export function repeated(words, texts) {
  const known = new Set(texts.flatMap((text) => runs(text)));
  return runs(words).find((run) => known.has(run)) ?? null;
}

function runs(text) {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const count = Math.max(words.length - LONGEST_RUN + 1, 0);
  return Array.from({ length: count }, (_, at) => words.slice(at, at + LONGEST_RUN).join(' '));
}
