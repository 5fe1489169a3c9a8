// The page: its head, and which view is open.

const views = { experiments: Experiments, compare: Compare, experiment: Details };

async function start() {
  const page = document.getElementById('page');
  const style = document.createElement('style');
  style.textContent = lib.plotStyle;
  document.head.append(style);
  let report;
  try {
    report = await readReport();
  } catch (error) {
    render(h('main', null, h('p', { class: 'error', role: 'alert' }, `This report cannot be shown: ${error.message}. It needs a browser of 2024 or later.`)), page);
    return;
  }
  writtenAt = { moment: toMoment(report.made), isFollowed: report.reloadsAfter !== undefined, every: report.reloadsAfter };
  let isPrinted = false;
  const draw = (isOtherView) => {
    render(h(Page, { report, isPrinted }), page);
    if (!isOtherView) return;
    scrollTo(0, 0);
    document.getElementById('main').focus({ preventScroll: true });
    announce(document.querySelector('nav [aria-current=page]')?.textContent ?? '');
  };
  // What changes several times before the next frame is drawn once.
  let frame = 0;
  let goesOn = false;
  onStateChange = (isOtherView) => {
    goesOn ||= isOtherView;
    cancelAnimationFrame(frame);
    if (isOtherView || document.hidden) {
      draw(goesOn);
      goesOn = false;
    } else {
      frame = requestAnimationFrame(() => {
        draw(goesOn);
        goesOn = false;
      });
    }
  };
  addEventListener('popstate', () => {
    readState();
    draw(true);
  });
  addEventListener('beforeprint', () => {
    isPrinted = true;
    draw(false);
  });
  addEventListener('afterprint', () => {
    isPrinted = false;
    draw(false);
  });
  readState();
  draw(false);
  goBackToPlace();
}

function Page({ report, isPrinted }) {
  const name = views[state.view] ? state.view : 'experiments';
  return h(Fragment, null,
    h('a', { class: 'skip', href: '#main', onclick: (event) => {
      event.preventDefault();
      document.getElementById('main').focus();
    } }, 'Skip to the content'),
    h('header', null,
      h('div', { class: 'head' }, h(About, { report }), report.reloadsAfter && h('div', { id: 'follow' }, h(Live, { report }))),
      h(Navigation, { report, current: name })),
    report.notes.length > 0 && h('ul', { id: 'notes' }, report.notes.map((note) => h('li', { key: note }, text(note, { length: 600 })))),
    h('main', { id: 'main', tabindex: '-1' }, report.runs.length === 0 ? h(Nothing) : h(views[name], { key: name, report, isPrinted })),
    h('footer', { id: 'made' }, `Replicate for PowerShell ${report.version}`));
}

const Nothing = () => h('div', { class: 'nothing' }, h('h1', null, 'No experiments'),
  h('p', null, 'There is no experiment in this report. Record one, for example with '), h('code', null, 'New-ReplicateExperiment'),
  h('p', null, 'or look whether the filter of the report leaves any.'));

function Navigation({ report, current }) {
  const link = (view, title, address) => h('a', { href: address, 'aria-current': view === current ? 'page' : undefined, 'data-key': `view ${view}` }, title);
  return h('nav', { id: 'views', 'aria-label': 'Views' },
    link('experiments', 'Experiments', addressOf({ view: 'experiments', run: '', file: '' })),
    report.runs.length > 1 && link('compare', state.chosen.length > 1 ? `Compare (${state.chosen.length})` : 'Compare',
      addressOf(current === 'compare' ? {} : { view: 'compare', run: '', compare: [] })),
    current === 'experiment' && link('experiment', ['Experiment ', label(report.byKey.get(state.run)?.shortId ?? state.run, 12)], addressOf()));
}

function About({ report }) {
  const repositories = report.repositories.length === 1 ? [text(report.repositories[0], { length: 120 }), ' · ']
    : report.repositories.length ? `${report.repositories.length} repositories · ` : '';
  return h('div', null, h('p', { id: 'title' }, text(report.title, { length: 120 })),
    h('p', { id: 'about' }, repositories, h('span', null, plural(report.runs.length, 'experiment')), ' · written ',
      h('time', { datetime: report.made }, localText(toMoment(report.made)))));
}

start();
