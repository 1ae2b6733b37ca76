// The kinds of values FEEL has: which are equal, which is greater, and what a range holds.
// Contexts are Maps, lists are arrays, numbers are decimals; everything else has a class of its own.
import { Decimal, isNumber, writeNumber } from './numbers.js';
import { FeelDate, FeelDateTime, FeelTime, Months, Span, sameZone } from './times.js';
import { told } from './told.js';

export class Range {
  /** `from` or `to` may be null: open on that side. `text` is how a comparison such as `> 5` was written. */
  constructor(from, to, fromIn, toIn, sign = null) {
    Object.assign(this, { from, to, fromIn, toIn, sign });
  }
}

export class Fn {
  /** `parameters`: [{ name, type, optional }]; `rest`: the last one takes all further arguments. */
  constructor(parameters, call, { builtin = null, rest = false, result = null } = {}) {
    Object.assign(this, { parameters, call, builtin, rest, result });
  }
}

export function kindOf(value) {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (isNumber(value)) return 'number';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'context';
  if (value instanceof FeelDate) return 'date';
  if (value instanceof FeelDateTime) return 'date and time';
  if (value instanceof FeelTime) return 'time';
  if (value instanceof Months) return 'years and months duration';
  if (value instanceof Span) return 'days and time duration';
  if (value instanceof Range) return 'range';
  return 'function';
}

/** Three answers: true, false, and null where the two cannot be compared. */
export function equal(a, b) {
  if (a === null || b === null) return a === b;
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return null;
  switch (kind) {
    case 'number': return a.eq(b);
    case 'list': return a.length === b.length && a.every((each, n) => equal(each, b[n]) === true);
    case 'context': return a.size === b.size && [...a].every(([key, each]) => b.has(key) && equal(each, b.get(key)) === true);
    case 'range':
      return a.sign === b.sign && a.fromIn === b.fromIn && a.toIn === b.toIn && equal(a.from, b.from) === true && equal(a.to, b.to) === true;
    case 'function': return a === b;
    case 'string': case 'boolean': return a === b;
    default: {
      const order = compare(a, b);
      return order === null ? null : order === 0;
    }
  }
}

/** Equal in value and also in form: moments with their zones (the function `is`). */
export function identical(a, b) {
  if (equal(a, b) !== true) return false;
  if (a instanceof FeelDateTime || a instanceof FeelTime) return sameZone(a.zone, b.zone);
  return true;
}

const sign = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Negative, 0 or positive; null for what has no order. */
export function compare(a, b) {
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return null;
  switch (kind) {
    case 'number': return a.cmp(b);
    case 'string': return compareTexts(a, b);
    case 'date': return sign(a.year, b.year) || sign(a.month, b.month) || sign(a.day, b.day);
    case 'date and time': case 'time': {
      const zones = clocks(a, b);
      return zones && sign(instant(a, zones[0]), instant(b, zones[1]));
    }
    case 'years and months duration': case 'days and time duration': return sign(a.size, b.size);
    default: return null;
  }
}

/** The clocks two moments or times are read on, or null when only one knows its zone and none is told. */
export function clocks(a, b) {
  if ((a.zone === null) === (b.zone === null)) return [a.zone, b.zone];
  return told.mixed ? [a.zone ?? told.zone, b.zone ?? told.zone] : null;
}

/** A time of a named zone is read as on the told day. */
export function instant(value, zone) {
  if (value instanceof FeelDateTime) return value.nanos(zone);
  if (zone?.offset !== null) return value.nanos(zone);
  return value.nanos({ offset: new FeelDateTime(told.today, value).offset(zone) });
}

/** By code points: what is beyond the first plane comes after it. */
function compareTexts(a, b) {
  if (a === b) return 0;
  const [left, right] = [[...a], [...b]];
  for (let n = 0; n < left.length && n < right.length; n += 1) {
    const order = left[n].codePointAt(0) - right[n].codePointAt(0);
    if (order) return order;
  }
  return left.length - right.length;
}

/** Whether a range holds a value; null where they cannot be compared. */
export function within(range, value) {
  if (value === null || (range.sign === null && (range.from === null || range.to === null))) return null;
  let inside = true;
  if (range.from !== null) {
    const order = compare(value, range.from);
    if (order === null) return null;
    inside = range.fromIn ? order >= 0 : order > 0;
  }
  if (range.to !== null) {
    const order = compare(value, range.to);
    if (order === null) return null;
    inside &&= range.toIn ? order <= 0 : order < 0;
  }
  return inside;
}

/** Whether a value passes a test that came to `test`: is it, is among it, or lies in it. */
export function passes(value, test) {
  if (test instanceof Range) return test.sign === '!=' ? negated(equal(value, test.from)) : within(test, value);
  if (Array.isArray(test)) {
    if (equal(value, test) === true) return true;
    return test.some((each) => (each instanceof Range ? within(each, value) : equal(value, each)) === true);
  }
  return equal(value, test);
}

const negated = (answer) => (answer === null ? null : !answer);

/** How FEEL writes a value; inside lists and contexts texts stand in quotes. */
export function write(value, inside = false) {
  switch (kindOf(value)) {
    case 'null': return 'null';
    case 'string': return inside ? `"${value.replace(/(["\\])/g, '\\$1')}"` : value;
    case 'number': return writeNumber(value);
    case 'list': return `[${value.map((each) => write(each, true)).join(', ')}]`;
    case 'context': return `{${[...value].map(([key, each]) => `${nameOf(key)}: ${write(each, true)}`).join(', ')}}`;
    case 'range': return writeRange(value);
    case 'function': return `function(${value.parameters.map(({ name }) => name).join(', ')})`;
    case 'boolean': return String(value);
    default: return inside ? `@"${value}"` : String(value);
  }
}

const nameOf = (key) => (/^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(key) ? key : `"${key.replace(/(["\\])/g, '\\$1')}"`);

function writeRange({ from, to, fromIn, toIn, sign: written }) {
  if (written) return `${written} ${write(from ?? to, true)}`;
  return `${fromIn ? '[' : '('}${write(from, true)}..${write(to, true)}${toIn ? ']' : ')'}`;
}

export { Decimal };
