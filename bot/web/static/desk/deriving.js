// A worker of wrapping.js: the library's own "async" never lets the page draw, so Argon2id runs beside it.

import { argon2id } from '../vendor/age.js';

addEventListener('message', ({ data: { password, salt, cost } }) => {
  let told = 0;
  const onProgress = (part) => {
    const percent = Math.floor(part * 100);
    if (percent === told) return;
    told = percent;
    postMessage({ part });
  };
  postMessage({ key: argon2id(password, salt, { ...cost, onProgress }) });
});
