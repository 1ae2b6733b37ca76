// Dates, times, moments and durations of any year, exact to the nanosecond, each with or without a zone.
import { offsetAt, sameZone, zoneAt, zoneNamed } from './zones.js';

const NANO = 1000000000n;
const DAY = 86400;
export const MAX_YEAR = 999999999;

/** Days after 1970-01-01 of a date in the Gregorian calendar, which is carried on into all years. */
export function daysOf(year, month, day) {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

export function dateOfDays(days) {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return FeelDate.of(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1);
}

export function daysInMonth(year, month) {
  return month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const two = (part) => String(part).padStart(2, '0');

export class FeelDate {
  constructor(year, month, day) {
    Object.assign(this, { year, month, day });
  }

  /** Null for what is on no calendar. */
  static of(year, month, day) {
    const good = Math.abs(year) <= MAX_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
    return good ? new FeelDate(year, month, day) : null;
  }

  get days() {
    return daysOf(this.year, this.month, this.day);
  }

  get weekday() {
    return ((((this.days + 3) % 7) + 7) % 7) + 1;
  }

  plusMonths(months) {
    const total = this.year * 12 + this.month - 1 + months;
    const year = Math.floor(total / 12);
    const month = total - year * 12 + 1;
    return FeelDate.of(year, month, Math.min(this.day, daysInMonth(year, month)));
  }

  toString() {
    const year = String(Math.abs(this.year)).padStart(4, '0');
    return `${this.year < 0 ? '-' : ''}${year}-${two(this.month)}-${two(this.day)}`;
  }
}

export class FeelTime {
  /** `second` of the day, and the nanoseconds above it; `zone` is null where none is known. */
  constructor(second, nano = 0, zone = null) {
    Object.assign(this, { second, nano, zone });
  }

  static of(hour, minute, second, nano, zone) {
    const good = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
    return good ? new FeelTime(hour * 3600 + minute * 60 + second, nano, zone) : null;
  }

  get hour() { return Math.floor(this.second / 3600); }

  get minute() { return Math.floor(this.second / 60) % 60; }

  get secondOfMinute() { return this.second % 60; }

  /** The offset where it is fixed; the one of a named zone is known on a day only. */
  get offset() { return this.zone?.offset ?? null; }

  nanos(zone = this.zone) {
    return BigInt(this.second - (zone?.offset ?? 0)) * NANO + BigInt(this.nano);
  }

  plus(nanos) {
    const day = BigInt(DAY) * NANO;
    const sum = (((BigInt(this.second) * NANO + BigInt(this.nano) + nanos) % day) + day) % day;
    return new FeelTime(Number(sum / NANO), Number(sum % NANO), this.zone);
  }

  toString() {
    const fraction = this.nano ? `.${String(this.nano).padStart(9, '0').replace(/0+$/, '')}` : '';
    const zone = this.zone === null ? '' : this.zone.offset === null ? `@${this.zone.name}` : this.zone.name;
    return `${two(this.hour)}:${two(this.minute)}:${two(this.secondOfMinute)}${fraction}${zone}`;
  }
}

export class FeelDateTime {
  constructor(date, time) {
    Object.assign(this, { date, time });
  }

  get zone() { return this.time.zone; }

  /** Seconds east of Greenwich on the clock this is read from (`zone` where it has none itself). */
  offset(zone = this.zone) {
    if (zone === null) return null;
    if (zone.offset !== null) return zone.offset;
    const { days } = this.date;
    const at = (offset) => {
      const instant = days * DAY + this.time.second - offset;
      return offsetAt(zone, Math.floor(instant / DAY), instant - Math.floor(instant / DAY) * DAY);
    };
    const before = offsetAt(zone, days - 1, this.time.second);
    const after = offsetAt(zone, days + 1, this.time.second);
    // In an hour that comes twice the first one counts; a time that is skipped is read by the clock before.
    return at(before) === before ? before : at(after) === after ? after : before;
  }

  /** Nanoseconds after 1970 in UTC; read on the clock of `zone` where it has none itself. */
  nanos(zone = this.zone) {
    const local = BigInt(this.date.days) * BigInt(DAY) + BigInt(this.time.second);
    return (local - BigInt(this.offset(zone) ?? 0)) * NANO + BigInt(this.time.nano);
  }

  /** This many nanoseconds later; null where no calendar goes. */
  plus(nanos) {
    if (this.zone?.offset === null) return FeelDateTime.at(this.nanos() + nanos, this.zone);
    return FeelDateTime.local(BigInt(this.date.days) * BigInt(DAY) * NANO + this.time.nanos(null) + nanos, this.zone);
  }

  plusMonths(months) {
    const date = this.date.plusMonths(months);
    return date && new FeelDateTime(date, this.time);
  }

  /** The moment a number of nanoseconds after 1970, on the clock of a zone. */
  static at(nanos, zone) {
    const second = floorDiv(nanos, NANO);
    const days = Number(floorDiv(second, BigInt(DAY)));
    const offset = zone === null ? 0 : offsetAt(zone, days, Number(second - BigInt(days) * BigInt(DAY)));
    return FeelDateTime.local(nanos + BigInt(offset) * NANO, zone);
  }

  static local(nanos, zone) {
    const second = floorDiv(nanos, NANO);
    const days = floorDiv(second, BigInt(DAY));
    const date = dateOfDays(Number(days));
    return date && new FeelDateTime(date, new FeelTime(Number(second - days * BigInt(DAY)), Number(nanos - second * NANO), zone));
  }

  toString() {
    return `${this.date}T${this.time}`;
  }
}

function floorDiv(a, b) {
  const quotient = a / b;
  return a % b !== 0n && (a < 0n) !== (b < 0n) ? quotient - 1n : quotient;
}

/** Years and months: a whole number of months. */
export class Months {
  constructor(months) {
    this.months = Object.is(months, -0) ? 0 : months;
  }

  get size() { return this.months; }

  toString() {
    const total = Math.abs(this.months);
    const [years, months] = [Math.floor(total / 12), total % 12];
    return `${this.months < 0 ? '-' : ''}P${years ? `${years}Y` : ''}${months || !years ? `${months}M` : ''}`;
  }
}

/** Days and time: a whole number of nanoseconds. */
export class Span {
  constructor(nanos) {
    this.nanos = nanos;
  }

  get size() { return this.nanos; }

  parts() {
    const total = this.nanos < 0n ? -this.nanos : this.nanos;
    const second = total / NANO;
    const sign = this.nanos < 0n ? -1 : 1;
    return {
      sign, days: Number(second / 86400n) * sign, hours: Number((second / 3600n) % 24n) * sign,
      minutes: Number((second / 60n) % 60n) * sign, seconds: Number(second % 60n) * sign, nano: Number(total % NANO),
    };
  }

  toString() {
    const { sign, days, hours, minutes, seconds, nano } = this.parts();
    const fraction = nano ? `.${String(nano).padStart(9, '0').replace(/0+$/, '')}` : '';
    const [d, h, m, s] = [days, hours, minutes, seconds].map(Math.abs);
    const time = `${h ? `${h}H` : ''}${m ? `${m}M` : ''}${s || nano ? `${s}${fraction}S` : ''}`;
    return `${sign < 0 ? '-' : ''}P${d ? `${d}D` : ''}${time ? `T${time}` : d ? '' : 'T0S'}`;
  }
}

export const span = (seconds, nano = 0n) => new Span(BigInt(seconds) * NANO + nano);

const DATE = /^(-?)(\d{4,9})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(.*)$/;
const SHORT_TIME = /^(\d{2}):(\d{2})(?!:)(.*)$/;
const DURATION = /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?$/;

export function parseDate(text) {
  const found = DATE.exec(text);
  if (!found || (found[2].length > 4 && found[2].startsWith('0'))) return null;
  return FeelDate.of(Number(found[1] + found[2]), Number(found[3]), Number(found[4]));
}

export function parseTime(text) {
  const long = TIME.exec(text);
  const short = long ? null : SHORT_TIME.exec(text);
  if (!long && !short) return null;
  const [, hour, minute, second, fraction = ''] = long ?? [...short.slice(0, 3), '00'];
  const rest = long ? long[5] : short[3];
  const zone = rest === '' ? null : zoneNamed(rest.startsWith('@') ? rest.slice(1) : rest);
  if (rest !== '' && (zone === null || (rest.startsWith('@') === (zone.offset !== null)))) return null;
  return FeelTime.of(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 9).padEnd(9, '0')), zone);
}

