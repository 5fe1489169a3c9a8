// Code in the colours of its syntax, and what differs between two texts.

const languages = {
  py: 'python', r: 'r', jl: 'julia', sh: 'bash', bash: 'bash', ps1: 'powershell', psm1: 'powershell', psd1: 'powershell', json: 'json', ipynb: 'json', yaml: 'yaml', yml: 'yaml',
  toml: 'ini', ini: 'ini', cfg: 'ini', js: 'javascript', mjs: 'javascript', ts: 'javascript', cs: 'csharp', cpp: 'cpp', cc: 'cpp', c: 'cpp', h: 'cpp', hpp: 'cpp', cu: 'cpp', go: 'go',
  java: 'java', rs: 'rust', sql: 'sql', lua: 'lua', m: 'matlab', dockerfile: 'dockerfile',
};
const mostHighlighted = 120000;

const extensionOf = (path) => /([^./]*)$/.exec(path)[1].toLowerCase();

/** The lines of a text, each a list of pieces with a class of the highlighter or none; the tree of it becomes text nodes only. */
function highlightedLines(value, path) {
  const lines = linesOf(value);
  const language = languages[extensionOf(path)];
  if (!language || value.length > mostHighlighted || lines.some((line) => line.length > 2000)) return lines.map((line) => [{ text: line }]);
  const result = [[]];
  const walk = (node, name) => {
    if (node.type === 'text') {
      node.value.split('\n').forEach((part, i) => {
        if (i) result.push([]);
        if (part) result.at(-1).push({ text: part, name });
      });
    } else {
      for (const child of node.children) walk(child, node.properties?.className?.[0] ?? name);
    }
  };
  walk(lib.lowlight.highlight(language, value), undefined);
  return result.slice(0, lines.length);
}

/** Lines without their ends; a line end of Windows is part of the line, so that a change of it is seen. */
function linesOf(value) {
  const lines = value.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Pieces of a line as nodes, with stretches [from, to] of it marked. */
function drawLine(pieces, marks = [], tag = 'code') {
  const length = pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  if (length > 2000) return text(pieces.map((piece) => piece.text).join(''), { tag, length: 2000, keep: '\t' });
  const nodes = [];
  let start = 0;
  for (const { text: part, name } of pieces) {
    const ends = [...new Set([part.length, ...marks.flat().map((at) => at - start).filter((at) => at > 0 && at < part.length)])].sort((a, b) => a - b);
    let from = 0;
    for (const end of ends) {
      const shown = visible(part.slice(from, end), '\t');
      const isMarked = marks.some(([a, b]) => start + from >= a && start + end <= b);
      nodes.push(isMarked ? h('mark', { class: name }, shown) : name ? h('span', { class: name }, shown) : shown);
      from = end;
    }
    start += part.length;
  }
  return h(tag, { dir: 'auto' }, nodes);
}

const showsCodeAtOnce = 1500;

/** A whole text with the numbers of its lines; of a long one the first part, until more is asked for. */
function CodeTable({ value, path }) {
  const lines = useMemo(() => highlightedLines(value, path), [value, path]);
  const [most, showMost] = useState(showsCodeAtOnce);
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': path },
    h('table', { class: 'code' }, h('caption', { class: 'unseen' }, path),
      h('tbody', null, lines.slice(0, most).map((pieces, i) => h('tr', { key: i }, h('td', { class: 'line' }, i + 1), h('td', null, drawLine(pieces)))))),
    lines.length > most && button(`Show all ${lines.length.toLocaleString('en')} lines`, 'all lines', () => showMost(Infinity), { class: 'quiet' }));
}

/** Edits from one list of lines to another: [' ' | '-' | '+', line of the left, line of the right], from 0. */
function diffLines(left, right) {
  const edits = [];
  let [l, r] = [0, 0];
  // Texts that share next to nothing are replaced whole: looking further would take long.
  const parts = lib.diffArrays(left, right, { maxEditLength: 4000 }) ?? [{ removed: true, count: left.length }, { added: true, count: right.length }];
  for (const { added, removed, count } of parts) {
    for (let i = 0; i < count; i++) edits.push([added ? '+' : removed ? '-' : ' ', added ? l : l++, removed ? r : r++]);
  }
  return edits;
}

