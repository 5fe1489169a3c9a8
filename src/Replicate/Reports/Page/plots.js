// The plots of the experiments view: curves of the chosen runs, and params against the primary metric.

const mostCurves = 30;
const curvesWithoutChoice = 5;
const mostPoints = 600;
const mostAxes = 8;
const mostLines = 500;

const styleOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const plotConfig = () => ({
  background: 'transparent', font: styleOf('--font'), padding: 6,
  view: { stroke: null },
  axis: {
    labelColor: styleOf('--soft'), titleColor: styleOf('--soft'), titleFontWeight: 500, gridColor: styleOf('--line'),
    domainColor: styleOf('--line-strong'), tickColor: styleOf('--line-strong'), labelFontSize: 11, titleFontSize: 12, labelLimit: 120,
  },
});

/** Draws a specification of Vega-Lite; expressions are interpreted, so that the page needs no leave to compile any. */
async function drawPlot(element, spec, { describe, onclick }) {
  const tip = h('div', { class: 'tip', hidden: true });
  const host = h('div', { class: 'plot' });
  const showTip = (handler, event, item) => {
    const shown = item?.datum && describe(item.datum);
    tip.hidden = !shown;
    if (!shown) return;
    tip.replaceChildren(...[shown].flat(Infinity));
    const box = element.getBoundingClientRect();
    const left = Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth - 4);
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${event.clientY - box.top + 14}px`;
  };
  element.replaceChildren(host, tip);
  const { view } = await vegaEmbed(host, { config: plotConfig(), width: 'container', ...spec }, {
    mode: 'vega-lite', ast: true, actions: false, defaultStyle: false, renderer: 'svg', tooltip: showTip,
  });
  if (onclick) view.addEventListener('click', (event, item) => item?.datum && onclick(item.datum));
  host.querySelector('svg')?.setAttribute('aria-hidden', 'true');
}

class Plots {
  constructor(report) {
    this.report = report;
    this.curves = h('div', { class: 'canvas', role: 'img' });
    this.curveControls = h('div', { class: 'controls' });
    this.legend = h('ul', { class: 'legend', 'aria-label': 'Runs in the plot' });
    this.curveNote = h('p', { class: 'hint' });
    this.parallel = h('div', { class: 'canvas', role: 'img' });
    this.parallelNote = h('p', { class: 'hint' });
    this.element = h('div', { class: 'plots' },
      h('section', { class: 'card', 'aria-labelledby': 'curves-title' },
        h('div', { class: 'title' }, h('h2', { id: 'curves-title' }, 'Curves'), this.curveControls), this.curves, this.legend, this.curveNote),
      h('section', { class: 'card', 'aria-labelledby': 'parallel-title' },
        h('div', { class: 'title' }, h('h2', { id: 'parallel-title' }, 'Params and metric')), this.parallel, this.parallelNote));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.drawn = {};
      if (this.runs) this.refresh(this.runs);
    });
    this.drawn = {};
  }

  /** Draws the plots of these runs, once the table above is seen. */
  refresh(runs) {
    this.runs = runs;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.refreshCurves();
      this.refreshParallel();
    }, 20);
  }

  /** Draws only what differs from what is drawn. */
  draw(name, key, draw) {
    if (this.drawn[name] === key) return;
    this.drawn[name] = key;
    draw();
  }

  refreshCurves() {
    const chosen = state.chosen.map((key) => this.report.byKey.get(key)).filter(Boolean);
    const runs = (chosen.length ? chosen.slice(0, mostCurves) : this.runs.slice(0, curvesWithoutChoice)).filter((run) => run.count);
    const metrics = namesOf(runs, (run) => run.columns);
    const metric = metrics.includes(state.metric) ? state.metric
      : runs.map((run) => run.primary?.[0]).find((name) => metrics.includes(name)) ?? metrics[0];
    redraw(this.curveControls, metrics.length > 0 && [
      select('Metric', 'metric', metrics.map((name) => [name, cut(name, 40)]), metric, (value) => change({ metric: value })),
      select('Over', 'x', [['step', 'steps'], ['time', 'time']], state.x, (value) => change({ x: value })),
      h('label', { class: 'field' }, h('input', { type: 'checkbox', checked: state.log, 'data-key': 'log', onchange: (event) => change({ log: event.target.checked }) }), h('span', null, 'Log')),
    ]);
    const colour = (run, index) => (chosen.length ? colourOf(run) : colours[index % colours.length]);
    redraw(this.legend, runs.map((run, index) => h('li', null,
      h('span', { class: 'swatch', colour: colour(run, index), 'aria-hidden': 'true' }),
      h('a', { href: addressOf({ view: 'experiment', run: run.key }), 'data-key': `legend ${run.key}` }, label(run.shortId)), ' ',
      h('span', { class: 'about' }, label(this.about(run), 60)))));
    this.curveNote.textContent = !runs.length ? 'None of these experiments has checkpoints.'
      : chosen.length > mostCurves ? `The first ${mostCurves} of ${chosen.length} chosen experiments.`
      : chosen.length ? '' : 'Nothing is chosen: these are the first of the table.';
    this.draw('curves', JSON.stringify([runs.map((run, index) => [run.key, colour(run, index)]), metric, state.x, state.log]), () => {
      if (metric === undefined) this.curves.replaceChildren();
      else this.drawCurves(runs, metric, runs.map(colour));
    });
  }

  about = (run) => differingParams(this.report.runs).filter((name) => run.params.has(name))
    .map((name) => `${name}=${toShortText(run.params.get(name))}`).join(', ');

  drawCurves(runs, metric, runColours) {
    const points = runs.flatMap((run, r) => curvePoints(run, metric, r));
    const bests = points.filter(({ r, i, y }) => y !== null && runs[r].best === i && runs[r].primary[0] === metric);
    const values = points.map(({ x, y, r }) => ({ x, y, r }));
    if (!points.some(({ y }) => y !== null)) {
      this.curves.replaceChildren(h('p', { class: 'empty' }, `No number of ${cut(metric, 40)} can be drawn${state.log ? ' on a log axis' : ''}.`));
      return;
    }
    const few = points.length / runs.length < 25;
    const colour = { field: 'r', type: 'nominal', scale: { domain: runs.map((_, r) => r), range: runColours }, legend: null };
    const x = { field: 'x', type: 'quantitative', title: state.x === 'time' ? 'minutes since its start' : 'step', axis: { grid: false, tickMinStep: state.x === 'time' ? 0 : 1 } };
    const y = { field: 'y', type: 'quantitative', title: [cut(metric, 40)], scale: state.log ? { type: 'log', nice: false } : { zero: false } };
    this.curves.setAttribute('aria-label', `${cut(metric, 80)} over ${state.x === 'time' ? 'time' : 'steps'} of ${runs.map((run) => run.shortId).join(', ')}`);
    drawPlot(this.curves, {
      height: 260,
      data: { values },
      layer: [
        { mark: { type: 'line', strokeWidth: 1.8, invalid: 'break-paths-filter-domains', point: few && { size: 22 } }, encoding: { x, y, color: colour } },
        ...(bests.length ? [{ data: { values: bests }, mark: { type: 'point', filled: true, size: 70, stroke: styleOf('--card'), strokeWidth: 1.5, opacity: 1 }, encoding: { x, y, color: colour } }] : []),
        { transform: [{ filter: 'isValid(datum.y)' }], mark: { type: 'point', size: 120, opacity: 0, filled: true }, encoding: { x, y, color: colour } },
      ],
    }, {
      describe: (datum) => runs[datum.r] && Number.isFinite(datum.y)
        && [h('b', null, runs[datum.r].shortId), ` ${state.x === 'time' ? `after ${durationText(datum.x * 6e10)}` : `step ${datum.x}`}: `, toShortText(datum.y)],
    });
  }

  refreshParallel() {
    const chosen = this.runs.filter(isChosen);
    const lines = this.runs.length <= mostLines ? this.runs
      : [...chosen, ...this.runs.filter((run) => !isChosen(run))].slice(0, Math.max(mostLines, chosen.length));
    const metric = mostFrequent(lines.map((run) => run.primary?.[0]).filter((name) => name !== undefined));
    const shown = shownColumns(this.report).filter((column) => column.group === 'params').map((column) => column.name);
    const differing = new Set(differingParams(lines));
    const params = shown.filter((name) => differing.has(name));
    const axes = [
      ...params.slice(0, mostAxes).map((name) => parallelAxis(name, lines, (run) => run.params.get(name))),
      ...(metric === undefined ? [] : [parallelAxis(metric, lines, (run) => run.metrics.get(metric))]),
    ];
    this.parallelNote.textContent = axes.length < 2
      ? 'This plot needs a param in the table that differs, and a primary metric or another such param.'
      : [
        params.length > mostAxes ? `The first ${mostAxes} of the ${params.length} params in the table that differ.` : '',
        lines.length < this.runs.length ? `The chosen and the first of the table, ${lines.length} of ${this.runs.length.toLocaleString('en')} experiments.` : '',
      ].join(' ').trim();
    const key = JSON.stringify([axes.map((axis) => axis.name), lines.map((run) => run.key), state.chosen]);
    this.draw('parallel', key, () => {
      if (axes.length < 2) this.parallel.replaceChildren();
      else this.drawParallel(axes, metric, lines);
    });
  }

  drawParallel(axes, metric, runs) {
    const goal = runs.find((run) => run.primary?.[0] === metric)?.primary?.[1];
    const anyChosen = state.chosen.length > 0;
    const ramp = (run) => {
      const place = metric === undefined ? 1 : axes.at(-1).place(run);
      return place < 0 ? styleOf('--line-strong') : mix(styleOf('--worst'), styleOf('--finest'), goal === 'minimize' ? 1 - place : place);
    };
    // The chosen ones are drawn last, above the others.
    const order = runs.map((run, r) => ({ run, r })).sort((a, b) => isChosen(a.run) - isChosen(b.run));
    const points = order.flatMap(({ run, r }, z) => axes.map((axis, a) => ({
      r, z, a, v: axis.place(run), c: isChosen(run) ? colourOf(run) : anyChosen ? styleOf('--line-strong') : ramp(run),
      o: isChosen(run) ? 1 : anyChosen ? 0.45 : 0.75, w: isChosen(run) ? 2.4 : 1.3,
    })));
    const ticks = axes.flatMap((axis, a) => axis.ticks.map(([v, t]) => ({ a, v, t: cut(t, 14) })));
    const x = { field: 'a', type: 'quantitative', axis: null, scale: { domain: [0, axes.length - 1], nice: false, zero: false, padding: 46 } };
    const y = { field: 'v', type: 'quantitative', axis: null, scale: { domain: [-0.14, 1], nice: false } };
    this.parallel.setAttribute('aria-label', `Parallel coordinates of ${runs.length} experiments over ${axes.map((axis) => axis.name).join(', ')}; the table has the same numbers`);
    drawPlot(this.parallel, {
      height: 290,
      layer: [
        { data: { values: axes.map((axis, a) => ({ a, t: cut(axis.name, 18) })) }, mark: { type: 'text', dy: -14, fontSize: 12, fontWeight: 600, color: styleOf('--ink') }, encoding: { x, y: { ...y, field: undefined, datum: 1 }, text: { field: 't', type: 'nominal' } } },
        { data: { values: points }, mark: { type: 'line', strokeJoin: 'round' }, encoding: {
          x, y, detail: { field: 'z', type: 'quantitative' }, color: { field: 'c', type: 'nominal', scale: null },
          opacity: { field: 'o', type: 'quantitative', scale: null }, strokeWidth: { field: 'w', type: 'quantitative', scale: null } } },
        { data: { values: axes.map((_, a) => ({ a })) }, mark: { type: 'rule', color: styleOf('--soft'), strokeWidth: 1 }, encoding: { x, y: { ...y, field: undefined, datum: 0 }, y2: { datum: 1 } } },
        { data: { values: ticks }, mark: { type: 'text', align: 'right', dx: -6, fontSize: 11, color: styleOf('--ink'), stroke: styleOf('--card'), strokeWidth: 3 }, encoding: { x, y, text: { field: 't', type: 'nominal' } } },
        { data: { values: ticks }, mark: { type: 'text', align: 'right', dx: -6, fontSize: 11, color: styleOf('--ink') }, encoding: { x, y, text: { field: 't', type: 'nominal' } } },
      ],
    }, {
      describe: (datum) => runs[datum.r] && [h('b', null, runs[datum.r].shortId), ' ', label(this.about(runs[datum.r]), 80)],
      onclick: (datum) => runs[datum.r] && choose(runs[datum.r], !isChosen(runs[datum.r])),
    });
  }
}

/** The points of a curve, of very many the lowest and highest of each stretch; x is a step or minutes. */
function curvePoints(run, metric, r) {
  const values = run.curve(metric);
  const points = values.map((value, i) => ({
    r, i,
    x: state.x === 'time' ? Number(run.createdAt(i) - run.created) / 6e10 : run.steps[i],
    y: value !== null && Number.isFinite(value) && (!state.log || value > 0) ? value : null,
  }));
  if (points.length <= mostPoints) return points;
  const width = Math.ceil((2 * points.length) / mostPoints);
  const kept = new Set([run.best]);
  for (let start = 0; start < points.length; start += width) {
    const stretch = points.slice(start, start + width).filter((point) => point.y !== null);
    for (const better of [(a, b) => a.y < b.y, (a, b) => a.y > b.y]) {
      if (stretch.length) kept.add(stretch.reduce((a, b) => (better(b, a) ? b : a)).i);
    }
  }
  return points.filter((point) => kept.has(point.i));
}

/** An axis: where a run lies on it from 0 to 1, below 0 for one that has no such value, and what stands beside it. */
function parallelAxis(name, runs, valueOf) {
  const values = runs.map(valueOf);
  const numbers = values.filter((value) => isNumber(value) && Number.isFinite(Number(value))).map(Number);
  const none = -0.14;
  const missing = (ticks, isMissing) => (values.some(isMissing) ? [...ticks, [none, 'none']] : ticks);
  if (values.every((value) => (value ?? null) === null || isNumber(value)) && numbers.length) {
    const [low, high] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
    const isLog = low > 0 && high / low >= 50;
    const scale = isLog ? Math.log : (value) => value;
    const place = (value) => (!isNumber(value) || !Number.isFinite(Number(value)) ? none
      : high === low ? 0.5 : (scale(Number(value)) - scale(low)) / (scale(high) - scale(low)));
    const between = [0.25, 0.5, 0.75].map((v) => [v, isLog ? Math.exp(scale(low) + v * (scale(high) - scale(low))) : low + v * (high - low)]);
    const distinct = [...new Set(numbers)];
    const ticks = high === low ? [[0.5, toShortText(low)]]
      : distinct.length <= 6 ? distinct.map((value) => [place(value), toShortText(value)])
      : [[0, low], ...between, [1, high]].map(([v, value]) => [v, String(Number(value.toPrecision(3)))]);
    return { name, place: (run) => place(valueOf(run)), ticks: missing(ticks, (value) => place(value) === none) };
  }
  const texts = [...new Set(values.filter((value) => value !== undefined).map(toText))].sort(compareNames);
  const place = (value) => (value === undefined ? none : texts.length === 1 ? 0.5 : texts.indexOf(toText(value)) / (texts.length - 1));
  const every = Math.ceil(texts.length / 12);
  const ticks = texts.filter((_, index) => index % every === 0).map((value) => [texts.length === 1 ? 0.5 : texts.indexOf(value) / (texts.length - 1), value]);
  return { name, place: (run) => place(valueOf(run)), ticks: missing(ticks, (value) => value === undefined) };
}

function mostFrequent(items) {
  const counts = new Map();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** A colour between two, both #rrggbb. */
function mix(from, to, share) {
  const channel = (at) => {
    const [a, b] = [from, to].map((colour) => parseInt(colour.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * Math.min(1, Math.max(0, share))).toString(16).padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}
