// A worker of opener.js: opens one batch at a time, and keeps nothing of it.

import { createOpener, SealingProblem } from './sealing.js';

addEventListener('message', async ({ data: { identities, batch } }) => {
  const open = createOpener(identities);
  const opened = [];
  for (const sealed of batch) opened.push(await openedOrNull(open, sealed));
  postMessage(opened, opened.flatMap((item) => (item ? [item.body.buffer] : [])));
});

async function openedOrNull(open, sealed) {
  try {
    const { header, body } = await open(sealed);
    // A copy without the rest of the package: what is handed over is a whole buffer.
    return { header, body: body.slice() };
  } catch (error) {
    if (error instanceof SealingProblem) return null;
    throw error;
  }
}
