// The comparison of two checkpoints: the sections and the meaning of Compare-ReplicateCheckpoint, then the files.

/** What differs between two sides, a side being a run and the index of its checkpoint, or null for none. */
function differencesOf(left, right) {
  const experiment = ({ run }) => new Map([
    ['ID', run.id], ['Command', run.command], ['Created', run.created - (run.created % 100n)], ['Host', run.host],
    ['Path', run.path], ['Python version', run.python], ['User', run.user],
  ]);
  const checkpoint = ({ run, index }) => (index === null ? new Map() : new Map([
    ['ID', run.ids[index]], ['Created', run.createdAt(index)], ['Path', run.pathAt(index)], ['Step', run.steps[index]],
  ]));
  const sections = [
    ['Experiment', experiment, false], ['Params', ({ run }) => run.params, true], ['Python packages', ({ run }) => run.packages, true],
    ['Checkpoint', checkpoint, false], ['Metrics', ({ run, index }) => run.metricsAt(index), true],
  ];
  return sections.map(([title, valuesOf, isSorted]) => {
    const [a, b] = [valuesOf(left), valuesOf(right)];
    const names = [...new Set([...a.keys(), ...b.keys()])];
    const differing = (isSorted ? names.sort(compareNames) : names)
      .filter((name) => a.has(name) !== b.has(name) || !areEqual(a.get(name), b.get(name)));
    return { title, rows: differing.map((name) => ({ name, left: a.get(name), right: b.get(name) })) };
  }).filter(({ rows }) => rows.length);
}

/** The files that differ between two sides. */
function changedFiles(left, right) {
  const [a, b] = [left, right].map(({ run, index }) => run.filesAt(index));
  const isSame = (x, y) => x && y && x.content === y.content && x.target === y.target;
  return [...new Set([...a.keys(), ...b.keys()])].sort(compareNames)
    .map((path) => ({ path, left: a.get(path), right: b.get(path) }))
    .filter((file) => !isSame(file.left, file.right))
    .map((file) => ({ ...file, kind: !file.left ? 'added' : !file.right ? 'removed' : 'changed' }));
}

const compareChange = () => ({ view: 'compare', left: state.chosen[0] ?? '', right: state.chosen[1] ?? '' });

class CompareView {
  constructor(report) {
    this.report = report;
    this.pickers = h('div', { class: 'pickers' });
    this.result = h('div');
    this.element = h('div', null, h('h1', null, 'Compare'), this.pickers, this.result);
  }

  refresh() {
    const { runs } = this.report;
    if (runs.length === 0) {
      redraw(this.result, h('p', { class: 'empty' }, 'There is nothing to compare yet.'));
      return;
    }
    const [left, right] = [this.side('left', 0), this.side('right', 1)];
    redraw(this.pickers, this.picker('left', 'Left', left), h('button', {
      type: 'button', class: 'quiet', 'data-key': 'swap', onclick: () => change({ left: this.name(right), right: this.name(left) }),
    }, 'Swap'), this.picker('right', 'Right', right));
    const key = JSON.stringify([this.name(left), this.name(right)]);
    if (key !== this.key) redraw(this.result, this.differences(left, right), this.files(left, right));
    this.key = key;
  }

  name = ({ run, index }) => (index === run.representative ? run.key : `${run.key}@${index}`);

  /** The side that the address names, else the chosen run of that place, else one that isn't the other side. */
  side(which, place) {
    const [, key, index] = /^(.*?)(?:@(\d+))?$/.exec(state[which]);
    const run = this.report.byKey.get(key) ?? this.report.byKey.get(state.chosen[place]) ?? this.report.runs[Math.min(place, this.report.runs.length - 1)];
    return { run, index: index !== undefined && Number(index) < run.count ? Number(index) : run.representative };
  }

