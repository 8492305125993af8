// A secret key wrapped by a passphrase, as the server keeps it without being able to open it.

import { KeyProblem } from './problem.js';

const VERSION = 1;
/** Argon2id's cost: `m` in KiB. RFC 9106 recommends it where memory is scarce. */
const COST = { m: 65_536, t: 3, p: 1 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const ENOUGH_WORDS = 5;
const ENOUGH_CHARACTERS = 16;
// Letters pressed again and again aren't length.
const ENOUGH_DIFFERENT = 6;

/** Whether a passphrase is long enough to be guessed by nobody: five different words, or 16 characters. */
export function isStrong(passphrase) {
  const plain = tidy(passphrase);
  const words = new Set(plain.toLowerCase().split(' ').filter((word) => word.length > 1));
  const isLong = [...plain].length >= ENOUGH_CHARACTERS && new Set(plain.toLowerCase()).size >= ENOUGH_DIFFERENT;
  return words.size >= ENOUGH_WORDS || isLong;
}

/** The wrapped form of `identity`, ready for JSON; KeyProblem 'weak'. `onProgress` gets 0 to 1. */
export async function wrap(identity, recipient, passphrase, onProgress) {
  if (!isStrong(passphrase)) throw new KeyProblem('weak');
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await derive(passphrase, salt, onProgress);
  const box = await crypto.subtle.encrypt(locked(nonce, recipient), key, new TextEncoder().encode(identity));
  return {
    v: VERSION, kdf: 'argon2id', ...COST, salt: toBase64(salt), nonce: toBase64(nonce), box: toBase64(new Uint8Array(box)),
  };
}

/** The identity inside; KeyProblem 'wrong_passphrase' or 'damaged'. */
export async function unwrap(wrapped, recipient, passphrase, onProgress) {
  const { salt, nonce, box } = parts(wrapped);
  const key = await derive(passphrase, salt, onProgress);
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(locked(nonce, recipient), key, box));
  } catch (error) {
    throw new KeyProblem('wrong_passphrase', error);
  }
}

/** One form for what different keyboards send: composed letters, single spaces, none at the ends. */
function tidy(passphrase) {
  return passphrase.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

async function derive(passphrase, salt, onProgress) {
  const worker = new Worker(new URL('deriving.js', import.meta.url), { type: 'module' });
  try {
    const bytes = await stretched(worker, passphrase, salt, onProgress);
    return await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
  } finally {
    worker.terminate();
  }
}

function stretched(worker, passphrase, salt, onProgress = () => {}) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data: { part, key } }) => (key ? resolve(key) : onProgress(part));
    worker.onerror = (event) => reject(new Error(event.message || 'a worker could not start'));
    const password = new TextEncoder().encode(tidy(passphrase));
    worker.postMessage({ password, salt, cost: { ...COST, dkLen: KEY_BYTES } });
  });
}

function locked(iv, recipient) {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(recipient) };
}

/** Only what `wrap` writes: other costs would be the server's wish. */
function parts(wrapped) {
  const isOurs = wrapped?.v === VERSION && wrapped.kdf === 'argon2id'
    && Object.entries(COST).every(([name, value]) => wrapped[name] === value);
  if (!isOurs) throw new KeyProblem('damaged');
  const [salt, nonce, box] = [wrapped.salt, wrapped.nonce, wrapped.box].map(fromBase64);
  if (salt.length !== SALT_BYTES || nonce.length !== NONCE_BYTES) throw new KeyProblem('damaged');
  return { salt, nonce, box };
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch (error) {
    throw new KeyProblem('damaged', error);
  }
}
