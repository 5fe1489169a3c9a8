// Elements. Whatever came from a repository goes through text() and becomes text nodes, never markup.

const svgTags = new Set(['svg', 'path', 'circle']);

/** Makes an element: attributes (on… are listeners; false, null and undefined leave them out), then children. */
function h(tag, attributes, ...children) {
  const element = svgTags.has(tag) ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'colour') element.style.setProperty('--colour', value);
    else if (value !== false && (value ?? null) !== null) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => (child ?? false) !== false));
  return element;
}

// What could change the layout or the writing direction of what stands around it.
const hiddenCharacters = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

function visible(text, keep) {
  return text.split(/([\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+)/).map((part, index) =>
    index % 2 === 0 || [...part].every((c) => keep.includes(c)) ? part
    : [...part].map((c) => (keep.includes(c) ? c : h('span', { class: 'control' }, escapeOf(c)))));
}

const escapeOf = (c) =>
  ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Cuts a text, never within a pair of surrogates. */
function cut(value, length) {
  if (value.length <= length) return value;
  const end = /[\ud800-\udbff]/.test(value[length - 2]) ? length - 2 : length - 1;
  return `${value.slice(0, end)}…`;
}

/** A text of a repository on its own: its direction stays within, what is hidden is seen. */
function text(value, { length = 400, keep = '', tag = 'bdi', ...attributes } = {}) {
  const shown = (part) => (hiddenCharacters.test(part) ? visible(part, keep) : [part]);
  const element = h(tag, { dir: 'auto', ...attributes }, ...shown(cut(value, length)).flat());
  if (value.length <= length) return element;
  const all = h('button', { type: 'button', class: 'more' }, `Show all ${value.length.toLocaleString('en')} characters`);
  all.addEventListener('click', () => {
    element.replaceChildren(...shown(value).flat());
    all.remove();
  });
  return [element, ' ', all];
}

/** A text for a cell or a label: short, without a way to see all. */
const label = (value, length = 40) => {
  const short = cut(value, length);
  return h('bdi', { dir: 'auto' }, ...(hiddenCharacters.test(short) ? visible(short, '') : [short]).flat());
};

/** A recorded value: numbers as they are, lists and objects as JSON. */
function valueText(value) {
  if (value === undefined) return h('span', { class: 'none' }, 'not set');
  if (value === null) return h('span', { class: 'none' }, 'null');
  return typeof value === 'string' ? (value ? text(value) : h('span', { class: 'none' }, 'empty text')) : text(toText(value));
}

const plural = (count, noun) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

/** A size in bytes, as 1.2 MB. */
function sizeText(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let power = 0;
  while (bytes >= 999.5 && power < units.length - 1) {
    bytes /= 1000;
    power++;
  }
  return `${power && bytes < 10 ? bytes.toFixed(1) : Math.round(bytes)} ${units[power]}`;
}

/** Replaces what an element holds; the focus stays on what has the same data-key. */
function redraw(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  element.replaceChildren(...children.flat(Infinity).filter((child) => (child ?? false) !== false));
  if (focused) element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** Tells a screen reader what changed. */
function announce(message) {
  document.getElementById('said').textContent = message;
}

/** A select; options are [value, text] pairs. */
function select(name, key, options, chosen, onchange) {
  return h('label', { class: 'field' }, h('span', null, name),
    h('select', { 'data-key': key, onchange: (event) => onchange(event.target.value) },
      options.map(([value, title]) => h('option', { value, selected: value === chosen }, title))));
}
