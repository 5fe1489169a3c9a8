// The saved files of a run: a tree, and what is in the one that is open.

/** The files of the experiment with those of its best, else latest, checkpoint over them. */
function Files({ report, run }) {
  const index = [run.representative, run.latest].find((i) => i !== null && run.hasFiles(i)) ?? null;
  const files = useMemo(() => run.filesAt(index), [run, index]);
  const open = files.has(state.file) ? state.file : null;
  return h('section', { 'aria-labelledby': 'saved-title' },
    h('h2', { id: 'saved-title' }, 'Files ', files.size > 0 && h('span', { class: 'count' }, index === null ? 'saved with the experiment' : `of the experiment, and of step ${run.steps[index]} over them`)),
    !run.hasFiles(null) && h('p', { class: 'hint' }, run.path ? 'The files of this experiment are not in this report.' : 'No files were saved with the experiment.'),
    index === null && run.representative !== null && run.pathAt(run.representative) && h('p', { class: 'hint' }, 'A report that is written with -CheckpointFiles has the files of its best checkpoint, too.'),
    files.size > 0 && h('div', { class: 'files' },
      h('div', { class: 'tree', role: 'tree', 'aria-label': 'Saved files', onkeydown: moveInTree }, treeOf(files).map((node, i) => h(TreeNode, { key: node.name, node, report, open, depth: 1, isFirst: i === 0 && !open }))),
      h('div', { class: 'viewer' }, open ? h(Viewer, { key: `${run.key} ${open}`, report, run, index, path: open, file: files.get(open) })
        : h('p', { class: 'hint' }, 'Choose a file to see it.'))));
}

/** Directories and files as nested nodes, directories first. */
function treeOf(files) {
  const root = { children: new Map() };
  for (const [path, file] of files) {
    const parts = path.split('/');
    let node = root;
    parts.slice(0, -1).forEach((name) => {
      const key = `${name}/`;
      if (!node.children.has(key)) node.children.set(key, { name, children: new Map() });
      node = node.children.get(key);
    });
    node.children.set(parts.at(-1), { name: parts.at(-1), path, file });
  }
  const list = (node) => [...node.children.values()].map((child) => (child.children ? { ...child, children: list(child) } : child))
    .sort((a, b) => !a.children - !b.children || compareNames(a.name, b.name));
  return list(root);
}

function TreeNode({ node, report, open, depth, isFirst }) {
  const [isOpen, setOpen] = useState(depth < 4);
  const indent = { paddingLeft: `${depth * 14 - 4}px` };
  if (!node.children) {
    const { target, content } = node.file;
    return h('div', {
      role: 'treeitem', tabindex: node.path === open || isFirst ? 0 : -1, class: 'item', 'aria-selected': String(node.path === open), 'aria-level': depth, style: indent, 'data-key': `file ${node.path}`,
      onclick: () => change({ file: node.path }),
    }, label(node.name, 120), h('span', { class: 'size' }, target === undefined ? sizeText(report.contents[content][1]) : 'link'));
  }
  return h(Fragment, null,
    h('div', {
      role: 'treeitem', tabindex: isFirst ? 0 : -1, class: 'item directory', 'aria-expanded': String(isOpen), 'aria-level': depth, 'aria-selected': 'false', style: indent, 'data-key': `directory ${node.name}`,
      onclick: () => setOpen(!isOpen),
    }, h('span', { 'aria-hidden': 'true' }, isOpen ? '▾ ' : '▸ '), label(node.name, 120)),
    isOpen && h('div', { role: 'group' }, node.children.map((child) => h(TreeNode, { key: child.name, node: child, report, open, depth: depth + 1 }))));
}

/** The keys of a tree: up and down through what is seen, left and right to close and open, Enter to choose. */
function moveInTree(event) {
  const items = [...event.currentTarget.querySelectorAll('[role=treeitem]')];
  const at = items.indexOf(event.target);
  const isOpen = event.target.getAttribute('aria-expanded');
  const next = { ArrowDown: items[at + 1], ArrowUp: items[at - 1], Home: items[0], End: items.at(-1) }[event.key];
  if (next) next.focus();
  else if (['Enter', ' '].includes(event.key) || (event.key === 'ArrowRight' && isOpen === 'false') || (event.key === 'ArrowLeft' && isOpen === 'true')) event.target.click();
  else return;
  event.preventDefault();
}

