// What the person has sent and the server hasn't confirmed: one at a time and in order, with the same id however often
// it is tried, and kept in the tab's storage so that a reload loses nothing. What is private is kept in memory alone.

const PREFIX = 'caunoi:unsent:';
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 20_000;
const PATIENCE = 20_000;
// For the largest file over a telephone's connection.
const FILE_PATIENCE = 300_000;

/** An id for a new message; randomUUID exists only on https and localhost. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Nothing unsent of anybody remains in this tab: after leaving, or when another person uses it. */
export function forgetUnsent(except = '') {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && key !== PREFIX + except) sessionStorage.removeItem(key);
  }
}

/**
 * Posts to `url`; `refusal` is said where the server gives no reason. Items are {id, kind: 'text'|'press'|'file',
 * private, ...}.
 * A file itself stays in memory: after a reload, `lost` is said of what is left of it.
 * Callbacks: state(item, 'sending'|'waiting'|'refused', why), accepted(item), gone(why).
 */
export function createOutbox({ url, csrf, refusal, lost, on }) {
  const items = load(csrf);
  for (const item of items) if (item.kind === 'file') item.refused = lost;
  const files = new Map();
  const held = new WeakSet();
  let timer = 0;
  let wait = FIRST_WAIT;
  let posting = false;
  let ended = false;

  const save = () => store(csrf, items.filter((item) => !item.private));
  const next = () => items.find((item) => !item.refused);

  function drop(id) {
    const at = items.findIndex((item) => item.id === id);
    if (at >= 0) items.splice(at, 1);
    files.delete(id);
    save();
  }

  async function pump() {
    const item = next();
    if (posting || ended || !item) return;
    posting = true;
    clearTimeout(timer);
    // One that waits goes on looking so while it is tried again in the background.
    if (!held.has(item)) on.state(item, 'sending');
    const { outcome, why } = await post(url, csrf, item, files.get(item.id));
    posting = false;
    if (outcome === 'unsure' && items.includes(item)) hold(item);
    else after(item, outcome, why);
  }

  // The stream may have brought the echo while the answer to the post was lost: then it is no longer an item here.
  function after(item, outcome, why) {
    wait = FIRST_WAIT;
    if (items.includes(item)) conclude(item, outcome, why);
    if (outcome === 'gone') {
      stop();
      on.gone(why);
    }
    pump();
  }

  function conclude(item, outcome, why) {
    if (outcome === 'accepted' || item.kind === 'press') drop(item.id);
    else item.refused = why || refusal;
    save();
    if (outcome === 'accepted') on.accepted(item);
    else on.state(item, 'refused', why || refusal);
  }

  function hold(item) {
    held.add(item);
    on.state(item, 'waiting');
    timer = setTimeout(pump, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function stop() {
    ended = true;
    clearTimeout(timer);
  }

  return {
    items,
    stop,
    drop,
    /** `file` is the File of an item of that kind. */
    add(item, file) {
      items.push(item);
      if (file) files.set(item.id, file);
      save();
      pump();
    },
    /** Tries at once: the person asked, or the connection is back. */
    pump() {
      wait = FIRST_WAIT;
      pump();
    },
    /** What is on its way is private from now on. */
    hide() {
      for (const item of items) if (!item.refused) item.private = true;
      save();
    },
    fileOf: (id) => files.get(id),
    retry(id) {
      const item = items.find((one) => one.id === id);
      if (!item) return;
      delete item.refused;
      held.delete(item);
      save();
      pump();
    },
  };
}

/** 'accepted', 'refused' or 'gone' with the server's sentence, or 'unsure': nobody knows, so the same is sent again. */
async function post(url, csrf, item, file) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), file ? FILE_PATIENCE : PATIENCE);
  try {
    const response = await fetch(url, {
      method: 'POST',
      // A redirect is a proxy's sign-in page or the like, never an acceptance.
      redirect: 'manual',
      ...(file ? asForm(csrf, item, file) : asJson(csrf, item)),
      signal: abort.signal,
    });
    if (response.ok) return { outcome: 'accepted' };
    if (response.status < 400 || response.status >= 500) return { outcome: 'unsure' };
    const answer = await response.json().catch(() => ({}));
    return { outcome: response.status === 401 ? 'gone' : 'refused', why: answer.error };
  } catch {
    return { outcome: 'unsure' };
  } finally {
    clearTimeout(timer);
  }
}

function asJson(csrf, { id, kind, text, payload, message, label, private: isPrivate }) {
  return {
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
    body: JSON.stringify({ id, kind, text, payload, message, label, private: isPrivate }),
  };
}

// The browser names the form's type by itself, with the boundary that it has chosen.
function asForm(csrf, { id, text, private: isPrivate }, file) {
  const body = new FormData();
  if (isPrivate) body.append('private', '1');
  body.append('id', id);
  body.append('text', text);
  body.append('file', file);
  return { headers: { 'X-CSRF-Token': csrf }, body };
}

function load(session) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + session)) ?? [];
  } catch {
    return [];
  }
}

// A full or forbidden storage costs only what a reload would lose; the page itself still has everything.
function store(session, items) {
  try {
    sessionStorage.setItem(PREFIX + session, JSON.stringify(items));
  } catch (error) {
    console.warn(error);
  }
}
