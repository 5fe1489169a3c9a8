// What the reader has chosen, kept in the address, so that a reload or a copied address shows the same.

const defaults = {
  view: 'experiments', run: '', sort: '', filter: [], column: null, chosen: [], page: 1, size: 20,
  metric: '', x: 'step', log: false, left: '', right: '',
};
const state = { ...defaults };
let onStateChange = () => {};

function readState() {
  const read = new URLSearchParams(location.hash.slice(1));
  for (const [name, value] of Object.entries(defaults)) {
    state[name] = !read.has(name) ? value
      : value === null || Array.isArray(value) ? read.getAll(name).filter((item) => item !== '')
      : typeof value === 'number' ? Math.max(1, Math.floor(Number(read.get(name))) || value)
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
      for (const item of value.length || name !== 'column' ? value : ['']) written.append(name, item);
    } else if (value !== defaults[name] && value !== null) {
      written.append(name, value === true ? '1' : value);
    }
  }
  return `#${written}`;
}

/** Changes the state; a change of view can be gone back from. */
function change(changes) {
  const address = addressOf(changes);
  const isOtherView = ['view', 'run'].some((name) => name in changes && changes[name] !== state[name]);
  Object.assign(state, changes);
  history[isOtherView ? 'pushState' : 'replaceState'](null, '', address);
  onStateChange(isOtherView);
}

const isChosen = (run) => state.chosen.includes(run.key);

// Apart in both schemes, and for most who see few colours; a run keeps its own while others come and go after it.
const colours = ['#4269d0', '#e8a30c', '#ef5d50', '#1ba3a3', '#3c9a48', '#e0679b', '#9a5fe0', '#7f8c9b', '#9c6b4e', '#5aa9e6'];
const colourOf = (run) => colours[Math.max(0, state.chosen.indexOf(run.key)) % colours.length];

function choose(run, isOn) {
  const others = state.chosen.filter((key) => key !== run.key);
  change({ chosen: isOn ? [...others, run.key] : others });
}
