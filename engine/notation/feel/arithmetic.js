// Plus, minus, times and the others, for numbers, texts, dates, moments and durations; null where they make no sense.
import { clocks, instant, kindOf } from './kinds.js';
import { Decimal, divide, finite, isNumber, number, power } from './numbers.js';
import { FeelDate, FeelDateTime, FeelTime, Months, Span, dateOfDays } from './times.js';
import { told } from './told.js';

const UTC = { name: 'Z', offset: 0 };
const MAX_TEXT = 10_000_000;
const isDuration = (value) => value instanceof Months || value instanceof Span;
const hasDay = (value) => value instanceof FeelDate || value instanceof FeelDateTime;

export class TooLarge extends Error {}

export function add(a, b) {
  if (isNumber(a) && isNumber(b)) return finite(a.plus(b));
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length + b.length > MAX_TEXT) throw new TooLarge('the text grows too long');
    return a + b;
  }
  if (isDuration(a) && isDuration(b)) return kindOf(a) === kindOf(b) ? sameKind(a, a.size + b.size) : null;
  if (isDuration(b)) return shift(a, b, 1);
  return isDuration(a) ? shift(b, a, 1) : null;
}

export function subtract(a, b) {
  if (isNumber(a) && isNumber(b)) return finite(a.minus(b));
  if (isDuration(a) && isDuration(b)) return kindOf(a) === kindOf(b) ? sameKind(a, a.size - b.size) : null;
  if (isDuration(b)) return shift(a, b, -1);
  if (a instanceof FeelTime && b instanceof FeelTime) return apart(a, b);
  if (!hasDay(a) || !hasDay(b)) return null;
  return apart(asMoment(a), asMoment(b));
}

function apart(a, b) {
  const zones = clocks(a, b);
  return zones && new Span(instant(a, zones[0]) - instant(b, zones[1]));
}

/** A date beside a moment is its first instant: on the told clock, or strictly in UTC. */
function asMoment(value) {
  if (!(value instanceof FeelDate)) return value;
  return new FeelDateTime(value, new FeelTime(0, 0, told.mixed ? null : UTC));
}

function sameKind(like, size) {
  return like instanceof Span ? new Span(size) : months(size);
}

function months(size) {
  return Number.isSafeInteger(size) ? new Months(size) : null;
}

function shift(value, by, direction) {
  if (by instanceof Months) return hasDay(value) ? value.plusMonths(direction * by.months) : null;
  const nanos = BigInt(direction) * by.nanos;
  if (value instanceof FeelDateTime || value instanceof FeelTime) return value.plus(nanos);
  if (!(value instanceof FeelDate)) return null;
  const moment = new FeelDateTime(value, new FeelTime(0)).plus(nanos);
  return moment && dateOfDays(moment.date.days);
}

export function multiply(a, b) {
  if (isNumber(a) && isNumber(b)) return finite(a.times(b));
  if (isDuration(a) && isNumber(b)) return scaled(a, (size) => size.times(b));
  return isNumber(a) && isDuration(b) ? multiply(b, a) : null;
}

export function quotient(a, b) {
  if (isNumber(a) && isNumber(b)) return divide(a, b);
  if (isDuration(a) && isNumber(b)) return b.isZero() ? null : scaled(a, (size) => size.div(b));
  if (isDuration(a) && kindOf(a) === kindOf(b)) return divide(new Decimal(String(a.size)), new Decimal(String(b.size)));
  return null;
}

function scaled(duration, by) {
  const size = by(new Decimal(String(duration.size)));
  if (!size.isFinite() || size.abs().gt('1e30')) return null;
  return duration instanceof Span ? new Span(BigInt(size.trunc().toFixed())) : months(size.trunc().toNumber());
}

export function raise(a, b) {
  return isNumber(a) && isNumber(b) ? power(a, b) : null;
}

export function negate(value) {
  if (isNumber(value)) return value.isZero() ? number(0) : value.neg();
  return isDuration(value) ? sameKind(value, -value.size) : null;
}
