// Choosing the case into which another one goes.

import { ask } from './asking.js';
import { copyOf } from './dom.js';
import { chosenCases } from './filters.js';
import { fillRow } from './row.js';

const MOST = 8;
const OPEN = { state: 'open' };

/** The id of the chosen case; '' for none. */
export function chooseTarget({ store, id }) {
  return ask('ask-merge', (view) => {
    const refresh = () => {
      const found = chosenCases(store, { ...OPEN, text: view.text.value }).filter((row) => row.id !== id);
      view.list.replaceChildren(...found.slice(0, MOST).map((row) => choice(view, store, row)));
      view.none.hidden = found.length > 0;
    };
    view.text.addEventListener('input', refresh);
    refresh();
  });
}

function choice(view, store, row) {
  const line = copyOf('row');
  fillRow(line, store, row);
  line.open.addEventListener('click', () => view.root.close(row.id));
  return line.root;
}
