// The field where people write, and the file that goes with it.

import { createStaging } from './staging.js';

/**
 * Calls `send(text)` for what is written and for the menu button, `sendFile(file, text)` for a file and what is
 * written with it, and `refused(why)` for a file that can't be sent.
 */
export function createComposer(form, { send, sendFile, refused }) {
  const field = form.querySelector('textarea');
  const menu = form.querySelector('.menu');
  // On a phone Enter begins a new line and the round button sends, as in Zalo and Messenger there; with a real keyboard
  // Enter sends and Shift+Enter begins a new line, as in the same programs on a computer.
  const touch = matchMedia('(hover: none) and (pointer: coarse)');
  const staging = createStaging(form, { changed, refused });
  field.enterKeyHint = touch.matches ? 'enter' : 'send';

  function grow() {
    field.style.height = 'auto';
    const border = field.offsetHeight - field.clientHeight;
    if (field.value) field.style.height = `${field.scrollHeight + border}px`;
    form.classList.toggle('ready', staging.has() || field.value.trim() !== '');
  }

  // Whoever has chosen a file goes on to write about it, or to send it.
  function changed() {
    grow();
    if (staging.has() && !touch.matches) field.focus();
  }

  function submit() {
    const text = field.value;
    const file = staging.take();
    if (!file && text.trim() === '') return;
    field.value = '';
    grow();
    if (file) sendFile(file, text.trim());
    else send(text);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener('input', grow);
  field.addEventListener('keydown', (event) => {
    // While a Vietnamese input method composes a letter, Enter belongs to it (229 is how older browsers say so).
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || event.shiftKey || composing || touch.matches) return;
    event.preventDefault();
    submit();
  });
  // The phone's keyboard stays open after sending, because the field never loses the focus.
  form.querySelector('.send').addEventListener('pointerdown', (event) => {
    if (document.activeElement === field) event.preventDefault();
  });
  menu.addEventListener('click', () => send(menu.dataset.text));
  addEventListener('resize', grow);

  return {
    /** Puts a text back before what is being written, to be changed. */
    restore(text) {
      field.value = field.value ? `${text}\n${field.value}` : text;
      grow();
      field.focus();
    },
    /** Puts back what was written with a file, and the file, or asks for it where it is gone. */
    restoreFile(file, text) {
      if (text) this.restore(text);
      if (file) staging.put(file);
      else staging.choose();
    },
    /** Takes the focus where that doesn't raise a phone's keyboard. */
    focus() {
      if (!touch.matches) field.focus();
    },
    grow,
  };
}
