// One's own key: its fingerprint, its sheet once more, another passphrase, another key; and everything to take along.

import * as api from './api.js';
import { copyOf } from './dom.js';
import { onPress } from './doing.js';
import { heldKey } from './door.js';
import { save } from './files.js';
import { fingerprint } from './fingerprints.js';
import * as keys from './keys.js';
import { chosen, makeKey, withProgress } from './making.js';
import { handOverSheet } from './sheet.js';

const ARCHIVE = 'kien-nghi.tar';

export async function showKey(visit, store) {
  const view = copyOf('key');
  view.fingerprint.textContent = await fingerprint(keys.recipient());
  const again = () => showKey(visit, store);
  // What goes wrong on a page that lies in front of this one is said here.
  const leaving = (button, work) => onPress(button, view.problem, async () => {
    try {
      await work();
    } catch (error) {
      visit.show(view.root);
      keys.dropUnknown(store.me.keys.map((key) => key.recipient));
      throw error;
    }
    await again();
  });
  leaving(view.sheet, () => handOverSheet(visit, store.me));
  leaving(view.passphrase, () => changePassphrase(visit, store.me));
  leaving(view.renew, async () => {
    await makeKey(visit, store.me);
    store.me = await api.get('me', visit.signal);
  });
  onPress(view.export, view.problem, async () => save(await api.file('export'), ARCHIVE));
  view.waiting.hidden = heldKey(store.me)?.state !== 'asked';
  visit.show(view.root);
}

/** Whoever sits down at an unlocked page doesn't know the one there is. */
async function changePassphrase(visit, me) {
  const key = heldKey(me);
  const view = copyOf('change');
  const wrapped = await chosen(visit, view, async (passphrase) => {
    await withProgress(view.progress, (onProgress) => (
      keys.unwrap(JSON.parse(key.wrapped), key.recipient, view.old.value, onProgress)));
    view.old.value = '';
    return withProgress(view.progress, (onProgress) => keys.wrap(passphrase, onProgress));
  });
  await api.post(`readers/${key.id}/passphrase`, { wrapped: JSON.stringify(wrapped) }, visit.signal);
  me.keys = (await api.get('me', visit.signal)).keys;
}
