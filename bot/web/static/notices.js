// Short words beside the conversation: toasts, the state of the connection, the end of the session.

const READING = 70;
const SHORTEST = 5000;
// A connection that is back within this time isn't worth a word.
const BLIP = 1500;
const BACK = 2500;

/** Shows `text` long enough to be read; a tap sends it away. */
export function toast(box, text) {
  const note = document.createElement('p');
  note.className = 'toast';
  note.textContent = text;
  box.append(note);
  const timer = setTimeout(() => note.remove(), Math.max(SHORTEST, text.length * READING));
  note.addEventListener('click', () => {
    clearTimeout(timer);
    note.remove();
  });
  while (box.children.length > 3) box.firstElementChild.remove();
}

/** Is told by `set` whether the connection is up, and says so when that matters; after `end` it is silent. */
export function createLink(banner) {
  let timer = 0;
  let up = true;

  function show(text, state) {
    banner.hidden = !text;
    banner.textContent = text;
    banner.dataset.state = state;
  }

  function set(nowUp) {
    if (nowUp === up) return;
    up = nowUp;
    clearTimeout(timer);
    if (!up) {
      timer = setTimeout(() => show(banner.dataset.down, 'down'), BLIP);
    } else if (!banner.hidden) {
      show(banner.dataset.back, 'back');
      timer = setTimeout(() => show('', ''), BACK);
    }
  }

  function end() {
    clearTimeout(timer);
    show('', '');
  }

  return { set, end };
}

/** Puts the server's last word in the place of the composer. */
export function showGone(panel, composer, text) {
  panel.querySelector('p').textContent = text;
  panel.hidden = false;
  composer.hidden = true;
  panel.querySelector('a').focus();
}
