// Elements by Preact. Whatever came from a repository goes through text() or label() and becomes text nodes, never markup.

const { h, render, Fragment, useState, useEffect, useLayoutEffect, useRef, useMemo } = lib;

// What could change the layout or the writing direction of what stands around it.
const hiddenCharacters = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

function visible(text, keep = '') {
  if (!hiddenCharacters.test(text)) return [text];
  return text.split(/([\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+)/).flatMap((part, index) =>
    index % 2 === 0 || [...part].every((c) => keep.includes(c)) ? [part]
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

function Text({ value, length = 400, keep = '', tag = 'bdi', ...attributes }) {
  const [isAll, showAll] = useState(false);
  return [
    h(tag, { dir: 'auto', ...attributes }, visible(isAll ? value : cut(value, length), keep)),
    value.length > length && !isAll && [' ', h('button', { type: 'button', class: 'more', onclick: () => showAll(true) },
      `Show all ${value.length.toLocaleString('en')} characters`)],
  ];
}

/** A text of a repository on its own: its direction stays within, what is hidden is seen. */
const text = (value, options) => h(Text, { value, ...options });

/** A text for a cell or a label: short, without a way to see all. */
const label = (value, length = 40) => h('bdi', { dir: 'auto' }, visible(cut(value, length)));

/** The same as a string, for a drawing. */
const labelText = (value, length = 40) => [...cut(value, length)].map((c) => (hiddenCharacters.test(c) ? escapeOf(c) : c)).join('');

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

/** Tells a screen reader what changed. */
function announce(message) {
  document.getElementById('said').textContent = message;
}

/** A select; options are [value, text] pairs. */
const select = (name, key, options, chosen, onchange, label) => h('label', { class: 'field' }, name && h('span', null, name),
  h('select', { 'data-key': key, 'aria-label': label, value: chosen, onchange: (event) => onchange(event.target.value) },
    options.map(([value, title]) => h('option', { key: value, value, selected: String(value) === String(chosen) }, title))));

const checkbox = (name, key, checked, onchange) => h('label', { class: 'field' },
  h('input', { type: 'checkbox', checked, 'data-key': key, onchange: (event) => onchange(event.target.checked) }), h('span', null, name));

const button = (title, key, onclick, attributes) => h('button', { type: 'button', 'data-key': key, onclick, ...attributes }, title);

/** A value a moment later, so that what is cheap to draw is seen before what is dear; null at first. */
function useLater(value) {
  const [later, set] = useState(null);
  const waiting = useRef({});
  waiting.current.value = value;
  useEffect(() => {
    waiting.current.timer ??= setTimeout(() => {
      waiting.current.timer = null;
      set({ value: waiting.current.value });
    }, 16);
  }, [value]);
  return later && later.value;
}

/** A button that opens a box; a press beside it, or Escape, closes it. */
function Popup({ title, name, dataKey, className, children }) {
  const [isOpen, open] = useState(false);
  const box = useRef();
  useEffect(() => {
    if (!isOpen) return undefined;
    const close = (event) => box.current?.contains(event.target) || open(false);
    document.addEventListener('pointerdown', close);
    return () => document.removeEventListener('pointerdown', close);
  }, [isOpen]);
  // It stays within the window, and no box that scrolls cuts it off.
  useLayoutEffect(() => {
    if (!isOpen) return;
    const [at, popover] = [box.current.firstChild.getBoundingClientRect(), box.current.lastChild];
    const { offsetWidth: width, offsetHeight: height } = popover;
    popover.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    popover.style.top = `${Math.max(8, at.bottom + 4 + height > innerHeight && at.top > height ? at.top - height - 4 : at.bottom + 4)}px`;
  });
  const shut = () => {
    open(false);
    box.current.firstChild.focus();
  };
  return h('div', { class: `popup ${className ?? ''}`, ref: box, onkeydown: (event) => {
    if (event.key === 'Escape' && isOpen) {
      event.stopPropagation();
      shut();
    }
  } },
  h('button', { type: 'button', 'data-key': dataKey, 'aria-label': name, 'aria-expanded': String(isOpen), onclick: () => open(!isOpen) }, title),
  isOpen && h('div', { class: 'popover', role: 'group', 'aria-label': name ?? title }, children(shut)));
}

/** A disclosure whose content is made when it is first opened. */
function Disclosure({ summary, dataKey, isOpen = false, children }) {
  const [wasOpen, setOpen] = useState(isOpen);
  return h('details', { class: 'file', 'data-key': dataKey, open: isOpen, ontoggle: (event) => event.currentTarget.open && setOpen(true) },
    h('summary', null, summary), wasOpen && children());
}
