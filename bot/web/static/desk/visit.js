// The time from opening the page, or locking it, until it is locked. What was begun in one visit never shows anything in the
// next one.

const stage = document.querySelector('#stage');

export class Visit {
  #end = new AbortController();

  get signal() {
    return this.#end.signal;
  }

  /** Puts the view in the page's place, and the keyboard on its heading. */
  show(root) {
    this.signal.throwIfAborted();
    stage.replaceChildren(root);
    scrollTo(0, 0);
    root.querySelector('[data-focus], h1, h2')?.focus();
  }

  /** Ends what still runs, and takes everything out of the page. */
  close() {
    this.#end.abort();
    stage.replaceChildren();
  }
}
