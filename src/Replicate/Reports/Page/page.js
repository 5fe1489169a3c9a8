// The page: its head, which view is open, and reloading.

async function start() {
  const main = document.getElementById('main');
  let report;
  try {
    report = await readReport();
  } catch (error) {
    main.replaceChildren(h('p', { class: 'error', role: 'alert' }, `This report cannot be shown: ${error.message}. It needs a browser of 2023 or later.`));
    return;
  }
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
  readState();
  const view = new Views(report, main);
  onStateChange = (isOtherView) => view.show(isOtherView);
  addEventListener('popstate', () => {
    readState();
    view.show(true);
  });
  addEventListener('beforeprint', () => view.print());
  addEventListener('afterprint', () => view.show(false));
  drawAbout(report);
  view.show(false);
  keepUp(report);
}

class Views {
  constructor(report, main) {
    this.report = report;
    this.main = main;
    this.makers = { experiments: ExperimentsView, compare: CompareView, experiment: DetailsView };
    this.made = {};
  }

  show(isOtherView) {
    const name = this.report.runs.length === 0 ? 'empty' : this.makers[state.view] ? state.view : 'experiments';
    drawNavigation(this.report, name);
    if (name === 'empty') {
      this.main.replaceChildren(h('div', { class: 'nothing' }, h('h1', null, 'No experiments'),
        h('p', null, 'There is no experiment in this report. Record one, for example with '), h('code', null, 'New-ReplicateExperiment'),
        h('p', null, 'or look whether the filter of the report leaves any.')));
      return;
    }
    const view = (this.made[name] ??= new this.makers[name](this.report));
    if (this.main.firstElementChild !== view.element) this.main.replaceChildren(view.element);
    view.refresh();
    if (isOtherView) {
      scrollTo(0, 0);
      this.main.focus({ preventScroll: true });
      announce(document.querySelector('nav [aria-current]')?.textContent ?? '');
    }
  }

  print() {
    this.made[state.view]?.printAll?.();
    for (const details of this.main.querySelectorAll('details.file')) details.open = true;
  }
}

function drawNavigation(report, current) {
  const link = (view, title, address) => h('a', { href: address, 'aria-current': view === current && 'page', 'data-key': `view ${view}` }, title);
  redraw(document.getElementById('views'),
    link('experiments', 'Experiments', addressOf({ view: 'experiments', run: '' })),
    link('compare', state.chosen.length > 1 ? `Compare (${state.chosen.length})` : 'Compare',
      addressOf(state.view === 'compare' ? {} : { run: '', ...compareChange() })),
    current === 'experiment' && link('experiment', ['Experiment ', label(report.byKey.get(state.run)?.shortId ?? state.run, 12)], addressOf()));
}

function drawAbout(report) {
  const repositories = report.repositories.length === 1 ? [text(report.repositories[0], { length: 120 }), ' · ']
    : report.repositories.length ? `${report.repositories.length} repositories · ` : '';
  document.getElementById('title').replaceChildren(...[text(report.title, { length: 120 })].flat());
  document.getElementById('about').replaceChildren(...[repositories, h('span', null, plural(report.runs.length, 'experiment')), ' · written ',
    h('time', { datetime: report.made }, localText(toMoment(report.made)))].flat(Infinity));
  document.getElementById('notes').replaceChildren(...report.notes.map((note) => h('li', null, text(note, { length: 600 }))).flat());
  document.getElementById('made').textContent = `Replicate for PowerShell ${report.version}`;
}

/** A watched page reloads itself: one from disk may not ask for what is new. It stays where it is scrolled to. */
function keepUp(report) {
  const stored = (read) => {
    try {
      return read(sessionStorage);
    } catch {
      return null;
    }
  };
  const left = JSON.parse(stored((storage) => storage.getItem('left')) ?? 'null');
  stored((storage) => storage.removeItem('left'));
  if (left) {
    requestAnimationFrame(() => {
      document.querySelector(`[data-key="${CSS.escape(left.focus)}"]`)?.focus({ preventScroll: true });
      scrollTo(left.x, left.y);
    });
    // The plots, which come later, make the page longer.
    setTimeout(() => scrollTo(left.x, left.y), 400);
  }
  if (!report.reloadsAfter) return;
  let isPaused = false;
  const button = h('button', { type: 'button', class: 'quiet live', 'data-key': 'live', onclick: () => {
    isPaused = !isPaused;
    show();
  } });
  const show = () => {
    button.textContent = isPaused ? 'Paused' : 'Live';
    button.setAttribute('aria-label', isPaused ? 'Follow the runs again' : `Follows the runs every ${report.reloadsAfter} seconds; press to pause`);
    button.setAttribute('aria-pressed', String(!isPaused));
  };
  document.getElementById('follow').replaceChildren(button);
  show();
  setInterval(() => {
    // Not while somebody writes or marks a text.
    const isBusy = document.activeElement?.matches('input[type=text]') && document.activeElement.value !== '';
    if (isPaused || isBusy || document.hidden || String(getSelection()) !== '') return;
    const focus = document.activeElement?.dataset.key ?? '';
    stored((storage) => storage.setItem('left', JSON.stringify({ x: scrollX, y: scrollY, focus })));
    location.reload();
  }, report.reloadsAfter * 1000);
}

start();
