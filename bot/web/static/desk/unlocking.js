// Opening one's key: by its passphrase, or by its sheet and a new one. Tries aren't counted, for the server never sees them.

import * as api from './api.js';
import { copyOf, dayOf, fillChoice, say } from './dom.js';
import { onPress, onSend } from './doing.js';
import * as keys from './keys.js';
import { chosen, makeKey, withProgress } from './making.js';

/** Resolves once one of the person's keys is held: opened, recovered or made anew. */
export async function unlock(visit, me) {
  const way = await asked(visit, me);
  if (way.next === 'recover') await recover(visit, me, way.key);
  if (way.next === 'make') await makeKey(visit, me);
}

/** The newest key that counts comes first; older ones still open what was sealed to them. */
export function inOrder(mine) {
  const rank = { active: 0, asked: 1, removed: 2 };
  return [...mine].sort((one, other) => rank[one.state] - rank[other.state] || other.id - one.id);
}

function asked(visit, me) {
  const view = copyOf('unlock');
  const mine = inOrder(me.keys);
  view.person.textContent = me.name;
  fillChoice(view.key, mine.map((key) => [key.id, say(`key_is_${key.state}`, { day: dayOf(key.asked_at) })]));
  view.several.hidden = mine.length === 1;
  const key = () => mine.find((each) => each.id === Number(view.key.value));
  visit.show(view.root);
  return new Promise((resolve) => {
    onSend(view.form, view.problem, async () => {
      await withProgress(view.progress, (onProgress) => (
        keys.unwrap(JSON.parse(key().wrapped), key().recipient, view.passphrase.value, onProgress)));
      view.passphrase.value = '';
      if (visit.signal.aborted) keys.lock();
      resolve({ next: 'in' });
    });
    onPress(view.forgotten, view.problem, () => resolve({ next: 'recover', key: key() }));
  });
}

async function recover(visit, me, key) {
  const view = copyOf('recover');
  const isFound = await sheetTyped(visit, view, key);
  if (!isFound) {
    await lost(visit, me, key);
    return;
  }
  const wrapped = await chosen(visit, copyOf('renew'), (passphrase, onProgress) => keys.wrap(passphrase, onProgress));
  if (key.state === 'removed') return;
  await api.post(`readers/${key.id}/passphrase`, { wrapped: JSON.stringify(wrapped) }, visit.signal);
}

function sheetTyped(visit, view, key) {
  visit.show(view.root);
  return new Promise((resolve) => {
    onSend(view.form, view.problem, async () => {
      await keys.recover(view.sheet.value, key.recipient);
      view.sheet.value = '';
      resolve(true);
    });
    onPress(view.lost, view.problem, () => resolve(false));
  });
}

function lost(visit, me, key) {
  const view = copyOf('lost');
  visit.show(view.root);
  return new Promise((resolve, reject) => {
    onPress(view.make, view.problem, () => { makeKey(visit, me).then(resolve, reject); });
    onPress(view.back, view.problem, () => { recover(visit, me, key).then(resolve, reject); });
  });
}
