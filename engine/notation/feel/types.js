// Types: whether a value is of one, and what becomes of a value where a type is asked for.
import { Fn, Range, kindOf } from './kinds.js';

// A type is { name } of a plain one, { list }, { range }, { context: [[key, type]…] }, { function: [types…], result },
// and may carry `allows`, a test its values must pass. Named types of a model are replaced by these before use.
export const ANY = { name: 'Any' };

const PLAIN = new Set(['number', 'string', 'boolean', 'date', 'time', 'date and time', 'days and time duration', 'years and months duration']);
const ALIASES = {
  dateTime: 'date and time', dayTimeDuration: 'days and time duration', yearMonthDuration: 'years and months duration',
  any: 'Any', null: 'Null', integer: 'number', long: 'number', double: 'number',
};

/** A plain type by its name, or null. */
export function plainType(name) {
  const known = ALIASES[name] ?? name;
  if (PLAIN.has(known) || known === 'Any' || known === 'Null') return { name: known };
  if (known === 'context') return { context: [] };
  if (known === 'list') return { list: ANY };
  if (known === 'function') return { function: null };
  if (known === 'range') return { range: ANY };
  if (known === 'duration') return { either: [{ name: 'days and time duration' }, { name: 'years and months duration' }] };
  return null;
}

/** Whether a value is of a type; null is of none but Null. What values a named type allows is not asked. */
export function isOf(value, type) {
  return fits(value, type, () => true);
}

/** A member of a context may be null: not known. `allowed` is asked about every part of the value. */
function fits(value, type, allowed) {
  if (value === null) return type.name === 'Null';
  if (!allowed(value, type)) return false;
  const inner = (each, of) => fits(each, of, allowed) || (each === null && (of.name === 'Any' || allowed === permitted));
  if (type.either) return type.either.some((each) => fits(value, each, allowed));
  if (type.list) return Array.isArray(value) && value.every((each) => inner(each, type.list));
  if (type.range) return value instanceof Range && [value.from, value.to].every((end) => end === null || fits(end, type.range, allowed));
  if (type.context) return value instanceof Map && type.context.every(([key, of]) => value.has(key) && (value.get(key) === null || inner(value.get(key), of)));
  if (type.function !== undefined) return value instanceof Fn && fitsFunction(value, type);
  return type.name === 'Any' || kindOf(value) === type.name;
}

function permitted(value, type) {
  return !type.allows || type.allows(value);
}

function fitsFunction(value, type) {
  if (type.function === null) return true;
  if (value.parameters.length !== type.function.length) return false;
  return value.parameters.every((parameter, n) => covers(parameter.type ?? ANY, type.function[n]))
    && (value.result === null || covers(type.result ?? ANY, value.result));
}

/** Whether every value of `narrow` is one of `wide`. */
export function covers(wide, narrow) {
  if (wide.name === 'Any' || narrow.name === 'Null') return true;
  if (wide.either) return wide.either.some((each) => covers(each, narrow));
  if (wide.list) return Boolean(narrow.list) && covers(wide.list, narrow.list);
  if (wide.range) return Boolean(narrow.range) && covers(wide.range, narrow.range);
  if (wide.context) {
    const has = new Map(narrow.context ?? []);
    return Boolean(narrow.context) && wide.context.every(([key, type]) => has.has(key) && covers(type, has.get(key)));
  }
  if (wide.function !== undefined) {
    if (narrow.function === undefined) return false;
    return wide.function === null || (narrow.function !== null && wide.function.length === narrow.function.length
      && wide.function.every((type, n) => covers(narrow.function[n], type)) && covers(wide.result ?? ANY, narrow.result ?? ANY));
  }
  return wide.name === narrow.name;
}

/** Where a type is asked for: a list of one becomes its item and the other way round; what does not fit is null. */
export function coerce(value, type) {
  if (value === null || value === undefined || !type || type.name === 'Any') return value ?? null;
  if (isFitting(value, type)) return value;
  if (Array.isArray(value) && !type.list && value.length === 1 && isFitting(value[0], type)) return value[0];
  if (!Array.isArray(value) && type.list && isFitting([value], type)) return [value];
  return null;
}

function isFitting(value, type) {
  return fits(value, type, permitted);
}
