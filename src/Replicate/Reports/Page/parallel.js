// Parallel coordinates: a line per run over axes of params and the metric; what is brushed filters the table.

const mostAxes = 9;
const [parallelTop, parallelHeight] = [44, 220];

function Parallel({ report, runs }) {
  const host = useRef();
  const canvas = useRef();
  const [width, setWidth] = useState(800);
  const [hovered, hover] = useState(null);
  const isDark = useScheme();
  const primary = primaryOf(report);
  const axes = useMemo(() => {
    const columns = dimensionsOf(report);
    const metric = primary && columns.find((column) => column.group === 'metrics' && column.name === primary.name);
    const shown = shownColumns(report).map((column) => column.key);
    const params = columns.filter((column) => column.group === 'params' && (state.column === null || shown.includes(column.key))).slice(0, mostAxes - 1);
    return [...params, ...(metric ? [metric] : [])].map((column) => axisOf(column, report.runs));
  }, [state.column?.join('\n')]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => host.current && setWidth(host.current.clientWidth));
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);
  const left = (a) => 56 + (a * (Math.max(width, axes.length * 84) - 96)) / Math.max(1, axes.length - 1);
  const total = Math.max(width, axes.length * 84);
  const top = (place) => parallelTop + (1 - (place ?? -0.13)) * parallelHeight;
  const places = useMemo(() => new Map(report.runs.map((run) => [run, axes.map((axis) => axis.place(run))])), [axes]);
  useLayoutEffect(() => drawParallel(canvas.current, { report, runs, axes, places, left, top, width: total, hovered }), [runs, axes, total, isDark, hovered, state.chosen.join()]);
  if (axes.length < 2) {
    return h('p', { class: 'empty', ref: host }, 'This plot needs a param in the table that differs, and a primary metric or another such param.');
  }
  const nearest = (event) => {
    const box = canvas.current.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const a = Math.min(axes.length - 2, Math.max(0, axes.findIndex((_, i) => left(i + 1) > x)));
    const share = (x - left(a)) / (left(a + 1) - left(a));
    let [best, least] = [null, 7];
    for (const run of runs) {
      const at = places.get(run);
      const distance = Math.abs(top(at[a]) + share * (top(at[a + 1]) - top(at[a])) - y);
      if (distance < least) [best, least] = [run, distance];
    }
    return best;
  };
  return h('div', { class: 'parallel', ref: host, role: 'group', 'aria-label': `Parallel coordinates of ${plural(runs.length, 'experiment')}; the table has the same numbers` },
    h('div', { class: 'wide', style: { width: `${total}px`, height: `${parallelTop + parallelHeight + 50}px` } },
      h('canvas', {
        ref: canvas, 'aria-hidden': 'true', onpointermove: (event) => hover(nearest(event)), onpointerleave: () => hover(null),
        onclick: (event) => {
          const run = nearest(event);
          if (run) choose(run, !isChosen(run));
        },
      }),
      axes.map((axis, a) => h(ParallelAxis, { key: axis.column.key, axis, left: left(a), top }))),
    h('p', { class: 'hint about' }, hovered ? [h('b', null, hovered.shortId), ' ', label(`${aboutRun(report, hovered)}${primary && hovered.metrics.has(primary.name) ? `, ${primary.name}=${toShortText(hovered.metrics.get(primary.name))}` : ''}`, 200)]
      : 'Drag along an axis to filter the table; a press on a line chooses its run.'));
}

