// Following runs: a watched page reloads itself, since one from disk may not ask for what is new, and says what went silent.

const silentAfter = 30n * second;
let writtenAt = null;

/** The latest that is known: a page that is not followed tells of when it was written. */
const nowMoment = () => (writtenAt?.isFollowed ? BigInt(Date.now()) * 1000000n : writtenAt?.moment ?? 0n);

/** Whether a run is called running, and its heartbeat has stopped. */
const isSilent = (run) => run.status === 'Running' && run.heartbeat !== null && nowMoment() - run.heartbeat > silentAfter + BigInt(Math.round((writtenAt?.every ?? 0) * 1e9));

const stored = (act) => {
  try {
    return act(sessionStorage);
  } catch {
    return null;
  }
};

/** What the address does not hold: where the page and its boxes are scrolled to, and what has the focus. */
function keepPlace() {
  writeAddress();
  const boxes = Object.fromEntries([...document.querySelectorAll('.scroll[data-key]')].map((box) => [box.dataset.key, [box.scrollLeft, box.scrollTop]]));
  const open = [...document.querySelectorAll('details[open][data-key]')].map((details) => details.dataset.key);
  const focus = document.activeElement?.dataset.key ?? '';
  stored((storage) => storage.setItem('left', JSON.stringify({ x: scrollX, y: scrollY, focus, boxes, open })));
}

function goBackToPlace() {
  const left = JSON.parse(stored((storage) => storage.getItem('left')) ?? 'null');
  stored((storage) => storage.removeItem('left'));
  if (!left) return;
  requestAnimationFrame(() => {
    for (const details of document.querySelectorAll('details[data-key]')) details.open ||= left.open.includes(details.dataset.key);
    for (const [key, [x, y]] of Object.entries(left.boxes)) document.querySelector(`.scroll[data-key="${CSS.escape(key)}"]`)?.scrollTo(x, y);
    requestAnimationFrame(() => {
      document.querySelector(`[data-key="${CSS.escape(left.focus)}"]`)?.focus({ preventScroll: true });
      scrollTo(left.x, left.y);
      // The plots, which come later, make the page longer.
      setTimeout(() => scrollTo(left.x, left.y), 120);
    });
  });
}

function Live({ report }) {
  const [isPaused, pause] = useState(stored((storage) => storage.getItem('paused')) === '1');
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      tick((n) => n + 1);
      if ((Date.now() - Number(toMoment(report.made) / 1000000n)) / 1000 > 60 + 3 * report.reloadsAfter) onStateChange(false);
      // Not while somebody writes, marks a text, or has a box open.
      const isBusy = document.activeElement?.matches('input[type=text]') || looksLikeFilter(document.getElementById('filter')?.value ?? '') || document.querySelector('.popover') || String(getSelection()) !== '';
      if (isPaused || isBusy || document.hidden) return;
      keepPlace();
      location.reload();
    }, report.reloadsAfter * 1000);
    return () => clearInterval(timer);
  }, [isPaused]);
  const age = BigInt(Date.now()) * 1000000n - toMoment(report.made);
  const isStale = age > BigInt(Math.round(3 * report.reloadsAfter + 30)) * second;
  return h(Fragment, null,
    isStale && h('p', { class: 'stale', role: 'status' }, `Nothing new for ${durationText(age)}: whatever writes this page has stopped.`),
    h('button', {
      type: 'button', class: 'quiet live', 'data-key': 'live', 'aria-pressed': String(!isPaused),
      'aria-label': isPaused ? 'Follow the runs again' : `Follows the runs every ${report.reloadsAfter} seconds; press to pause`,
      onclick: () => {
        stored((storage) => (isPaused ? storage.removeItem('paused') : storage.setItem('paused', '1')));
        pause(!isPaused);
      },
    }, isPaused ? 'Paused' : 'Live'));
}
