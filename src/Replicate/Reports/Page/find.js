// Which runs are listed, in which order: search, filters, sort.

/** The metric that most runs call primary, with its goal; null for none. */
const primaryOf = (report) => (report.primary ? { name: report.primary[0], isLess: report.primary[1] === 'minimize' } : null);

/** The goal that runs set for a metric: true for less, false for more, null for none. */
function isLessBetter(report, metric) {
  report.goals ??= new Map(report.runs.filter((run) => run.primary).map((run) => [run.primary[0], run.primary[1] === 'minimize']));
  return report.goals.get(metric) ?? null;
}

/** The order at first: the best by the primary metric, then those without it, newest first. */
function bestFirst(report) {
  const primary = primaryOf(report);
  const valueOf = (run) => {
    const value = primary && run.metrics.get(primary.name);
    return finite(value) ? (primary.isLess ? 1 : -1) * Number(value) : null;
  };
  return (runs) => runs.map((run) => ({ run, value: valueOf(run) })).sort((a, b) =>
    (a.value === null) - (b.value === null) || a.value - b.value || compareNumbers(b.run.created, a.run.created)).map(({ run }) => run);
}

/** The run that is best of all, as the engine says; undefined where too few can be compared. */
const bestOf = (report) => report.byId.get(report.best);

/** All that a search looks through: what a run is called, its params and metrics as name=value, and the texts about it. */
function searched(run) {
  const pairs = (values) => [...values].map(([name, value]) => `${name}=${toText(value)}`);
  run.searched ??= [run.id, ...run.tags, run.note, run.command, run.user, run.host, run.status, run.path, run.parent,
    ...(run.ids ?? []).slice(-1), ...pairs(run.params), ...pairs(run.metrics)].join('\n').toLowerCase();
  return run.searched;
}

/** Whether a text asks as a filter does; anything else is searched for. */
const looksLikeFilter = (text) => /[=<>]|!=/.test(text);

const found = {};

/** The runs that have all words of the search and fulfil all filters, in order; and what could not be read. */
function findRuns(report) {
  const key = JSON.stringify([state.filter, state.sort, state.search]);
  if (found.key === key) return found;
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
  const words = looksLikeFilter(state.search) ? [] : state.search.toLowerCase().split(/\s+/).filter(Boolean);
  // Ids of checkpoints are looked for by whole texts only: chance finds a few digits in many.
  const hasWord = (run, word) => searched(run).includes(word) || (word.length >= 6 && (run.ids ?? []).some((id) => id.startsWith(word)));
  const sort = state.sort ? read(parseSort, state.sort) : null;
  const runs = report.runs.filter((run) => words.every((word) => hasWord(run, word)) && filters.every((matches) => matches(run)));
  return Object.assign(found, { key, problems, sort, runs: sort ? sort.sort(runs) : report.keepsOrder ? runs : bestFirst(report)(runs) });
}

/** The runs grouped by a param or field, each group in the order of its first run. */
function groupsOf(report, runs) {
  const column = groupColumn(report);
  if (!column) return null;
  const groups = new Map();
  for (const run of runs) {
    const value = column.of(run);
    const name = value === undefined ? 'none' : toText(value);
    if (!groups.has(name)) groups.set(name, { name, title: `${column.title} = ${name}`, runs: [] });
    groups.get(name).runs.push(run);
  }
  const primary = primaryOf(report);
  const list = [...groups.values()];
  if (state.sort || report.keepsOrder || !primary) return list;
  const rank = (group) => {
    const values = group.runs.map((run) => run.metrics.get(primary.name)).filter(finite).map(Number);
    return values.length ? (primary.isLess ? 1 : -1) * meanOf(values) : Infinity;
  };
  return list.map((group) => [rank(group), group]).sort((a, b) => (a[0] === b[0] ? 0 : a[0] - b[0])).map(([, group]) => group);
}

const groupColumn = (report) => state.group && allColumns(report).find((column) => column.key === state.group && column.of);
