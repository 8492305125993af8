// Packages, and sealing them: what an item of a case is inside, byte for byte as in handlers/kit/sealing.

import { Decrypter, Encrypter } from '../vendor/age.js';

const KIB = 1024;
/** The lengths that a package can have, in bytes: a sealed item's length tells no more than which of them. */
export const SIZES = [20 * KIB, 64 * KIB, 256 * KIB, 1024 * KIB, 4096 * KIB, 12_288 * KIB];
export const KINDS = ['concern', 'file', 'reply', 'answer', 'note'];
const VERSION = 1;
const LENGTH = 4;

/** What was to be opened isn't whole, is nobody's package, or isn't for this key; or it is too large to be sealed. */
export class SealingProblem extends Error {}

/** The age file of `{header, body}` for all `recipients`; a header names its `kind`, a body may be left out. */
export async function seal({ header, body = new Uint8Array(0) }, recipients) {
  if (recipients.length === 0) throw new SealingProblem('no recipients');
  const plain = encode(header, body);
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
}

/** `{header, body}` of an age file for one of the `identities`. */
export function open(sealed, identities) {
  return createOpener(identities)(sealed);
}

/** `open` for many files, which spares the work that is the same for all of them. */
export function createOpener(identities) {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  return async (sealed) => {
    let plain;
    try {
      plain = await decrypter.decrypt(sealed);
    } catch (error) {
      throw new SealingProblem('not for this key, or damaged', { cause: error });
    }
    return decode(plain);
  };
}

/** The package's bytes, zeros at their end included. */
export function encode(header, body = new Uint8Array(0)) {
  if (!KINDS.includes(header.kind)) throw new SealingProblem('unknown kind');
  const head = new TextEncoder().encode(JSON.stringify({ v: VERSION, ...header }).normalize('NFC'));
  const needed = LENGTH + head.length + LENGTH + body.length;
  const size = SIZES.find((each) => each >= needed);
  if (size === undefined) throw new SealingProblem('too large');
  const plain = new Uint8Array(size);
  const view = new DataView(plain.buffer);
  view.setUint32(0, head.length);
  plain.set(head, LENGTH);
  view.setUint32(LENGTH + head.length, body.length);
  plain.set(body, LENGTH + head.length + LENGTH);
  return plain;
}

/** `{header, body}` of a package's bytes. */
export function decode(plain) {
  if (!SIZES.includes(plain.length)) throw new SealingProblem('wrong length');
  const [head, afterHead] = part(plain, 0);
  const [body, end] = part(plain, afterHead);
  for (let at = end; at < plain.length; at += 1) {
    if (plain[at] !== 0) throw new SealingProblem('something after the end');
  }
  return { header: headerFrom(head), body };
}

function part(plain, start) {
  const from = start + LENGTH;
  if (from > plain.length) throw new SealingProblem('cut off');
  const end = from + new DataView(plain.buffer, plain.byteOffset).getUint32(start);
  if (end > plain.length) throw new SealingProblem('cut off');
  return [plain.subarray(from, end), end];
}

function headerFrom(head) {
  let header;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(head));
  } catch (error) {
    throw new SealingProblem('no header', { cause: error });
  }
  if (header?.v !== VERSION || !KINDS.includes(header.kind)) throw new SealingProblem('unknown version or kind');
  return header;
}
