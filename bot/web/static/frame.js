// The page around the conversation: its height above a phone's keyboard, the menu in the header, the unread count.

/** iOS lays its keyboard over the page instead of shrinking it; the visible height is handed to the style sheet. */
export function fitKeyboard() {
  const visible = window.visualViewport;
  if (!visible) return;
  const fit = () => {
    // A zoomed page is left as its reader arranged it.
    if (visible.scale !== 1) return;
    document.documentElement.style.setProperty('--height', `${visible.height}px`);
    scrollTo(0, 0);
  };
  visible.addEventListener('resize', fit);
  fit();
}

/** Closes the header's menu by Escape, by a tap elsewhere, or when the focus leaves it. */
export function closeMenu(details) {
  const summary = details.querySelector('summary');
  const outside = (target) => !(target instanceof Node && details.contains(target));
  addEventListener('pointerdown', (event) => { if (outside(event.target)) details.open = false; });
  details.addEventListener('focusout', (event) => {
    if (event.relatedTarget && outside(event.relatedTarget)) details.open = false;
  });
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    details.open = false;
    summary.focus();
  });
}

/** A function that counts a message that came while nobody looked, in the tab's title. */
export function createUnread() {
  const title = document.title;
  let unread = 0;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    unread = 0;
    document.title = title;
  });
  return () => {
    if (!document.hidden) return;
    unread += 1;
    document.title = `(${unread}) ${title}`;
  };
}
