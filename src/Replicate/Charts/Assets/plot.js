// Draws the chart that stands in the page as JSON. What comes from a repository is only ever a value of the data or a
// text of the specification, never a name of a field or a part of an expression.
(() => {
  'use strict';
  const chart = JSON.parse(document.getElementById('data').textContent);
  const isSingle = chart.panels.length === 1;
  const colors = { domain: chart.series.map(series => series.name), range: chart.series.map(series => series.color) };
  const dashes = { domain: colors.domain, range: chart.series.map(series => series.dash) };

  // Marks are cut off at the edge of a panel that can be moved: there is some room beyond them.
  function beyond(axis, before, after) {
    const length = axis.isLog ? Math.log10(axis.max) - Math.log10(axis.min) : axis.max - axis.min;
    const at = (end, share) => (axis.isLog ? end * 10 ** (length * share) : end + length * share);
    const domain = [at(axis.min, -before), at(axis.max, after)];
    return domain.every(Number.isFinite) && length > 0 ? domain : [axis.min, axis.max];
  }

  const scale = (axis, before, after) => axis.isLog
    ? { type: 'log', domain: beyond(axis, before, after), nice: false }
    : { type: 'linear', domain: beyond(axis, before, after), nice: false, zero: false };

  const label = axis => axis.label + (axis.isLog ? ' (log)' : '');

  const place = panel => ({
    x: panel.x.categories
      ? { field: 'c', type: 'ordinal', sort: panel.x.categories, scale: { domain: panel.x.categories }, axis: { labelAngle: 0, grid: false }, title: panel.x.label }
      : {
        field: 'x', type: 'quantitative', title: label(panel.x), scale: scale(panel.x, 0.01, chart.isScatter ? 0.08 : 0.02),
        axis: { grid: false, tickCount: isSingle ? 8 : 5, ...(chart.isScatter ? {} : { tickMinStep: 1 }) },
      },
    y: { field: 'y', type: 'quantitative', title: null, scale: scale(panel.y, 0.015, 0.015), axis: { tickCount: isSingle ? 6 : 4 } },
  });

  const tooltip = panel => [
    { field: 's', type: 'nominal', title: 'experiment' },
    { field: panel.x.categories ? 'c' : 'x', type: 'nominal', title: chart.isScatter ? 'param' : 'step' },
    { field: 'y', type: 'nominal', title: 'value' },
  ];

  // Every experiment is chosen at first, and a click in the legend takes it out or in again.
  const shown = { param: 'shown', empty: false };
  const chosen = {
    name: 'shown', value: colors.domain.map(s => ({ s })), bind: 'legend',
    select: { type: 'point', fields: ['s'], toggle: 'true', clear: false },
  };

  const zoom = (panel, index) => ({
    name: `zoom${index}`, bind: 'scales', select: panel.x.categories ? { type: 'interval', encodings: ['y'] } : 'interval',
  });

  function lines(panel, index) {
    const underPointer = { param: `hover${index}`, empty: false };
    const legend = chart.series.length > 1
      ? { title: chart.heading || null, symbolType: 'stroke', symbolOpacity: 1, symbolLimit: 1000, columns: Math.ceil(chart.series.length / 20) }
      : null;
    const color = { field: 's', type: 'nominal', scale: colors, legend };
    const strokeDash = { field: 's', type: 'nominal', scale: dashes, legend };
    const filter = [{ filter: shown }];
    const hover = { name: `hover${index}`, select: { type: 'point', on: 'pointerover', nearest: true, clear: 'pointerout' } };
    return [
      { data: { name: `raw${index}` }, transform: filter, mark: { type: 'circle', size: 12, opacity: 0.35 }, encoding: { ...place(panel), color } },
      {
        data: { name: `points${index}` }, transform: filter, mark: { type: 'line', strokeWidth: 1.75, strokeJoin: 'round' },
        encoding: { ...place(panel), color, strokeDash, detail: { field: 'g' } }, params: index === 0 ? [chosen] : [],
      },
      {
        data: { name: `points${index}` }, transform: filter, mark: { type: 'circle' }, params: [hover, zoom(panel, index)],
        encoding: {
          ...place(panel), color, tooltip: tooltip(panel), size: { condition: { ...underPointer, value: 60 }, value: 16 },
          opacity: { condition: [{ ...underPointer, value: 1 }, { test: 'datum.d === 1', value: 1 }], value: 0 },
        },
      },
      {
        data: { name: `best${index}` }, transform: filter, mark: { type: 'point', filled: false, fill: '#ffffff', size: 80, strokeWidth: 2, opacity: 1 },
        encoding: { ...place(panel), color, tooltip: tooltip(panel) },
      },
    ];
  }

  function points(panel, index) {
    const layers = [
      {
        data: { name: `points${index}` }, mark: { type: 'circle', size: 70, opacity: 0.9, color: chart.colors[0] },
        encoding: { ...place(panel), tooltip: tooltip(panel) }, params: [zoom(panel, index)],
      },
      {
        data: { name: `best${index}` }, mark: { type: 'point', fill: '#ffffff', stroke: chart.colors[1], size: 80, strokeWidth: 2, opacity: 1 },
        encoding: { ...place(panel), tooltip: tooltip(panel) },
      },
    ];
    return chart.series.length > 16 ? layers : [...layers, {
      data: { name: `points${index}` }, mark: { type: 'text', align: 'left', dx: 9, fontSize: 11, color: '#5a5a5a' },
      encoding: { ...place(panel), text: { field: 'id' } },
    }];
  }

  const panels = chart.panels.map((panel, index) => ({
    title: { text: label(panel.y), anchor: 'start', fontSize: 13 },
    width: isSingle ? 'container' : 360,
    height: isSingle ? 420 : 240,
    layer: chart.isScatter ? points(panel, index) : lines(panel, index),
  }));

  const spec = {
    description: chart.description,
    datasets: chart.datasets,
    ...(isSingle ? panels[0] : { concat: panels, columns: 2 }),
    config: {
      font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif",
      axis: { gridColor: '#e6e6e6', domainColor: '#8c8c8c', tickColor: '#8c8c8c', labelColor: '#5a5a5a', labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', labelOverlap: true },
      legend: { labelFontSize: 12, labelLimit: 260, titleFontWeight: 'normal', titleColor: '#5a5a5a', symbolStrokeWidth: 2.5 },
      view: { stroke: null },
    },
  };

  document.querySelector('h1').textContent = chart.title;
  vegaEmbed('#chart', spec, {
    mode: 'vega-lite', ast: true, renderer: 'svg', actions: { export: true, source: false, compiled: false, editor: false },
  }).then(() => { document.documentElement.dataset.drawn = 'true'; });
})();