  picker(which, title, side) {
    const { run, index } = side;
    const most = 500;
    const chosen = state.chosen.map((key) => this.report.byKey.get(key)).filter(Boolean);
    const runs = [...new Set([run, ...chosen, ...this.report.runs.slice(0, most)])];
    const about = (one) => [one.shortId, localText(one.created, false), one.status, ...one.tags].join(' · ');
    const mark = (i) => (i === run.best ? ' (best)' : '') + (i === run.latest ? ' (latest)' : '');
    return h('fieldset', { class: 'card' }, h('legend', null, title),
      select('Experiment', `${which} run`, runs.map((one) => [one.key, cut(about(one), 80)]), run.key, (key) => change({ [which]: key })),
      index === null ? h('p', { class: 'hint' }, 'It has no checkpoint.')
        : select('Checkpoint', `${which} checkpoint`, run.steps.map((step, i) => [i, `step ${step}${mark(i)}, ${run.ids[i].slice(0, 7)}`]), index,
          (value) => change({ [which]: this.name({ run, index: Number(value) }) })));
  }

  differences(left, right) {
    const sections = differencesOf(left, right);
    const show = (row, side, other) => (typeof row[side] === 'bigint' && row.name === 'Created' ? localText(row[side])
      : typeof row[side] === 'string' && typeof row[other] === 'string' && row[side] ? changedText(row[side], row[other])
      : valueText(row[side]));
    if (!sections.length) return h('p', { class: 'empty' }, 'Nothing that was recorded of the two differs.');
    return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'What differs' }, h('table', { class: 'pairs' },
      h('caption', { class: 'unseen' }, 'What differs'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, h('span', { class: 'unseen' }, 'Name')),
        [left, right].map(({ run, index }) => h('th', { scope: 'col' }, label(run.shortId), index === null ? '' : ` step ${run.steps[index]}`)))),
      sections.map(({ title, rows }) => h('tbody', null,
        h('tr', { class: 'section' }, h('th', { scope: 'rowgroup', colspan: 3 }, title)),
        rows.map((row) => h('tr', null, h('th', { scope: 'row' }, text(row.name, { length: 80 })),
          h('td', null, show(row, 'left', 'right')), h('td', null, show(row, 'right', 'left'))))))));
  }

  files(left, right) {
    const unread = [left, right].filter(({ run, index }) => (run.path && !run.hasFiles(null)) || (index !== null && run.pathAt(index) && !run.hasFiles(index)));
    const files = changedFiles(left, right);
    const changes = files.map((file) => this.file(file));
    if (changes.length <= 3) for (const one of changes) one.open = true;
    return h('section', { 'aria-labelledby': 'files-title' },
      h('h2', { id: 'files-title' }, 'Files', files.length > 0 && h('span', { class: 'count' }, ` ${plural(files.length, 'difference')}`)),
      unread.length > 0 && h('p', { class: 'hint' },
        `Not in this report: files of ${[...new Set(unread.map(({ run }) => run.shortId))].join(' and ')}.`),
      files.length === 0 && unread.length < 2 && h('p', { class: 'hint' }, 'None of the files in this report differs.'), changes);
  }

  file({ path, kind, left, right }) {
    const sizes = [left, right].filter(Boolean).map((file) => (file.target === undefined ? sizeText(this.report.contents[file.content][1]) : 'link'));
    return lazyDetails(h('summary', null,
      h('span', { class: `kind ${kind}` }, kind), ' ', label(path, 200), ' ', h('span', { class: 'size' }, sizes.join(' → '))),
      () => this.fileBody(path, left, right));
  }

  fileBody(path, left, right) {
    const textOf = (file) => (!file ? '' : file.target === undefined ? contentText(this.report, file.content) : `link to ${file.target}`);
    const texts = [textOf(left), textOf(right)];
    return texts.every((one) => one !== null) ? diffTable(...texts, path)
      : h('p', { class: 'hint' }, 'Binary, or too large to show. SHA-256: ',
        [left, right].filter((file) => file?.target === undefined && file).map((file) => [h('code', null, this.report.contents[file.content][0]), ' ']));
  }
}

const changedText = (value, other) => (value.length > 400 || other.length > 400 ? text(value) : changedLine(value, other));

/** A disclosure whose content is made when it is first opened. */
function lazyDetails(summary, make) {
  const details = h('details', { class: 'file' }, summary);
  details.addEventListener('toggle', () => details.open && details.childElementCount === 1 && details.append(make()));
  return details;
}
