// Whether words repeat what somebody wrote: their way of saying it would tell who they are.

import { fold } from './folding.js';

const LONGEST_RUN = 8;

/** The first eight words in a row of `words` that stand in one of `texts` too, as they are written; null when there are none. */
export function repeated(words, texts) {
  const wanted = new Set(runs(words).map(fold));
  // Each text is folded once, as a whole: of thousands, run by run, that would take many seconds.
  const known = new Set(texts.flatMap((text) => runs(fold(text)).filter((run) => wanted.has(run))));
  return runs(words).find((run) => known.has(fold(run))) ?? null;
}

function runs(text) {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const count = Math.max(words.length - LONGEST_RUN + 1, 0);
  return Array.from({ length: count }, (_, at) => words.slice(at, at + LONGEST_RUN).join(' '));
}
