// What is listed, as text for elsewhere: CSV, Markdown, and the command that lists the same.

/** A cell of CSV; what a spreadsheet would run as a formula is kept a text. */
function csvCell(value) {
  const safe = /^[=+\-@\t\r]/.test(value) && !/^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The full texts of cells: numbers as they were recorded. */
const exportText = (column, run) => (column.of && column.group !== 'fields' ? toText(column.of(run)) : column.plain(run));

const exportColumns = (report) => shownColumns(report).filter((column) => !column.key.startsWith('trend.'));

function toCsv(report, runs) {
  const columns = exportColumns(report);
  const lines = [['id', ...columns.map((column) => column.title)], ...runs.map((run) => [run.id, ...columns.map((column) => exportText(column, run))])];
  return lines.map((cells) => cells.map(csvCell).join(',')).join('\r\n');
}

function toMarkdown(report, runs) {
  const columns = exportColumns(report);
  const cell = (value) => value.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/[\r\n]+/g, ' ');
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(['id', ...columns.map((column) => cell(column.title))]), line(['---', ...columns.map((column) => (column.isNumber ? '--:' : '---'))]),
    ...runs.map((run) => line([run.shortId, ...columns.map((column) => cell(column.plain(run)))])),
  ].join('\n');
}

/** The command that gives the same list, in the same order. */
function toCommand(report, runs) {
  const primary = primaryOf(report);
  const sort = state.sort || (primary ? `metrics.${quoteName(primary.name)}-${primary.isLess ? 'asc' : 'desc'}` : 'created-desc');
  const quoted = (word) => `'${word.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
  const isFiltered = !state.search && state.chosen.length === 0 && !report.isSelection;
  // Ids are answered in the order in which they are given.
  const which = isFiltered ? [state.filter.length && `-Filter ${state.filter.map(quoted).join(', ')}`, `-Sort ${quoted(sort)}`]
    : [`-Id ${runs.map((run) => quoteForPowerShell(idForCommand(run.id))).join(', ')}`];
  const repositories = [...new Set(runs.map((run) => run.repository))];
  return repositories.map((repository) =>
    ['Get-ReplicateExperiment', ...which, `-Repository ${quoteForPowerShell(repository)}`].filter(Boolean).join(' ')).join('\n');
}

/** Copies the chosen runs, else those that are listed. */
function CopyMenu({ report, runs }) {
  const chosen = runs.filter(isChosen);
  const copied = chosen.length ? chosen : runs;
  const kinds = [['CSV', toCsv], ['Markdown', toMarkdown], ['PowerShell command', toCommand]];
  return h(Popup, { title: 'Copy ▾', name: 'Copy the list', dataKey: 'copy menu' }, (close) => h('div', { class: 'menu' },
    h('p', { class: 'hint' }, chosen.length ? `The ${chosen.length} chosen` : `All ${copied.length.toLocaleString('en')} listed`),
    kinds.map(([title, write]) => h('button', {
      type: 'button', class: 'quiet', key: title, 'data-key': `copy ${title}`, onclick: async () => {
        announce((await copy(write(report, copied))) ? `Copied as ${title}` : 'Not copied');
        close();
      },
    }, title)),
    h('button', { type: 'button', class: 'quiet', 'data-key': 'print', onclick: () => {
      close();
      print();
    } }, 'Print')));
}
