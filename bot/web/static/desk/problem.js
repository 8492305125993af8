// What goes wrong with a reader's key, by names; the page has the sentences.

/** `reason`: 'weak', 'wrong_passphrase', 'damaged', 'mistyped', 'other_key' or 'locked'. */
export class KeyProblem extends Error {
  constructor(reason, cause) {
    super(reason, { cause });
    this.reason = reason;
  }
}
