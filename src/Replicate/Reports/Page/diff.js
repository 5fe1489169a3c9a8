// What differs between two texts, line by line.

const mostEdits = 2000;

/** Edits that lead from one list of lines to another: [' ' | '-' | '+', line of the left, line of the right], from 0. */
function diffLines(left, right) {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let [leftEnd, rightEnd] = [left.length, right.length];
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd--;
    rightEnd--;
  }
  const same = (from, to, offset) => Array.from({ length: to - from }, (_, i) => [' ', from + i, from + i + offset]);
  return [
    ...same(0, start, 0),
    ...diffMiddle(left.slice(start, leftEnd), right.slice(start, rightEnd)).map(([kind, l, r]) => [kind, l + start, r + start]),
    ...same(leftEnd, left.length, rightEnd - leftEnd),
  ];
}

// The shortest way by Myers: how far each diagonal comes with one edit more. Texts that share next to nothing are replaced whole.
function diffMiddle(left, right) {
  const reached = new Map([[1, 0]]);
  const trace = [];
  for (let edits = 0; edits <= Math.min(left.length + right.length, mostEdits); edits++) {
    trace.push(new Int32Array(2 * edits + 3).map((_, i) => reached.get(i - edits - 1) ?? -1));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = diagonal === -edits || (diagonal !== edits && reached.get(diagonal - 1) < reached.get(diagonal + 1));
      let l = down ? reached.get(diagonal + 1) : reached.get(diagonal - 1) + 1;
      while (l < left.length && l - diagonal < right.length && left[l] === right[l - diagonal]) l++;
      reached.set(diagonal, l);
      if (l >= left.length && l - diagonal >= right.length) return walkBack(trace, left.length, right.length);
    }
  }
  return [...left.map((_, l) => ['-', l, 0]), ...right.map((_, r) => ['+', left.length, r])];
}

function walkBack(trace, l, r) {
  const edits = [];
  for (let count = trace.length - 1; count >= 0; count--) {
    const reached = (diagonal) => trace[count][diagonal + count + 1];
    const diagonal = l - r;
    const down = diagonal === -count || (diagonal !== count && reached(diagonal - 1) < reached(diagonal + 1));
    const before = down ? reached(diagonal + 1) : reached(diagonal - 1);
    const beforeRight = before - (down ? diagonal + 1 : diagonal - 1);
    while (l > before && r > beforeRight) edits.push([' ', --l, --r]);
    if (count > 0) edits.push(down ? ['+', l, --r] : ['-', --l, r]);
  }
  return edits.reverse();
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

/** Lines without their ends; a line end of Windows is part of the line, so that a change of it is seen. */
function linesOf(value) {
  const lines = value.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

const diffSigns = { ' ': ['', 'unchanged'], '-': ['−', 'removed'], '+': ['+', 'added'] };

/** A table of what differs between two texts. */
function diffTable(left, right, title) {
  const [leftLines, rightLines] = [linesOf(left), linesOf(right)];
  const hunks = hunksOf(diffLines(leftLines, rightLines));
  if (!hunks.length) return h('p', { class: 'hint' }, 'Only the line end at the end of the file differs.');
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': `Changes of ${title}` },
    h('table', { class: 'code diff' },
      h('caption', { class: 'unseen' }, `Changes of ${title}`),
      h('thead', { class: 'unseen' }, h('tr', null, ['Left line', 'Right line', 'Change', 'Code'].map((name) => h('th', { scope: 'col' }, name)))),
      hunks.map((hunk, index) => h('tbody', null,
        index > 0 && h('tr', { class: 'gap' }, h('td', { colspan: 4 }, '⋯')),
        markedHunk(hunk, leftLines, rightLines)))));
}

function markedHunk(hunk, leftLines, rightLines) {
  const partners = pairUp(hunk);
  return hunk.map((edit) => {
    const [kind, l, r] = edit;
    const line = kind === '+' ? rightLines[r] : leftLines[l];
    const partner = partners.get(edit);
    const other = partner && (kind === '+' ? leftLines[partner[1]] : rightLines[partner[2]]);
    const [sign, name] = diffSigns[kind];
    return h('tr', { class: name },
      h('td', { class: 'line' }, kind === '+' ? '' : l + 1), h('td', { class: 'line' }, kind === '-' ? '' : r + 1),
      h('td', { class: 'sign' }, h('span', { 'aria-hidden': 'true' }, sign), h('span', { class: 'unseen' }, kind === ' ' ? '' : name)),
      h('td', null, other === undefined ? codeLine(line) : changedLine(line, other)));
  });
}

/** Removed lines with the added ones that follow them, as many as there are of both. */
function pairUp(hunk) {
  const partners = new Map();
  let removed = [];
  let added = [];
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

const codeLine = (line) => text(line, { tag: 'code', length: 2000, keep: '\t' });

/** A line with what its other version does not share marked. */
function changedLine(line, other) {
  const most = Math.min(line.length, other.length);
  let start = 0;
  while (start < most && line[start] === other[start]) start++;
  let end = 0;
  while (end < most - start && line.at(-1 - end) === other.at(-1 - end)) end++;
  // Lines that share little are told apart better without, and a pair of surrogates is never cut.
  const isApart = /[\ud800-\udfff]/.test(line + other) || start + end < most / 3 || line.length > 2000;
  if (isApart || line.length === start + end) return codeLine(line);
  const [before, changed, after] = [line.slice(0, start), line.slice(start, line.length - end), line.slice(line.length - end)];
  const shown = (part) => visible(part, '\t').flat();
  return h('code', { dir: 'auto' }, ...shown(before), h('mark', null, ...shown(changed)), ...shown(after));
}

/** A whole text with the numbers of its lines. */
function codeTable(value, title) {
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': title },
    h('table', { class: 'code' }, h('caption', { class: 'unseen' }, title),
      h('tbody', null, linesOf(value).map((line, index) => h('tr', null, h('td', { class: 'line' }, index + 1), h('td', null, codeLine(line)))))));
}
