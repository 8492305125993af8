// Keeps the 256 colours that a picture uses most, and gives every other pixel the nearest of them: screens are drawn
// in few colours, and the rest is the soft edge of letters.
async (base64) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(bitmap, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);

  const counts = new Map();
  const colour = (at) => (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
  for (let at = 0; at < data.length; at += 4) counts.set(colour(at), (counts.get(colour(at)) ?? 0) + 1);
  const palette = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a)).slice(0, 256);

  const places = new Map(palette.map((one, place) => [one, place]));
  const distance = (a, b) => [16, 8, 0].reduce((sum, bits) => sum + (((a >> bits) & 255) - ((b >> bits) & 255)) ** 2, 0);
  const nearest = (one) => {
    let best = 0;
    for (let place = 1; place < palette.length; place += 1) {
      if (distance(one, palette[place]) < distance(one, palette[best])) best = place;
    }
    return best;
  };
  const pixels = new Uint8Array(width * height);
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    const one = colour(pixel * 4);
    if (!places.has(one)) places.set(one, nearest(one));
    pixels[pixel] = places.get(one);
  }
  let text = '';
  for (let from = 0; from < pixels.length; from += 32768) {
    text += String.fromCharCode(...pixels.subarray(from, from + 32768));
  }
  return { width, height, palette, pixels: btoa(text) };
}
