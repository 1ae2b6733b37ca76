// What stands behind a dot: members of contexts and lists, properties of dates, durations and ranges.
import { Range } from './kinds.js';
import { number } from './numbers.js';
import { FeelDate, FeelDateTime, FeelTime, Months, Span, span } from './times.js';

/** undefined when there is nothing of that name. */
export function member(value, name) {
  if (value instanceof Map) return value.get(name);
  if (value instanceof FeelDate) return ofDate(value, name);
  if (value instanceof FeelDateTime) return ofDate(value.date, name) ?? ofTime(value.time, name, value.offset());
  if (value instanceof FeelTime) return ofTime(value, name, value.offset);
  if (value instanceof Months) return ofMonths(value, name);
  if (value instanceof Span) return ofSpan(value, name);
  if (value instanceof Range) return ofRange(value, name);
  return undefined;
}

function ofDate(date, name) {
  return ['year', 'month', 'day', 'weekday'].includes(name) ? number(date[name]) : undefined;
}

function ofTime(time, name, offset) {
  switch (name) {
    case 'hour': return number(time.hour);
    case 'minute': return number(time.minute);
    case 'second': return number(time.secondOfMinute);
    case 'time offset': return offset === null ? null : span(offset);
    case 'timezone': return time.zone !== null && time.zone.offset === null ? time.zone.name : null;
    default: return undefined;
  }
}

function ofMonths({ months }, name) {
  const years = Math.trunc(months / 12);
  if (name === 'years') return number(years);
  if (name === 'months') return number(months - years * 12);
  return ['days', 'hours', 'minutes', 'seconds'].includes(name) ? null : undefined;
}

function ofSpan(duration, name) {
  if (['days', 'hours', 'minutes', 'seconds'].includes(name)) return number(duration.parts()[name] + 0);
  return ['years', 'months'].includes(name) ? null : undefined;
}

function ofRange(range, name) {
  switch (name) {
    case 'start': return range.sign === '=' || range.sign === '!=' ? range.from : range.from;
    case 'end': return range.to;
    case 'start included': return range.fromIn;
    case 'end included': return range.toIn;
    default: return undefined;
  }
}
