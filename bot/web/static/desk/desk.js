// The desk: in by a key, then a page at a time, until it locks.

import { showActs } from './acts.js';
import * as api from './api.js';
import { copyOf, say, show } from './dom.js';
import { comeIn } from './door.js';
import * as drafts from './drafts.js';
import { showFigures } from './figures.js';
import { createInbox } from './inbox.js';
import { showKey } from './keypage.js';
import * as keys from './keys.js';
import { load } from './loading.js';
import { lockInTime } from './locking.js';
import { showReaders } from './readers.js';
import { Store } from './store.js';
import { showThemes } from './themes.js';
import { Visit } from './visit.js';

const tabs = document.querySelector('#tabs');
const lockButton = document.querySelector('#lock');
const gone = document.querySelector('#gone');

const PAGES = {
  cases: (visit, store) => createInbox(visit, store),
  themes: showThemes,
  figures: showFigures,
  readers: showReaders,
  acts: showActs,
  key: showKey,
};

// Who stops writing for so long has what they wrote kept.
const WRITING_MS = 1_000;

let keeping = null;
let visit = null;
let store = null;

async function begin() {
  visit = new Visit();
  const mine = visit;
  try {
    const me = await api.get('me', mine.signal);
    lockInTime(lock, me.idle_seconds, mine.signal);
    if (!me.may_read_concerns) return mine.show(copyOf('not-reading').root);
    await work(mine, await comeIn(mine, me));
  } catch (error) {
    if (error.name !== 'AbortError') fail(mine, error);
  }
}

async function work(mine, me) {
  const loaded = new Store();
  loaded.me = me;
  const view = copyOf('loading');
  mine.show(view.root);
  await load(loaded, mine.signal, (done, all) => {
    view.bar.max = Math.max(all, 1);
    view.bar.value = done;
    view.count.textContent = say('opened', { done, all });
  });
  loaded.drafts = await drafts.takeBack();
  mine.signal.throwIfAborted();
  store = loaded;
  tabs.hidden = false;
  lockButton.hidden = false;
  await turnTo('cases');
}

async function turnTo(page) {
  // A new key that was begun and left before the server had it.
  keys.dropUnknown(store.me.keys.map((key) => key.recipient));
  for (const tab of tabs.querySelectorAll('button')) tab.ariaCurrent = tab.value === page ? 'page' : null;
  tabs.querySelector('[aria-current]').scrollIntoView({ block: 'nearest', inline: 'nearest' });
  try {
    await PAGES[page](visit, store);
  } catch (error) {
    if (error.name !== 'AbortError') fail(visit, error);
  }
}

/** Forgets the key and everything that was opened with it. */
async function lock() {
  // It is locking already.
  if (visit.signal.aborted) return;
  const open = store;
  visit.close();
  store = null;
  tabs.hidden = true;
  lockButton.hidden = true;
  document.querySelectorAll('dialog').forEach((dialog) => dialog.remove());
  // Sealing what is being written takes the key once more.
  if (open) await drafts.keep(open.drafts).catch(reportError);
  keys.lock();
  // Not waited for: whoever waits remembers.
  begin();
}

function fail(mine, error) {
  if (!(error instanceof api.Refusal)) reportError(error);
  if (mine.signal.aborted) return;
  const view = copyOf('failed');
  show(view.problem, error instanceof api.Refusal ? error.message : say('mishap'));
  view.again.addEventListener('click', () => { lock(); });
  mine.show(view.root);
}

tabs.addEventListener('click', (event) => {
  const tab = event.target.closest('button');
  if (tab) turnTo(tab.value);
});
lockButton.addEventListener('click', lock);
api.session.addEventListener('gone', () => { gone.hidden = false; });
document.addEventListener('input', () => {
  clearTimeout(keeping);
  keeping = setTimeout(() => { if (store) drafts.keep(store.drafts).catch(reportError); }, WRITING_MS);
});
// A page that the browser kept for going back must not come to life unlocked.
addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
begin();
