// The server's markup, copied node by node into our own. The server has cleaned it already; here a second wall
// stands, so that a mistake there can show wrong text but never run anything.

const ALLOWED = new Set([
  'A', 'B', 'BLOCKQUOTE', 'BR', 'CODE', 'I', 'LI', 'OL', 'P', 'PRE', 'S', 'U', 'UL',
]);
const SILENT = new Set(['IFRAME', 'NOSCRIPT', 'OBJECT', 'SCRIPT', 'STYLE', 'TEMPLATE', 'TEXTAREA', 'TITLE']);
const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** A fragment with the allowed elements of `html`; others leave their text, scripts and styles nothing. */
export function fromMarkup(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const fragment = document.createDocumentFragment();
  copyChildren(parsed.body, fragment);
  return fragment;
}

/** A fragment that shows `text` as it was typed. */
export function fromText(text) {
  const paragraph = document.createElement('p');
  text.split('\n').forEach((line, at) => {
    if (at > 0) paragraph.append(document.createElement('br'));
    paragraph.append(line);
  });
  return paragraph;
}

/** The absolute address, or null when it isn't one that a person may be led to. */
export function safeAddress(address) {
  try {
    const url = new URL(address, document.baseURI);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function copyChildren(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
    else if (node.nodeType === Node.ELEMENT_NODE && !SILENT.has(node.tagName)) copyElement(node, to);
  }
}

function copyElement(element, to) {
  if (!ALLOWED.has(element.tagName)) {
    copyChildren(element, to);
    return;
  }
  const copy = document.createElement(element.tagName);
  if (element.tagName === 'A') lead(copy, element.getAttribute('href'));
  copyChildren(element, copy);
  to.append(copy);
}

function lead(link, address) {
  const safe = address && safeAddress(address);
  if (!safe) return;
  link.href = safe;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
}
