// The table of runs: only the rows that are seen are drawn, however many there are.

const rowHeight = 31;
const spareRows = 12;

/** The rows to list: runs, or groups with the runs of those that are open. */
function listedRows(report, runs) {
  const groups = groupsOf(report, runs);
  return groups === null ? runs.map((run) => ({ run }))
    : groups.flatMap((group) => [{ group }, ...(state.open.includes(group.name) ? group.runs.map((run) => ({ run, inGroup: true })) : [])]);
}

function RunTable({ report, runs, sort, isPrinted }) {
  const box = useRef();
  const [scrolled, setScrolled] = useState(0);
  const [active, activate] = useState({ row: 0, kind: null });
  const rows = useMemo(() => listedRows(report, runs), [runs, state.group, state.open.join('\n')]);
  const columns = shownColumns(report);
  const widths = widthsOf(report, columns);
  const [chooseWidth, idWidth] = [34, 96];
  let pinnedLeft = chooseWidth + idWidth;
  const styles = columns.map((column, i) => {
    if (!state.pin.includes(column.key)) return undefined;
    pinnedLeft += widths[i];
    return { left: `${pinnedLeft - widths[i]}px` };
  });
  const scales = columns.map((column) => scaleOf(report, column));
  const best = bestOf(report);

  const height = box.current?.clientHeight ?? 600;
  const last = Math.max(0, rows.length - 1);
  const row = Math.min(active.row, last);
  const first = isPrinted ? 0 : Math.max(0, Math.min(Math.floor(scrolled / rowHeight), rows.length - 1) - spareRows);
  const end = isPrinted ? Math.min(rows.length, 5000) : Math.min(rows.length, first + Math.ceil(height / rowHeight) + 2 * spareRows);
  const drawn = rows.slice(first, end).map((item, i) => ({ item, index: first + i }));

  // The focus follows the arrow keys to rows that were not drawn yet.
  useLayoutEffect(() => {
    if (active.kind === null) return;
    box.current.querySelector(`[data-row="${row}"] [data-kind="${active.kind}"], [data-row="${row}"] [data-kind]`)?.focus({ preventScroll: true });
    activate({ row, kind: null });
  }, [active]);
  const goTo = (to, kind) => {
    const wanted = Math.min(last, Math.max(0, to));
    const scroller = box.current;
    const [top, bottom] = [wanted * rowHeight, wanted * rowHeight + 2 * rowHeight];
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    if (bottom > scroller.scrollTop + scroller.clientHeight - rowHeight) scroller.scrollTop = bottom - scroller.clientHeight + rowHeight;
    setScrolled(scroller.scrollTop);
    activate({ row: wanted, kind });
  };
  const onkeydown = (event) => {
    const kind = event.target.dataset.kind;
    const at = Number(event.target.closest('[data-row]')?.dataset.row);
    const page = Math.max(1, Math.floor(box.current.clientHeight / rowHeight) - 2);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, PageUp: at - page, PageDown: at + page, Home: 0, End: last }[event.key];
    if (kind && to !== undefined) {
      event.preventDefault();
      goTo(to, kind);
    }
  };
  const shared = { report, columns, widths, styles, scales, best, row };
  return h('div', {
    class: 'scroll runs-box', role: 'region', 'aria-label': 'Experiments, scrolls', tabindex: '0', ref: box, 'data-key': 'table',
    onscroll: (event) => setScrolled(event.currentTarget.scrollTop),
  },
  h('table', { class: 'runs', 'aria-rowcount': rows.length + 1, style: { width: `${chooseWidth + idWidth + widths.reduce((a, b) => a + b, 0)}px` } },
    h('caption', { class: 'unseen' }, 'Experiments'),
    h('colgroup', null, [chooseWidth, idWidth, ...widths].map((width, i) => h('col', { key: i, style: { width: `${width}px` } }))),
    h('thead', null, h('tr', null,
      h('th', { scope: 'col', class: 'choose' }, h(ChooseAll, { runs })),
      h('th', { scope: 'col', class: 'id' }, 'Experiment'),
      columns.map((column, i) => h(Header, {
        key: column.key, report, column, columns, sort, width: widths[i], style: styles[i], isPinned: state.pin.includes(column.key),
      })))),
    h('tbody', { onkeydown, onfocusin: (event) => {
      const at = event.target.closest('[data-row]')?.dataset.row;
      if (at !== undefined && Number(at) !== row) activate({ row: Number(at), kind: null });
    } },
      first > 0 && h('tr', { key: 'before', 'aria-hidden': 'true', style: { height: `${first * rowHeight}px` } }, h('td', { colspan: columns.length + 2 })),
      drawn.map(({ item, index }) => (item.run
        ? h(RunRow, { key: item.run.key, run: item.run, inGroup: item.inGroup, index, ...shared })
        : h(GroupRow, { key: `group ${item.group.name}`, group: item.group, index, ...shared }))),
      end < rows.length && h('tr', { key: 'after', 'aria-hidden': 'true', style: { height: `${(rows.length - end) * rowHeight}px` } }, h('td', { colspan: columns.length + 2 })),
      rows.length === 0 && h('tr', { key: 'none' }, h('td', { colspan: columns.length + 2, class: 'empty' }, h('div', null,
        'No experiment is found. ', button('Show all', 'show all', () => change({ filter: [], search: '' })))))),
  ));
}

