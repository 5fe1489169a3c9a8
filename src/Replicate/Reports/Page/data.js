// What the report tells of: unpacked once, then never changed.

/** Reads the page's data: base64 of deflated JSON. */
async function readReport() {
  const bytes = fromBase64(JSON.parse(document.getElementById('data').textContent));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const report = parseJson(await new Response(unpacked).text());
  report.packages = report.packages.map(toMap);
  report.runs = report.runs.map((run) => new Run(run, report));
  const shortIds = new Map();
  for (const run of report.runs) shortIds.set(run.shortId, (shortIds.get(run.shortId) ?? 0) + 1);
  for (const run of report.runs) run.key = shortIds.get(run.shortId) === 1 ? run.shortId : run.id;
  report.byKey = new Map(report.runs.map((run) => [run.key, run]));
  report.byId = new Map(report.runs.map((run) => [run.id, run]));
  report.metricNames = namesOf(report.runs, (run) => run.metrics);
  report.paramNames = namesOf(report.runs, (run) => run.params);
  return report;
}

function fromBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The text of a saved file; null where the report has only its digest. */
function contentText(report, index) {
  const stretches = report.contents[index][2];
  if (!stretches) return null;
  const parts = [];
  for (let i = 0; i < stretches.length; i += 2) parts.push(report.lines.slice(stretches[i], stretches[i] + stretches[i + 1]).join('\n'));
  return parts.join('\n');
}

function namesOf(runs, values) {
  const names = new Set();
  for (const run of runs) for (const name of values(run).keys()) names.add(name);
  return [...names].sort(compareNames);
}

/** An experiment. Its checkpoints are columns; a checkpoint is known by its index. */
class Run {
  constructor(json, report) {
    Object.assign(this, { command: '', path: '', host: '', user: '', python: '', note: '', parent: '', tags: [] }, json);
    this.shortId = this.id.slice(0, 7);
    this.created = toMoment(json.created);
    this.ended = json.ended ? toMoment(json.ended) : null;
    this.heartbeat = json.heartbeat ? toMoment(json.heartbeat) : null;
    this.params = toMap(json.params);
    this.environment = toMap(json.environment);
    this.git = toMap(json.git);
    this.build = toMap(json.build);
    this.packages = json.packages === undefined ? new Map() : report.packages[json.packages];
    this.repository = report.repositories[json.repository];
    this.steps ??= [];
    this.count = this.steps.length;
    this.latest = this.count ? this.count - 1 : null;
    this.best = json.best ?? null;
    this.representative = this.best ?? this.latest;
    this.columns = new Map((json.metrics ?? []).map(([name, values, missing]) => [name, { values, missing: new Set(missing) }]));
    this.metrics = this.metricsAt(this.representative);
    this.fields = {
      created: this.created, step: this.latest === null ? undefined : this.steps[this.latest],
      user: this.user, host: this.host, command: this.command, status: this.status,
      tags: this.tags.length ? this.tags.join(', ') : undefined, note: this.note || undefined, parent: this.parent || undefined,
    };
  }

  metricsAt(index) {
    if (index === null) return new Map();
    const present = [...this.columns].filter(([, column]) => !column.missing.has(index));
    return new Map(present.map(([name, column]) => [name, toValue(column.values[index])]));
  }

  /** A metric over the checkpoints as finite numbers; null where it is anything else. */
  curve(name) {
    return (this.columns.get(name)?.values ?? []).map((value) => (isNumber(value) ? Number(value) : null));
  }

  createdAt(index) {
    if (!this.moments) {
      let moment = this.created - (this.created % 100n);
      this.moments = this.times.map((ticks) => (moment += BigInt(ticks) * 100n));
    }
    return this.moments[index];
  }

  pathAt = (index) => this.paths?.[index] ?? '';

  unsavedAt = (index) => this.unsaved?.[index] ?? '';

  get duration() {
    return this.latest === null ? null : this.createdAt(this.latest) - this.created;
  }

  /** Whether the files of a checkpoint, or of the experiment for null, are in the report. */
  hasFiles = (index) => (index === null ? this.files : this[`files${index}`]) !== undefined;

  /** The files of the experiment with those of a checkpoint over them, by path. */
  filesAt(index) {
    const entries = [...(this.files ?? []), ...((index !== null && this[`files${index}`]) || [])];
    return new Map(entries.map(([path, content, target]) => [path, { content, target }]));
  }
}
