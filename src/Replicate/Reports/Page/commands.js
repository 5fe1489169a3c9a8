// The commands that check a run out again, as two shells want them written.

/** A word of PowerShell; its quotes are any of five characters. */
const quoteForPowerShell = (word) =>
  /^[\w./:\\][\w./:\\-]*$/.test(word) ? word : `'${word.replace(/['\u2018-\u201b]/g, '$&$&')}'`;

/** A word of a POSIX shell. */
const quoteForShell = (word) =>
  /^[\w./:@%+=,][\w./:@%+=,-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

// Longer than the short id, so that it stays unambiguous while experiments are added.
const idForCommand = (id) => (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 16) : id);

/** The commands for a run, or for one of its checkpoints. */
function commandsFor(run, index) {
  const id = idForCommand(index === null ? run.id : run.ids[index]);
  const output = (index === null ? run.id : run.ids[index]).slice(0, 7);
  const at = { id, output, repository: run.repository };
  const word = (quote) => Object.fromEntries(Object.entries(at).map(([name, value]) => [name, quote(value)]));
  const [ps, sh] = [word(quoteForPowerShell), word(quoteForShell)];
  return [
    ['PowerShell', `Restore-ReplicateCheckpoint ${ps.id} -OutputDirectory ${ps.output} -Repository ${ps.repository}`],
    ['Other shells', `replicate checkout ${sh.id} -o ${sh.output} -R ${sh.repository}`],
  ];
}

function commandList(run, index) {
  return h('dl', { class: 'commands' }, commandsFor(run, index).map(([shell, command]) => [
    h('dt', null, shell),
    h('dd', null, text(command, { tag: 'code', length: 2000, dir: 'ltr' }), copyButton(command, `Copy the command for ${shell}`, `copy ${shell}`)),
  ]));
}

function copyButton(value, title, key) {
  const button = h('button', { type: 'button', class: 'quiet copy', 'aria-label': title, 'data-key': key }, 'Copy');
  button.addEventListener('click', async () => {
    const isDone = await copy(value);
    button.textContent = isDone ? 'Copied' : 'Not copied';
    announce(button.textContent);
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
  return button;
}

/** Copies a text; a page from disk may not have the clipboard of today, and then has that of before. */
async function copy(value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    const area = h('textarea', { class: 'unseen', 'aria-hidden': 'true', tabindex: '-1' });
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
