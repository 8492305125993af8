// What is being written outlives a lock, and a session: sealed to its writer's own key, in this browser, until they open it
// again. Without the key nobody can tell more of it than that something was being written.

import * as keys from './keys.js';
import { open, seal, SealingProblem } from './sealing.js';

const NAME = 'desk-drafts:';

/** Keeps the texts of `drafts`, by case, that were touched here, beside those of other tabs; the key has to be held. */
export async function keep(drafts) {
  const recipient = keys.recipient();
  const texts = await takeBack();
  for (const [id, { mode, text, isTouched }] of drafts) {
    if (isTouched) texts.set(id, { mode, text });
  }
  const written = [...texts].filter(([, { text }]) => text.trim());
  if (written.length === 0) {
    localStorage.removeItem(NAME + recipient);
    return;
  }
  const sealed = await seal({ header: { kind: 'note', texts: written } }, [recipient]);
  localStorage.setItem(NAME + recipient, btoa(Array.from(sealed, (byte) => String.fromCharCode(byte)).join('')));
}

/** The drafts that were kept for this key. */
export async function takeBack() {
  const kept = localStorage.getItem(NAME + keys.recipient());
  if (kept === null) return new Map();
  const sealed = Uint8Array.from(atob(kept), (letter) => letter.charCodeAt(0));
  try {
    const { header } = await keys.withIdentities((identities) => open(sealed, identities));
    return new Map(header.texts);
  } catch (error) {
    if (error instanceof SealingProblem) return new Map();
    throw error;
  }
}
