// Private conversations: what is written in one is kept by nobody, and here in memory alone. The tab only remembers that
// there is one: after a reload, and after a restart of the server, what is written must still not be taken for anything else.

const PREFIX = 'caunoi:private:';

/** Nothing of anybody else's remains in this tab. */
export function forgetPrivate(except = '') {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && key !== PREFIX + except) sessionStorage.removeItem(key);
  }
}

/** Shows `banner` while a conversation is open; `field` is where people write. */
export function createPrivate(session, banner, field) {
  let open = remembered(session);

  function show() {
    banner.hidden = !open;
    // Neither the browser's memory of forms nor a spelling service gets to see it.
    field.autocomplete = open ? 'off' : '';
    field.spellcheck = !open;
  }

  show();
  return {
    isOpen: () => open,
    set(now) {
      if (now === open) return;
      open = now;
      remember(session, open);
      show();
    },
  };
}

function remembered(session) {
  try {
    return sessionStorage.getItem(PREFIX + session) !== null;
  } catch {
    return false;
  }
}

// Where storage is forbidden a reload forgets it; the server knows as long as it runs.
function remember(session, open) {
  try {
    if (open) sessionStorage.setItem(PREFIX + session, '1');
    else sessionStorage.removeItem(PREFIX + session);
  } catch (error) {
    console.warn(error);
  }
}
