// The view of one experiment: all that was recorded of it.

const rowsAtFirst = 25;

function Details({ report }) {
  const run = report.byKey.get(state.run);
  if (!run) return h('article', null, h('h1', null, 'Experiment'), h('p', { class: 'empty' }, 'This report has no such experiment: ', label(state.run), '.'));
  return h('article', { key: run.key },
    h('div', { class: 'headline' }, h('h1', null, 'Experiment ', label(run.shortId)), statusBadge(run), run.tags.map((tag) => h('span', { class: 'tag', key: tag }, label(tag))),
      h('span', { class: 'space' }),
      button(isChosen(run) ? 'Chosen' : 'Choose', 'choose', () => choose(run, !isChosen(run)), { 'aria-pressed': String(isChosen(run)) })),
    run.note && text(run.note, { tag: 'p', class: 'note', keep: '\n', length: 2000 }),
    run.errorOutput && h('section', null, h('h2', null, 'End of its error output'), text(run.errorOutput, { tag: 'pre', class: 'output', keep: '\n\t', length: 4000 })),
    h('div', { class: 'halves' },
      h(ValueList, { title: 'Experiment', values: fieldsOf(report, run) }),
      h('div', null, h(ValueList, { title: 'Params', values: run.params }),
        h(ValueList, { title: run.best !== null ? 'Metrics of the best checkpoint' : 'Metrics of the latest checkpoint', values: run.metrics }))),
    h(CheckOutCard, { run }),
    h(Files, { report, run }),
    run.log && h(LogEnd, { run }),
    h(Checkpoints, { run }),
    h('div', { class: 'halves' }, h(ValueList, { title: 'Environment', values: run.environment }),
      h('div', null, h(ValueList, { title: 'Git', values: run.git }), h(ValueList, { title: 'Build', values: run.build }))),
    run.packages.size > 0 && h(Disclosure, { dataKey: 'packages', summary: `Python packages (${run.packages.size})` }, () => h(ValueList, { title: 'Python packages', values: run.packages })));
}

/** The end of what the run wrote, and the command for all of it. */
function LogEnd({ run }) {
  const command = `Get-ReplicateLog ${quoteForPowerShell(idForCommand(run.id))} -Repository ${quoteForPowerShell(run.repository)}`;
  return h('section', null, h('h2', null, 'End of its log'),
    h('div', { tabindex: 0, role: 'region', 'aria-label': 'End of its log', class: 'log' }, text(run.log, { tag: 'pre', class: 'output', keep: '\n\t', length: 20000 })),
    h('p', { class: 'with-copy' }, 'All of it: ', text(command, { tag: 'code', length: 2000, dir: 'ltr' }), h(CopyButton, { value: command, title: 'Copy the command for the log', dataKey: 'copy log' })));
}

function fieldsOf(report, run) {
  const seconds = (moment) => h('time', { datetime: momentText(moment) }, localText(moment));
  const link = (id) => (report.byId.has(id)
    ? h('a', { href: addressOf({ run: report.byId.get(id).key, file: '' }) }, label(id.slice(0, 7))) : text(id));
  return new Map([
    ['ID', h('span', { class: 'with-copy' }, text(run.id, { tag: 'code' }), h(CopyButton, { value: run.id, title: 'Copy the id', dataKey: 'copy id' }))],
    ['Created', seconds(run.created)], ['Ended', run.ended !== null && seconds(run.ended)],
    ['Heartbeat', run.heartbeat !== null && [seconds(run.heartbeat), isSilent(run) && h('span', { class: 'kind worse' }, 'stopped')]],
    ['Duration', run.duration !== null && durationText(run.duration)],
    ['Command', run.command && text(run.command, { tag: 'code' })], ['Saved path', run.path && text(run.path)],
    ['User', run.user && text(run.user)], ['Host', run.host && text(run.host)], ['Python', run.python && text(run.python)],
    ['Primary metric', run.primary && [text(run.primary[0]), ` (${run.primary[1]})`]], ['Exit code', run.exitCode !== undefined && String(run.exitCode)],
    ['Went on from', run.parent && link(run.parent)], ['Its checkpoint', run.parentCheckpoint && text(run.parentCheckpoint.slice(0, 7))],
    ['Not yet sent', run.pending && 'Something of it waits on the machine that recorded it.'],
    ['Repository', text(run.repository)],
  ].filter(([, value]) => value));
}

