// The list of cases beside the one that is open; on a telephone one of the two.

import { openCase } from './casepage.js';
import { copyOf, dayName, fillChoice, say, show } from './dom.js';
import { onPress } from './doing.js';
import { chosenCases } from './filters.js';
import { offerSealing } from './readers.js';
import { fillRow } from './row.js';

// So many rows at once: more would make the page heavy.
const PAGE = 50;

export function createInbox(visit, store) {
  const view = copyOf('inbox');
  const rows = new Map();
  let shown = PAGE;
  let current = null;

  const refresh = () => {
    const found = chosenCases(store, wanted(view.filters));
    const some = found.slice(0, shown);
    rows.clear();
    view.list.replaceChildren(...some.map((row) => {
      const line = copyOf('row');
      rows.set(row.id, line);
      fillRow(line, store, row);
      mark(line, row.id === current);
      line.open.addEventListener('click', () => turnTo(row.id));
      return line.root;
    }));
    show(view.count, say('found', { count: found.length }));
    view.none.hidden = found.length > 0;
    view.more.hidden = found.length <= shown;
  };

  const turnTo = async (id) => {
    // On a telephone the list makes room, and its browser's way back leads to it again.
    if (current === null) history.pushState({ isCase: true }, '');
    current = id;
    view.root.classList.add('has-case');
    for (const [each, line] of rows) mark(line, each === id);
    await openCase(visit, store, id, view.pane, { changed: refresh, turnTo, close: () => history.back() });
  };

  const close = () => {
    if (current === null) return;
    const line = rows.get(current);
    current = null;
    view.root.classList.remove('has-case');
    view.pane.replaceChildren(copyOf('no-case').root);
    refresh();
    (rows.get(line?.root.dataset.case) ?? line)?.open.focus();
  };

  view.filters.addEventListener('input', () => {
    shown = PAGE;
    refresh();
  });
  view.filters.addEventListener('submit', (event) => event.preventDefault());
  onPress(view.more, view.problem, () => {
    shown += PAGE;
    refresh();
  });
  addEventListener('popstate', close, { signal: visit.signal });
  fillFilters(view, store);
  offerSealing(visit, store, view, refresh);
  view.pane.replaceChildren(copyOf('no-case').root);
  refresh();
  visit.show(view.root);
}

function mark(line, isCurrent) {
  line.open.ariaCurrent = isCurrent ? 'true' : null;
}

function wanted(form) {
  const given = new FormData(form);
  return {
    ...Object.fromEntries(['text', 'state', 'category', 'week', 'theme'].map((name) => [name, given.get(name) ?? ''])),
    ...Object.fromEntries(['mine', 'overdue', 'replied'].map((name) => [name, given.has(name)])),
  };
}

function fillFilters(view, store) {
  const weeks = [...new Set([...store.cases.values()].map((row) => row.week))].sort().reverse();
  fillChoice(view.week, weeks.map((week) => [week, say('week_of', { day: dayName(week) })]));
  fillChoice(view.theme, store.themes.filter((each) => each.state !== 'dropped').map((each) => [each.theme, each.title]));
}
