// What the reader has chosen, kept in the address, so that a reload or a copied address shows the same.

const defaults = {
  view: 'experiments', run: '', file: '', sort: '', filter: [], search: '', group: '', open: [],
  column: null, pin: [], width: [], scale: null, chosen: [],
  metric: [], x: 'step', smooth: 0, log: false, logx: false, zoom: '', across: '', up: '',
  compare: [], against: '', equal: false,
};
const state = { ...defaults };
let onStateChange = () => {};

function readState() {
  const read = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of Object.entries(defaults)) {
    state[name] = !read.has(name) ? value
      : Array.isArray(value) || name === 'column' || name === 'scale' ? read.getAll(name).filter((item) => item !== '')
      : typeof value === 'number' ? Math.min(0.99, Math.max(0, Number(read.get(name)) || 0))
      : typeof value === 'boolean' ? true
      : read.get(name);
  }
}

/** The address of a state, the present one changed. */
function addressOf(change = {}) {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...state, ...change })) {
    if (Array.isArray(value)) {
      // An empty list of columns is one, an empty list of others is the default.
      for (const item of value.length || defaults[name] !== null ? value : ['']) written.append(name, item);
    } else if (value !== defaults[name] && value !== null) {
      written.append(name, value === true ? '1' : value);
    }
  }
  return `#${written}`;
}

const address = { timer: 0, writtenAt: 0 };

function writeAddress() {
  clearTimeout(address.timer);
  address.writtenAt = performance.now();
  history.replaceState(null, '', addressOf());
}

/** Changes the state; a change of view can be gone back from. */
function change(changes) {
  const isOtherView = ['view', 'run'].some((name) => name in changes && changes[name] !== state[name]);
  const other = isOtherView && addressOf(changes);
  Object.assign(state, changes);
  // A browser refuses more than some changes of the address a second, as a drag would make them.
  clearTimeout(address.timer);
  if (isOtherView) history.pushState(null, '', other);
  else if (performance.now() - address.writtenAt > 150) writeAddress();
  else address.timer = setTimeout(writeAddress, 150);
  onStateChange(isOtherView);
}

const isChosen = (run) => state.chosen.includes(run.key);

/** A list with an item in it, or without it. */
const toggled = (list, item, isOn) => (isOn ? [...list.filter((one) => one !== item), item] : list.filter((one) => one !== item));

// Apart in both schemes, and for most who see few colours; a run keeps its own while others come and go after it.
const colours = ['#4269d0', '#e8a30c', '#ef5d50', '#1ba3a3', '#3c9a48', '#e0679b', '#9a5fe0', '#7f8c9b', '#9c6b4e', '#5aa9e6'];
const colourOf = (run) => colours[Math.max(0, state.chosen.indexOf(run.key)) % colours.length];

const choose = (run, isOn) => change({ chosen: toggled(state.chosen, run.key, isOn) });
