// The code on the wall: asks the server for what is shown now, and counts down between two answers.

// People who check in are counted so often; after a failure it tries again sooner than a code's life.
const EVERY = 5000;
const AGAIN = 3000;
const PATIENCE = 8000;

const get = (id) => document.getElementById(id);
const board = get('board');
// When the code ends that is shown now, on the page's own clock: the computer's may be wrong.
let endsAt = 0;

async function refresh() {
  let wait = AGAIN;
  try {
    const answer = await fetch(`${location.pathname}/now`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 404) {
      show({ window: 'gone' });
      return;
    }
    if (!answer.ok) throw new Error(answer.statusText);
    wait = show(await answer.json());
  } catch {
    get('state').textContent = board.dataset.lost;
  }
  setTimeout(refresh, wait);
}

/** Shows an answer; in how many milliseconds the next one is wanted. */
function show(now) {
  const isOpen = now.window === 'open';
  board.dataset.window = now.window;
  get('state').textContent = board.dataset[now.window] ?? '';
  for (const id of ['open', 'scan']) get(id).hidden = !isOpen;
  if (now.present !== undefined) {
    get('present').textContent = now.present.toLocaleString('vi');
    get('invited').textContent = now.invited.toLocaleString('vi');
  }
  if (!isOpen) return EVERY;
  get('code').textContent = now.code;
  get('qr').src = now.qr;
  endsAt = performance.now() + now.left * 1000;
  count();
  return Math.min(EVERY, now.left * 1000);
}

// What is over is shown no more, also while the server can't be reached.
function count() {
  const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  get('bar').value = left;
  get('left').textContent = left;
  if (left === 0) get('code').textContent = '••• •••';
  get('qr').classList.toggle('over', left === 0);
}

setInterval(count, 250);
refresh();
