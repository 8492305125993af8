// Opening many items at once, on all of the machine's cores, while the page stays alive.

const LARGEST_POOL = 4;
const BATCH = 50;

/**
 * Opens a list of age files: `{header, body}` for each, or null for one that can't be opened, in the same order.
 * `onProgress` gets how many are done; when `signal` is aborted the workers end at once, and with them what they know.
 */
export async function openAll(sealed, identities, { onProgress, signal } = {}) {
  const pool = createPool(identities, signal);
  try {
    return await pool.open(sealed, onProgress);
  } finally {
    pool.close();
  }
}

/** The same for list after list: `open`, one at a time, and `close` in the end. */
export function createPool(identities, signal) {
  const workers = [];
  return {
    async open(sealed, onProgress = () => {}) {
      signal?.throwIfAborted();
      const count = Math.min(navigator.hardwareConcurrency || 2, LARGEST_POOL, Math.ceil(sealed.length / BATCH));
      while (workers.length < count) workers.push(new Worker(new URL('opening.js', import.meta.url), { type: 'module' }));
      return shared(workers, sealed, identities, onProgress, signal);
    },
    close: () => workers.forEach((worker) => worker.terminate()),
  };
}

async function shared(workers, sealed, identities, onProgress, signal) {
  const opened = new Array(sealed.length);
  let next = 0;
  let done = 0;
  const work = async (worker) => {
    while (next < sealed.length) {
      const from = next;
      next += BATCH;
      const packages = await ask(worker, identities, sealed.slice(from, next), signal);
      packages.forEach((each, at) => { opened[from + at] = each; });
      done += packages.length;
      onProgress(done);
    }
  };
  await Promise.all(workers.map(work));
  return opened;
}

function ask(worker, identities, batch, signal) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message || 'a worker could not start'));
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    // Copies, each with a buffer of its own, so that handing over takes nothing of its neighbours along.
    const copies = batch.map((each) => each.slice());
    worker.postMessage({ identities, batch: copies }, copies.map((each) => each.buffer));
  });
}
