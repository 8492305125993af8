// The recovery sheet: the key on paper, which the page prints and forgets. Two of its groups are typed back, so that nobody
// goes on without having it.

import { copyOf, dayName, say } from './dom.js';
import { onSend, Problem } from './doing.js';
import { fingerprint } from './fingerprints.js';
import * as keys from './keys.js';

const ASKED = 2;

/** Shows the sheet of the key that is held; resolves once its owner has it. */
export async function handOverSheet(visit, me) {
  const view = copyOf('sheet');
  const [prefix, ...groups] = keys.recoveryText().split(' ');
  await fill(view, me, prefix, groups);
  const asked = chooseGroups(groups);
  view.check.replaceChildren(...asked.map((number) => field(number)));
  visit.show(view.root);
  return new Promise((resolve) => {
    view.print.addEventListener('click', () => print());
    onSend(view.form, view.problem, () => {
      const typed = [...view.check.querySelectorAll('input')].map((input) => input.value.trim().toUpperCase());
      if (!asked.every((number, at) => typed[at] === groups[number])) throw new Problem('groups_differ');
      view.root.replaceChildren();
      resolve();
    });
  });
}

async function fill(view, me, prefix, groups) {
  view.person.textContent = me.name;
  view.day.textContent = dayName(me.today);
  view.fingerprint.textContent = await fingerprint(keys.recipient());
  view.recipient.textContent = keys.recipient();
  view.prefix.textContent = prefix;
  view.groups.replaceChildren(...groups.map((group) => {
    const line = document.createElement('li');
    line.textContent = group;
    return line;
  }));
}

/** The places of whole groups, in their order. */
function chooseGroups(groups) {
  const chosen = new Set();
  while (chosen.size < ASKED) {
    const [number] = crypto.getRandomValues(new Uint8Array(1));
    if (number < groups.length - 1) chosen.add(number);
  }
  return [...chosen].sort((one, other) => one - other);
}

function field(number) {
  const { root, label, input } = copyOf('group');
  label.firstChild.textContent = say('group_number', { number: number + 1 });
  input.dataset.number = number;
  return root;
}
