// The way in: to make a key, to open it, to wait until somebody lets it in.

import * as api from './api.js';
import { copyOf, say } from './dom.js';
import { onPress } from './doing.js';
import { fingerprint } from './fingerprints.js';
import * as keys from './keys.js';
import { makeKey } from './making.js';
import { unlock } from './unlocking.js';

/** Who is in, once a key that may read is held. */
export async function comeIn(visit, me) {
  if (me.keys.some((key) => key.state !== 'removed')) await unlock(visit, me);
  else await makeKey(visit, me);
  let now = await api.get('me', visit.signal);
  while (!mayOpen(now)) now = await waited(visit, now);
  return now;
}

/** The key that is held, as the server knows it. */
export const heldKey = (me) => me.keys.find((key) => key.recipient === keys.recipient());

function mayOpen(me) {
  return me.reader !== null && heldKey(me)?.state !== 'asked';
}

async function waited(visit, me) {
  const view = copyOf('waiting');
  const key = heldKey(me);
  view.fingerprint.textContent = await fingerprint(key.recipient);
  const others = (await api.get('readers', visit.signal)).filter((each) => each.state === 'active');
  const names = others.filter((each) => each.is_entitled && !me.keys.some((mine) => mine.id === each.id));
  view.who.textContent = names.length ? say('ask_them', { names: names.map((each) => each.name).join(', ') }) : say('ask_nobody');
  // A key that was lost still counts as its owner's; without others they begin anew, and say that they know the price.
  view.alone.hidden = names.length > 0 || !(me.reader !== null || me.may_appoint);
  visit.show(view.root);
  return new Promise((resolve) => {
    onPress(view.again, view.problem, async () => resolve(await api.get('me', visit.signal)));
    onPress(view.begin, view.problem, async () => {
      await api.post(`readers/${key.id}/let-in`, {}, visit.signal);
      resolve(await api.get('me', visit.signal));
    });
  });
}
