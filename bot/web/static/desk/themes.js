// Themes: what the union makes of cases, and who sees it.

import * as api from './api.js';
import { ask } from './asking.js';
import { copyOf, say, show } from './dom.js';
import { onPress } from './doing.js';
import { writeTheme } from './theming.js';

export async function showThemes(visit, store) {
  const view = copyOf('themes');
  const page = { visit, store, view };
  await refresh(page);
  onPress(view.write, view.problem, async () => {
    await writeTheme(page, everythingWritten(store));
    await refresh(page);
  });
  visit.show(view.root);
}

async function refresh(page) {
  const { visit, store, view } = page;
  store.themes = await api.get('themes', visit.signal);
  view.list.replaceChildren(...store.themes.map((theme) => line(page, theme)));
  view.none.hidden = store.themes.length > 0;
}

function line(page, theme) {
  const row = copyOf('theme');
  row.title.textContent = theme.title;
  row.text.textContent = theme.text;
  row.state.textContent = say(`theme_${theme.state}`);
  row.state.dataset.state = theme.state === 'draft' ? 'new' : theme.state;
  row.published.hidden = !theme.published_at;
  row.handed.hidden = !theme.handed_over_at;
  show(row.cases, theme.cases && say('theme_cases', { count: theme.cases }));
  show(row.agree, theme.agree && say('theme_agree', { count: theme.agree }));
  show(row.reply, theme.reply && say(`theme_${theme.reply.kind}`, { text: theme.reply.text }));
  const isUnsettled = ['draft', 'open', 'agenda'].includes(theme.state);
  row.edit.hidden = theme.state !== 'draft';
  row.publish.hidden = !isUnsettled || Boolean(theme.published_at);
  row.handOver.hidden = !isUnsettled || Boolean(theme.handed_over_at);
  row.drop.hidden = !['draft', 'open'].includes(theme.state);
  const press = (button, work) => onPress(button, row.problem, async () => {
    await work();
    await refresh(page);
  });
  press(row.edit, () => writeTheme(page, everythingWritten(page.store), theme));
  press(row.publish, () => reveal(page, theme, 'publish'));
  press(row.handOver, () => reveal(page, theme, 'hand-over'));
  press(row.drop, () => drop(page, theme));
  return row.root;
}

/** What might tell who raised it the server points out first. */
async function reveal({ visit }, theme, deed) {
  if (await ask(`ask-${deed}`, (view) => { view.title.textContent = theme.title; }) !== 'yes') return;
  try {
    await api.post(`themes/${theme.theme}/${deed}`, {}, visit.signal);
  } catch (error) {
    if (error.reason !== 'names_somebody') throw error;
    if (await ask('ask-sure', (view) => { view.doubts.textContent = error.message; }) !== 'yes') return;
    await api.post(`themes/${theme.theme}/${deed}`, { sure: true }, visit.signal);
  }
}

async function drop({ visit }, theme) {
  if (await ask('ask-drop', (view) => { view.title.textContent = theme.title; }) !== 'yes') return;
  await api.post(`themes/${theme.theme}/drop`, {}, visit.signal);
}

function everythingWritten(store) {
  return [...store.concerns.values(), ...[...store.replies.values()].flat()].map((each) => each?.text ?? '');
}
