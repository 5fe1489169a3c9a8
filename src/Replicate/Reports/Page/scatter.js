// Any two params or metrics against one another, and what each param means for a metric.

function Scatter({ report, runs }) {
  const host = useRef();
  const [width, setWidth] = useState(480);
  const [hovered, hover] = useState(null);
  const columns = dimensionsOf(report);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => host.current && setWidth(Math.max(200, host.current.clientWidth)));
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);
  const byKey = (key) => columns.find((column) => column.key === key);
  const primary = primaryOf(report);
  const across = byKey(state.across) ?? columns.find((column) => column.group === 'params' && column.name === mostImportant(report)) ?? columns[0];
  const up = byKey(state.up) ?? columns.find((column) => column.group === 'metrics' && column.name === primary?.name) ?? columns.find((column) => column !== across);
  const [x, y] = useMemo(() => [across, up].map((column) => column && axisOf(column, report.runs)), [across, up]);
  const [left, right, topMargin, bottom] = [58, 14, 10, 40];
  const height = 250;
  const px = (place) => left + place * (width - left - right);
  const py = (place) => topMargin + (1 - place) * (height - topMargin - bottom);
  const points = useMemo(() => (x && y ? runs.map((run) => ({ run, x: x.place(run), y: y.place(run) })).filter((point) => point.x !== null && point.y !== null) : []), [runs, x, y]);
  const circles = useMemo(() => points.toReversed().map((point) => h('circle', {
    key: point.run.key, cx: px(point.x), cy: py(point.y), r: isChosen(point.run) ? 6 : 4.5, class: isChosen(point.run) ? 'chosen' : '',
    style: { '--colour': isChosen(point.run) ? colourOf(point.run) : 'var(--finest)' },
    onpointerenter: () => hover(point.run), onpointerleave: () => hover(null), onclick: () => choose(point.run, !isChosen(point.run)),
  })), [points, width, state.chosen.join()]);
  if (!x || !y) return h('p', { class: 'empty', ref: host }, 'This plot needs two params that differ or metrics.');
  const numbers = points.filter(({ run }) => finite(across.of(run)) && finite(up.of(run)));
  const correlation = numbers.length === points.length ? spearman(numbers.map(({ run }) => Number(across.of(run))), numbers.map(({ run }) => Number(up.of(run)))) : null;
  const options = columns.map((column) => [column.key, cut(column.title, 40)]);
  return h('div', { class: 'scatter', ref: host },
    h('div', { class: 'controls' }, select('Across', 'across', options, across.key, (value) => change({ across: value })),
      select('Up', 'up', options, up.key, (value) => change({ up: value }))),
    h('svg', { width, height, role: 'img', 'aria-label': `${up.title} against ${across.title} of ${plural(points.length, 'experiment')}` },
      x.ticks.map(([place, title]) => [h('line', { class: 'gridline', x1: px(place), x2: px(place), y1: topMargin, y2: height - bottom }), h('text', { x: px(place), y: height - bottom + 15, 'text-anchor': 'middle' }, labelText(title, 10))]),
      y.ticks.map(([place, title]) => [h('line', { class: 'gridline', x1: left, x2: width - right, y1: py(place), y2: py(place) }), h('text', { x: left - 6, y: py(place) + 4, 'text-anchor': 'end' }, labelText(title, 9))]),
      h('text', { class: 'name', x: (left + width - right) / 2, y: height - 6, 'text-anchor': 'middle' }, labelText(across.title + (x.isLog ? ' (log)' : ''), 50)),
      h('text', { class: 'name', transform: `translate(11 ${height / 2 - 15}) rotate(-90)`, 'text-anchor': 'middle' }, labelText(up.title + (y.isLog ? ' (log)' : ''), 30)),
      circles),
    h('p', { class: 'hint about' }, hovered
      ? [h('b', null, hovered.shortId), ` ${across.title} ${toShortText(across.of(hovered))}, ${up.title} ${toShortText(up.of(hovered))}`]
      : `${plural(points.length, 'experiment')}${correlation === null ? '' : `, rank correlation ${correlation.toFixed(2)}`}.`));
}

/** The param that explains most of the primary metric over all runs, which a plot shows at first. */
function mostImportant(report) {
  const primary = primaryOf(report);
  report.mostImportant ??= differingParams(report).map((name) => ({ name, ...(primary && importanceOf(report.runs, name, primary.name)) }))
    .sort((a, b) => (b.importance ?? -1) - (a.importance ?? -1))[0]?.name;
  return report.mostImportant;
}

/** A table of params by what they explain of a metric. */
function Importance({ report, runs }) {
  const primary = primaryOf(report);
  const metrics = drawnMetrics(report);
  const [chosen, setMetric] = useState(null);
  const metric = chosen ?? primary?.name ?? metrics[0];
  const rows = useMemo(() => (metric === undefined ? [] : differingParams(report).map((name) => importanceOf(runs, name, metric))
    .sort((a, b) => (b.importance ?? -1) - (a.importance ?? -1))), [runs, metric]);
  if (!rows.length) return h('p', { class: 'empty' }, 'This needs a metric and a param that differs.');
  return h('div', null,
    h('div', { class: 'controls' }, select('For', 'important for', metrics.slice(0, 200).map((name) => [name, cut(name, 40)]), metric, setMetric)),
    h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Importance of params' }, h('table', { class: 'importance' },
      h('caption', { class: 'unseen' }, `Importance of params for ${metric}`),
      h('thead', null, h('tr', null, ['Param', 'Importance', 'Rank correlation', 'Runs'].map((title, i) => h('th', { key: title, scope: 'col', class: i ? 'number' : '' }, title)))),
      h('tbody', null, rows.slice(0, 50).map(({ name, importance, correlation, count }) => h('tr', { key: name },
        h('th', { scope: 'row' }, label(name, 30)),
        h('td', { class: 'number' }, importance === null ? h('span', { class: 'none' }, 'too few runs')
          : h('span', { class: 'bar', style: { '--share': importance } }, importance.toFixed(2))),
        h('td', { class: 'number' }, correlation === null ? '' : h('span', { class: `bar ${correlation < 0 ? 'negative' : ''}`, style: { '--share': Math.abs(correlation) } }, correlation.toFixed(2))),
        h('td', { class: 'number' }, count)))))),
    h('p', { class: 'hint' }, 'Importance: how well the ranks of the metric follow from the param alone, from 0 to 1; high where a middle is best, too, which the correlation does not see.'));
}
