// Questions in front of the page.

import { copyOf } from './dom.js';

/** Asks what the template `id` asks; resolves with the value of the button that was pressed, '' for none. */
export function ask(id, fill = () => {}) {
  const view = copyOf(id);
  fill(view);
  document.body.append(view.root);
  view.root.showModal();
  return new Promise((resolve) => {
    view.root.addEventListener('close', () => {
      view.root.remove();
      resolve(view.root.returnValue);
    });
  });
}
