// The comparison of any number of checkpoints: the sections and the meaning of Compare-ReplicateCheckpoint, then the files.

/** What is told of a side, a run and the index of its checkpoint, or null for none: sections of values by name. */
function sectionsOf({ run, index }) {
  const checkpoint = index === null ? [] : [['ID', run.ids[index]], ['Created', run.createdAt(index)], ['Path', run.pathAt(index)], ['Step', run.steps[index]]];
  return [
    ['Metrics', run.metricsAt(index), true], ['Params', run.params, true],
    ['Experiment', new Map([['ID', run.id], ['Status', run.status], ['Command', run.command], ['Created', run.created - (run.created % 100n)], ['Duration', run.duration === null ? undefined : durationText(run.duration)],
      ['Host', run.host], ['Path', run.path], ['Python version', run.python], ['User', run.user], ['Tags', run.fields.tags], ['Note', run.note]]), false],
    ['Checkpoint', new Map(checkpoint), false], ['Git', run.git, true], ['Environment', run.environment, true], ['Build', run.build, true],
    ['Python packages', run.packages, true],
    ['Output', new Map(run.errorOutput ? [['End of error output', run.errorOutput]] : []), false],
  ];
}

/** The sections of several sides beside one another: a row for each name, and whether it differs. */
function comparisonOf(sides) {
  const sections = sides.map(sectionsOf);
  return sections[0].map(([title, , isSorted], s) => {
    const maps = sections.map((section) => section[s][1]);
    const names = [...new Set(maps.flatMap((map) => [...map.keys()]))];
    const rows = (isSorted ? names.sort(compareNames) : names).map((name) => {
      const values = maps.map((map) => map.get(name));
      return { name, values, differs: values.some((value, i) => maps[i].has(name) !== maps[0].has(name) || !areEqual(value, values[0])) };
    });
    return { title, rows };
  });
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

const sideName = ({ run, index }) => (index === run.representative ? run.key : `${run.key}@${index}`);

/** The sides that the address names, else the chosen runs, else the best two. */
function sidesOf(report) {
  const named = state.compare.length ? state.compare : state.chosen;
  const sides = named.map((name) => /^(.*?)(?:@(\d+))?$/.exec(name)).map(([, key, index]) => ({ run: report.byKey.get(key), index }))
    .filter(({ run }) => run).map(({ run, index }) => ({ run, index: index !== undefined && Number(index) < run.count ? Number(index) : run.representative }));
  return sides.length ? sides : bestFirst(report)(report.runs).slice(0, 2).map((run) => ({ run, index: run.representative }));
}

function Compare({ report }) {
  const sides = sidesOf(report);
  const set = (changed) => change({ compare: changed.map(sideName) });
  const other = sides.find((side, i) => i > 0 && sideName(side) === state.against) ?? sides[1];
  const key = sides.map(sideName).join(' ');
  const sections = useMemo(() => comparisonOf(sides), [key]);
  return h('div', null,
    h('div', { class: 'headline' }, h('h1', null, 'Compare'), h('span', { class: 'count' }, plural(sides.length, 'run')), h('span', { class: 'space' }),
      h(AddRun, { report, sides, set }), checkbox('Show what is equal', 'equal', state.equal, (on) => change({ equal: on }))),
    sides.length < 2 ? h('p', { class: 'empty' }, 'Add an experiment to compare it.')
      : h(Comparison, { report, sides, sections, set }),
    sides.length > 1 && h(ComparedFiles, { report, sides, other }));
}

function AddRun({ report, sides, set }) {
  const about = (one) => [one.shortId, localText(one.created, false), one.status, ...one.tags].join(' · ');
  const others = bestFirst(report)(report.runs).filter((run) => !sides.some((side) => side.run === run)).slice(0, 500);
  return others.length > 0 && select('Add', 'add run', [['', 'an experiment'], ...others.map((run) => [run.key, cut(about(run), 80)])], '',
    (key) => key && set([...sides, { run: report.byKey.get(key), index: report.byKey.get(key).representative }]));
}

function Comparison({ report, sides, sections, set }) {
  const most = 200;
  const shown = sections.map(({ title, rows }) => ({ title, rows: [...rows.filter((row) => row.differs), ...(state.equal ? rows.filter((row) => !row.differs) : [])] }))
    .filter(({ rows }) => rows.length);
  return h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'What differs' },
    h('table', { class: 'pairs', style: { '--sides': sides.length } },
      h('caption', { class: 'unseen' }, 'What differs'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, h('span', { class: 'unseen' }, 'Name')), sides.map((side, at) => h(SideHead, { key: sideName(side), sides, at, set })))),
      shown.length === 0 && h('tbody', null, h('tr', null, h('td', { class: 'empty', colspan: sides.length + 1 }, 'Nothing that was recorded of them differs.'))),
      shown.map(({ title, rows }) => h('tbody', { key: title },
        h('tr', { class: 'section' }, h('th', { scope: 'rowgroup', colspan: sides.length + 1 }, title)),
        rows.slice(0, most).map((row) => h('tr', { key: row.name, class: row.differs ? '' : 'equal' }, h('th', { scope: 'row' }, text(row.name, { length: 80 })),
          row.values.map((value, i) => h('td', { key: i }, comparedValue(report, title, row, i))))),
        rows.length > most && h('tr', null, h('td', { colspan: sides.length + 1, class: 'hint' }, `and ${rows.length - most} more`))))));
}