function Viewer({ report, run, index, path, file }) {
  const versions = useMemo(() => imageSteps(report, run, path), [run, path]);
  const [at, setAt] = useState(Math.max(0, versions.findIndex((version) => version.i === run.representative)));
  const shown = versions.length > 1 ? versions[at] : { i: index, content: file.content };
  return h(Fragment, null,
    h('div', { class: 'headline' }, h('h3', null, label(path, 200)), file.target === undefined && h('span', { class: 'size' }, sizeText(report.contents[shown.content][1])),
      versions.length > 1 && h('label', { class: 'field wide' }, h('span', null, 'Step'), h('input', {
        type: 'range', min: 0, max: versions.length - 1, value: at, 'data-key': 'image step', 'aria-valuetext': `step ${run.steps[shown.i]}`, oninput: (event) => setAt(Number(event.target.value)),
      }), h('output', null, `step ${run.steps[shown.i]}`))),
    file.target !== undefined ? h('p', { class: 'hint' }, 'A link to ', label(file.target, 200), '.') : h(Content, { report, index: shown.content, path }),
    h('div', { class: 'commands-of-file' }, h(Commands, { run, index: shown.i, path })));
}

/** The checkpoints whose files in this report have an image at a path. */
function imageSteps(report, run, path) {
  return run.steps.flatMap((_, i) => {
    const found = (run[`files${i}`] ?? run[`images${i}`])?.find(([name]) => name === path);
    return found && found[1] >= 0 && imageOf(report, found[1], path) ? [{ i, content: found[1] }] : [];
  });
}

function Content({ report, index, path }) {
  const [digest, length] = report.contents[index];
  const [asText, showText] = useState(false);
  const value = contentText(report, index);
  const isTable = /\.(csv|tsv)$/i.test(path) && value;
  const isImage = imageOf(report, index, path);
  if (length === 0) return h('p', { class: 'hint' }, 'An empty file.');
  if (value === null && !isImage) return h('p', { class: 'hint' }, 'Binary, or too large to show. SHA-256: ', h('code', null, digest));
  return h(Fragment, null,
    value !== null && (isTable || isImage) && checkbox('As text', 'as text', asText, showText),
    isImage && !asText ? h(SavedImage, { report, index, path }) : isTable && !asText ? h(DataTable, { value, path }) : h(CodeTable, { value, path }));
}

function DataTable({ value, path }) {
  const most = 500;
  const rows = useMemo(() => (/\.tsv$/i.test(path) ? lib.tsvParseRows : lib.csvParseRows)(value), [value]);
  const isNumeric = (cell) => cell !== '' && Number.isFinite(Number(cell));
  const cells = (row, tag) => row.slice(0, 100).map((cell, i) => h(tag, { key: i, scope: tag === 'th' ? 'col' : undefined, class: isNumeric((rows[1] ?? [])[i] ?? '') ? 'number' : '' }, label(cell, 60)));
  return h(Fragment, null,
    h('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': path }, h('table', { class: 'data' }, h('caption', { class: 'unseen' }, path),
      h('thead', null, h('tr', null, cells(rows[0] ?? [], 'th'))),
      h('tbody', null, rows.slice(1, most + 1).map((row, i) => h('tr', { key: i }, cells(row, 'td')))))),
    h('p', { class: 'hint' }, rows.length > most + 1 ? `The first ${most} of ${plural(rows.length - 1, 'row')}.` : plural(Math.max(0, rows.length - 1), 'row')));
}

// Images. A browser runs nothing in an image, an SVG neither, and the policy of the page lets it load nothing.

const imageTypes = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif' };

/** Where the page has an image: its type and bytes; null for none. */
function imageOf(report, index, path) {
  const [, , , type, bytes] = report.contents[index];
  if (type) return { type: imageTypes[type], bytes: () => fromBase64(bytes) };
  const isDrawing = /\.svg$/i.test(path) && contentText(report, index)?.includes('<svg');
  return isDrawing ? { type: 'image/svg+xml', bytes: () => new TextEncoder().encode(contentText(report, index)) } : null;
}

function SavedImage({ report, index, path }) {
  const [failed, fail] = useState(false);
  const image = imageOf(report, index, path);
  const address = useMemo(() => URL.createObjectURL(new Blob([image.bytes()], { type: image.type })), [index]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return failed ? h('p', { class: 'hint' }, 'This image cannot be shown: it is damaged.')
    : h('div', { class: 'image' }, h('img', { src: address, alt: path, onerror: () => fail(true) }));
}
