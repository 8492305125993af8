// What was done at the desk, the newest first.

import * as api from './api.js';
import { copyOf, dayName, momentName, say } from './dom.js';
import { onPress } from './doing.js';

const PAGE = 200;

export async function showActs(visit) {
  const view = copyOf('acts');
  let before = null;
  const more = async () => {
    const acts = await api.get(before ? `acts?before=${before}` : 'acts', visit.signal);
    view.list.append(...acts.map(line));
    before = acts.at(-1)?.id;
    view.more.hidden = acts.length < PAGE;
  };
  onPress(view.more, view.problem, more);
  await more();
  visit.show(view.root);
}

function line(act) {
  const { root, when, name, said, about } = copyOf('act');
  // What was done with concerns is told by the day.
  when.textContent = act.at.includes('T') ? momentName(act.at) : dayName(act.at);
  when.dateTime = act.at;
  name.textContent = act.name;
  said.textContent = act.said;
  about.textContent = details(act).join(' · ');
  return root;
}

function details({ subject, details: more }) {
  const found = [];
  if (more.name) found.push(more.name);
  else if (subject) found.push(subject);
  const state = more.after ?? more.state;
  if (state) found.push(say(`state_${state}`));
  if (more.lost) found.push(say('act_lost', { count: more.lost }));
  if (more.into) found.push(say('act_into', { name: more.into }));
  return found;
}
