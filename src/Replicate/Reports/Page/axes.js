// Axes of params and metrics: where a value lies from 0 to 1, what stands beside it, and the filters of a range.

/** Params that differ and metrics, as [key, title, value of a run]. */
function dimensionsOf(report) {
  report.dimensions ??= allColumns(report).filter((column) => column.of && ((column.group === 'params' && differingParams(report).includes(column.name)) || column.group === 'metrics'))
    .filter((column) => column.group === 'params' || report.runs.some((run) => finite(column.of(run))));
  return report.dimensions;
}

const nowhere = null;

/** An axis over all runs of a report. */
function axisOf(column, runs) {
  const values = runs.map(column.of);
  const numbers = values.filter(finite).map(Number);
  return values.every((value) => (value ?? null) === null || isNumber(value)) && numbers.length
    ? numberAxis(column, numbers) : textAxis(column, values);
}

function numberAxis(column, numbers) {
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const [low, high] = [distinct[0], distinct.at(-1)];
  const isLog = low > 0 && high / low >= 50;
  const scale = (isLog ? lib.scaleLog() : lib.scaleLinear()).domain(low === high ? [low * 0.5 - 1, high * 1.5 + 1] : [low, high]).range([0, 1]);
  const format = (value) => String(round(value, 4));
  const ticks = distinct.length <= 6 ? distinct : isLog ? scale.ticks(4).filter((_, i, all) => all.length <= 6 || i % Math.ceil(all.length / 5) === 0) : scale.ticks(5);
  return {
    column, isLog, distinct, ticks: ticks.map((value) => [scale(value), format(value)]),
    place: (run) => {
      const value = column.of(run);
      return finite(value) ? scale(Number(value)) : nowhere;
    },
    placeOf: (value) => scale(value), format,
    valueAt: (place) => round(scale.invert(Math.min(1, Math.max(0, place))), 4), literal: String,
  };
}

function textAxis(column, values) {
  const distinct = [...new Set(values.filter((value) => (value ?? null) !== null).map(toText))].sort(compareTexts);
  const placeOf = (value) => (distinct.length === 1 ? 0.5 : distinct.indexOf(value) / (distinct.length - 1));
  const every = Math.ceil(distinct.length / 12);
  const isText = values.every((value) => (value ?? null) === null || typeof value === 'string');
  return {
    column, isText, distinct, ticks: distinct.filter((_, i) => i % every === 0).map((value) => [placeOf(value), cut(value, 14)]),
    place: (run) => ((column.of(run) ?? null) === null ? nowhere : placeOf(toText(column.of(run)))),
    placeOf, format: (value) => value,
    valueAt: (place) => distinct[Math.round(Math.min(1, Math.max(0, place)) * (distinct.length - 1))],
    literal: (value) => (isText ? `"${value.replaceAll('"', '""')}"` : value),
  };
}

// A brush is a pair of filters, so it is seen, removed and copied as any other.

const boundOf = (axis, operator) => {
  const start = `${axis.column.key} ${operator} `;
  const filter = state.filter.find((one) => one.startsWith(start));
  return filter === undefined ? null : { filter, literal: filter.slice(start.length) };
};

/** The range of an axis that filters allow: places of its ends; null for all of it. */
function brushOf(axis) {
  const read = (bound) => bound && axis.distinct.concat(axis.isText === undefined ? [Number(bound.literal)] : []).find((value) => axis.literal(value) === bound.literal);
  const [same, from, to] = ['=', '>=', '<='].map((operator) => read(boundOf(axis, operator)));
  if ((same ?? null) !== null) return [axis.placeOf(same), axis.placeOf(same)];
  return (from ?? null) === null && (to ?? null) === null ? null
    : [(from ?? null) === null ? 0 : axis.placeOf(from), (to ?? null) === null ? 1 : axis.placeOf(to)];
}

/** Sets the range of an axis from one value to another; null for no bound. */
function brush(axis, from, to) {
  const own = ['=', '>=', '<='].map((operator) => boundOf(axis, operator)?.filter);
  const others = state.filter.filter((filter) => !own.includes(filter));
  const bound = (operator, value) => `${axis.column.key} ${operator} ${axis.literal(value)}`;
  change({
    filter: from !== null && from === to && axis.isText !== undefined ? [...others, bound('=', from)]
      : [...others, ...(from === null ? [] : [bound('>=', from)]), ...(to === null ? [] : [bound('<=', to)])],
  });
}
