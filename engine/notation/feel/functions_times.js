// FEEL's functions that make dates, times, moments and durations, or read something off them.
import { define } from './define.js';
import { number, whole } from './numbers.js';
import {
  FeelDate, FeelDateTime, FeelTime, Span, daysOf, monthsBetween, parseDate, parseDateTime, parseDuration, parseTime, zoneAt, zoneNamed,
} from './times.js';

const UTC = { name: 'Z', offset: 0 };
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

define('date', 'from: text', (from) => parseDate(from) ?? undefined, 'date');
define('date', 'from: date', (from) => from, 'date');
define('date', 'from: moment', (from) => from.date, 'date');
define('date', 'year: number, month: number, day: number', (year, month, day) => {
  const parts = [year, month, day].map(whole);
  return parts.includes(null) ? undefined : FeelDate.of(...parts) ?? undefined;
}, 'date');

define('date and time', 'date: moment, time: time', ({ date }, time) => new FeelDateTime(date, time), 'moment');
define('date and time', 'date: date, time: time', (date, time) => new FeelDateTime(date, time), 'moment');
define('date and time', 'from: text', (from) => parseDateTime(from) ?? undefined, 'moment');
define('date and time', 'from: moment', (from) => from, 'moment');
define('date and time', 'from: date', (from) => new FeelDateTime(from, new FeelTime(0)), 'moment');
define('date and time', 'from: moment, timezone: text', (from, timezone) => {
  const zone = zoneNamed(timezone);
  return zone && from.zone ? FeelDateTime.at(from.nanos(), zone) : undefined;
}, 'moment');
define('date and time', 'year: number, month: number, day: number, hour: number, minute: number, second: number, offset?: any', (...args) => {
  const [year, month, day, hour, minute] = args.slice(0, 5).map(whole);
  if ([year, month, day, hour, minute].includes(null)) return undefined;
  const date = FeelDate.of(year, month, day);
  const time = timeOf(hour, minute, args[5], args[6] ?? null);
  return date && time ? new FeelDateTime(date, time) : undefined;
}, 'moment');

define('time', 'from: text', (from) => parseTime(from) ?? undefined, 'time');
define('time', 'from: time', (from) => from, 'time');
define('time', 'from: moment', ({ time }) => time, 'time');
define('time', 'from: date', () => new FeelTime(0, 0, UTC), 'time');
define('time', 'hour: number, minute: number, second: number, offset?: any', (hour, minute, second, offset = null) => {
  const [h, m] = [whole(hour), whole(minute)];
  return h === null || m === null ? undefined : timeOf(h, m, second, offset) ?? undefined;
}, 'time');

function timeOf(hour, minute, second, offset) {
  let zone = null;
  if (typeof offset === 'string') zone = zoneNamed(offset);
  else if (offset instanceof Span) zone = offset.nanos % 1000000000n === 0n && Math.abs(offset.parts().days) < 1 ? zoneAt(Number(offset.nanos / 1000000000n)) : null;
  if (offset !== null && zone === null) return null;
  const whole_ = second.trunc();
  const nano = second.minus(whole_).times(1e9).trunc().toNumber();
  return second.isNegative() ? null : FeelTime.of(hour, minute, whole_.toNumber(), nano, zone);
}

define('duration', 'from: text', (from) => parseDuration(from) ?? undefined);
define('duration', 'from: days', (from) => from, 'days');
define('duration', 'from: months', (from) => from, 'months');
define('years and months duration', 'from: any, to: any', (from, to) => {
  const known = (value) => value instanceof FeelDate || value instanceof FeelDateTime;
  return known(from) && known(to) ? monthsBetween(from, to) : undefined;
}, 'months');

define('now', '', () => undefined);
define('today', '', () => undefined);

const onDate = (name, work, result) => {
  define(name, 'date: date', work, result);
  define(name, 'date: moment', ({ date }) => work(date), result);
};

onDate('day of year', (date) => number(date.days - daysOf(date.year, 1, 1) + 1), 'number');
onDate('day of week', (date) => WEEKDAYS[date.weekday - 1], 'text');
onDate('month of year', (date) => MONTHS[date.month - 1], 'text');
/** The first week of a year is the one with its first Thursday. */
onDate('week of year', (date) => {
  const thursday = date.days - date.weekday + 4;
  const year = [date.year + 1, date.year, date.year - 1].find((each) => daysOf(each, 1, 1) <= thursday);
  return number(Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1);
}, 'number');

