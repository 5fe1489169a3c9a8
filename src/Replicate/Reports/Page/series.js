// What the curves draw: for each metric a line per run, or per group its mean and deviation, over one of three axes.

const mostCurves = 40;
const curvesAtFirst = 10;
const mostPoints = 500;

const axes = { step: 'Steps', relative: 'Time since start', wall: 'Time of day' };

/** Where checkpoints lie on the axis: a step, minutes since the start, or seconds since 1970. */
const placesOf = (run) => run.steps.map((step, i) =>
  (state.x === 'step' ? step
  : state.x === 'relative' ? Number(run.createdAt(i) - run.created) / 6e10
  : Number(run.createdAt(i)) / 1e9));

/** The points of a run in the order of the axis; null where the metric is no number that can be drawn. */
function pointsOf(run, metric) {
  const places = placesOf(run);
  const canDraw = (value) => value !== null && Number.isFinite(value) && (!state.log || value > 0);
  return run.curve(metric).map((value, i) => ({ i, x: places[i], y: canDraw(value) ? value : null }))
    .filter((point) => !state.logx || point.x > 0)
    .sort((a, b) => a.x - b.x || a.i - b.i)
    .filter((point, at, all) => point.x !== all[at + 1]?.x);
}

/** Of very many points the lowest and highest of each stretch, and those that are to be kept. */
function thinned(points, keep) {
  if (points.length <= mostPoints) return points;
  const width = Math.ceil((2 * points.length) / mostPoints);
  const kept = new Set();
  for (let start = 0; start < points.length; start += width) {
    const stretch = points.slice(start, start + width).filter((point) => point.y !== null);
    if (!stretch.length) continue;
    kept.add(stretch.reduce((a, b) => (b.y < a.y ? b : a)));
    kept.add(stretch.reduce((a, b) => (b.y > a.y ? b : a)));
  }
  return points.filter((point) => kept.has(point) || point.i === keep);
}

/** A line between points; null beside them. */
function valueBetween(points, x) {
  let [low, high] = [0, points.length - 1];
  if (high < 0 || x < points[0].x || x > points[high].x) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (points[middle].x <= x) low = middle;
    else high = middle;
  }
  const [a, b] = [points[low], points[high]];
  return b.x === a.x ? a.y : x === b.x ? b.y : a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}

/** The point at or before a place, else the first. */
function pointAt(points, x) {
  let at = null;
  for (const point of points) {
    if (at !== null && point.x > x) break;
    if (point.y !== null) at = point;
  }
  return at;
}

/** A run's line of a metric: what was recorded, and what is drawn of it. */
function runLine(run, metric) {
  const points = pointsOf(run, metric);
  const smooth = state.smooth > 0 ? smoothed(points.map((point) => point.y), state.smooth) : null;
  const best = run.primary?.[0] === metric ? run.best : null;
  return { points, drawn: thinned(smooth ? points.map((point, i) => ({ ...point, y: smooth[i] })) : points, best), best: best === null ? null : points.find((point) => point.i === best) };
}

/** The mean of a group's lines and their deviation, at places of all of them. */
function groupLine(runs, metric) {
  const lines = runs.map((run) => runLine(run, metric).drawn.filter((point) => point.y !== null)).filter((points) => points.length);
  const all = [...new Set(lines.flatMap((points) => points.map((point) => point.x)))].sort((a, b) => a - b);
  const every = Math.ceil(all.length / 250);
  const points = all.filter((_, i) => i % every === 0 || i === all.length - 1).map((x, i) => {
    const values = lines.map((line) => valueBetween(line, x)).filter((value) => value !== null);
    const [y, deviation] = [values.length ? meanOf(values) : null, deviationOf(values) ?? 0];
    return { i, x, y, low: y === null ? null : y - deviation, high: y === null ? null : y + deviation, count: values.length };
  });
  return { points, drawn: points, best: null };
}

/** The lines to draw: what each is called, its colour, and its points by metric. */
function drawnLines(report, runs) {
  const withCheckpoints = runs.filter((run) => run.count);
  const groups = state.chosen.length ? null : groupsOf(report, withCheckpoints);
  if (groups) {
    return groups.slice(0, colours.length).map((group, i) => ({
      key: group.name, name: group.title, group, colour: colours[i], of: (metric) => groupLine(group.runs, metric),
    }));
  }
  const chosen = state.chosen.map((key) => report.byKey.get(key)).filter((run) => run?.count);
  return (chosen.length ? chosen.slice(0, mostCurves) : withCheckpoints.slice(0, curvesAtFirst)).map((run, i) => ({
    key: run.key, name: run.shortId, run, colour: chosen.length ? colourOf(run) : colours[i], isLost: run.status === 'Lost', of: (metric) => runLine(run, metric),
  }));
}

/** A place on the axis, in words. */
const placeText = (x) => (state.x === 'step' ? `step ${toShortText(round(x, 8))}`
  : state.x === 'relative' ? `after ${durationText(x * 6e10)}` : localText(BigInt(Math.round(x * 1000)) * 1000000n));