/** The head of a side: its run, its checkpoint, its place. */
function SideHead({ sides, at, set }) {
  const { run, index } = sides[at];
  const mark = (i) => (i === run.best ? ' (best)' : '') + (i === run.latest ? ' (latest)' : '');
  return h('th', { scope: 'col' },
    h('div', { class: 'side' },
      h('a', { href: addressOf({ view: 'experiment', run: run.key, file: '' }) }, label(run.shortId)), at === 0 && h('span', { class: 'kind' }, 'baseline'),
      h('span', { class: 'space' }),
      at > 0 && button('⇤', `baseline ${at}`, () => set([sides[at], ...sides.filter((_, i) => i !== at)]), { class: 'quiet', 'aria-label': `Make ${run.shortId} the baseline`, title: 'Make it the baseline' }),
      button('×', `remove ${at}`, () => set(sides.filter((_, i) => i !== at)), { class: 'quiet', 'aria-label': `Remove ${run.shortId}` })),
    index === null ? h('p', { class: 'hint' }, 'no checkpoint')
      : select('', `checkpoint ${at}`, run.steps.map((step, i) => [i, `step ${step}${mark(i)}`]), index,
        (value) => set(sides.map((side, i) => (i === at ? { run, index: Number(value) } : side))), `Checkpoint of ${run.shortId}`));
}

/** A value, and of a number how it differs from the baseline: green where the goal says better, red where worse. */
function comparedValue(report, section, row, at) {
  const [value, base] = [row.values[at], row.values[0]];
  if (typeof value === 'bigint' && row.name === 'Created') return localText(value);
  if (typeof value === 'string' && value.includes('\n')) return text(value, { tag: 'pre', keep: '\n\t', length: 1500 });
  if (!(section === 'Metrics' || section === 'Params') || at === 0 || !finite(value) || !finite(base) || Number(value) === Number(base)) {
    const isSentence = typeof value === 'string' && typeof base === 'string' && at > 0 && value !== base && value.length > 16 && value.length < 500 && value.includes(' ');
    return isSentence ? drawLine([{ text: value }], changedParts(base, value)[1], 'bdi') : valueText(value);
  }
  const delta = Number(value) - Number(base);
  const isLess = section === 'Metrics' ? isLessBetter(report, row.name) : null;
  const kind = isLess === null ? 'neutral' : (delta < 0) === isLess ? 'better' : 'worse';
  const share = Number(base) !== 0 ? ` (${delta > 0 ? '+' : '−'}${toShortText(round(Math.abs(delta / Number(base)) * 100, 3))} %)` : '';
  return [valueText(value), ' ', h('span', { class: `delta ${kind}` }, `${delta > 0 ? '+' : '−'}${toShortText(round(Math.abs(delta), 4))}${share}`,
    kind !== 'neutral' && h('span', { class: 'unseen' }, ` ${kind}`))];
}

function ComparedFiles({ report, sides, other }) {
  const [left, right] = [sides[0], other];
  const unread = [left, right].filter(({ run, index }) => (run.path && !run.hasFiles(null)) || (index !== null && run.pathAt(index) && !run.hasFiles(index)));
  const files = changedFiles(left, right);
  return h('section', { 'aria-labelledby': 'files-title' },
    h('div', { class: 'headline' }, h('h2', { id: 'files-title' }, 'Files', files.length > 0 && h('span', { class: 'count' }, ` ${plural(files.length, 'difference')}`)),
      sides.length > 2 && select(`${left.run.shortId} against`, 'against', sides.slice(1).map((side) => [sideName(side), side.run.shortId]), sideName(right), (value) => change({ against: value }))),
    unread.length > 0 && h('p', { class: 'hint' }, `Not in this report: files of ${[...new Set(unread.map(({ run }) => run.shortId))].join(' and ')}.`),
    files.length === 0 && unread.length < 2 && h('p', { class: 'hint' }, 'None of the files in this report differs.'),
    files.map((file) => h(ComparedFile, { key: `${sideName(left)} ${sideName(right)} ${file.path}`, report, file, isOpen: files.length <= 3 })));
}

function ComparedFile({ report, file: { path, kind, left, right }, isOpen }) {
  const sizes = [left, right].filter(Boolean).map((file) => (file.target === undefined ? sizeText(report.contents[file.content][1]) : 'link'));
  return h(Disclosure, { isOpen, dataKey: `changed ${path}`, summary: [h('span', { class: `kind ${kind}` }, kind), ' ', label(path, 200), ' ', h('span', { class: 'size' }, sizes.join(' → '))] },
    () => {
      const textOf = (file) => (!file ? '' : file.target === undefined ? contentText(report, file.content) : `link to ${file.target}`);
      const texts = [textOf(left), textOf(right)];
      if (texts.every((one) => one !== null)) return h(DiffTable, { left: texts[0], right: texts[1], path });
      const both = [left, right].filter((file) => file?.target === undefined && file);
      return both.every((file) => imageOf(report, file.content, path)) ? h('div', { class: 'images' }, both.map((file) => h(SavedImage, { report, index: file.content, path })))
        : h('p', { class: 'hint' }, 'Binary, or too large to show. SHA-256: ', both.map((file) => [h('code', null, report.contents[file.content][0]), ' ']));
    });
}
