// The columns of the table: what there is to choose from, and which are shown.

const fieldColumns = [
  { key: 'created', title: 'Created', cell: (run) => h('time', { datetime: momentText(run.created) }, localText(run.created, false)) },
  { key: 'status', title: 'Status', cell: statusBadge },
  { key: 'tags', title: 'Tags', cell: (run) => run.tags.map((tag) => [h('span', { class: 'tag' }, label(tag, 24)), ' ']) },
  { key: 'note', title: 'Note', cell: (run) => label(run.note) },
  { key: 'user', title: 'User', cell: (run) => label(run.user, 24) },
  { key: 'host', title: 'Host', cell: (run) => label(run.host, 24) },
  { key: 'command', title: 'Command', cell: (run) => label(run.command) },
  { key: 'parent', title: 'Parent', cell: (run) => run.parent.slice(0, 7) },
  { key: 'step', title: 'Step', isNumber: true, cell: (run) => toText(run.fields.step) },
  { key: 'checkpoints', title: 'Checkpoints', isNumber: true, isUnsorted: true, cell: (run) => String(run.count) },
  { key: 'duration', title: 'Duration', isNumber: true, isUnsorted: true, cell: (run) => (run.duration === null ? '' : durationText(run.duration)) },
];

function valueColumn(kind, name, runs) {
  const values = runs.map((run) => run[kind].get(name));
  return {
    key: `${kind}.${quoteName(name)}`, title: name, group: kind, name,
    isNumber: values.some(isNumber) && values.every((value) => (value ?? null) === null || isNumber(value)),
    cell: (run) => (run[kind].has(name) ? label(toShortText(run[kind].get(name)), 30) : ''),
  };
}

/** All columns there are. */
function allColumns(report) {
  report.columns ??= [
    ...fieldColumns.map((column) => ({ ...column, group: 'fields' })),
    ...report.metricNames.map((name) => valueColumn('metrics', name, report.runs)),
    ...primaryNames(report.runs).map((name) => ({
      key: `trend.${quoteName(name)}`, title: primaryNames(report.runs).length > 1 ? `${name} trend` : 'trend', group: 'metrics', name, isUnsorted: true, cell: (run) => sparkline(run, name),
    })),
    ...report.paramNames.map((name) => valueColumn('params', name, report.runs)),
  ];
  return report.columns;
}

/** The columns to show: the chosen ones, else what tells the experiments apart. */
function shownColumns(report) {
  const all = allColumns(report);
  const wanted = new Set(state.column ?? (report.defaultColumns ??= defaultColumns(report)));
  return all.filter((column) => wanted.has(column.key));
}

function defaultColumns(report) {
  const differs = (of) => new Set(report.runs.map(of)).size > 1;
  const most = 6;
  return [
    'created', 'status',
    ...['user', 'host'].filter((name) => differs((run) => run[name])),
    ...(report.runs.some((run) => run.tags.length) ? ['tags'] : []),
    ...differingParams(report.runs).slice(0, most).map((name) => `params.${quoteName(name)}`),
    ...primaryNames(report.runs).flatMap((name) => [`metrics.${quoteName(name)}`, `trend.${quoteName(name)}`]),
    'step', 'duration',
  ];
}

/** The params whose values differ, lists and objects left out; an experiment without one has no say. */
function differingParams(runs) {
  const first = new Map();
  const differing = new Set();
  for (const run of runs) {
    for (const [name, value] of run.params) {
      if (value !== null && typeof value === 'object') continue;
      if (!first.has(name)) first.set(name, value);
      else if (!areEqual(first.get(name), value)) differing.add(name);
    }
  }
  return [...differing].sort(compareNames);
}

/** The primary metrics of the experiments that have a best checkpoint. */
const primaryNames = (runs) =>
  [...new Set(runs.filter((run) => run.best !== null).map((run) => run.primary[0]))].sort(compareNames);

function statusBadge(run) {
  const name = run.status.toLowerCase();
  const code = run.exitCode ? ` (${run.exitCode})` : '';
  return h('span', { class: `status ${name}` }, h('span', { class: 'mark', 'aria-hidden': 'true' }), run.status + code);
}

/** A metric over the checkpoints as a small line, its best checkpoint as a dot. */
function sparkline(run, name) {
  const values = run.curve(name);
  const finite = values.filter((value) => value !== null && Number.isFinite(value));
  if (finite.length < 2) return '';
  const [low, high] = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
  const [width, height] = [88, 20];
  const x = (index) => (2 + (index / (values.length - 1)) * (width - 4)).toFixed(1);
  const y = (value) => (height - 3 - ((value - low) / (high - low || 1)) * (height - 6)).toFixed(1);
  const every = Math.max(1, Math.floor(values.length / 120));
  let path = '';
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value) || (index % every && index !== values.length - 1)) return;
    path += `${path ? 'L' : 'M'}${x(index)} ${y(value)}`;
  });
  const best = run.primary?.[0] === name && run.best !== null && Number.isFinite(values[run.best]) ? run.best : null;
  return h('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
    h('path', { d: path }), best !== null && h('circle', { cx: x(best), cy: y(values[best]), r: 2.4 }));
}

/** What lets the reader choose columns. */
function columnChooser(report) {
  const shown = new Set(shownColumns(report).map((column) => column.key));
  const groups = { fields: 'Experiment', metrics: 'Metrics', params: 'Params' };
  const toggle = (key, isOn) => {
    if (isOn) shown.add(key);
    else shown.delete(key);
    change({ column: allColumns(report).map((column) => column.key).filter((one) => shown.has(one)), page: state.page });
  };
  return [
    ...Object.entries(groups).map(([group, title]) => {
      const columns = allColumns(report).filter((column) => column.group === group);
      return columns.length > 0 && h('fieldset', null, h('legend', null, title), columns.map((column) =>
        h('label', null,
          h('input', {
            type: 'checkbox', checked: shown.has(column.key), 'data-key': `column ${column.key}`,
            onchange: (event) => toggle(column.key, event.target.checked),
          }),
          label(column.title, 32))));
    }),
    h('button', { type: 'button', class: 'quiet', onclick: () => change({ column: null }) }, 'As at first'),
  ];
}
