// What the page asks the server for. Nothing that was opened, no passphrase and no key goes through here: bodies are ids,
// choices, and bytes that are sealed already.

import { say } from './dom.js';

const ROOT = '/desk/api/';
const csrf = document.querySelector('meta[name=csrf]').content;
let askedAt = 0;

/** What the server refused: `message` is a sentence, `reason` a word; 'lost' without an answer, 'desk_gone' without a session. */
export class Refusal extends Error {
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

/** Tells 'gone' when the session is over. */
export const session = new EventTarget();

/** When something was asked last: the session lasts from then. */
export const lastAsked = () => askedAt;

export const get = async (path, signal) => (await ask(path, { signal })).json();

export const post = async (path, value = {}, signal) => (await posted(path, JSON.stringify(value), 'application/json', signal)).json();

/** Sends sealed bytes, with what the address has to say of them. */
export async function send(path, query, bytes, signal) {
  return (await posted(`${path}?${new URLSearchParams(query)}`, bytes, 'application/octet-stream', signal)).json();
}

/** One sealed item. */
export const bytes = async (path, signal) => new Uint8Array(await (await ask(path, { signal })).arrayBuffer());

/** Many of them, as frames. */
export async function bytesFor(path, value, signal) {
  const answer = await posted(path, JSON.stringify(value), 'application/json', signal);
  return new Uint8Array(await answer.arrayBuffer());
}

/** An answer that is a file. */
export const file = async (path) => (await posted(path, '{}', 'application/json')).blob();

function posted(path, body, type, signal) {
  return ask(path, { method: 'POST', body, signal, headers: { 'Content-Type': type, 'X-CSRF-Token': csrf } });
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(ROOT + path, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new Refusal('lost', say('lost'));
  }
  if (!answer.ok) throw await refusal(answer);
  askedAt = Date.now();
  return answer;
}

async function refusal(answer) {
  const { problem, reason } = await answer.json().catch(() => ({ problem: say('lost'), reason: 'lost' }));
  if (answer.status === 401) session.dispatchEvent(new Event('gone'));
  return new Refusal(reason, problem);
}
