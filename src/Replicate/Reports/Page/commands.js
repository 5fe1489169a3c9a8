// The commands that check a run out again, as two shells want them written.

/** A word of PowerShell; its quotes are any of five characters. */
const quoteForPowerShell = (word) =>
  /^[\w./:\\][\w./:\\-]*$/.test(word) ? word : `'${word.replace(/['\u2018-\u201b]/g, '$&$&')}'`;

/** A word of a POSIX shell. */
const quoteForShell = (word) =>
  /^[\w./:@%+=,][\w./:@%+=,-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

// Longer than the short id, so that it stays unambiguous while experiments are added.
const idForCommand = (id) => (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 16) : id);

/** The commands for a run, for one of its checkpoints, or for one path of it. */
function commandsFor(run, index, path) {
  const id = idForCommand(index === null ? run.id : run.ids[index]);
  const output = (index === null ? run.id : run.ids[index]).slice(0, 7);
  const at = { id, output, repository: run.repository, path: path ?? '' };
  const word = (quote) => Object.fromEntries(Object.entries(at).map(([name, value]) => [name, quote(value)]));
  const [ps, sh] = [word(quoteForPowerShell), word(quoteForShell)];
  return [
    ['PowerShell', `Restore-ReplicateCheckpoint ${ps.id}${path ? ` -Path ${ps.path}` : ''} -OutputDirectory ${ps.output} -Repository ${ps.repository}`],
    ['Other shells', `replicate checkout ${sh.id}${path ? ` --path ${sh.path}` : ''} -o ${sh.output} -R ${sh.repository}`],
  ];
}

const Commands = ({ run, index, path }) => h('dl', { class: 'commands' }, commandsFor(run, index, path).map(([shell, command]) => [
  h('dt', null, shell),
  h('dd', null, text(command, { tag: 'code', length: 2000, dir: 'ltr' }), h(CopyButton, { value: command, title: `Copy the command for ${shell}`, dataKey: `copy ${path ? 'file ' : ''}${shell}` })),
]));

function CopyButton({ value, title, dataKey }) {
  const [said, say] = useState('Copy');
  return button(said, dataKey, async () => {
    const outcome = (await copy(value)) ? 'Copied' : 'Not copied';
    say(outcome);
    announce(outcome);
    setTimeout(() => say('Copy'), 2000);
  }, { class: 'quiet copy', 'aria-label': title });
}

/** Copies a text; a page from disk may not have the clipboard of today, and then has that of before. */
async function copy(value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.className = 'unseen';
    area.setAttribute('aria-hidden', 'true');
    const focused = document.activeElement;
    area.value = value;
    document.body.append(area);
    area.select();
    const isDone = document.execCommand('copy');
    area.remove();
    focused?.focus();
    return isDone;
  }
}
