// Where the list stands: it follows the newest message until the person scrolls away, and offers a way back.

const MARGIN = 10;
const NEAR = 60;
// Messages within this time belong to one answer, which is read from its beginning.
const BURST = 1500;

/** Follows the end of `list` inside `scroller`; `pill` counts what came meanwhile. */
export function createFollower(scroller, list, pill) {
  const count = pill.querySelector('.count');
  let following = true;
  let anchor = null;
  let anchoredAt = 0;
  let placed = 0;
  let unread = 0;

  const end = () => scroller.scrollHeight - scroller.clientHeight;
  const left = () => end() - scroller.scrollTop;

  // An answer taller than the screen starts at its top; everything else shows its end.
  function place() {
    if (following) {
      const goal = anchor?.isConnected ? Math.min(end(), anchor.offsetTop - MARGIN) : end();
      if (Math.abs(scroller.scrollTop - goal) > 1) scroller.scrollTop = goal;
      placed = scroller.scrollTop;
    }
    show();
  }

  function show() {
    if (left() < NEAR) unread = 0;
    pill.hidden = left() < NEAR;
    // The browser's own anchoring helps whoever reads further up, and would fight with ours.
    scroller.classList.toggle('following', following);
    count.hidden = unread === 0;
    count.textContent = unread ? `${unread} ${count.dataset.unit}` : '';
  }

  function anchorAt(row) {
    anchor = row;
    anchoredAt = performance.now();
  }

  function toEnd() {
    anchor = null;
    following = true;
    place();
  }

  scroller.addEventListener('scroll', () => {
    if (scroller.scrollTop !== placed) {
      placed = scroller.scrollTop;
      anchor = null;
      following = left() < NEAR;
    }
    show();
  }, { passive: true });
  pill.addEventListener('click', () => {
    toEnd();
    scroller.focus({ preventScroll: true });
  });
  const sizes = new ResizeObserver(place);
  sizes.observe(scroller);
  sizes.observe(list);

  return {
    place,
    /** Called before a bot's message is put into the list. */
    arriving(row) {
      const atEnd = left() < NEAR;
      if (!atEnd) unread += 1;
      if (following && (!anchor || (atEnd && performance.now() - anchoredAt > BURST))) anchorAt(row);
    },
    /** Called before a message's new size is placed. */
    edited(row) {
      if (following && row === list.lastElementChild) anchorAt(row);
    },
    /** The person has written: they want to see it, and what follows. */
    own: toEnd,
    /** The person has answered with a button: what follows is a new answer. */
    acted() {
      anchor = null;
      following = following || left() < NEAR;
    },
    /** What came so far is history, which is left at its end. */
    toEnd,
  };
}
