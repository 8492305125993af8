// Pieces of the page: copies of its templates, filled in. Every sentence stands in the templates; what comes out of cases
// goes in as text, never as markup.

const words = document.querySelector('#words').content;

/** The sentence `name`; `{…}` in it is replaced by `values`. */
export function say(name, values = {}) {
  const text = words.querySelector(`[data-name="${name}"]`).textContent;
  return text.replace(/\{(\w+)\}/gu, (_, key) => values[key]);
}

/** A copy of the template `id`: `root`, and its parts by their names. */
export function copyOf(id) {
  const root = document.querySelector(`#${id}`).content.firstElementChild.cloneNode(true);
  const parts = [...root.querySelectorAll('[data-part]')].map((each) => [each.dataset.part, each]);
  return { root, ...Object.fromEntries(parts) };
}

/** Shows `text` in `node`, or hides it where there is none. */
export function show(node, text) {
  node.textContent = text ?? '';
  node.hidden = !text;
}

/** Fills a choice with `[value, label]` pairs after those that stand in the page. */
export function fillChoice(select, pairs) {
  select.append(...pairs.map(([value, label]) => new Option(label, value)));
}

const DAY = new Intl.DateTimeFormat('vi-VN', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' });
const timeZone = document.querySelector('#stage').dataset.timezone;
const DAY_HERE = new Intl.DateTimeFormat('vi-VN', { day: '2-digit', month: '2-digit', year: 'numeric', timeZone });
const MOMENT = new Intl.DateTimeFormat('vi-VN', {
  day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone,
});

/** An ISO day as people write it. */
export const dayName = (day) => DAY.format(new Date(`${day}T00:00:00Z`));
/** The month of an ISO day. */
export const monthName = (day) => dayName(day).slice(3);
/** An ISO time likewise, by the branch's clock. */
export const momentName = (at) => MOMENT.format(new Date(at));

/** The day of an ISO time, likewise. */
export const dayOf = (at) => DAY_HERE.format(new Date(at));

/** How many weeks the week of an ISO day lies before that of another. */
export const weeksBetween = (one, other) => (new Date(mondayOf(other)) - new Date(mondayOf(one))) / (7 * 86_400_000);

/** The Monday of an ISO day's week. */
export function mondayOf(day) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
