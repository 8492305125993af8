// What the server sends. The browser reconnects a dropped stream by itself, and names the last event it saw; a stream
// that was refused (a proxy's 502 while the server restarts) it gives up, so that one is opened again here.

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
// The recent history comes in one burst; when it has been quiet for this long, what follows is news.
const QUIET = 250;
const EMPTY = 1500;

/**
 * Listens at `url`. Callbacks: message(data), notice(text), gone(text), link(up), settled() once after the history; and
 * of private conversations taken(client), erased(ids), privateOver().
 */
export function openStream(url, on) {
  let source = null;
  let last = '';
  let wait = FIRST_WAIT;
  let timer = 0;
  let quiet = 0;
  let settled = false;
  let ended = false;

  function connect() {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(last ? `${url}?after=${encodeURIComponent(last)}` : url);
    source.addEventListener('open', opened);
    source.addEventListener('error', failed);
    source.addEventListener('message', (event) => { receive(event, on.message); calm(QUIET); });
    source.addEventListener('notice', (event) => receive(event, ({ text }) => on.notice(text)));
    source.addEventListener('taken', (event) => receive(event, ({ client }) => on.taken(client)));
    source.addEventListener('erased', (event) => receive(event, ({ ids }) => on.erased(ids)));
    source.addEventListener('private_over', (event) => receive(event, on.privateOver));
    source.addEventListener('gone', (event) => { stop(); on.gone(JSON.parse(event.data).text); });
  }

  function opened() {
    wait = FIRST_WAIT;
    on.link(true);
    calm(EMPTY);
  }

  function failed() {
    if (ended) return;
    on.link(false);
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(timer);
    timer = setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function receive(event, handle) {
    if (event.lastEventId) last = event.lastEventId;
    handle(JSON.parse(event.data));
  }

  function calm(after) {
    if (settled) return;
    clearTimeout(quiet);
    quiet = setTimeout(() => { settled = true; on.settled(); }, after);
  }

  function stop() {
    ended = true;
    clearTimeout(timer);
    source?.close();
  }

  connect();
  return {
    stop,
    /** Opens the stream anew, from the last event on: for when it may be dead without the browser knowing. */
    reopen() { if (!ended) connect(); },
    /** Whether it is open as far as the browser knows. */
    isUp: () => source?.readyState === EventSource.OPEN,
  };
}
