// A new key: a passphrase for it, its sheet of paper, and then to the server, which gets the public half and the wrapped one.

import * as api from './api.js';
import { copyOf, say, show } from './dom.js';
import { onSend, Problem } from './doing.js';
import * as keys from './keys.js';
import { handOverSheet } from './sheet.js';
import { isStrong } from './wrapping.js';

/** Resolves once the server has the new key, which is held. */
export async function makeKey(visit, me) {
  const view = copyOf('make');
  const readers = await api.get('readers', visit.signal);
  view.anew.hidden = !me.may_appoint || readers.length === 0;
  view.first.hidden = !me.may_appoint || readers.length > 0;
  const wrapped = await chosen(visit, view, async (passphrase, onProgress) => {
    await keys.generate();
    return keys.wrap(passphrase, onProgress);
  });
  await handOverSheet(visit, me);
  await api.post('readers', { recipient: keys.recipient(), wrapped: JSON.stringify(wrapped) }, visit.signal);
}

/** Shows the view with its form for a new passphrase; resolves with what `use` made of it. */
export function chosen(visit, view, use) {
  const { passphrase, again, strength, progress, problem } = view;
  passphrase.addEventListener('input', () => {
    show(strength, passphrase.value && say(isStrong(passphrase.value) ? 'strong' : 'weak'));
    strength.dataset.is = isStrong(passphrase.value) ? 'strong' : 'weak';
  });
  visit.show(view.root);
  return new Promise((resolve) => {
    onSend(view.form, problem, async () => {
      if (!isStrong(passphrase.value)) throw new Problem('key_weak');
      if (passphrase.value !== again.value) throw new Problem('not_alike');
      const made = await withProgress(progress, (onProgress) => use(passphrase.value, onProgress));
      visit.signal.throwIfAborted();
      passphrase.value = '';
      again.value = '';
      resolve(made);
    });
  });
}

/** Shows how far `work` is. */
export async function withProgress(progress, work) {
  progress.value = 0;
  progress.parentElement.hidden = false;
  try {
    return await work((part) => { progress.value = part; });
  } finally {
    progress.parentElement.hidden = true;
  }
}