const isNode = (value) => Array.isArray(value) ? value.some(isNode) : typeof value === 'object' && value !== null && 'props' in value;

/** A titled list of names and values; nothing for none. */
const ValueList = ({ title, values }) => values.size > 0 && h('section', { class: 'card' }, h('h2', null, title), h('dl', { class: 'values' },
  [...values].map(([name, value]) => h('div', { key: name }, h('dt', null, text(name, { length: 80 })), h('dd', null, isNode(value) ? value : valueText(value))))));

function CheckOutCard({ run }) {
  const [checkpoint, set] = useState(run.representative ?? '');
  return h('section', { class: 'card' }, h('h2', null, 'Check it out again'),
    run.count > 0 && select('Checkpoint', 'checkout', [...run.steps.map((step, i) => [i, `step ${step}, ${run.ids[i].slice(0, 7)}${i === run.best ? ' (best)' : ''}`]),
      ['', 'the experiment: its best, else its latest, at that time']], checkpoint, (value) => set(value === '' ? '' : Number(value))),
    h(Commands, { run, index: checkpoint === '' ? null : checkpoint }));
}

function Checkpoints({ run }) {
  const [most, showMost] = useState(rowsAtFirst);
  if (!run.count) return h('p', { class: 'hint' }, 'It has no checkpoints.');
  const names = [...run.columns.keys()];
  const hasPaths = run.paths !== undefined || run.unsaved !== undefined;
  const mark = (i) => [i === run.best && h('span', { class: 'kind best' }, 'best'), i === run.latest && h('span', { class: 'kind' }, 'latest')];
  return h('section', { 'aria-labelledby': 'checkpoints-title' },
    h('h2', { id: 'checkpoints-title' }, 'Checkpoints ', h('span', { class: 'count' }, run.count.toLocaleString('en'))),
    names.length > 0 && h('ul', { class: 'trends' }, names.slice(0, 12).map((name) => [name, sparkline(run, name)]).filter(([, line]) => line)
      .map(([name, line]) => h('li', { key: name }, label(name, 30), line))),
    h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Checkpoints' }, h('table', { class: 'checkpoints' },
      h('caption', { class: 'unseen' }, 'Checkpoints, oldest first'),
      h('thead', null, h('tr', null, ['Step', 'Checkpoint', 'Created'].map((title) => h('th', { key: title, scope: 'col', class: title === 'Step' ? 'number' : '' }, title)),
        names.map((name) => h('th', { key: name, scope: 'col', class: 'number' }, label(name, 28))), hasPaths && h('th', { scope: 'col' }, 'Saved path'))),
      h('tbody', null, run.steps.slice(0, most).map((step, i) => h('tr', { key: i, class: i === run.best ? 'chosen' : '' },
        h('td', { class: 'number' }, String(step)), h('th', { scope: 'row', class: 'id' }, label(run.ids[i].slice(0, 7)), ' ', mark(i)),
        h('td', null, localText(run.createdAt(i))),
        ((metrics) => names.map((name) => h('td', { key: name, class: 'number' }, metrics.has(name) ? label(toShortText(metrics.get(name)), 24) : '')))(run.metricsAt(i)),
        hasPaths && h('td', null, label(run.pathAt(i)), run.unsavedAt(i) && h('span', { class: 'hint' }, label(` not saved: ${run.unsavedAt(i)}`)))))))),
    most < run.count && button(`Show ${Math.min(500, run.count - most)} more`, 'more rows', () => showMost(most + 500)));
}
