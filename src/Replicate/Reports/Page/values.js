// Recorded values as the repository holds them: null, boolean, string, number, bigint (only where a number would not be
// exact), Array (a list) and Map (an object, its names in order). undefined is what is missing.

const nonFinite = { '[NaN]': NaN, '[+Infinity]': Infinity, '[-Infinity]': -Infinity };

/** Reads JSON; a whole number that a double cannot hold becomes a bigint. Throws where it is no JSON. */
function parseJson(text) {
  if (!/(?:^|[[,:\s])-?\d{16,}\s*(?:[,\]}]|$)/.test(text)) return JSON.parse(text);
  const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;
  JSON.parse(text);
  // Texts, keys included, are marked with an s, so that a whole number can be carried as a text marked with an i.
  const marked = text.replace(tokens, (token) =>
    token[0] === '"' ? `"s${token.slice(1)}`
    : /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(+token) ? `"i${token}"`
    : token);
  const unmark = (value) =>
    typeof value === 'string' ? (value[0] === 's' ? value.slice(1) : exactInteger(value.slice(1)))
    : Array.isArray(value) ? value.map(unmark)
    : value && typeof value === 'object' ? fromEntries(Object.entries(value).map(([key, item]) => [key.slice(1), unmark(item)]))
    : value;
  return unmark(JSON.parse(marked));
}

/** An object whose keys are all its own, __proto__ too. */
function fromEntries(entries) {
  const object = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
}

/** A whole number as the engine holds it: exactly where 64 bits do, else the nearest double. */
function exactInteger(digits) {
  const integer = BigInt(digits);
  return integer < -(2n ** 63n) || integer >= 2n ** 64n ? Number(digits)
    : Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}

/** A recorded value out of JSON: the words for NaN and the infinities are those numbers. */
function toValue(json) {
  if (typeof json === 'string') return Object.hasOwn(nonFinite, json) ? nonFinite[json] : json;
  if (Array.isArray(json)) return json.map(toValue);
  return json && typeof json === 'object' ? toMap(json) : json;
}

/** The values of a JSON object by name, in the order of the repository. */
function toMap(json) {
  const names = Object.keys(json ?? {}).sort(compareNames);
  return new Map(names.map((name) => [name, toValue(json[name])]));
}

const isNumber = (value) => typeof value === 'number' || typeof value === 'bigint';
const isOrderedNumber = (value) => isNumber(value) && !Number.isNaN(value);

/** Whether two values are equal: numbers as numbers, NaN equal to NaN, other kinds never. */
function areEqual(left, right) {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right) === 0;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => areEqual(item, right[index]));
  }
  if (left instanceof Map && right instanceof Map) {
    return left.size === right.size && [...left].every(([name, value]) => right.has(name) && areEqual(value, right.get(name)));
  }
  return (left ?? null) === (right ?? null);
}

/** Orders numbers; NaN is below all others and equal to itself. */
function compareNumbers(left, right) {
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(right) - Number.isNaN(left);
  return left < right ? -1 : left > right ? 1 : 0;
}

const compareTexts = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

/** The order of names in a file: by code points, where a comparison of strings goes by UTF-16 units. */
function compareNames(left, right) {
  const rank = (unit) => ((unit & 0xf800) === 0xd800 ? unit + 0x2000 : unit >= 0xe000 ? unit - 0x800 : unit);
  let i = 0;
  while (i < left.length && left.charCodeAt(i) === right.charCodeAt(i)) i++;
  return i === left.length || i === right.length ? left.length - right.length
    : rank(left.charCodeAt(i)) - rank(right.charCodeAt(i));
}

/** The shortest text that reads back as the same value; strings as they are, lists and objects as JSON. */
function toText(value) {
  return value === undefined ? '' : typeof value === 'string' ? value : typeof value === 'object' ? toJson(value) : String(value);
}

function toJson(value) {
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (value instanceof Map) return `{${[...value].map(([name, item]) => `${JSON.stringify(name)}:${toJson(item)}`).join(',')}}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return `"[${value > 0 ? '+' : ''}${value}]"`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** A text for a narrow column: fractions to five significant digits. */
function toShortText(value) {
  return typeof value === 'number' && Math.abs(value) < 1e5 && !Number.isInteger(value)
    ? String(Number(value.toPrecision(5))) : toText(value);
}
