// Locking by itself: after a while without a touch, or when the page was out of sight for long. Work that was asked for and
// takes its time holds the page open, though not for ever.

import * as api from './api.js';

const IDLE_MS = 10 * 60_000;
const HIDDEN_MS = 5 * 60_000;
const WORK_MS = 2 * 60 * 60_000;
const LOOK_MS = 5_000;
const TOUCHES = ['pointerdown', 'keydown', 'input', 'wheel'];
let isAsking = false;
// There is one visit at a time.
let touchedAt = 0;
let workedAt = 0;
let hiddenAt = null;

/** What was asked for makes progress: the page stays open as after a touch, for two hours at most. */
export function noteWork() {
  if (!isTime() && Date.now() - touchedAt < WORK_MS) workedAt = Date.now();
}

/** Calls `lock` when it is time, until `signal` is aborted. Who writes for long keeps the session, too. */
export function lockInTime(lock, idleSeconds, signal) {
  touchedAt = Date.now();
  workedAt = 0;
  hiddenAt = null;
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

/** Timers stand still while a computer sleeps, its clock doesn't: whoever wakes it finds the desk locked. */
function isTime() {
  const isIdle = Date.now() - Math.max(touchedAt, workedAt) >= IDLE_MS;
  return isIdle || (hiddenAt !== null && Date.now() - Math.max(hiddenAt, workedAt) >= HIDDEN_MS);
}

function keepSession(idleSeconds, signal) {
  if (isAsking || Date.now() - api.lastAsked() < idleSeconds * 1000 / 3) return;
  isAsking = true;
  // What became of it is heard with the next thing that is asked for.
  api.get('me', signal).catch(() => {}).finally(() => { isAsking = false; });
}
