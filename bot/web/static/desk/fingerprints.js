// A key's fingerprint, made of what is really sealed to, and not taken from the server.

const GROUPS = /.{4}/gu;
const SHOWN = 16;

/** Four groups of four digits: short enough to be read over the telephone. */
export async function fingerprint(recipient) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(recipient)));
  const digits = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase();
  return digits.slice(0, SHOWN).match(GROUPS).join(' ');
}
