// The view of all experiments: search and filters, the table, and the plots below it.

function Experiments({ report, isPrinted }) {
  const { runs, problems, sort } = findRuns(report);
  return h('div', null,
    h('h1', { class: 'unseen' }, 'All experiments'),
    h(Toolbar, { report, runs, problems }),
    h('p', { class: 'summary' }, runs.length < report.runs.length
      ? `${runs.length.toLocaleString('en')} of ${plural(report.runs.length, 'experiment')}` : plural(runs.length, 'experiment'),
    h('span', { class: 'order' }, state.sort ? '' : report.keepsOrder ? '; in the order of the report' : primaryOf(report) ? ['; best ', label(primaryOf(report).name, 40), ' first'] : '; newest first')),
    h(RunTable, { report, runs, sort, isPrinted }),
    h(Plots, { report, runs }));
}

function Plots({ report, runs: listed }) {
  const runs = useLater(listed);
  return runs && h('div', { class: 'plots' },
    h(Card, { title: 'Curves', id: 'curves' }, h(Curves, { report, runs })),
    h(Card, { title: 'Params and metric', id: 'parallel' }, h(Parallel, { report, runs })),
    h(Card, { title: 'Scatter', id: 'scatter', isHalf: true }, h(Scatter, { report, runs })),
    h(Card, { title: 'Importance', id: 'importance', isHalf: true }, h(Importance, { report, runs })));
}

const Card = ({ title, id, isHalf, children }) => h('section', { class: `card ${isHalf ? 'half' : ''}`, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title` }, title), children);

function Toolbar({ report, runs, problems }) {
  const [typed, type] = useState(state.search);
  const [error, fail] = useState('');
  useEffect(() => {
    if (!looksLikeFilter(typed)) type(state.search);
  }, [state.search]);
  const submit = (event) => {
    event.preventDefault();
    const filter = typed.trim();
    if (!looksLikeFilter(filter)) {
      announce(`${plural(runs.length, 'experiment')} found`);
      return;
    }
    try {
      parseFilter(filter);
    } catch (problem) {
      fail(`The filter '${filter}' cannot be read: ${problem.message}. Write it as <name> <operator> <value>, for example: loss < 0.2`);
      return;
    }
    fail('');
    type('');
    change({ filter: [...state.filter, filter] });
    announce(`${plural(findRuns(report).runs.length, 'experiment')} found`);
  };
  const chosen = state.chosen.length;
  return h(Fragment, null,
    h('div', { class: 'toolbar' },
      h('form', { class: 'filter', role: 'search', onsubmit: submit },
        h('input', {
          id: 'filter', type: 'text', list: 'names', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off', value: typed, 'data-key': 'filter',
          placeholder: 'Search, or filter: loss < 0.2', 'aria-label': 'Search or filter', 'aria-describedby': 'filter-help filter-error', 'aria-invalid': error ? 'true' : undefined,
          oninput: (event) => {
            type(event.target.value);
            if (!looksLikeFilter(event.target.value)) change({ search: event.target.value.trim() });
          },
        }),
        h('datalist', { id: 'names' }, filterNames(report).map((name) => h('option', { key: name, value: `${name} ` }))),
        h('button', { type: 'submit', 'data-key': 'add filter' }, looksLikeFilter(typed) ? 'Add filter' : 'Search')),
      select('Group by', 'group', [['', 'nothing'], ...groupColumns(report).map((column) => [column.key, cut(column.title, 40)])], state.group, (value) => change({ group: value, open: [] })),
      h(Popup, { title: 'Columns ▾', name: 'Columns', dataKey: 'columns', className: 'columns' }, () => h(ColumnChooser, { report })),
      h(CopyMenu, { report, runs }),
      h('div', { class: 'actions' },
        h('span', { class: 'count' }, chosen ? `${chosen} chosen` : 'Choose experiments to compare them'),
        chosen > 0 && button('Clear', 'clear', () => change({ chosen: [] }), { class: 'quiet' }),
        chosen > 1 && h('a', { class: 'button', 'data-key': 'compare', href: addressOf({ view: 'compare', compare: [] }) }, 'Compare'))),
    h('p', { id: 'filter-error', class: 'error', role: 'alert' }, [error, ...problems].filter(Boolean).join(' ')),
    h('p', { id: 'filter-help', class: 'unseen' },
      'Words are looked for in ids, params, metrics, tags, notes and commands as you type. A name, an operator and a value, such as loss < 0.2, status = running or created > 2026-11-21, is a filter, which Enter adds. All must hold.'),
    (state.filter.length > 0 || state.search) && h('ul', { class: 'chips', 'aria-label': 'Filters' },
      state.search && h('li', { key: 'search' }, label(`“${state.search}”`, 60), button('×', 'chip search', () => {
        change({ search: '' });
        document.getElementById('filter').focus();
      }, { 'aria-label': `Remove the search ${state.search}` })),
      state.filter.map((filter, index) => h('li', { key: `${index} ${filter}` }, label(filter, 60),
        button('×', `chip ${index}`, () => {
          change({ filter: state.filter.filter((_, other) => other !== index) });
          document.getElementById('filter').focus();
        }, { 'aria-label': `Remove the filter ${filter}` })))));
}

const filterNames = (report) => (report.filterNames ??= ['created', 'status', 'step', 'user', 'host', 'command', 'tags', 'note', 'parent',
  ...report.metricNames.map(quoteName), ...report.paramNames.map(quoteName)].slice(0, 500));

/** What runs can be grouped by: params that differ, and fields with few values. */
const groupColumns = (report) => (report.groupColumns ??= allColumns(report).filter((column) => column.of && column.group !== 'metrics'
  && (column.group === 'params' ? differingParams(report).includes(column.name) : new Set(report.runs.map(column.of)).size > 1)));
