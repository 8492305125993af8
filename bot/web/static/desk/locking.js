// Locking by itself: after a while without a touch, or when the page was out of sight for long.

import * as api from './api.js';

const IDLE_MS = 10 * 60_000;
const HIDDEN_MS = 5 * 60_000;
const TOUCHES = ['pointerdown', 'keydown', 'input', 'wheel'];
let isAsking = false;

/** Calls `lock` when it is time, until `signal` is aborted. Who writes for long keeps the session, too. */
export function lockInTime(lock, idleSeconds, signal) {
  let idle = setTimeout(lock, IDLE_MS);
  let hidden = null;
  const touched = () => {
    clearTimeout(idle);
    idle = setTimeout(lock, IDLE_MS);
    keepSession(idleSeconds, signal);
  };
  const seen = () => {
    clearTimeout(hidden);
    hidden = document.hidden ? setTimeout(lock, HIDDEN_MS) : null;
  };
  for (const touch of TOUCHES) document.addEventListener(touch, touched, { signal, passive: true });
  document.addEventListener('visibilitychange', seen, { signal });
  signal.addEventListener('abort', () => {
    clearTimeout(idle);
    clearTimeout(hidden);
  });
}

function keepSession(idleSeconds, signal) {
  if (isAsking || Date.now() - api.lastAsked() < idleSeconds * 1000 / 3) return;
  isAsking = true;
  // What became of it is heard with the next thing that is asked for.
  api.get('me', signal).catch(() => {}).finally(() => { isAsking = false; });
}
