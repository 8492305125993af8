// Who may read: letting in, removing, and sealing everything anew for those who may from then on.

import * as api from './api.js';
import { ask } from './asking.js';
import { copyOf, momentName, say, show } from './dom.js';
import { onPress } from './doing.js';
import { fingerprint } from './fingerprints.js';
import * as keys from './keys.js';
import { loadReaders } from './loading.js';
import { resealAll } from './resealing.js';

export async function showReaders(visit, store) {
  const view = copyOf('readers');
  const page = { visit, store, view };
  await refresh(page);
  offerSealing(visit, store, view, () => {});
  visit.show(view.root);
}

/** Shows how much isn't sealed to those who may read now, a button to go on with it, and who may not read any more. */
export function offerSealing(visit, store, view, changed) {
  onPress(view.goOn, view.problem, async () => {
    await sealAnew({ visit, store, view });
    changed();
  });
  showStale(view, store);
}

function showStale(view, store) {
  view.stale.hidden = store.stale === 0;
  show(view.staleCount, say('stale', { count: store.stale }));
  const names = [...new Set(store.lapsed.map((reader) => reader.name))].join(', ');
  show(view.lapsed, names && say('lapsed', { names }));
}

async function refresh(page) {
  const { visit, store, view } = page;
  await loadReaders(store, visit.signal);
  store.stale = (await api.get('stale', visit.signal)).length;
  showStale(view, store);
  view.list.replaceChildren(...await Promise.all(store.readers.map((reader) => line(page, reader))));
}

async function line(page, reader) {
  const { store, view } = page;
  const row = copyOf('reader');
  row.name.textContent = reader.name;
  row.fingerprint.textContent = await fingerprint(reader.recipient);
  row.state.textContent = say(`reader_${reader.state}`);
  row.state.dataset.state = reader.state;
  // Whoever may not read any more isn't called a reader.
  row.state.hidden = store.lapsed.includes(reader);
  row.when.textContent = say('asked_at', { at: momentName(reader.asked_at) });
  row.mine.hidden = !store.me.keys.some((key) => key.id === reader.id);
  row.left.hidden = reader.is_there;
  row.unentitled.hidden = reader.is_entitled || !reader.is_there;
  row.letIn.hidden = reader.state !== 'asked';
  row.remove.hidden = reader.state === 'active' && store.active.every((each) => each.id === reader.id);
  onPress(row.letIn, view.problem, () => letIn(page, reader, row.fingerprint.textContent));
  onPress(row.remove, view.problem, () => remove(page, reader));
  return row.root;
}

async function letIn(page, reader, shown) {
  const answer = await ask('ask-let-in', (view) => {
    view.name.textContent = reader.name;
    view.fingerprint.textContent = shown;
  });
  if (answer !== 'yes') return;
  await decide(page, `readers/${reader.id}/let-in`);
}

async function remove(page, reader) {
  const unopened = [...page.store.concerns.values()].filter((each) => !each).length;
  const answer = await ask('ask-remove', (view) => {
    view.name.textContent = reader.name;
    show(view.unopened, reader.state === 'active' && unopened > 0 && say('unopened_here', { count: unopened }));
  });
  if (answer !== 'yes') return;
  if (reader.state === 'active') await removeActive(page, reader);
  else await api.post(`readers/${reader.id}/remove`, {}, page.visit.signal);
  await refresh(page);
}

/** What only this key opens is given up where nobody can seal it anew, and only by who says so. */
async function removeActive(page, reader) {
  try {
    await decide(page, `readers/${reader.id}/remove`);
  } catch (error) {
    // Whoever holds the key itself can seal anew, and is told to.
    if (error.reason !== 'would_be_lost' || keys.holds(reader.recipient)) throw error;
    const answer = await ask('ask-give-up', (view) => { show(view.problem, error.message); });
    if (answer === 'yes') await decide(page, `readers/${reader.id}/remove?sure=true`);
  }
}

async function decide(page, path) {
  await api.post(path, {}, page.visit.signal);
  page.store.me = await api.get('me', page.visit.signal);
  await refresh(page);
  await reloadCases(page);
  await sealAnew(page);
}

/** A case that was assigned to who is removed is somebody else's, or nobody's. */
async function reloadCases({ visit, store }) {
  for (const row of await api.get('cases', visit.signal)) store.cases.set(row.id, row);
}

/** With progress; what didn't go through is offered again. */
async function sealAnew({ visit, store, view }) {
  show(view.sealed, '');
  view.sealing.hidden = false;
  try {
    const { done, unopened } = await resealAll({ visit, store }, (seen, all) => {
      view.bar.max = Math.max(all, 1);
      view.bar.value = seen;
      view.sealCount.textContent = say('resealing', { done: seen, all });
      store.stale = Math.max(all - seen, 0);
    });
    show(view.sealed, say(unopened ? 'resealed_but' : 'resealed', { count: done, unopened }));
  } finally {
    view.sealing.hidden = true;
    showStale(view, store);
  }
}