function ChooseAll({ runs }) {
  const box = useRef();
  const count = runs.filter(isChosen).length;
  const all = runs.length > 0 && count === runs.length;
  useLayoutEffect(() => {
    box.current.indeterminate = count > 0 && !all;
  });
  return h('input', {
    type: 'checkbox', checked: all, 'aria-label': 'Choose all listed experiments', 'data-key': 'all', ref: box,
    onchange: (event) => {
      const here = new Set(runs.map((run) => run.key));
      const others = state.chosen.filter((key) => !here.has(key));
      change({ chosen: event.target.checked ? [...others, ...here] : others });
    },
  });
}

function RunRow({ run, inGroup, index, columns, styles, scales, best, row }) {
  const tabindex = index === row ? 0 : -1;
  return h('tr', {
    class: isChosen(run) ? 'chosen' : '', style: { '--colour': isChosen(run) ? colourOf(run) : 'transparent' }, 'data-row': index, 'aria-rowindex': index + 2,
  },
  h('td', { class: 'choose' }, h('input', {
    type: 'checkbox', checked: isChosen(run), 'data-key': `choose ${run.key}`, 'data-kind': 'choose', tabindex, 'aria-label': `Choose experiment ${run.shortId}`,
    onchange: (event) => choose(run, event.target.checked),
  })),
  h('th', { scope: 'row', class: `id ${inGroup ? 'inner' : ''}` },
    h('a', { href: addressOf({ view: 'experiment', run: run.key, file: '' }), 'data-key': `open ${run.key}`, 'data-kind': 'open', tabindex }, label(run.shortId)),
    run === best && h('span', { class: 'star', role: 'img', 'aria-label': 'best of all', title: 'Best of all' }, '★')),
  columns.map((column, i) => {
    const colour = scales[i]?.(column.of(run));
    return h('td', {
      key: column.key, class: `${column.isNumber ? 'number ' : ''}${styles[i] ? 'pinned' : ''}`,
      style: colour ? { ...styles[i], background: colour } : styles[i],
    }, column.cell(run));
  }));
}

/** A group: how many runs, the mean and deviation of numbers, and of the rest what all share. */
function GroupRow({ group, index, report, columns, styles, row }) {
  const isOpen = state.open.includes(group.name);
  return h('tr', { class: 'group', 'data-row': index, 'aria-rowindex': index + 2 },
    h('td', { class: 'choose' }),
    h('th', { scope: 'row', class: 'id' }, h('button', {
      type: 'button', class: 'quiet', 'data-key': `group ${group.name}`, 'data-kind': 'open', tabindex: index === row ? 0 : -1, 'aria-expanded': String(isOpen),
      'aria-label': `${plural(group.runs.length, 'run')}, ${group.title}`, onclick: () => change({ open: toggled(state.open, group.name, !isOpen) }),
    }, h('span', { 'aria-hidden': 'true' }, isOpen ? '▾ ' : '▸ '), plural(group.runs.length, 'run'))),
    columns.map((column, i) => h('td', { key: column.key, class: `${column.isNumber ? 'number ' : ''}${styles[i] ? 'pinned' : ''}`, style: styles[i] },
      column.key === state.group ? h('b', null, label(group.name, 30)) : groupCell(column, group.runs))));
}

function groupText(column, runs) {
  if (!column.of) return '';
  const values = runs.map(column.of).filter((value) => value !== undefined);
  if (column.isNumber && column.group === 'metrics') {
    const numbers = values.filter(finite).map(Number);
    const deviation = deviationOf(numbers);
    return numbers.length ? toShortText(round(meanOf(numbers), 4)) + (deviation === null ? '' : ` ± ${toShortText(round(deviation, 2))}`) : '';
  }
  const texts = [...new Set(values.map(toShortText))];
  return texts.length === 1 ? texts[0] : texts.length ? `${texts.length} values` : '';
}

const groupCell = (column, runs) => label(groupText(column, runs), 40);
const round = (value, digits) => Number(value.toPrecision(digits));
