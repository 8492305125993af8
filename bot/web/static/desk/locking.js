// Locking by itself: after a while without a touch, or when the page was out of sight for long.

import * as api from './api.js';

const IDLE_MS = 10 * 60_000;
const HIDDEN_MS = 5 * 60_000;
const LOOK_MS = 5_000;
const TOUCHES = ['pointerdown', 'keydown', 'input', 'wheel'];
let isAsking = false;

/** Calls `lock` when it is time, until `signal` is aborted. Who writes for long keeps the session, too. */
export function lockInTime(lock, idleSeconds, signal) {
  let touchedAt = Date.now();
  let hiddenAt = null;
  // Timers stand still while a computer sleeps, its clock doesn't: whoever wakes it finds the desk locked.
  const isTime = () => Date.now() - touchedAt >= IDLE_MS || (hiddenAt !== null && Date.now() - hiddenAt >= HIDDEN_MS);
  const look = () => { if (isTime()) lock(); };
  const touched = () => {
    if (isTime()) {
      lock();
      return;
    }
    touchedAt = Date.now();
    keepSession(idleSeconds, signal);
  };
  const seen = () => {
    look();
    hiddenAt = document.hidden ? Date.now() : null;
  };
  const looking = setInterval(look, LOOK_MS);
  for (const touch of TOUCHES) document.addEventListener(touch, touched, { signal, passive: true });
  document.addEventListener('visibilitychange', seen, { signal });
  signal.addEventListener('abort', () => clearInterval(looking));
}

function keepSession(idleSeconds, signal) {
  if (isAsking || Date.now() - api.lastAsked() < idleSeconds * 1000 / 3) return;
  isAsking = true;
  // What became of it is heard with the next thing that is asked for.
  api.get('me', signal).catch(() => {}).finally(() => { isAsking = false; });
}
