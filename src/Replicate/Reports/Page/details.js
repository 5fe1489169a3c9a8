// The view of one experiment: all that was recorded of it.

const rowsAtFirst = 25;

class DetailsView {
  constructor(report) {
    this.report = report;
    this.element = h('article');
  }

  refresh() {
    const run = this.report.byKey.get(state.run);
    if (!run) {
      redraw(this.element, h('h1', null, 'Experiment'), h('p', { class: 'empty' }, 'This report has no such experiment: ', label(state.run), '.'));
      return;
    }
    if (this.run === run) {
      this.redrawHead();
      return;
    }
    this.run = run;
    this.head = h('div', { class: 'headline' });
    this.commands = h('div');
    this.checkpoint = run.representative;
    this.rows = rowsAtFirst;
    this.checkpoints = h('section', { 'aria-labelledby': 'checkpoints-title' });
    redraw(this.element, this.head,
      run.note && text(run.note, { tag: 'p', class: 'note', keep: '\n', length: 2000 }),
      run.errorOutput && h('section', null, h('h2', null, 'End of its error output'), text(run.errorOutput, { tag: 'pre', class: 'output', keep: '\n\t', length: 4000 })),
      h('section', { class: 'card' }, h('h2', null, 'Check it out again'), this.commands),
      h('div', { class: 'halves' },
        this.list('Experiment', this.fields(run)),
        h('div', null, this.list('Params', run.params), this.list(run.best !== null ? 'Metrics of the best checkpoint' : 'Metrics of the latest checkpoint', run.metrics))),
      this.checkpoints,
      this.files(run),
      h('div', { class: 'halves' }, this.list('Environment', run.environment), h('div', null, this.list('Git', run.git), this.list('Build', run.build))),
      run.packages.size > 0 && lazyDetails(h('summary', null, `Python packages (${run.packages.size})`), () => this.list('Python packages', run.packages)));
    this.redrawHead();
    this.redrawCommands();
    this.redrawCheckpoints();
  }

  redrawHead() {
    const { run } = this;
    redraw(this.head, h('h1', null, 'Experiment ', label(run.shortId)), statusBadge(run), run.tags.map((tag) => h('span', { class: 'tag' }, label(tag))),
      h('span', { class: 'space' }),
      h('button', { type: 'button', 'data-key': 'choose', 'aria-pressed': String(isChosen(run)), onclick: () => choose(run, !isChosen(run)) },
        isChosen(run) ? 'Chosen' : 'Choose'));
  }

  fields(run) {
    const seconds = (moment) => h('time', { datetime: momentText(moment) }, localText(moment));
    const link = (id) => (this.report.byId.has(id)
      ? h('a', { href: addressOf({ run: this.report.byId.get(id).key }) }, label(id.slice(0, 7))) : text(id));
    const primary = run.primary && [text(run.primary[0]), ` (${run.primary[1]})`];
    return new Map([
      ['ID', h('span', { class: 'with-copy' }, text(run.id, { tag: 'code' }), copyButton(run.id, 'Copy the id', 'copy id'))],
      ['Created', seconds(run.created)], ['Ended', run.ended !== null && seconds(run.ended)],
      ['Duration', run.duration !== null && durationText(run.duration)],
      ['Command', run.command && text(run.command, { tag: 'code' })], ['Saved path', run.path && text(run.path)],
      ['User', run.user && text(run.user)], ['Host', run.host && text(run.host)], ['Python', run.python && text(run.python)],
      ['Primary metric', primary], ['Exit code', run.exitCode !== undefined && String(run.exitCode)],
      ['Went on from', run.parent && link(run.parent)], ['Its checkpoint', run.parentCheckpoint && text(run.parentCheckpoint.slice(0, 7))],
      ['Not yet sent', run.pending && 'Something of it waits on the machine that recorded it.'],
      ['Repository', text(run.repository)],
    ].filter(([, value]) => value));
  }

  /** A titled list of names and values; nothing for none. */
  list(title, values) {
    return values.size > 0 && h('section', { class: 'card' }, h('h2', null, title), h('dl', { class: 'values' },
      [...values].map(([name, value]) => h('div', null, h('dt', null, text(name, { length: 80 })),
        h('dd', null, value instanceof Node || Array.isArray(value) && value.some((one) => one instanceof Node) ? value : valueText(value))))));
  }

