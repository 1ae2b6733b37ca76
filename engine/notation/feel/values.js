// Values on their way in and out, as JSON. What JSON has no word for is an object with the key "$"; a context that has
// this key itself travels as pairs.
import { Fn, Range, kindOf, write } from './kinds.js';
import { number, numberOut, parseNumber } from './numbers.js';
import { FeelDateTime, parseDate, parseDateTime, parseDuration, parseTime, zoneNamed } from './times.js';
import { told } from './told.js';

const UTC = zoneNamed('Z');

export function decode(value) {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) return value.map(decode);
  if (!Object.hasOwn(value, '$')) return contextOf(Object.entries(value));
  switch (value.$) {
    case 'context': return contextOf(value.v);
    case 'number': return parseNumber(value.v);
    case 'date': return parseDate(value.v);
    case 'time': return parseTime(value.v);
    case 'duration': return parseDuration(value.v);
    case 'local': return parseDateTime(value.v);
    case 'moment': return FeelDateTime.at(parseDateTime(value.v).nanos(), told.zone);
    default: throw new Error(`unknown kind of value: ${value.$}`);
  }
}

function contextOf(pairs) {
  return new Map(pairs.map(([key, entry]) => [key, decode(entry)]));
}

/** For the asker: moments are instants, times are on the told clock; ranges and functions are no values. */
export function encode(value) {
  switch (kindOf(value)) {
    case 'null': return null;
    case 'number': return numberOut(value);
    case 'list': return value.map(encode);
    case 'context': return pairsOut(value, encode);
    case 'date': return { $: 'date', v: String(value) };
    case 'time': return { $: 'time', v: String(onTheToldClock(value)) };
    case 'years and months duration': case 'days and time duration': return { $: 'duration', v: String(value) };
    case 'date and time': return { $: 'moment', v: String(FeelDateTime.at(value.nanos(value.zone ?? told.zone), UTC)) };
    case 'range': throw new Error('the result is a range, not a value');
    case 'function':
      if (value.builtin) return null; // a variable nobody has, named like one of FEEL's functions
      throw new Error('the result is a function, not a value');
    default: return value;
  }
}

/** Everything as FEEL has it, to the last digit and zone; for those who test the evaluator itself. */
export function encodeExactly(value) {
  const kind = kindOf(value);
  if (kind === 'list') return value.map(encodeExactly);
  if (kind === 'context') return pairsOut(value, encodeExactly);
  if (['null', 'string', 'boolean'].includes(kind)) return value ?? null;
  return { $: kind, v: value instanceof Range || value instanceof Fn ? write(value) : write(value) };
}

function pairsOut(context, out) {
  const pairs = [...context].map(([key, entry]) => [key, out(entry)]);
  const plain = !context.has('$') && !context.has('__proto__') && !pairs.some(([key]) => /^\d+$/.test(key));
  return plain ? Object.fromEntries(pairs) : { $: 'context', v: pairs };
}

function onTheToldClock(time) {
  if (time.zone === null) return time;
  const moment = FeelDateTime.at(new FeelDateTime(told.today, time).nanos(), told.zone).time;
  moment.zone = null;
  return moment;
}
