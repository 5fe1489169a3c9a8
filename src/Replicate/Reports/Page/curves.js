// Curves of several metrics in a grid, drawn by uPlot; they share the cursor and what is zoomed to.

const styleOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The names of metrics that some run has as numbers, the primary one first. */
function drawnMetrics(report) {
  const primary = primaryOf(report)?.name;
  report.drawnMetrics ??= report.metricNames.filter((name) => report.runs.some((run) => finite(run.metrics.get(name)) || run.curve(name).some(finite)))
    .sort((a, b) => (b === primary) - (a === primary));
  return report.drawnMetrics;
}

const zoomRange = () => {
  const range = state.zoom.split(',').map(Number);
  return range.length === 2 && range.every(Number.isFinite) && range[0] < range[1] ? range : null;
};

function Curves({ report, runs }) {
  const [cursor, setCursor] = useState(null);
  const all = drawnMetrics(report);
  const metrics = state.metric.filter((name) => all.includes(name)).slice(0, 12);
  if (!metrics.length) metrics.push(...all.slice(0, 4));
  const key = JSON.stringify([runs.length, runs.slice(0, curvesAtFirst).map((run) => run.key), state.chosen, state.group, state.group && findRuns(report).key, state.x, state.log, state.logx, state.smooth, metrics]);
  const lines = useMemo(() => drawnLines(report, runs).map((line) => ({ ...line, metrics: new Map(metrics.map((name) => [name, line.of(name)])) })), [key]);
  const places = useMemo(() => [...new Set(lines.flatMap((line) => [...line.metrics.values()].flatMap(({ points }) => points.map((point) => point.x))))].sort((a, b) => a - b), [key]);
  const isDark = useScheme();
  const extent = [places[0] ?? 0, places.at(-1) ?? 1];
  const zoom = (scale, shift = 0) => {
    const [from, to] = zoomRange() ?? extent;
    const [middle, half] = [(from + to) / 2 + shift * (to - from), ((to - from) / 2) * scale];
    change({ zoom: half * 2 >= extent[1] - extent[0] && !shift ? '' : `${middle - half},${middle + half}` });
  };
  if (!all.length) return h('p', { class: 'empty' }, 'None of these experiments has a metric to draw.');
  return h(Fragment, null,
    h('div', { class: 'controls' },
      h(Popup, { title: 'Metrics ▾', name: 'Metrics to draw', dataKey: 'metrics' }, () => h('fieldset', null, all.slice(0, 200).map((name) => h('label', { key: name },
        h('input', { type: 'checkbox', checked: metrics.includes(name), 'data-key': `metric ${name}`, onchange: (event) => change({ metric: all.filter((one) => (one === name ? event.target.checked : metrics.includes(one))) }) }), label(name, 40))))),
      select('Over', 'x', Object.entries(axes), state.x, (value) => change({ x: value, zoom: '' })),
      h('label', { class: 'field' }, h('span', null, 'Smoothing'), h('input', {
        type: 'range', min: 0, max: 0.99, step: 0.01, value: state.smooth, 'data-key': 'smooth', 'aria-valuetext': state.smooth ? String(state.smooth) : 'none',
        oninput: (event) => change({ smooth: Number(event.target.value) }),
      }), h('output', null, state.smooth ? state.smooth.toFixed(2) : 'none')),
      checkbox('Log values', 'log', state.log, (on) => change({ log: on })),
      state.x === 'wall' ? null : checkbox(state.x === 'step' ? 'Log steps' : 'Log time', 'logx', state.logx, (on) => change({ logx: on, zoom: '' })),
      h('span', { class: 'buttons', role: 'group', 'aria-label': 'Zoom' },
        button('−', 'zoom out', () => zoom(2), { 'aria-label': 'Zoom out' }), button('+', 'zoom in', () => zoom(0.5), { 'aria-label': 'Zoom in' }),
        button('←', 'pan left', () => zoom(1, -0.25), { 'aria-label': 'Move left' }), button('→', 'pan right', () => zoom(1, 0.25), { 'aria-label': 'Move right' }),
        state.zoom && button('All', 'zoom all', () => change({ zoom: '' })))),
    h('div', { class: `grid ${metrics.length === 1 ? 'alone' : ''}` }, metrics.map((metric) =>
      h(Curve, { key: metric, metric, lines, drawKey: `${key} ${isDark}`, cursor, setCursor, extent }))),
    h(CursorValues, { report, lines, metrics, places, cursor, setCursor }),
    h('p', { class: 'hint' }, hintOf(report, runs, lines)));
}

