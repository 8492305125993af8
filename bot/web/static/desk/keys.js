// A reader's key pair. The secret half lives in this module while the page is open, and nowhere else: not in storage, not
// in the page, and never on the way to the server unwrapped. A key that is to take the place of another is held beside it:
// what was sealed to the one before still has to be opened.

import { generateX25519Identity, identityToRecipient } from '../vendor/age.js';
import { KeyProblem } from './problem.js';
import * as wrapping from './wrapping.js';

const PREFIX = 'AGE-SECRET-KEY-1';
const GROUP = /.{1,4}/gu;

let held = null;
let older = [];
// How often the key was forgotten: who locks while a passphrase is being tried stays locked.
let locks = 0;

/** A new pair, held from now on; returns its public half, "age1…". */
export async function generate() {
  const identity = await generateX25519Identity();
  if (held) older.push(held);
  held = { identity, recipient: await identityToRecipient(identity) };
  return held.recipient;
}

/** The public half of the key that is held, or null. */
export const recipient = () => held?.recipient ?? null;

/** The held key wrapped by `passphrase`, ready for JSON; KeyProblem 'weak' or 'locked'. `onProgress` gets 0 to 1. */
export async function wrap(passphrase, onProgress) {
  const { identity, recipient: publicHalf } = whatIsHeld();
  return wrapping.wrap(identity, publicHalf, passphrase, onProgress);
}

/** Holds the key that was wrapped for `publicHalf`; KeyProblem 'wrong_passphrase', 'damaged', 'other_key' or 'locked'. */
export async function unwrap(wrapped, publicHalf, passphrase, onProgress) {
  const before = locks;
  const identity = await wrapping.unwrap(wrapped, publicHalf, passphrase, onProgress);
  if (locks !== before) throw new KeyProblem('locked');
  await holdIfIts(identity, publicHalf, 'damaged');
}

/** The held key in groups of letters, to print and to type; KeyProblem 'locked'. */
export function recoveryText() {
  const letters = whatIsHeld().identity.slice(PREFIX.length);
  return [PREFIX, ...letters.match(GROUP)].join(' ');
}

/** The held key as it stands in a QR code; KeyProblem 'locked'. */
export const recoveryCode = () => whatIsHeld().identity;

/** Holds the key of a recovery sheet, however it is typed; KeyProblem 'mistyped' or 'other_key'. */
export async function recover(typed, publicHalf) {
  await holdIfIts(identityFrom(typed), publicHalf, 'mistyped');
}

/** Whether this key is held, by itself or beside the one that takes its place. */
export const holds = (publicHalf) => [held, ...older].some((each) => each?.recipient === publicHalf);

/** What `use` makes of the held identities, a list; KeyProblem 'locked'. */
export const withIdentities = (use) => use([whatIsHeld(), ...older].map((each) => each.identity));

/** Takes an older key again where the new one isn't among those that are `known`: it was made and not kept. */
export function dropUnknown(known) {
  while (older.length && !known.includes(held.recipient)) held = older.pop();
}

/** Forgets the key, and those before it. */
export function lock() {
  held = null;
  older = [];
  locks += 1;
}

function whatIsHeld() {
  if (held === null) throw new KeyProblem('locked');
  return held;
}

async function holdIfIts(identity, publicHalf, otherwise) {
  let found;
  try {
    found = await identityToRecipient(identity);
  } catch (error) {
    throw new KeyProblem(otherwise, error);
  }
  if (found !== publicHalf) throw new KeyProblem('other_key');
  held = { identity, recipient: found };
}

/** The key's alphabet has no B, I and O, and 1 only at the end of its prefix: they stand for what they look like. */
function identityFrom(typed) {
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/gu, '').replace(/^AGESECRETKEY[1IL]/u, '');
  const alike = { B: '8', I: 'L', 1: 'L', O: '0' };
  return PREFIX + letters.replace(/[BI1O]/gu, (letter) => alike[letter]);
}
