// The filter language and the orders of the command line, with the same meaning to the letter.

const blank = '[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const trimStart = (text) => text.replace(new RegExp(`^${blank}+`), '');
const trimEnd = (text) => text.replace(new RegExp(`${blank}+$`), '');
const trim = (text) => trimStart(trimEnd(text));
const toLowerAscii = (text) => text.replace(/[A-Z]/g, (c) => c.toLowerCase());

class QueryError extends Error {}

/** What a name says of an experiment: a fixed field, a metric of the best (else latest) checkpoint, or a param. */
function field(name) {
  const lower = toLowerAscii(name);
  const fixed = { started: 'created', tag: 'tags' }[lower] ?? lower;
  if (['created', 'step', 'user', 'host', 'command', 'status', 'tags', 'note', 'parent'].includes(fixed)) {
    return { name, kind: fixed, of: (run) => run.fields[fixed] };
  }
  const prefix = ['metrics.', 'params.'].find((start) => lower.startsWith(start)) ?? '';
  const key = name.slice(prefix.length);
  const recorded = (run) => (run.metrics.has(name) ? run.metrics : run.params).get(name);
  return {
    name,
    kind: 'value',
    // A name such as metrics.x may also be one that somebody recorded.
    of: (run) => {
      const values = prefix === 'metrics.' ? run.metrics : prefix ? run.params : null;
      return values?.has(key) ? values.get(key) : recorded(run);
    },
  };
}

function readQuoted(text, start) {
  const quote = text[start];
  for (let end = start + 1; end < text.length; end++) {
    if (text[end] !== quote) continue;
    if (text[end + 1] !== quote) return [text.slice(start + 1, end).replaceAll(quote + quote, quote), end + 1];
    end++;
  }
  throw new QueryError(`the closing ${quote} is missing`);
}

