// Signs that an answer is on its way: the dots after a text, the pressed button after a press.

const LONGEST = 20_000;

/** `dots` is the element with the dots; `changed()` is called when the list's height has changed. */
export function createAwaiting(dots, changed) {
  const pressed = new Map();
  let timer = 0;

  function show(visible) {
    clearTimeout(timer);
    if (dots.hidden === !visible) return;
    dots.hidden = !visible;
    changed();
  }

  function release(id) {
    const button = pressed.get(id);
    pressed.delete(id);
    button?.removeAttribute('aria-busy');
    button?.removeAttribute('aria-disabled');
  }

  return {
    text() {
      show(true);
      timer = setTimeout(() => show(false), LONGEST);
    },
    /** Marks a button busy; false when it is so already, and the press must not count twice. */
    press(id, button) {
      if (button.getAttribute('aria-busy')) return false;
      button.setAttribute('aria-busy', 'true');
      button.setAttribute('aria-disabled', 'true');
      pressed.set(id, button);
      return true;
    },
    /** The server has the press; if no answer shows, the button is given back after a while. */
    accepted(id) {
      setTimeout(() => release(id), LONGEST);
    },
    release,
    hideDots: () => show(false),
    /** Something came from the bot. */
    answered() {
      show(false);
      [...pressed.keys()].forEach(release);
    },
  };
}
