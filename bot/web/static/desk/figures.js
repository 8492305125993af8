// Figures, as far as they may be seen; a dash stands for what may not.

import * as api from './api.js';
import { copyOf, dayName, say } from './dom.js';
import { run } from './doing.js';
import { categoryName } from './row.js';

const FIRST_YEAR = 2026;

export async function showFigures(visit, store) {
  const view = copyOf('figures');
  const now = Number(store.me.today.slice(0, 4));
  for (let year = now; year >= Math.min(FIRST_YEAR, now); year -= 1) view.year.append(new Option(year));
  const fill = async () => {
    const windows = await api.get(`figures?year=${view.year.value}`, visit.signal);
    view.list.replaceChildren(...windows.reverse().map(card));
  };
  view.year.addEventListener('change', () => run(view.year, view.problem, fill));
  await fill();
  visit.show(view.root);
}

function card(found) {
  const { root, title, span, list, waiting } = copyOf('figure');
  const [year, quarter] = found.window.split('-');
  title.textContent = quarter ? say('quarter', { quarter, year }) : say('whole_year', { year });
  span.textContent = say('from_to', { from: dayName(found.from), to: dayName(found.to) });
  waiting.hidden = found.counted;
  waiting.textContent = say('counted_on', { day: dayName(found.due) });
  if (found.counted) list.append(...lines(found).flatMap(([name, value]) => pair(name, value)));
  return root;
}

function lines({ total, categories, others, answers, answered_percent: answered, in_time_percent: inTime, satisfaction }) {
  const shown = Object.entries(categories).filter(([, count]) => count !== null);
  return [
    [say('figure_total'), number(total)],
    ...shown.map(([category, count]) => [categoryName(category), number(count)]),
    ...(others === null ? [] : [[say('figure_others'), number(others)]]),
    [say('figure_answered'), share(answered)],
    [say('figure_in_time'), share(inTime)],
    ...['in_time', 'late', 'none'].map((key) => [say(`answers_${key}`), number(answers[key])]),
    ...(satisfaction ? ['3', '2', '1', 'none'].map((key) => [say(`satisfied_${key}`), number(satisfaction[key])]) : []),
  ];
}

function pair(name, value) {
  const term = document.createElement('dt');
  const description = document.createElement('dd');
  term.textContent = name;
  description.textContent = value;
  return [term, description];
}

const number = (value) => value ?? say('not_shown');

function share(found) {
  if (!found) return say('not_shown');
  const { at_least: low, at_most: high } = found;
  return low === high ? say('percent', { low }) : say('percents', { low, high });
}