/** Groups edits with the lines around them; what lies between the groups is not shown. */
function hunksOf(edits, context = 3) {
  const hunks = [];
  let last = -1;
  edits.forEach(([kind], index) => {
    if (kind === ' ') return;
    const from = Math.max(0, index - context);
    if (last >= 0 && from <= last) hunks.at(-1).to = index + context + 1;
    else hunks.push({ from, to: index + context + 1 });
    last = index + context + 1;
  });
  return hunks.map(({ from, to }) => edits.slice(from, to));
}

const diffSigns = { ' ': ['', 'unchanged'], '-': ['−', 'removed'], '+': ['+', 'added'] };

/** A table of what differs between two texts. */
function DiffTable({ left, right, path }) {
  const [leftLines, rightLines] = useMemo(() => [left, right].map((value) => highlightedLines(value, path)), [left, right, path]);
  const plain = [linesOf(left), linesOf(right)];
  const hunks = useMemo(() => hunksOf(diffLines(...plain)), [left, right]);
  if (!hunks.length) return h('p', { class: 'hint' }, 'Only the line end at the end of the file differs.');
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': `Changes of ${path}` },
    h('table', { class: 'code diff' },
      h('caption', { class: 'unseen' }, `Changes of ${path}`),
      h('thead', { class: 'unseen' }, h('tr', null, ['Left line', 'Right line', 'Change', 'Code'].map((name) => h('th', { scope: 'col', key: name }, name)))),
      hunks.map((hunk, index) => h('tbody', { key: index },
        index > 0 && h('tr', { class: 'gap' }, h('td', { colspan: 4 }, '⋯')),
        diffRows(hunk, leftLines, rightLines, plain)))));
}

function diffRows(hunk, leftLines, rightLines, [leftPlain, rightPlain]) {
  const partners = pairUp(hunk);
  return hunk.map((edit) => {
    const [kind, l, r] = edit;
    const partner = partners.get(edit);
    const marks = !partner ? [] : kind === '+' ? changedParts(leftPlain[partner[1]], rightPlain[r])[1] : changedParts(leftPlain[l], rightPlain[partner[2]])[0];
    const [sign, name] = diffSigns[kind];
    return h('tr', { class: name },
      h('td', { class: 'line' }, kind === '+' ? '' : l + 1), h('td', { class: 'line' }, kind === '-' ? '' : r + 1),
      h('td', { class: 'sign' }, h('span', { 'aria-hidden': 'true' }, sign), h('span', { class: 'unseen' }, kind === ' ' ? '' : name)),
      h('td', null, drawLine((kind === '+' ? rightLines[r] : leftLines[l]) ?? [], marks)));
  });
}

/** Removed lines with the added ones that follow them, as many as there are of both. */
function pairUp(hunk) {
  const partners = new Map();
  let [removed, added] = [[], []];
  const flush = () => {
    if (removed.length === added.length) {
      removed.forEach((edit, i) => {
        partners.set(edit, added[i]);
        partners.set(added[i], edit);
      });
    }
    [removed, added] = [[], []];
  };
  for (const edit of hunk) {
    if (edit[0] === ' ' || (edit[0] === '-' && added.length)) flush();
    if (edit[0] === '-') removed.push(edit);
    if (edit[0] === '+') added.push(edit);
  }
  flush();
  return partners;
}

/** Stretches [from, to] of two lines by whose words they differ; none where they share little. */
function changedParts(left, right) {
  if (Math.max(left.length, right.length) > 500) return [[], []];
  const [marks, ends] = [[[], []], [0, 0]];
  let shared = 0;
  for (const { added, removed, value } of lib.diffWordsWithSpace(left, right)) {
    const sides = added ? [1] : removed ? [0] : [0, 1];
    for (const side of sides) {
      if (sides.length === 1) marks[side].push([ends[side], ends[side] + value.length]);
      ends[side] += value.length;
    }
    if (sides.length === 2) shared += value.length;
  }
  return shared < Math.min(left.length, right.length) / 3 ? [[], []] : marks;
}
