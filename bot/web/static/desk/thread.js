// What was written in a case, in its order, and the files, which are opened when somebody asks for them.

import { copyOf, dayName, say } from './dom.js';
import { onPress } from './doing.js';
import { openFile } from './files.js';

export function fillThread({ view, visit, store, id, list, items }) {
  const files = items.filter((item) => item.kind === 'file');
  const texts = items.filter((item) => item.kind !== 'file');
  const concern = texts.find((item) => item.kind === 'concern')?.header;
  const [first, ...rest] = texts.map(entry);
  const names = concern?.files ?? [];
  // Files that were opened stay open.
  if (!view.files.hasChildNodes()) view.files.append(...files.map((item, at) => fileLine(visit, item, names[at])));
  view.thread.replaceChildren(...[first, view.files, ...rest].filter(Boolean));
  const merged = store.mergedInto(id).map((row) => lead(row, list));
  view.merged.replaceChildren(...merged);
  view.mergedPart.hidden = merged.length === 0;
}

function entry(item) {
  const { root, who, when, text } = copyOf('entry');
  root.dataset.kind = item.kind;
  who.textContent = say(`by_${item.kind}`, { by: item.header?.by ?? '' });
  when.textContent = say('week_of', { day: dayName(item.week) });
  text.textContent = item.header ? item.header.text : say('not_opened');
  text.classList.toggle('unopened', !item.header);
  return root;
}

function fileLine(visit, item, about) {
  const view = copyOf('file');
  view.name.textContent = about?.name ?? say('file_number', { number: item.number });
  onPress(view.open, view.problem, () => openFile(visit, view, item));
  return view.root;
}

function lead(row, list) {
  const { root, open } = copyOf('merged');
  open.textContent = say('case_title', { name: row.name });
  open.addEventListener('click', () => list.turnTo(row.id));
  return root;
}
