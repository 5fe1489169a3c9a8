// The columns of the table: what there is to choose from, and which are shown.

const fieldColumns = [
  { key: 'status', title: 'Status', of: (run) => run.status, cell: (run) => statusBadge(run), plain: (run) => run.status + (run.exitCode ? ` (${run.exitCode})` : '') },
  { key: 'created', title: 'Created', plain: (run) => localText(run.created, false), cell: (run) => h('time', { datetime: momentText(run.created) }, localText(run.created, false)) },
  { key: 'tags', title: 'Tags', of: (run) => run.fields.tags, plain: (run) => run.tags.join(', '), cell: (run) => run.tags.map((tag) => [h('span', { class: 'tag' }, label(tag, 24)), ' ']) },
  { key: 'note', title: 'Note', plain: (run) => run.note },
  { key: 'user', title: 'User', of: (run) => run.user, plain: (run) => run.user },
  { key: 'host', title: 'Host', of: (run) => run.host, plain: (run) => run.host },
  { key: 'command', title: 'Command', of: (run) => run.command, plain: (run) => run.command },
  { key: 'parent', title: 'Parent', of: (run) => run.parent.slice(0, 7), plain: (run) => run.parent.slice(0, 7) },
  { key: 'step', title: 'Step', isNumber: true, plain: (run) => toText(run.fields.step) },
  { key: 'checkpoints', title: 'Checkpoints', isNumber: true, isUnsorted: true, plain: (run) => String(run.count) },
  { key: 'duration', title: 'Duration', isNumber: true, isUnsorted: true, plain: (run) => (run.duration === null ? '' : durationText(run.duration)) },
].map((column) => ({ cell: (run) => label(column.plain(run)), group: 'fields', ...column }));

function valueColumn(kind, name, runs) {
  const values = runs.map((run) => run[kind].get(name));
  const plain = (run) => (run[kind].has(name) ? toShortText(run[kind].get(name)) : '');
  return {
    key: `${kind}.${quoteName(name)}`, title: name, group: kind, name, plain,
    isNumber: values.some(isNumber) && values.every((value) => (value ?? null) === null || isNumber(value)),
    of: (run) => run[kind].get(name),
    cell: (run) => label(plain(run), 30),
  };
}

function trendColumn(name, isOnly) {
  return {
    key: `trend.${quoteName(name)}`, title: isOnly ? 'trend' : `${name} trend`, group: 'metrics', name, isUnsorted: true, fixed: 108,
    plain: () => '', cell: (run) => sparkline(run, name),
  };
}

/** All columns there are, by their keys. */
function allColumns(report) {
  const primary = primaryNames(report);
  report.columns ??= [
    ...report.metricNames.map((name) => valueColumn('metrics', name, report.runs)),
    ...primary.map((name) => trendColumn(name, primary.length === 1)),
    ...report.paramNames.map((name) => valueColumn('params', name, report.runs)),
    ...fieldColumns,
  ];
  return report.columns;
}

const defaultKeys = (report) => (report.defaultColumns ??= defaultColumns(report));

/** The columns to show, pinned ones first: the chosen ones in the order of the reader, else what tells the runs apart. */
function shownColumns(report) {
  const byKey = (report.columnsByKey ??= new Map(allColumns(report).map((column) => [column.key, column])));
  const shown = (state.column ?? defaultKeys(report)).map((key) => byKey.get(key)).filter(Boolean);
  const isPinned = (column) => state.pin.includes(column.key);
  return [...shown.filter(isPinned), ...shown.filter((column) => !isPinned(column))];
}

/** The metric first, so that it is seen on a phone; then the params that differ, then the rest. */
function defaultColumns(report) {
  const differs = (of) => new Set(report.runs.map(of)).size > 1;
  const primary = primaryNames(report);
  return [
    ...primary.flatMap((name) => [`metrics.${quoteName(name)}`, `trend.${quoteName(name)}`]),
    // Where no metric is said to matter, some are better than none.
    ...(primary.length ? [] : drawnMetrics(report).slice(0, 3).map((name) => `metrics.${quoteName(name)}`)),
    ...differingParams(report).slice(0, 12).map((name) => `params.${quoteName(name)}`),
    'status', 'created',
    ...(report.runs.some((run) => run.tags.length) ? ['tags'] : []),
    ...['user', 'host'].filter((name) => differs((run) => run[name])),
    'step', 'duration',
  ];
}

/** The params that differ, in the order in which the engine lists them. */
const differingParams = (report) => report.differing ?? [];

/** The primary metrics of the runs that have a best checkpoint, that of most runs first. */
const primaryNames = (report) => [...new Set(report.runs.filter((run) => run.best !== null).map((run) => run.primary[0]))].sort((a, b) =>
  (b === report.primary?.[0]) - (a === report.primary?.[0]) || compareNames(a, b));

