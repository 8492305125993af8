// The file that will go with the next message: chosen, named above the field, taken away again.

import { sizeName } from './dates.js';

/**
 * `form` holds the clip, its hidden input and the place where the file is named. Calls `changed()` when a file is
 * chosen or taken away, and `refused(why)` for one that is too large to be sent.
 */
export function createStaging(form, { changed, refused }) {
  const input = form.querySelector('input[type="file"]');
  const shown = form.querySelector('.staged p');
  const clip = form.querySelector('.clip');
  let staged = null;

  function show(file) {
    staged = file;
    shown.hidden = !file;
    shown.querySelector('.name').textContent = file ? file.name : '';
    shown.querySelector('small').textContent = file ? sizeName(file.size) : '';
    // The same file can be chosen again.
    input.value = '';
    changed();
  }

  input.addEventListener('change', () => {
    const [file] = input.files;
    if (!file) return;
    if (file.size > Number(form.dataset.limit)) {
      input.value = '';
      refused(form.dataset.tooBig);
      return;
    }
    show(file);
  });
  clip.addEventListener('click', () => input.click());
  form.querySelector('.unstage').addEventListener('click', () => {
    show(null);
    clip.focus();
  });

  return {
    choose: () => input.click(),
    put: show,
    /** The staged file, which is staged no more; null when there is none. */
    take() {
      const file = staged;
      if (file) show(null);
      return file;
    },
    has: () => staged !== null,
  };
}
