// Writing a theme: in the union's own words. What repeats a case, or names somebody, is pointed out before it is kept; what
// repeats a case isn't even sent to be looked at until its writer says that they want it so.

import * as api from './api.js';
import { copyOf, say, show } from './dom.js';
import { run } from './doing.js';
import { repeated } from './quoting.js';

/** Asks for a title and a text, and keeps them: the theme, or null. `texts` are what they mustn't repeat. */
export function writeTheme({ visit }, texts, theme = null) {
  const view = copyOf('ask-theme');
  view.title.value = theme?.title ?? '';
  view.text.value = theme?.text ?? '';
  document.body.append(view.root);
  view.root.showModal();
  return new Promise((resolve) => {
    let kept = null;
    let doubted = '';
    view.form.addEventListener('submit', (event) => {
      event.preventDefault();
      run(view.form, view.problem, async () => {
        const words = { title: view.title.value, text: view.text.value };
        const doubts = doubted === JSON.stringify(words) ? [] : await doubtsAbout(words, texts, visit);
        doubted = JSON.stringify(words);
        show(view.doubts, doubts.join('\n'));
        view.keep.textContent = say(doubts.length ? 'theme_keep_anyway' : 'theme_keep');
        if (doubts.length) return;
        kept = await api.post(theme ? `themes/${theme.theme}/edit` : 'themes', words, visit.signal);
        view.root.close();
      });
    });
    view.cancel.addEventListener('click', () => view.root.close());
    view.root.addEventListener('close', () => {
      view.root.remove();
      resolve(kept);
    });
  });
}

async function doubtsAbout(words, texts, visit) {
  const found = repeated(`${words.title}\n${words.text}`, texts);
  if (found) return [say('theme_repeats', { found })];
  const hints = await api.post('themes/hints', words, visit.signal);
  return hints.map((hint) => say(`hint_${hint.kind}`, { found: hint.found }));
}