/** The line of an axis with its ticks, and the two ends of its brush, which keys move, too. */
function ParallelAxis({ axis, left, top }) {
  const range = brushOf(axis);
  const { distinct } = axis;
  const start = useRef();
  const [from, to] = range ?? [0, 1];
  const near = (place) => distinct.reduce((a, b) => (Math.abs(axis.placeOf(b) - place) < Math.abs(axis.placeOf(a) - place) ? b : a));
  // On an axis of few values a brush takes whole values; on one of many it takes numbers between them.
  const valueAt = (place) => (axis.isText !== undefined || distinct.length <= 12 ? near(place) : axis.valueAt(place));
  const placeAt = (event) => Math.min(1, Math.max(0, 1 - (event.clientY - start.current.box.top) / parallelHeight));
  const set = (a, b) => brush(axis, a === null || axis.placeOf(a) <= 0 ? null : a, b === null || axis.placeOf(b) >= 1 ? null : b);
  const down = (event) => {
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { box: event.currentTarget.getBoundingClientRect() };
    start.current.place = placeAt(event);
  };
  const move = (event) => {
    if (!start.current) return;
    const [a, b] = [start.current.place, placeAt(event)].sort((x, y) => x - y);
    if (b - a < 0.01) return;
    start.current.moved = true;
    if (axis.isText !== undefined || distinct.length <= 12) {
      const inside = distinct.filter((value) => axis.placeOf(value) >= a - 0.02 && axis.placeOf(value) <= b + 0.02);
      if (inside.length) brush(axis, inside[0] === distinct[0] && inside.length > 1 ? null : inside[0], inside.at(-1) === distinct.at(-1) && inside.length > 1 ? null : inside.at(-1));
    } else {
      set(valueAt(a), valueAt(b));
    }
  };
  const up = () => {
    if (start.current && !start.current.moved) brush(axis, null, null);
    start.current = null;
  };
  const handle = (isLow) => {
    const place = isLow ? from : to;
    const value = near(place);
    const at = distinct.indexOf(value);
    const other = distinct.indexOf(near(isLow ? to : from));
    const step = (by) => {
      const next = isLow ? Math.min(other, Math.max(0, by)) : Math.max(other, Math.min(distinct.length - 1, by));
      const [a, b] = isLow ? [next, other] : [other, next];
      brush(axis, a === 0 && !(b === 0 && axis.isText !== undefined) ? null : distinct[a], b === distinct.length - 1 && !(a === b && axis.isText !== undefined) ? null : distinct[b]);
    };
    return h('span', {
      class: `handle ${range ? 'set' : ''}`, role: 'slider', tabindex: 0, 'aria-orientation': 'vertical', 'data-key': `${isLow ? 'low' : 'high'} ${axis.column.key}`,
      'aria-label': `${isLow ? 'From' : 'To'} ${axis.column.title}`, 'aria-valuemin': 0, 'aria-valuemax': distinct.length - 1, 'aria-valuenow': at,
      'aria-valuetext': axis.format(value), style: { top: `${top(place) - parallelTop}px` },
      onkeydown: (event) => {
        const by = { ArrowUp: at + 1, ArrowRight: at + 1, ArrowDown: at - 1, ArrowLeft: at - 1, Home: 0, End: distinct.length - 1, PageUp: at + Math.ceil(distinct.length / 10), PageDown: at - Math.ceil(distinct.length / 10) }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        step(by);
      },
    });
  };
  return h('div', { class: 'axis', style: { left: `${left}px`, top: `${parallelTop}px`, height: `${parallelHeight}px` } },
    h('span', { class: 'name' }, label(axis.column.title, 22), axis.isLog && h('small', null, ' log')),
    axis.ticks.map(([place, title]) => h('span', { class: 'tick', key: title, style: { top: `${top(place) - parallelTop}px` } }, label(title, 14))),
    h('div', { class: 'brush', 'data-key': `brush ${axis.column.key}`, onpointerdown: down, onpointermove: move, onpointerup: up }),
    range && h('div', { class: 'range', style: { top: `${top(to) - parallelTop - 3}px`, height: `${Math.max(6, top(from) - top(to) + 6)}px` } }),
    handle(true), handle(false));
}

/** Draws all runs faintly, those of the table by their metric, and the chosen ones above them. */
function drawParallel(canvas, { report, runs, axes, places, left, top, width, hovered }) {
  if (!canvas) return;
  const ratio = devicePixelRatio;
  const height = parallelTop + parallelHeight + 50;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  context.lineJoin = 'round';
  const primary = primaryOf(report);
  const [worst, finest, faint] = [styleOf('--worst'), styleOf('--finest'), styleOf('--line')];
  const listed = new Set(runs);
  const draw = (run, colour, lineWidth, opacity) => {
    context.strokeStyle = colour;
    context.lineWidth = lineWidth;
    context.globalAlpha = opacity;
    context.beginPath();
    places.get(run).forEach((place, a) => context[a ? 'lineTo' : 'moveTo'](left(a), top(place)));
    context.stroke();
  };
  // By rank, since most runs of a search end close to the best.
  const ranked = runs.filter((run) => places.get(run).at(-1) !== null).sort((a, b) => places.get(a).at(-1) - places.get(b).at(-1));
  const rank = new Map(ranked.map((run, i) => [run, ranked.length > 1 ? i / (ranked.length - 1) : 0.5]));
  const colour = (run) => (primary && rank.has(run) ? mix(worst, finest, primary.isLess ? 1 - rank.get(run) : rank.get(run)) : styleOf('--line-strong'));
  const anyChosen = runs.some(isChosen);
  for (const run of report.runs) if (!listed.has(run)) draw(run, faint, 1, 0.6);
  // The best are drawn last, above the others.
  for (const run of runs.toReversed()) if (!isChosen(run)) draw(run, colour(run), 1.3, anyChosen ? 0.3 : 0.75);
  for (const run of runs) if (isChosen(run)) draw(run, colourOf(run), 2.4, 1);
  if (hovered) draw(hovered, styleOf('--ink'), 3, 1);
}

/** A colour between two, both #rrggbb. */
function mix(from, to, share) {
  const channel = (at) => {
    const [a, b] = [from, to].map((colour) => parseInt(colour.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * Math.min(1, Math.max(0, share))).toString(16).padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