/** A moment; a date alone is its first instant. */
export function parseDateTime(text) {
  const parts = text.split('T');
  const date = parseDate(parts[0]);
  if (date === null || parts.length < 2) return date && new FeelDateTime(date, new FeelTime(0));
  let clock = parts.slice(1).join('T');
  // The last instant of a day may be written as the hour 24 of it.
  const midnight = /^24:00:00(\.0+)?(.*)$/.exec(clock);
  if (midnight) clock = `00:00:00${midnight[2]}`;
  const time = parseTime(clock);
  if (time === null) return null;
  const day = midnight ? dateOfDays(date.days + 1) : date;
  return day && new FeelDateTime(day, time);
}

export function parseDuration(text) {
  const found = DURATION.exec(text);
  if (!found || /[PT]$/.test(text) || text.length > 100) return null;
  const [, minus, years, months, days, hours, minutes, seconds, fraction] = found;
  const sign = minus ? -1 : 1;
  if (years !== undefined || months !== undefined) {
    if ([days, hours, minutes, seconds].some((part) => part !== undefined)) return null;
    const total = Number(years ?? 0) * 12 + Number(months ?? 0);
    return Number.isSafeInteger(total) ? new Months(sign * total) : null;
  }
  const second = ((BigInt(days ?? 0) * 24n + BigInt(hours ?? 0)) * 60n + BigInt(minutes ?? 0)) * 60n + BigInt(seconds ?? 0);
  const nano = BigInt((fraction ?? '').slice(0, 9).padEnd(9, '0'));
  return new Span(BigInt(sign) * (second * NANO + nano));
}

/** Whole months from one date to another, as `years and months duration` counts them; the time of day is left out. */
export function monthsBetween(from, to) {
  const [a, b] = [from.date ?? from, to.date ?? to];
  let months = (b.year - a.year) * 12 + b.month - a.month;
  const rest = b.day - a.day;
  if (months > 0 && rest < 0) months -= 1;
  if (months < 0 && rest > 0) months += 1;
  return new Months(months);
}

export { sameZone, zoneAt, zoneNamed };
