// Many sealed items in one piece, as handlers/desk/frames.py writes them: 16 bytes of id, 4 of length, the bytes.

const ID = 16;
const HEAD = ID + 4;

/** `[id, sealed]` of each frame; ids are hex. */
export function framesIn(body) {
  const view = new DataView(body.buffer, body.byteOffset);
  const found = [];
  for (let at = 0; at < body.length;) {
    const start = at + HEAD;
    const end = start + view.getUint32(at + ID);
    found.push([toHex(body.subarray(at, at + ID)), body.subarray(start, end)]);
    at = end;
  }
  return found;
}

/** One piece of `[id, sealed]` pairs. */
export function framed(pairs) {
  const body = new Uint8Array(pairs.reduce((size, [, sealed]) => size + HEAD + sealed.length, 0));
  const view = new DataView(body.buffer);
  let at = 0;
  for (const [id, sealed] of pairs) {
    body.set(fromHex(id), at);
    view.setUint32(at + ID, sealed.length);
    body.set(sealed, at + HEAD);
    at += HEAD + sealed.length;
  }
  return body;
}

/** An id for something new. */
export const newId = () => idFrom(crypto.getRandomValues(new Uint8Array(ID)));

/** An id from bytes, of which there may be more than it takes. */
export const idFrom = (bytes) => toHex(bytes.subarray(0, ID));

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(text) {
  return Uint8Array.from(text.match(/../gu), (pair) => parseInt(pair, 16));
}
