// Moments, as nanoseconds since 1970 in a bigint, and the texts for them.

const second = 1000000000n;
const lastMoment = BigInt(Date.UTC(9999, 11, 31, 23, 59, 59)) * 1000000n + second - 100n;

/** A moment from RFC 3339 in UTC, with up to nine decimals. */
function toMoment(text) {
  const [, whole, decimals = ''] = /^([^.Z]*)(?:\.(\d*))?Z$/.exec(text);
  return BigInt(Date.parse(`${whole}Z`)) * 1000000n + BigInt(decimals.padEnd(9, '0'));
}

/** A moment as RFC 3339 in UTC. */
function momentText(moment) {
  const rest = ((moment % second) + second) % second;
  const decimals = rest ? `.${rest.toString().padStart(9, '0').replace(/0+$/, '')}` : '';
  return `${new Date(Number((moment - rest) / 1000000n)).toISOString().slice(0, 19)}${decimals}Z`;
}

const toDate = (moment) => new Date(Number(moment / 1000000n));
const pad = (number, width = 2) => String(number).padStart(width, '0');

/** A moment in the reader's zone, as 2026-11-21 08:30:17. */
function localText(moment, withSeconds = true) {
  const date = toDate(moment);
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} `
    + `${pad(date.getHours())}:${pad(date.getMinutes())}${withSeconds ? `:${pad(date.getSeconds())}` : ''}`;
}

/** A length of time given in nanoseconds, as 1 h 5 min. */
function durationText(nanoseconds) {
  const seconds = Number(nanoseconds) / 1e9;
  if (seconds < 60) return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Reads a date of a filter, the reader's where it has no zone, as the time it names: a day, minute, second or fraction. */
function readDate(source) {
  const text = trim(source);
  const form = new RegExp('^(?:(\\d{4})([-/])(\\d\\d?)\\2(\\d\\d?)|(\\d\\d?)/(\\d\\d?)/(\\d{4}))'
    + '(?:[ T](\\d\\d?):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d*))?)?(Z|[-+]\\d\\d?:?\\d\\d)?)?$');
  const match = form.exec(text);
  const span = match && spanOf(match);
  if (!span) throw new QueryError(`'${text}' is no date such as 2026-11-21, 2026-11-21 08:30 or 2026-11-21T08:30:17Z`);
  return span;
}

function spanOf([, y1, , m1, d1, m2, d2, y2, hour, minute, seconds, decimals, zone]) {
  const [year, month, day] = [y1 ?? y2, m1 ?? m2, d1 ?? d2].map(Number);
  const date = new Date(Date.UTC(2000, month - 1, 1));
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  if (hour === undefined) {
    // Not 24 hours: the length of a local day changes with daylight saving time.
    return {
      from: localMoment(year, month, day),
      to: year === 9999 && month === 12 && day === 31 ? lastMoment : localMoment(year, month, day + 1),
    };
  }
  const [h, min, s] = [hour, minute, seconds ?? 0].map(Number);
  const offset = zoneMinutes(zone);
  if (h > 23 || min > 59 || s > 59 || offset === null) return null;
  // Below 100 nanoseconds the engine does not look.
  const digits = (decimals ?? '').slice(0, 7);
  const start = (offset === undefined
    ? localMoment(year, month, day, h, min, s)
    : BigInt(date.getTime()) * 1000000n + BigInt((h * 60 + min - offset) * 60 + s) * second)
    + BigInt(digits.padEnd(9, '0'));
  const length = seconds === undefined ? 60n * second : second / 10n ** BigInt(digits.length);
  return { from: start, to: start < lastMoment - length ? start + length : lastMoment };
}

/** Minutes east of Greenwich; undefined for none given, null for none there is. */
function zoneMinutes(zone) {
  if (!zone || zone === 'Z') return zone && 0;
  const [, sign, hours, minutes] = /^([-+])(\d\d?):?(\d\d)$/.exec(zone);
  const offset = Number(hours) * 60 + Number(minutes);
  return minutes > 59 || offset > 14 * 60 ? null : sign === '-' ? -offset : offset;
}

function localMoment(year, month, day, hour = 0, minute = 0, seconds = 0) {
  const date = new Date(2000, month - 1, 1, hour, minute, seconds);
  date.setFullYear(year, month - 1, day);
  date.setHours(hour, minute, seconds);
  // A time that comes twice, when clocks go back, is the second.
  const later = new Date(date.getTime() + 3600000);
  const same = later.getHours() === date.getHours() && later.getMinutes() === date.getMinutes();
  return BigInt((same ? later : date).getTime()) * 1000000n;
}