/** A quoted name at the start of a text, with the prefix before it, and where it ends; null where the name isn't quoted. */
function readQuotedName(text) {
  for (const prefix of ['', 'metrics.', 'params.']) {
    if (/^["']/.test(text.slice(prefix.length)) && toLowerAscii(text.slice(0, prefix.length)) === prefix) {
      const [quoted, end] = readQuoted(text, prefix.length);
      return [prefix + quoted, end];
    }
  }
  return null;
}

/** Reads a condition, `<name> <operator> <value>`, as a predicate on experiments. Throws a QueryError. */
function parseFilter(source) {
  const text = trim(source);
  // An exclamation mark alone belongs to the name.
  const [name, end] = readQuotedName(text) ?? ((at) => [trimEnd(text.slice(0, at)), at])(
    (/[=<>]|!=/.exec(text) ?? { index: text.length }).index);
  if (!name) throw new QueryError('the name is missing');
  const rest = trimStart(text.slice(end));
  const operator = /^[=!<>]*/.exec(rest)[0];
  if (!operator) throw new QueryError(`the operator is missing after '${name}'`);
  const compare = {
    '=': (operand, value) => operand.equals(value),
    '==': (operand, value) => operand.equals(value),
    '!=': (operand, value) => !operand.equals(value),
    '<': (operand, value) => operand.order(value) < 0,
    '<=': (operand, value) => operand.order(value) <= 0,
    '>': (operand, value) => operand.order(value) > 0,
    '>=': (operand, value) => operand.order(value) >= 0,
  }[operator];
  if (!compare) throw new QueryError(`there is no operator '${operator}'`);
  const value = trimStart(rest.slice(operator.length));
  if (!value) throw new QueryError(`the value is missing after '${operator}' (an empty text is "")`);
  const left = field(name);
  const operand = readOperand(left.kind, value);
  return (run) => compare(operand, left.of(run));
}

// An operand says whether a value equals it, and where a value lies: NaN, which is neither below, above nor at 0, for nowhere.
function readOperand(kind, text) {
  const isQuoted = /^["']/.test(text);
  if (isQuoted) {
    const [quoted, end] = readQuoted(text, 0);
    if (end < text.length) throw new QueryError(`there is text after the quoted value, ${text.slice(end)}`);
    text = quoted;
  }
  const value = isQuoted ? text : readValue(text);
  if (value === null) return valueOperand(null);
  if (kind === 'created') return dateOperand(readDate(text));
  if (kind === 'status') return statusOperand(text);
  if (kind === 'tags') {
    return {
      equals: (tags) => typeof tags === 'string' && tags.split(', ').includes(text),
      order: (tags) => (typeof tags === 'string' ? compareTexts(tags, text) : NaN),
    };
  }
  return valueOperand(value);
}

function valueOperand(operand) {
  return {
    equals: (value) => areEqual(value, operand),
    order: (value) =>
      typeof value === 'string' && typeof operand === 'string' ? compareTexts(value, operand)
      : isOrderedNumber(value) && isOrderedNumber(operand) ? compareNumbers(value, operand)
      : NaN,
  };
}

/** The name of a status, in any case; stopped is every status but running. */
function statusOperand(operand) {
  const wanted = toLowerAscii(operand);
  const upper = (text) => text.replace(/[a-z]/g, (c) => c.toUpperCase());
  return {
    equals: (status) => (wanted === 'stopped' ? status !== 'Running' : toLowerAscii(status) === wanted),
    order: (status) => compareTexts(upper(status), upper(operand)),
  };
}

const dateOperand = ({ from, to }) => ({
  equals: (moment) => moment >= from && moment < to,
  order: (moment) => (moment < from ? -1 : moment < to ? 0 : 1),
});

function readValue(text) {
  if (text === 'null' || text === 'None') return null;
  if (/^[[{]/.test(text)) {
    try {
      return toValue(parseJson(text));
    } catch {
      return text;
    }
  }
  if (/^(true|false)$/i.test(text)) return /^t/i.test(text);
  if (/^[-+]?\d+$/.test(text)) return exactInteger(text.replace('+', ''));
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  if (/^[-+]?nan$/i.test(text)) return NaN;
  if (/^[-+]*inf$|^[-+]?infinity$/i.test(text)) return text[0] === '-' ? -Infinity : Infinity;
  return text;
}

/** Reads an order, `<name>` with an optional -desc or -asc, as what sorts a list of experiments. Throws a QueryError. */
function parseSort(source) {
  const text = trim(source || '') || 'created';
  const quoted = readQuotedName(text);
  const suffix = quoted ? trim(text.slice(quoted[1])) : /(-desc|-asc)?$/i.exec(text)[0];
  const name = quoted ? quoted[0] : trimEnd(text.slice(0, text.length - suffix.length));
  if (!name) throw new QueryError('the name is missing');
  const direction = { '': 1, '-asc': 1, '-desc': -1 }[toLowerAscii(suffix)];
  if (!direction) throw new QueryError(`'${suffix}' after the quoted name is neither -desc nor -asc`);
  const { of } = field(name);
  const sort = (runs) => runs
    .map((run) => ({ run, key: sortKey(of(run)) }))
    .sort((x, y) => x.key.rank - y.key.rank
      || direction * (typeof x.key.value === 'string' ? compareTexts : compareNumbers)(x.key.value, y.key.value)
      || compareNumbers(x.run.created, y.run.created)
      || compareTexts(x.run.id, y.run.id))
    .map(({ run }) => run);
  return { name, descending: direction < 0, sort };
}

// Numbers first (NaN as the last of them), then text, then the rest, then what is missing or null.
function sortKey(value) {
  return (value ?? null) === null ? { rank: 4, value: 0 }
    : Number.isNaN(value) ? { rank: 1, value: 0 }
    : isNumber(value) ? { rank: 0, value }
    : typeof value === 'string' ? { rank: 2, value }
    : { rank: 3, value: toText(value) };
}

/** A name as a filter or an order has to write it: quoted where it would be read as something else. */
function quoteName(name) {
  return /^[\w.][\w. ]*$/.test(name) && trim(name) === name ? name : `"${name.replaceAll('"', '""')}"`;
}
