// The head of a column: sorting, and a menu to pin, move, widen, colour, group by and hide it.

/** The sort of a column as the address writes it, and its direction. */
function sortOf(column, sort) {
  const isSorted = sort && (sort.name === column.key || sort.name === column.name || sort.name === `${column.group}.${column.name}`);
  return isSorted ? (sort.descending ? 'descending' : 'ascending') : null;
}

function sortBy(column, direction) {
  change({ sort: direction ? `${column.key}-${direction === 'descending' ? 'desc' : 'asc'}` : '' });
  announce(direction ? `Sorted by ${column.title}, ${direction}` : 'In the order as at first');
}

/** A third press goes back to the order as at first. */
function nextSort(report, column) {
  const direction = sortOf(column, findRuns(report).sort);
  return direction === null ? 'ascending' : direction === 'ascending' ? 'descending' : null;
}

function Header({ report, column, columns, sort, width, style, isPinned }) {
  const direction = sortOf(column, sort);
  const cell = useRef();
  return h('th', {
    scope: 'col', ref: cell, class: `${column.isNumber ? 'number ' : ''}${isPinned ? 'pinned' : ''}`, style,
    'aria-sort': column.isUnsorted ? undefined : direction ?? 'none',
    ondragover: (event) => event.dataTransfer.types.includes('text/column') && event.preventDefault(),
    ondrop: (event) => {
      event.preventDefault();
      const key = event.dataTransfer.getData('text/column');
      const isRight = event.clientX > cell.current.getBoundingClientRect().left + width / 2;
      const after = columns[columns.indexOf(column) + 1]?.key ?? null;
      if (key && key !== column.key) moveColumn(report, key, isRight ? (after === key ? column.key : after) : column.key);
    },
  },
  h('div', { class: 'head-cell' },
    h('button', {
      type: 'button', class: 'sort', 'data-key': `sort ${column.key}`, 'aria-disabled': column.isUnsorted ? 'true' : undefined, draggable: true,
      title: column.title, onclick: () => column.isUnsorted || sortBy(column, nextSort(report, column)),
      ondragstart: (event) => {
        event.dataTransfer.setData('text/column', column.key);
        event.dataTransfer.effectAllowed = 'move';
      },
    }, label(column.title, 28), h('span', { class: 'arrow', 'aria-hidden': 'true' }, { ascending: '↑', descending: '↓' }[direction] ?? '')),
    h(ColumnMenu, { report, column, columns, width, isPinned })),
  h('span', { class: 'resize', 'data-key': `resize ${column.key}`, onpointerdown: (event) => resize(event, column, width) }));
}

function resize(event, column, width) {
  event.preventDefault();
  const [handle, start] = [event.currentTarget, event.clientX];
  handle.setPointerCapture(event.pointerId);
  handle.onpointermove = (moved) => setWidth(column.key, width + moved.clientX - start);
  handle.onpointerup = () => (handle.onpointermove = null);
}

function ColumnMenu({ report, column, columns, width, isPinned }) {
  const at = columns.indexOf(column);
  const isScaled = scaledKeys(report).includes(column.key);
  const items = (close) => {
    const item = (title, act, isOff) => !isOff && h('button', {
      type: 'button', class: 'quiet', 'data-key': title, onclick: () => {
        act();
        close();
      },
    }, title);
    return h('div', { class: 'menu' },
      item('Sort ascending', () => sortBy(column, 'ascending'), column.isUnsorted),
      item('Sort descending', () => sortBy(column, 'descending'), column.isUnsorted),
      item(isPinned ? 'Unpin' : 'Pin to the left', () => change({ pin: toggled(state.pin, column.key, !isPinned) })),
      item('Move left', () => moveColumn(report, column.key, columns[at - 1].key), at === 0),
      item('Move right', () => moveColumn(report, column.key, columns[at + 2]?.key ?? null), at === columns.length - 1),
      item('Wider', () => setWidth(column.key, width + 40)),
      item('Narrower', () => setWidth(column.key, width - 40), width <= leastWidth),
      item(isScaled ? 'Without colours' : 'Colour by value', () => change({ scale: toggled(scaledKeys(report), column.key, !isScaled) }), !column.isNumber || !column.of),
      item(state.group === column.key ? 'Ungroup' : 'Group by it', () => change({ group: state.group === column.key ? '' : column.key, open: [] }), !column.of || column.group === 'metrics'),
      item('Hide', () => hideColumn(report, column.key)));
  };
  return h(Popup, { title: '⋮', name: `Column ${column.title}`, dataKey: `menu ${column.key}`, className: 'column-menu' }, items);
}

/** The columns whose cells are coloured: at first the primary metric. */
function scaledKeys(report) {
  const primary = primaryOf(report);
  return state.scale ?? (primary ? [`metrics.${quoteName(primary.name)}`] : []);
}

/** A colour for a cell by the rank of its value among all runs, the better end by the goal; null for none. */
function scaleOf(report, column) {
  if (!scaledKeys(report).includes(column.key)) return null;
  const scales = (report.scales ??= new Map());
  if (!scales.has(column.key)) {
    const values = [...new Set(report.runs.map(column.of).filter(finite).map(Number))].sort((a, b) => a - b);
    scales.set(column.key, new Map(values.map((value, i) => [value, values.length > 1 ? i / (values.length - 1) : 0.5])));
  }
  const isLess = column.group === 'metrics' ? isLessBetter(report, column.name) : null;
  return (value) => {
    if (!finite(value)) return null;
    const place = scales.get(column.key).get(Number(value)) ?? 0.5;
    return `color-mix(in srgb, var(--scale-${isLess === null ? 'neutral' : 'good'}) ${Math.round((isLess ? 1 - place : place) * 62)}%, var(--card))`;
  };
}
