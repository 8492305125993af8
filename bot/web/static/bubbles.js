// One message as an element, cloned from the page's templates and filled from what the server sent.

import { sizeName } from './dates.js';
import { fromMarkup, fromText, safeAddress } from './markup.js';

// A label longer than this reads as a sentence.
const SENTENCE = 26;

/** Makes and fills the rows of the chat; `dates` comes from createDates. */
export function createBubbles(dates) {
  const clone = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

  /** Shows `message` in `row`, whatever stood there before, and keeps the keyboard's place among its buttons. */
  function fill(row, message) {
    const focus = focusedKey(row);
    const body = message.text === undefined ? fromMarkup(message.html) : fromText(message.text);
    row.querySelector('.body').replaceChildren(body);
    const time = row.querySelector('time');
    time.dateTime = message.at;
    time.textContent = dates.clock(message.at);
    replace(row, '.file', message.file && file(message.file), row.querySelector('.foot'));
    replace(row, '.keys', message.buttons?.length ? keys(message.buttons) : null, null);
    if (focus) refocus(row, focus);
  }

  function file(facts) {
    const image = /^image\/(png|jpeg|gif|webp)$/.test(facts.mime);
    const link = clone(image ? 'picture' : 'chip');
    link.classList.add('file');
    link.href = safeAddress(facts.url) ?? '#';
    if (image) {
      const picture = link.querySelector('img');
      picture.src = link.href;
      picture.alt = `${picture.dataset.alt}: ${facts.name}`;
    } else {
      link.download = facts.name;
      link.querySelector('.name').textContent = facts.name;
      link.querySelector('small').textContent = sizeName(facts.size);
    }
    return link;
  }

  return { make: (from) => clone(from === 'me' ? 'from-me' : 'from-bot'), fill };
}

/** Shows where an own message is: 'sending', 'waiting' (retried by itself), 'refused' or 'sent', and why. */
export function mark(row, state, why = '') {
  const troubled = state === 'waiting' || state === 'refused';
  row.dataset.state = state;
  // Shown before it is filled: an alert is read aloud when its text changes in sight.
  row.querySelector('.trouble').hidden = !troubled;
  row.querySelector('.why').textContent = why;
  row.querySelector('.amend').hidden = state !== 'refused';
}

function keys(rows) {
  const all = document.createElement('div');
  const sentences = rows.some((buttons) => buttons.some(({ label }) => label.length > SENTENCE));
  all.className = sentences ? 'keys choices' : 'keys';
  for (const buttons of rows) {
    const line = document.createElement('div');
    line.className = 'keyrow';
    line.append(...buttons.map(key));
    all.append(line);
  }
  return all;
}

function key({ label, payload }) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'key';
  button.dataset.payload = payload;
  const text = document.createElement('span');
  text.textContent = label;
  button.append(text);
  return button;
}

function replace(row, selector, fresh, before) {
  row.querySelector(selector)?.remove();
  if (!fresh) return;
  if (before) before.before(fresh);
  else row.querySelector('.message').append(fresh);
}

function focusedKey(row) {
  const active = document.activeElement;
  return active?.matches('.key') && row.contains(active) ? active : null;
}

function refocus(row, old) {
  const fresh = [...row.querySelectorAll('.key')];
  const same = fresh.find((one) => one.textContent === old.textContent) ?? fresh[0];
  same?.focus({ preventScroll: true });
}
