// Numbers as the standard has them: decimals of 34 digits, rounded half to even (IEEE 754 decimal128).
import { Decimal as Base } from 'decimal.js';

export const Decimal = Base.clone({
  precision: 34, rounding: Base.ROUND_HALF_EVEN, minE: -6176, maxE: 6144, toExpNeg: -6200, toExpPos: 6200,
});

/** Room for sums and powers that are rounded once, at the end. */
const Wide = Base.clone({ precision: 60, rounding: Base.ROUND_HALF_EVEN });

const WHOLE = Array.from({ length: 1024 }, (_, n) => new Decimal(n));

export const isNumber = (value) => value instanceof Decimal;

/** A decimal of a JavaScript number; small whole ones are made once. */
export function number(value) {
  return Number.isInteger(value) && value >= 0 && value < 1024 && !Object.is(value, -0) ? WHOLE[value] : new Decimal(value);
}

/** What a calculation came to; overflow and what is no number are null. */
export function finite(value) {
  return value.isFinite() ? value : null;
}

const WRITTEN = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

/** The number a text writes, or null; it may have an exponent, and no spaces. */
export function parseNumber(text) {
  return WRITTEN.test(text) && text.length < 7000 ? finite(new Decimal(text).toSignificantDigits(34)) : null;
}

/** A JavaScript number when the decimal is whole and exact, else null. */
export function whole(value) {
  return isNumber(value) && value.isInteger() && value.abs().lte(Number.MAX_SAFE_INTEGER) ? value.toNumber() : null;
}

export function divide(a, b) {
  return b.isZero() ? null : finite(a.div(b));
}

export function power(a, b) {
  if (a.isZero() && b.isNegative()) return null;
  return finite(new Decimal(new Wide(a).pow(b)).toSignificantDigits(34));
}

/** 1E+2 is written 100; texts never show an exponent. */
export function writeNumber(value) {
  return value.isZero() ? '0' : value.toFixed();
}

/** As the caller's language reads it: a double when fifteen digits say it all, else the digits. */
export function numberOut(value) {
  if (value.isZero()) return 0;
  if (value.precision() <= 15 && value.e < 300 && value.e > -300) return value.toNumber();
  return { $: 'number', v: value.toString() };
}

const ROUNDINGS = {
  floor: Base.ROUND_FLOOR, ceiling: Base.ROUND_CEIL, even: Base.ROUND_HALF_EVEN,
  up: Base.ROUND_UP, down: Base.ROUND_DOWN, 'half up': Base.ROUND_HALF_UP, 'half down': Base.ROUND_HALF_DOWN,
};

/** Rounded to so many places (negative: tens, hundreds …); null when the standard has no such scale. */
export function round(value, scale, how) {
  const places = isNumber(scale) ? scale.trunc().toNumber() : NaN;
  if (!(places >= -6111 && places <= 6176)) return null;
  if (places >= 0) return finite(value.toDecimalPlaces(places, ROUNDINGS[how]));
  const unit = new Decimal(10).pow(-places);
  return finite(value.div(unit).toDecimalPlaces(0, ROUNDINGS[how]).times(unit));
}

export function sum(list) {
  return finite(list.reduce((total, each) => total.plus(each), WHOLE[0]));
}

export function mean(list) {
  return list.length ? divide(sum(list), number(list.length)) : null;
}

export function deviation(list) {
  if (list.length < 2) return null;
  const middle = new Wide(list.reduce((total, each) => total.plus(each), new Wide(0))).div(list.length);
  const squares = list.reduce((total, each) => total.plus(new Wide(each).minus(middle).pow(2)), new Wide(0));
  return new Decimal(squares.div(list.length - 1).sqrt()).toSignificantDigits(34);
}

export function median(list) {
  if (!list.length) return null;
  const sorted = list.toSorted((a, b) => a.cmp(b));
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : divide(sorted[half - 1].plus(sorted[half]), number(2));
}