function statusBadge(run) {
  const [name, code] = [run.status.toLowerCase(), run.exitCode ? ` (${run.exitCode})` : ''];
  return h('span', { class: `status ${name} ${isSilent(run) ? 'silent' : ''}` }, h('span', { class: 'mark', 'aria-hidden': 'true' }), run.status + code,
    isSilent(run) && h('span', { class: 'kind' }, 'no heartbeat'));
}

/** A metric over the checkpoints as a small line, its best checkpoint as a dot. */
function sparkline(run, name) {
  const values = run.curve(name);
  const drawn = values.filter((value) => value !== null && Number.isFinite(value));
  if (drawn.length < 2) return '';
  const [low, high] = [drawn.reduce((a, b) => Math.min(a, b)), drawn.reduce((a, b) => Math.max(a, b))];
  const [width, height] = [88, 20];
  const x = (index) => (2 + (index / (values.length - 1)) * (width - 4)).toFixed(1);
  const y = (value) => (height - 3 - ((value - low) / (high - low || 1)) * (height - 6)).toFixed(1);
  const every = Math.max(1, Math.floor(values.length / 60));
  let path = '';
  values.forEach((value, index) => {
    if (value === null || !Number.isFinite(value) || (index % every && index !== values.length - 1)) return;
    path += `${path ? 'L' : 'M'}${x(index)} ${y(value)}`;
  });
  const best = run.primary?.[0] === name && run.best !== null && Number.isFinite(values[run.best]) ? run.best : null;
  return h('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
    h('path', { d: path }), best !== null && h('circle', { cx: x(best), cy: y(values[best]), r: 2.4 }));
}

// Widths.

const [leastWidth, mostWidth] = [52, 320];

/** The width of each column in pixels: the reader's, else what its texts need. */
function widthsOf(report, columns) {
  report.widths ??= new Map();
  const own = new Map(state.width.map((item) => [item.slice(0, item.lastIndexOf(':')), Number(item.slice(item.lastIndexOf(':') + 1))]));
  const sample = report.runs.length > 400 ? report.runs.filter((_, i) => i % Math.ceil(report.runs.length / 400) === 0) : report.runs;
  const wide = (column) => {
    const longest = sample.reduce((most, run) => Math.max(most, Math.min(42, column.plain(run).length)), 0);
    const head = 44 + Math.min(24, column.title.length) * 7.2;
    return Math.round(Math.min(mostWidth, Math.max(leastWidth, head, 20 + longest * 7.4 + (column.key === 'status' ? 22 : 0))));
  };
  return columns.map((column) => {
    if (own.has(column.key)) return Math.min(900, Math.max(leastWidth, own.get(column.key) || 0));
    if (!report.widths.has(column.key)) report.widths.set(column.key, column.fixed ?? wide(column));
    // A mean and its deviation are longer than a value.
    return report.widths.get(column.key) + (state.group && column.group === 'metrics' && column.of ? 70 : 0);
  });
}

const setWidth = (key, width) =>
  change({ width: [...state.width.filter((item) => !item.startsWith(`${key}:`)), `${key}:${Math.round(Math.max(leastWidth, width))}`] });

/** Puts a shown column before another, or at the end for null. */
function moveColumn(report, key, before) {
  const keys = shownColumns(report).map((column) => column.key).filter((one) => one !== key);
  keys.splice(before === null ? keys.length : keys.indexOf(before), 0, key);
  change({ column: keys });
}

const hideColumn = (report, key) => change({ column: shownColumns(report).map((column) => column.key).filter((one) => one !== key) });

/** What lets the reader choose columns. */
function ColumnChooser({ report }) {
  const shown = shownColumns(report).map((column) => column.key);
  const [search, find] = useState('');
  const titles = { metrics: 'Metrics', params: 'Params', fields: 'Experiment' };
  return [
    h('input', { type: 'text', placeholder: 'Find a column', 'aria-label': 'Find a column', value: search, oninput: (event) => find(event.target.value) }),
    Object.entries(titles).map(([group, title]) => {
      const columns = allColumns(report).filter((column) => column.group === group && column.title.toLowerCase().includes(search.toLowerCase())).slice(0, 300);
      return columns.length > 0 && h('fieldset', null, h('legend', null, title), columns.map((column) =>
        h('label', { key: column.key },
          h('input', {
            type: 'checkbox', checked: shown.includes(column.key), 'data-key': `column ${column.key}`,
            onchange: (event) => change({ column: toggled(shown, column.key, event.target.checked) }),
          }),
          label(column.title, 32))));
    }),
    button('As at first', 'columns reset', () => change({ column: null, pin: [], width: [], scale: null }), { class: 'quiet' }),
  ];
}
