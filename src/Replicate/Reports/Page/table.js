// The view of all experiments: filters, the table, and the plots below it.

class ExperimentsView {
  constructor(report) {
    this.report = report;
    this.input = h('input', {
      id: 'filter', type: 'text', list: 'names', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off',
      placeholder: 'loss < 0.2', 'aria-describedby': 'filter-help filter-error',
    });
    this.error = h('p', { id: 'filter-error', class: 'error', role: 'alert' });
    this.chips = h('ul', { class: 'chips', 'aria-label': 'Filters' });
    this.summary = h('p', { class: 'summary' });
    this.chooser = h('div', { class: 'popover' });
    this.actions = h('div', { class: 'actions' });
    this.head = h('thead');
    this.body = h('tbody', { onkeydown: (event) => this.moveByArrow(event) });
    this.pager = h('nav', { class: 'pager', 'aria-label': 'Pages of the table' });
    this.plots = new Plots(report);
    this.element = h('div', null,
      h('h1', { class: 'unseen' }, 'All experiments'),
      h('div', { class: 'toolbar' },
        h('form', { class: 'filter', onsubmit: (event) => this.addFilter(event) },
          h('label', { for: 'filter' }, 'Filter'), this.input,
          h('datalist', { id: 'names' }, this.names().map((name) => h('option', { value: `${name} ` }))),
          h('button', { type: 'submit' }, 'Add')),
        this.actions,
        h('details', { class: 'columns', onkeydown: closeOnEscape }, h('summary', null, 'Columns'), this.chooser)),
      this.error,
      h('p', { id: 'filter-help', class: 'unseen' },
        'A name, an operator and a value, such as loss < 0.2, status = running or created > 2026-11-21. All filters must hold.'),
      this.chips, this.summary,
      h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Experiments, scrolls sideways' },
        h('table', { class: 'runs' }, h('caption', { class: 'unseen' }, 'Experiments'), this.head, this.body)),
      this.pager, this.plots.element);
  }

  names = () => ['created', 'status', 'step', 'user', 'host', 'command', 'tags', 'note', 'parent',
    ...this.report.metricNames.map(quoteName), ...this.report.paramNames.map(quoteName)].slice(0, 500);

  refresh() {
    const runs = this.rows();
    const last = Math.max(1, Math.ceil(runs.length / state.size));
    this.page = Math.min(state.page, last);
    this.shown = runs.slice((this.page - 1) * state.size, this.page * state.size);
    this.columns = shownColumns(this.report);
    redraw(this.chips, state.filter.map((filter, index) => this.chip(filter, index)));
    this.summary.textContent = state.filter.length
      ? `${runs.length.toLocaleString('en')} of ${plural(this.report.runs.length, 'experiment')}` : plural(runs.length, 'experiment');
    redraw(this.chooser, columnChooser(this.report));
    this.drawActions();
    redraw(this.head, this.headRows());
    redraw(this.body, this.shown.map((run) => this.row(run)), runs.length === 0 && this.emptyRow());
    redraw(this.pager, this.pagerButtons(runs.length, last));
    this.plots.refresh(runs);
  }

  /** The experiments that fulfil all filters, in order. */
  rows() {
    const key = JSON.stringify([state.filter, state.sort]);
    if (this.key === key) return this.found;
    const problems = [];
    const read = (parse, what) => {
      try {
        return parse(what);
      } catch (error) {
        problems.push(`${what}: ${error.message}.`);
        return null;
      }
    };
    const filters = state.filter.map((filter) => read(parseFilter, filter)).filter(Boolean);
    this.sort = state.sort ? read(parseSort, state.sort) : null;
    const found = this.report.runs.filter((run) => filters.every((matches) => matches(run)));
    this.error.textContent = problems.join(' ');
    this.key = key;
    this.found = this.sort ? this.sort.sort(found) : found;
    return this.found;
  }

  addFilter(event) {
    event.preventDefault();
    const filter = this.input.value.trim();
    if (!filter) return;
    try {
      parseFilter(filter);
    } catch (error) {
      this.error.textContent = `The filter '${filter}' cannot be read: ${error.message}. Write it as <name> <operator> <value>, for example: loss < 0.2`;
      this.input.setAttribute('aria-invalid', 'true');
      return;
    }
    this.input.removeAttribute('aria-invalid');
    this.error.textContent = '';
    this.input.value = '';
    change({ filter: [...state.filter, filter], page: 1 });
    announce(`${plural(this.found.length, 'experiment')} found`);
  }

  chip = (filter, index) => h('li', null, label(filter, 60),
    h('button', {
      type: 'button', 'data-key': `chip ${index}`, 'aria-label': `Remove the filter ${filter}`,
      onclick: () => {
        change({ filter: state.filter.filter((_, other) => other !== index), page: 1 });
        if (!this.chips.contains(document.activeElement)) this.input.focus();
      },
    }, '×'));

  drawActions() {
    const count = state.chosen.length;
    redraw(this.actions,
      h('span', { class: 'count' }, count ? `${count} chosen` : 'Choose experiments to compare them'),
      count > 0 && h('button', { type: 'button', class: 'quiet', 'data-key': 'clear', onclick: () => change({ chosen: [] }) }, 'Clear'),
      count > 1 && h('a', { class: 'button', 'data-key': 'compare', href: addressOf(compareChange()) }, 'Compare'));
  }

  headRows() {
    const groups = { fields: '', params: 'Params', metrics: 'Metrics (best, else latest)' };
    const spans = [];
    for (const { group } of this.columns) {
      if (spans.at(-1)?.group === group) spans.at(-1).span++;
      else spans.push({ group, span: 1 });
    }
    const all = this.shown.length > 0 && this.shown.every(isChosen);
    const box = h('input', {
      type: 'checkbox', checked: all, 'aria-label': 'Choose all experiments on this page', 'data-key': 'all',
      onchange: (event) => {
        const here = new Set(this.shown.map((run) => run.key));
        const others = state.chosen.filter((key) => !here.has(key));
        change({ chosen: event.target.checked ? [...others, ...here] : others });
      },
    });
    box.indeterminate = !all && this.shown.some(isChosen);
    return [
      spans.some(({ group }) => groups[group]) && h('tr', { class: 'groups' }, h('td', { colspan: 2 }),
        spans.map(({ group, span }) => groups[group]
          ? h('th', { scope: 'colgroup', colspan: span }, groups[group]) : h('td', { colspan: span }))),
      h('tr', null,
        h('th', { scope: 'col', class: 'choose' }, box),
        h('th', { scope: 'col', class: 'id' }, 'Experiment'),
        this.columns.map((column) => this.header(column))),
    ];
  }

  header(column) {
    const isSorted = this.sort && (this.sort.name === column.key || this.sort.name === column.name
      || this.sort.name === `${column.group}.${column.name}`);
    const direction = isSorted ? (this.sort.descending ? 'descending' : 'ascending') : null;
    const key = column.group === 'fields' ? column.key : `${column.group}.${quoteName(column.name)}`;
    // A third press goes back to the order that the report came in.
    const next = !isSorted ? `${key}-asc` : direction === 'ascending' ? `${key}-desc` : '';
    return h('th', { scope: 'col', class: column.isNumber && 'number', 'aria-sort': column.isUnsorted ? null : direction ?? 'none' },
      column.isUnsorted ? h('span', { class: 'plain' }, label(column.title, 28))
        : h('button', {
          type: 'button', 'data-key': `sort ${column.key}`,
          onclick: () => {
            change({ sort: next, page: 1 });
            announce(next ? `Sorted by ${column.title}, ${next.endsWith('-desc') ? 'descending' : 'ascending'}` : 'In the order of the report');
          },
        }, label(column.title, 28), h('span', { class: 'arrow', 'aria-hidden': 'true' }, { ascending: '↑', descending: '↓' }[direction] ?? '')));
  }

  row = (run) => h('tr', { class: isChosen(run) && 'chosen', colour: isChosen(run) ? colourOf(run) : 'transparent' },
    h('td', { class: 'choose' }, h('input', {
      type: 'checkbox', checked: isChosen(run), 'data-key': `choose ${run.key}`, 'aria-label': `Choose experiment ${run.shortId}`,
      onchange: (event) => choose(run, event.target.checked),
    })),
    h('th', { scope: 'row', class: 'id' }, h('a', { href: addressOf({ view: 'experiment', run: run.key }), 'data-key': `open ${run.key}` }, label(run.shortId))),
    this.columns.map((column) => h('td', { class: column.isNumber && 'number' }, column.cell(run))));

  emptyRow = () => h('tr', null, h('td', { colspan: this.columns.length + 2, class: 'empty' },
    'No experiment fulfils all filters. ',
    h('button', { type: 'button', onclick: () => change({ filter: [], page: 1 }) }, 'Remove the filters')));

  pagerButtons(count, last) {
    const to = (page, title, isOff) => h('button', {
      type: 'button', 'data-key': title, 'aria-disabled': isOff && 'true',
      onclick: () => {
        if (isOff) return;
        change({ page });
        announce(`Page ${this.page} of ${last}`);
      },
    }, title);
    if (count <= 20) return [];
    const first = (this.page - 1) * state.size;
    return [
      h('span', null, `${(first + 1).toLocaleString('en')}–${(first + this.shown.length).toLocaleString('en')} of ${count.toLocaleString('en')}`),
      to(this.page - 1, 'Previous', this.page === 1), to(this.page + 1, 'Next', this.page === last),
      select('Rows', 'rows', [20, 50, 100, 500].map((size) => [size, String(size)]), state.size, (size) => change({ size: Number(size), page: 1 })),
    ];
  }

  /** Up and down go to the same thing in the next row, beside what Tab does. */
  moveByArrow(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const kind = event.target.dataset.key?.split(' ')[0];
    if (!step || !kind) return;
    const alike = [...this.body.querySelectorAll(`[data-key^="${kind} "]`)];
    const next = alike[alike.indexOf(event.target) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  /** On paper there are no pages to turn. */
  printAll() {
    const size = state.size;
    state.size = Math.min(2000, this.report.runs.length || 1);
    this.refresh();
    state.size = size;
  }
}

function closeOnEscape(event) {
  if (event.key === 'Escape' && this.open) {
    this.open = false;
    this.querySelector('summary').focus();
  }
}