  redrawCommands() {
    const { run } = this;
    redraw(this.commands,
      run.count > 0 && select('Checkpoint', 'checkout', [...run.steps.map((step, i) => [i, `step ${step}, ${run.ids[i].slice(0, 7)}${i === run.best ? ' (best)' : ''}`]),
        ['', 'the experiment: its best, else its latest, at that time']], this.checkpoint ?? '', (value) => {
        this.checkpoint = value === '' ? null : Number(value);
        this.redrawCommands();
      }),
      commandList(run, this.checkpoint));
  }

  redrawCheckpoints() {
    const { run } = this;
    if (!run.count) {
      redraw(this.checkpoints, h('p', { class: 'hint' }, 'It has no checkpoints.'));
      return;
    }
    const names = [...run.columns.keys()];
    const hasPaths = run.paths !== undefined || run.unsaved !== undefined;
    const mark = (i) => [i === run.best && h('span', { class: 'kind best' }, 'best'), i === run.latest && h('span', { class: 'kind' }, 'latest')];
    redraw(this.checkpoints, h('h2', { id: 'checkpoints-title' }, 'Checkpoints ', h('span', { class: 'count' }, run.count.toLocaleString('en'))),
      names.length > 0 && h('ul', { class: 'trends' }, names.slice(0, 12).map((name) => [name, sparkline(run, name)]).filter(([, line]) => line)
        .map(([name, line]) => h('li', null, label(name, 30), line))),
      h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Checkpoints' }, h('table', { class: 'runs' },
        h('caption', { class: 'unseen' }, 'Checkpoints, oldest first'),
        h('thead', null, h('tr', null, ['Step', 'Checkpoint', 'Created'].map((title) => h('th', { scope: 'col', class: title === 'Step' && 'number' }, title)),
          names.map((name) => h('th', { scope: 'col', class: 'number' }, label(name, 28))), hasPaths && h('th', { scope: 'col' }, 'Saved path'))),
        h('tbody', null, run.steps.slice(0, this.rows).map((step, i) => h('tr', { class: i === run.best && 'chosen' },
          h('td', { class: 'number' }, String(step)), h('th', { scope: 'row', class: 'id' }, label(run.ids[i].slice(0, 7)), ' ', mark(i)),
          h('td', null, localText(run.createdAt(i))),
          ((metrics) => names.map((name) => h('td', { class: 'number' }, metrics.has(name) ? label(toShortText(metrics.get(name)), 24) : '')))(run.metricsAt(i)),
          hasPaths && h('td', null, label(run.pathAt(i)), run.unsavedAt(i) && h('span', { class: 'hint' }, label(` not saved: ${run.unsavedAt(i)}`)))))))),
      this.rows < run.count && h('button', {
        type: 'button', 'data-key': 'more rows', onclick: () => {
          this.rows += 500;
          this.redrawCheckpoints();
        },
      }, `Show ${Math.min(500, run.count - this.rows)} more`));
  }

  files(run) {
    const own = [[null, 'Saved with the experiment'], ...[...new Set([run.best, run.latest])].filter((i) => i !== null && run.hasFiles(i))
      .map((i) => [i, `Saved with the checkpoint of step ${run.steps[i]}`])];
    return h('section', { 'aria-labelledby': 'saved-title' }, h('h2', { id: 'saved-title' }, 'Files'),
      !run.hasFiles(null) && h('p', { class: 'hint' }, run.path ? 'The files of this experiment are not in this report.' : 'No files were saved with the experiment.'),
      own.filter(([index]) => run.hasFiles(index)).map(([index, title]) => {
        const files = (index === null ? run.files : run[`files${index}`]).map(([path, content, target]) => this.file(path, content, target));
        return files.length > 0 && h('div', { role: 'group', 'aria-label': title }, h('h3', null, title), files);
      }));
  }

  file(path, index, target) {
    if (target !== undefined) return h('p', { class: 'file' }, label(path, 200), h('span', { class: 'size' }, ' link to ', label(target, 200)));
    const [digest, length, lines] = this.report.contents[index];
    return lazyDetails(h('summary', null, label(path, 200), ' ', h('span', { class: 'size' }, sizeText(length))),
      () => (lines === null ? h('p', { class: 'hint' }, 'Binary, or too large to show. SHA-256: ', h('code', null, digest))
        : length ? codeTable(contentText(this.report, index), path) : h('p', { class: 'hint' }, 'An empty file.')));
  }
}
