// The chat page: everything is made here, and joined.

import { createAwaiting } from './awaiting.js';
import { createBubbles } from './bubbles.js';
import { createComposer } from './composer.js';
import { createDates } from './dates.js';
import { createFollower } from './follower.js';
import { closeMenu, createUnread, fitKeyboard } from './frame.js';
import { createLink, showGone, toast } from './notices.js';
import { createOutbox, forgetUnsent, newId } from './outbox.js';
import { createPrivate, forgetPrivate } from './private.js';
import { openStream } from './stream.js';
import { createView } from './view.js';

// The server echoes an accepted text at once; when the echo is this late, the stream is dead and doesn't know it.
const ECHO = 8000;
// A page that was out of sight for this long may have lost its connection without being told.
const ASLEEP = 30_000;

const get = (id) => document.getElementById(id);
const words = get('chat').dataset;
const csrf = document.querySelector('meta[name="csrf"]').content;
const [log, list] = [get('log'), get('list')];

const dates = createDates(words.timezone, words);
const follower = createFollower(log, list, get('pill'));
const view = createView({ list, bubbles: createBubbles(dates), dates, follower });
const awaiting = createAwaiting(get('typing'), follower.place);
const link = createLink(get('link'));
const unread = createUnread();
const composer = createComposer(get('composer'), {
  send: sendText, sendFile, refused: (why) => toast(get('toasts'), why),
});
const lane = createPrivate(csrf, get('private'), get('text'));
let settled = false;
let hiddenAt = 0;

forgetUnsent(csrf);
forgetPrivate(csrf);
const outbox = createOutbox({
  url: '/chat/send', csrf, refusal: words.refused, lost: get('composer').dataset.lost, on: { state, accepted, gone },
});
for (const item of outbox.items.filter(({ kind }) => kind !== 'press')) show(item);
const stream = openStream('/chat/stream', {
  message, notice, gone, taken, erased, privateOver: () => lane.set(false), link: linked, settled: settle,
});
outbox.pump();

function show(item) {
  get('hello').hidden = true;
  view.pend({ client: item.id, text: shownText(item), at: item.at });
  if (item.refused) view.markPending(item.id, 'refused', item.refused);
}

// A file is its name until the server has echoed it, and after.
function shownText({ kind, name, text }) {
  if (kind !== 'file') return text;
  return text ? `📎 ${name}\n${text}` : `📎 ${name}`;
}

function sendFile(file, text) {
  const item = made({ kind: 'file', name: file.name, text, at: new Date().toISOString() });
  show(item);
  outbox.add(item, file);
}

function sendText(text) {
  const item = made({ kind: 'text', text, at: new Date().toISOString() });
  show(item);
  outbox.add(item);
}

function made(item) {
  return { id: newId(), private: lane.isOpen(), ...item };
}

function sendPress(button) {
  const { payload } = button.dataset;
  const row = button.closest('.row');
  const item = made({ kind: 'press', payload, message: row.dataset.id, label: button.textContent });
  if (!awaiting.press(item.id, button)) return;
  follower.acted();
  outbox.add(item);
}

function state(item, now, why) {
  if (now === 'refused') refused(item, why);
  else if (item.kind !== 'press') view.markPending(item.id, now, now === 'waiting' ? words.waiting : '');
  if (now !== 'sending') awaiting.hideDots();
  else if (item.kind !== 'press') awaiting.text();
}

function refused(item, why) {
  awaiting.release(item.id);
  if (item.kind === 'press') toast(get('toasts'), why);
  else view.markPending(item.id, 'refused', why);
}

function accepted(item) {
  if (item.kind === 'press') {
    awaiting.accepted(item.id);
    return;
  }
  view.markPending(item.id, 'sent');
  setTimeout(() => { if (view.isPending(item.id)) stream.reopen(); }, ECHO);
}

function message(data) {
  get('hello').hidden = true;
  if (data.private) enterPrivate();
  if (data.client) outbox.drop(data.client);
  const what = view.put(data);
  if (what === 'same' || data.from !== 'bot') return;
  awaiting.answered();
  if (settled && what === 'new') unread();
}

// What was sent before the page could know, such as the command that opened it, is private as well.
function enterPrivate() {
  lane.set(true);
  outbox.hide();
}

function taken(client) {
  outbox.drop(client);
  view.taken(client);
}

function erased(ids) {
  const focused = list.contains(document.activeElement);
  for (const id of ids) {
    outbox.drop(id);
    view.remove(id);
  }
  // Whoever gets by with the keyboard isn't thrown back to the top of the page.
  if (focused && !list.contains(document.activeElement)) composer.focus();
  follower.place();
}

function notice(text) {
  awaiting.answered();
  toast(get('toasts'), text);
}

function gone(text) {
  stream.stop();
  outbox.stop();
  forgetUnsent();
  forgetPrivate();
  awaiting.answered();
  link.end();
  list.querySelectorAll('button').forEach((button) => { button.disabled = true; });
  showGone(get('gone'), get('composer'), text || words.refused);
}

function linked(up) {
  link.set(up);
  if (up) outbox.pump();
}

function settle() {
  settled = true;
  get('hello').textContent = get('hello').dataset.empty;
  // From here on messages are news: a screen reader says them, and they come in softly.
  log.setAttribute('aria-live', 'polite');
  list.classList.add('live');
  follower.toEnd();
}

list.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.matches('.key')) sendPress(button);
  const { client } = button.closest('.row').dataset;
  if (button.matches('.retry')) retry(client);
  if (button.matches('.amend')) amend(client);
});

const pending = (client) => outbox.items.find(({ id }) => id === client);

// A file that a reload has lost can only be chosen again.
function retry(client) {
  if (pending(client)?.kind === 'file' && !outbox.fileOf(client)) amend(client);
  else outbox.retry(client);
}

function amend(client) {
  const item = pending(client);
  if (!item) return;
  const file = outbox.fileOf(client);
  outbox.drop(client);
  view.remove(client);
  if (item.kind === 'file') composer.restoreFile(file, item.text);
  else composer.restore(item.text);
}

addEventListener('online', () => { stream.reopen(); outbox.pump(); });
addEventListener('offline', () => link.set(false));
addEventListener('pageshow', (event) => { if (event.persisted) stream.reopen(); });
document.addEventListener('visibilitychange', () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (!stream.isUp() || Date.now() - hiddenAt > ASLEEP) stream.reopen();
});
get('logout').addEventListener('submit', () => { forgetUnsent(); forgetPrivate(); });
closeMenu(get('more'));
fitKeyboard();
composer.grow();
composer.focus();
