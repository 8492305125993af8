// All that the pages use of others' code; see docs/decisions/0037-age-and-the-browser.md.
export { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
export { argon2id } from '@noble/hashes/argon2.js';
