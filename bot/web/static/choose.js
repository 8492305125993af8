// The demo's chooser: people are found by any part of name, code or group, with or without diacritics.

const field = document.getElementById('filter');
const found = document.getElementById('found');
const people = [...document.querySelectorAll('[data-find]')].map((button) => ({
  button, words: fold(button.dataset.find),
}));

/** Small letters without marks; đ is a letter of its own and keeps no mark to drop. */
function fold(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
}

function filter() {
  const wanted = fold(field.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { button, words } of people) {
    button.hidden = !wanted.every((word) => words.includes(word));
    if (!button.hidden) shown += 1;
  }
  for (const section of document.querySelectorAll('section')) {
    section.hidden = !section.querySelector('[data-find]:not([hidden])');
  }
  document.getElementById('none').hidden = shown > 0;
  found.textContent = wanted.length ? `${shown} ${found.dataset.some}` : '';
}

document.getElementById('find').hidden = false;
field.addEventListener('input', filter);
// The browser may have kept what was typed before a reload.
filter();
