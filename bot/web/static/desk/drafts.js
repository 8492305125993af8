// What is being written outlives a lock: sealed to its writer's own key, in memory, until they open it again.

import * as keys from './keys.js';
import { open, seal } from './sealing.js';

let kept = null;

/** Seals the texts of `drafts`, by case; call it before the key is forgotten. */
export async function keep(drafts) {
  const texts = [...drafts].filter(([, draft]) => draft.text.trim());
  if (texts.length === 0) return;
  const recipient = keys.recipient();
  kept = { recipient, sealed: await seal({ header: { kind: 'note', texts } }, [recipient]) };
}

/** The drafts that were kept for this key. */
export async function takeBack() {
  if (kept?.recipient !== keys.recipient()) return new Map();
  const { header } = await keys.withIdentities((identities) => open(kept.sealed, identities));
  kept = null;
  return new Map(header.texts);
}