function hintOf(report, runs, lines) {
  const chosen = state.chosen.length;
  return [
    !lines.length ? 'None of these experiments has checkpoints.'
    : chosen > mostCurves ? `The first ${mostCurves} of ${chosen} chosen experiments.`
    : chosen ? '' : lines[0].group ? 'The mean of each group, with one standard deviation around it.'
    : runs.length > lines.length ? `Nothing is chosen: the first ${lines.length} of the table.` : '',
    lines.some((line) => line.isLost) ? 'Dashed: lost, its heartbeat stopped without an end.' : '',
    'Drag to zoom, with Shift to move, double-click to see all.',
  ].filter(Boolean).join(' ');
}

/** Whether the reader wants dark pages; what uses it is drawn anew when that changes. */
function useScheme() {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const [isDark, set] = useState(query.matches);
  useEffect(() => {
    const listen = () => set(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return isDark;
}

/** The numbers of all lines at the cursor, moved by mouse in a plot or by the slider here. */
function CursorValues({ report, lines, metrics, places, cursor, setCursor }) {
  const x = cursor ?? places.at(-1);
  const at = places.findIndex((place) => place >= x);
  const index = at < 0 ? places.length - 1 : at;
  const shown = (line, metric) => {
    const point = pointAt(line.metrics.get(metric).points, x);
    return point ? toShortText(round(point.y, 5)) + (point.low === undefined ? '' : ` ± ${toShortText(round(point.high - point.y, 2))}`) : '';
  };
  return places.length > 0 && h('div', { class: 'at-cursor' },
    h('label', { class: 'field wide' }, h('span', null, 'At'), h('input', {
      type: 'range', min: 0, max: places.length - 1, value: index, 'data-key': 'cursor', 'aria-label': 'Place on the axis', 'aria-valuetext': placeText(places[index]),
      oninput: (event) => setCursor(places[Number(event.target.value)]),
    }), h('output', null, placeText(x))),
    h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Values at the cursor' }, h('table', { class: 'legend' },
      h('caption', { class: 'unseen' }, 'Values at the cursor'),
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, 'Run'), metrics.map((name) => h('th', { key: name, scope: 'col', class: 'number' }, label(name, 24))), h('th', { scope: 'col' }, 'Params'))),
      h('tbody', null, lines.map((line) => h('tr', { key: line.key },
        h('th', { scope: 'row' }, h('span', { class: `swatch ${line.isLost ? 'lost' : ''}`, style: { '--colour': line.colour } }),
          line.run ? h('a', { href: addressOf({ view: 'experiment', run: line.key, file: '' }) }, label(line.name)) : label(line.name, 40)),
        metrics.map((name) => h('td', { key: name, class: 'number' }, shown(line, name))),
        h('td', { class: 'about' }, line.run ? label(aboutRun(report, line.run), 1000) : plural(line.group.runs.length, 'run'))))))));
}

/** The params by which runs differ, as name=value. */
const aboutRun = (report, run) => differingParams(report).filter((name) => run.params.has(name))
  .map((name) => `${name}=${toShortText(run.params.get(name))}`).join(', ');

