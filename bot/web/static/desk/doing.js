// Doing what was asked for: once at a time, and what goes wrong is said where it was asked.

import { Refusal } from './api.js';
import { say, show } from './dom.js';
import { KeyProblem } from './problem.js';
import { SealingProblem } from './sealing.js';

/** A sentence of the page's own, for what isn't to be. */
export class Problem extends Error {
  constructor(name, values) {
    super(say(name, values));
  }
}

/** Runs `work` when the form is sent. */
export function onSend(form, problem, work) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(form, problem, work);
  });
}

/** Runs `work` when the button is pressed. */
export function onPress(button, problem, work) {
  button.addEventListener('click', () => run(button, problem, work));
}

/** Runs `work` unless it runs already; whether it went well. Nothing is said of what ended with the page's locking. */
export async function run(owner, problem, work) {
  if (owner.ariaBusy === 'true') return false;
  owner.ariaBusy = 'true';
  show(problem, '');
  try {
    await work();
    return true;
  } catch (error) {
    if (error.name !== 'AbortError') show(problem, sentence(error));
    return false;
  } finally {
    owner.ariaBusy = 'false';
  }
}

function sentence(error) {
  if (error instanceof Refusal || error instanceof Problem) return error.message;
  if (error instanceof KeyProblem) return say(`key_${error.reason}`);
  if (error instanceof SealingProblem) return say('unsealable');
  reportError(error);
  return say('mishap');
}
