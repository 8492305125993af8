// To which theme a case belongs: one there is, or a new one, rephrased.

import * as api from './api.js';
import { fillChoice, say } from './dom.js';
import { writeTheme } from './theming.js';

const NEW = 'new';

/** Fills the case's choice of themes. */
export function fillThemes({ view, store, row }) {
  view.theme.replaceChildren(new Option(say('no_theme'), ''));
  fillChoice(view.theme, store.themes.filter((each) => each.state !== 'dropped').map((each) => [each.theme, each.title]));
  fillChoice(view.theme, [[NEW, say('new_theme')]]);
  view.theme.value = row().theme ?? '';
}

/** Does what was chosen; those that were merged into the case go along. */
export async function forward(page) {
  const { view, store, visit, id } = page;
  const chosen = view.theme.value;
  const theme = chosen === NEW ? await newTheme(page) : { theme: chosen ? Number(chosen) : null };
  if (theme) {
    for (const row of [store.cases.get(id), ...store.mergedInto(id)]) {
      store.put(await api.post(`cases/${row.id}/theme`, { theme: theme.theme }, visit.signal));
    }
  }
  page.refresh();
}

async function newTheme(page) {
  const { store, id, visit } = page;
  const ids = [id, ...store.mergedInto(id).map((row) => row.id)];
  const texts = ids.flatMap((each) => [store.concerns.get(each), ...(store.replies.get(each) ?? [])]);
  const made = await writeTheme(page, texts.map((each) => each?.text ?? ''));
  if (made) store.themes = await api.get('themes', visit.signal);
  return made;
}