/** One metric: lines, smoothed above what was recorded, and bands of groups. */
function Curve({ metric, lines, drawKey, cursor, setCursor, extent }) {
  const host = useRef();
  const plot = useRef();
  const [tip, setTip] = useState(null);
  useLayoutEffect(() => {
    const { options, data } = uplotOf(metric, lines, host.current.clientWidth, { setCursor, setTip });
    const made = new lib.uPlot(options, data, host.current);
    plot.current = made;
    made.root.setAttribute('aria-hidden', 'true');
    const observer = new ResizeObserver(() => host.current && made.setSize({ width: Math.max(120, host.current.clientWidth), height: 230 }));
    observer.observe(host.current);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [drawKey, metric]);
  useLayoutEffect(() => {
    const [min, max] = zoomRange() ?? extent;
    plot.current.setScale('x', min < max ? { min, max } : { min: min - 1, max: max + 1 });
  }, [state.zoom, drawKey, metric]);
  useLayoutEffect(() => {
    const left = cursor === null ? -10 : plot.current.valToPos(cursor, 'x');
    if (Math.abs((plot.current.cursor.left ?? -10) - left) > 1) plot.current.setCursor({ left, top: cursor === null ? -10 : plot.current.over.clientHeight / 2 }, false);
  }, [cursor]);
  const drawn = lines.some((line) => line.metrics.get(metric).points.some((point) => point.y !== null));
  return h('figure', { class: 'curve', 'aria-label': `${metric} over ${axes[state.x].toLowerCase()} of ${plural(lines.length, lines[0]?.group ? 'group' : 'run')}` },
    h('figcaption', null, label(metric, 60), drawn ? '' : h('span', { class: 'hint' }, ' nothing to draw', state.log && ' on a log axis')),
    h('div', { class: 'canvas', ref: host }),
    tip && h('div', { class: 'tip', style: { left: `${tip.left}px`, top: `${tip.top}px` } }, h('b', null, placeText(tip.x)),
      tip.rows.map(({ line, y }) => h('div', { key: line.key }, h('span', { class: 'swatch', style: { '--colour': line.colour } }), label(line.name, 30), ' ', toShortText(round(y, 5))))));
}

function uplotOf(metric, lines, width, { setCursor, setTip }) {
  const own = lines.map((line) => ({ line, ...line.metrics.get(metric) }));
  const tables = [];
  const series = [{}];
  const bands = [];
  const add = (points, options, y = (point) => point.y) => {
    tables.push([points.map((point) => point.x), points.map(y)]);
    series.push({ label: '', points: { show: false }, ...options });
    return series.length - 1;
  };
  for (const { line, points, drawn, best } of own) {
    if (line.group) {
      const high = add(points, { stroke: 'transparent', width: 0 }, (point) => point.high);
      const low = add(points, { stroke: 'transparent', width: 0 }, (point) => point.low);
      bands.push({ series: [high, low], fill: `${line.colour}2e` });
    } else if (state.smooth > 0) {
      add(thinned(points, null), { stroke: `${line.colour}40`, width: 1 });
    }
    const isSparse = drawn.filter((point) => point.y !== null).length < 30;
    add(drawn, {
      stroke: line.colour, width: 1.8, dash: line.isLost ? [6, 5] : undefined,
      points: { show: isSparse && !line.group, size: 4, fill: line.colour },
    });
    if (best?.y != null) add([drawn.find((point) => point.i === best.i) ?? best], { stroke: line.colour, width: 0, points: { show: true, size: 9, fill: line.colour, stroke: styleOf('--card'), width: 2 } });
  }
  const axis = { stroke: styleOf('--soft'), grid: { stroke: styleOf('--line'), width: 1 }, ticks: { stroke: styleOf('--line-strong'), width: 1 }, font: `11px ${styleOf('--font')}` };
  const showTip = (u) => {
    if (u.cursor.left < 0 || !u.over.matches(':hover')) {
      setTip(null);
      return;
    }
    const x = u.data[0][u.cursor.idx];
    setCursor(x);
    const isLess = ranked.isLess;
    const rows = own.map(({ line, points }) => ({ line, y: pointAt(points, x)?.y ?? null })).filter(({ y }) => y !== null).sort((a, b) => (isLess ? a.y - b.y : b.y - a.y));
    const isRight = u.cursor.left > u.over.clientWidth / 2;
    setTip({ x, rows: rows.slice(0, 14), left: u.over.offsetLeft + u.cursor.left + (isRight ? -170 : 14), top: 24 });
  };
  const ranked = { isLess: lines[0] ? (lines[0].run ?? lines[0].group.runs[0]).primary?.[1] !== 'maximize' : true };
  return {
    data: tables.length ? lib.uPlot.join(tables) : [[0], []],
    options: {
      width: Math.max(120, width), height: 230, series, bands, legend: { show: false },
      scales: { x: { time: state.x === 'wall', distr: state.logx && state.x !== 'wall' ? 3 : 1, auto: false }, y: { distr: state.log ? 3 : 1 } },
      axes: [
        { ...axis, size: 34, values: state.x === 'relative' ? (u, marks) => marks.map((mark) => (mark == null ? '' : durationText(mark * 6e10))) : undefined },
        { ...axis, size: 58, values: (u, marks) => marks.map((mark) => (mark == null ? '' : Math.abs(mark) >= 1e5 || (mark !== 0 && Math.abs(mark) < 1e-3) ? mark.toExponential() : String(round(mark, 6)))) },
      ],
      cursor: {
        points: { show: false }, drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => change({ zoom: '' }), mousedown: (u, target, handler) => (event) => (event.shiftKey ? pan(u, event) : handler(event)) },
      },
      hooks: {
        setCursor: [showTip],
        setSelect: [(u) => {
          if (u.select.width < 4) return;
          change({ zoom: `${u.posToVal(u.select.left, 'x')},${u.posToVal(u.select.left + u.select.width, 'x')}` });
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        }],
      },
    },
  };
}

/** Moves what is seen along with the pointer. */
function pan(u, event) {
  const { min, max } = u.scales.x;
  const perPixel = (max - min) / u.over.clientWidth;
  const move = (moved) => {
    const shift = (event.clientX - moved.clientX) * perPixel;
    change({ zoom: `${min + shift},${max + shift}` });
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', () => removeEventListener('pointermove', move), { once: true });
}
