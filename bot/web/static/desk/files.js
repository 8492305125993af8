// A case's files. Pictures are drawn on a canvas, so that no address stands for what was opened and the page's policy needs
// no exception; everything else is saved, and then lies on the officer's computer.

import * as api from './api.js';
import { say } from './dom.js';
import * as keys from './keys.js';
import { open } from './sealing.js';

const DRAWN = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
// An address has to last until the browser has begun to save.
const KEPT_MS = 10_000;

export async function openFile(visit, view, item) {
  const sealed = await api.bytes(`items/${item.id}`, visit.signal);
  const { header, body } = await keys.withIdentities((identities) => open(sealed, identities));
  visit.signal.throwIfAborted();
  const content = new Blob([body], { type: header.mime });
  view.name.textContent = header.name;
  view.save.onclick = () => save(content, header.name);
  view.open.hidden = true;
  view.opened.hidden = false;
  if (!DRAWN.includes(header.mime)) return;
  await draw(view.picture, content);
  view.picture.ariaLabel = say('picture', { name: header.name });
  view.picture.hidden = false;
}

async function draw(canvas, content) {
  const picture = await createImageBitmap(content);
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d').drawImage(picture, 0, 0);
  picture.close();
}

/** Lets the browser save `content` under `name`. */
export function save(content, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
