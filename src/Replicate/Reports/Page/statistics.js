// Small measures over runs, each as docs/REPORT.md describes it.

const finite = (value) => isNumber(value) && Number.isFinite(Number(value));

function meanOf(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The standard deviation of a sample; null of fewer than two. */
function deviationOf(values) {
  if (values.length < 2) return null;
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Ranks from 1; what is equal shares the mean of its ranks. */
function ranksOf(values) {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + 1 + to) / 2;
  }
  return ranks;
}

/** Pearson's correlation; null where either does not vary. */
function pearson(xs, ys) {
  const [mx, my] = [meanOf(xs), meanOf(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  xs.forEach((x, i) => {
    xy += (x - mx) * (ys[i] - my);
    xx += (x - mx) ** 2;
    yy += (ys[i] - my) ** 2;
  });
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}

/** Spearman's correlation, Pearson's of the ranks; null of fewer than three pairs, or where either does not vary. */
const spearman = (xs, ys) => (xs.length < 3 ? null : pearson(ranksOf(xs), ranksOf(ys)));

/**
 * How much of the variance of ranks lies between groups of a param, as a correlation from 0 to 1: the root of epsilon squared,
 * which takes off what so many groups explain by chance.
 */
function correlationRatio(groups, ranks) {
  const members = new Map();
  groups.forEach((group, i) => members.set(group, [...(members.get(group) ?? []), ranks[i]]));
  const [n, k] = [ranks.length, members.size];
  const mean = meanOf(ranks);
  const total = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0);
  if (k < 2 || k >= n || total === 0) return 0;
  const within = [...members.values()].reduce((sum, own) => {
    const middle = meanOf(own);
    return sum + own.reduce((part, rank) => part + (rank - middle) ** 2, 0);
  }, 0);
  return Math.sqrt(Math.max(0, 1 - (within / (n - k)) / (total / (n - 1))));
}

/**
 * What a param means for a metric over runs that have both: its importance, and the correlation of ranks where it is numeric; null of
 * fewer than three. The engine orders columns by the same measure, see ParamImportance.
 */
function importanceOf(runs, name, metric) {
  const both = runs.filter((run) => finite(run.metrics.get(metric)) && (run.params.get(name) ?? null) !== null);
  if (both.length < 3) return { name, count: both.length, importance: null, correlation: null };
  const ys = ranksOf(both.map((run) => Number(run.metrics.get(metric))));
  const values = both.map((run) => run.params.get(name));
  if (!values.every(finite)) return { name, count: both.length, importance: correlationRatio(values.map(toText), ys), correlation: null };
  const most = 6;
  const xs = ranksOf(values.map(Number));
  const groups = new Set(xs).size <= most ? xs : xs.map((rank) => Math.floor(((rank - 0.5) / xs.length) * most));
  const correlation = pearson(xs, ys);
  return { name, count: both.length, importance: Math.max(correlationRatio(groups, ys), Math.abs(correlation ?? 0)), correlation };
}

/** An exponential moving average as TensorBoard's: corrected at its start; what is null stays so. */
function smoothed(values, weight) {
  let [last, debias] = [0, 1];
  return values.map((value) => {
    if (value === null) return null;
    last = last * weight + value * (1 - weight);
    debias *= weight;
    return last / (1 - debias);
  });
}
