// FEEL for the engine: expressions, cells and whole decision tables, asked and answered as JSON text.
// Runs in an isolate without host objects and knows the moment it is told, no other.
import {
  FeelDate, FeelDateTime, FeelDuration, FeelFunction, FeelRange, FeelTime,
  duration, evaluate, parseDate, parseDateTime, parseTime, unaryTest,
} from 'feelin';
import { Names, builtins, inZone, tell, told, trees } from './mends.js';
import { maskedBy, namesIn, problemsOf } from './syntax.js';

const exact = new WeakMap(); // moments handed in, as they were written: nothing is lost on the way through

/**
 * Answers a list of questions about contexts, in order.
 * in:  { now, zone, contexts: [names…], shapes: [text…], questions: [{ kind, context, … }] }
 * out: [{ value, warnings } | { table, warnings } | { problems } | { names } | { error }]
 */
export function ask(text) {
  const { now, zone, contexts, shapes, questions } = JSON.parse(text);
  tell(now, zone);
  const decoded = contexts.map((names) => new Names(decode(names)));
  return JSON.stringify(questions.map((question) => {
    trees.shape = shapes[question.context];
    trees.names = decoded[question.context];
    try {
      return ANSWERS[question.kind](question, decoded[question.context]);
    } catch (error) {
      const { from, to } = error.position ?? { from: null, to: null };
      return { error: { message: String(error.message ?? error), place: error.place ?? null, from, to } };
    }
  }));
}

const ANSWERS = {
  expression({ text, functions }, context) {
    const { value, warnings } = evaluate(text, unmasked(text, false, knowing(functions, context)));
    return { value: encode(value), warnings: warnings.map(asWarning) };
  },

  test({ text, value }, context) {
    return { value: passes(text, seenBy(decode(value), context)), warnings: [] };
  },

  /** Which rules of a decision table match, and what they give. Hit policies are the asker's business. */
  table({ inputs, rules, fallbacks, functions }, outside) {
    const context = knowing(functions, outside);
    const warnings = [];
    const at = (place, work) => {
      try {
        return work();
      } catch (error) {
        throw Object.assign(error, { place });
      }
    };
    const give = (text, place) => at(place, () => {
      const given = evaluate(text, unmasked(text, false, context));
      warnings.push(...given.warnings.map((one) => ({ ...asWarning(one), place })));
      return given.value ?? null;
    });
    const answer = (text, place) => {
      const value = give(text, place);
      return at(place, () => encode(value));
    };
    const values = inputs.map((input, column) => give(input.text, ['input', 0, column]));
    inputs.forEach(({ alias }, column) => {
      if (alias) context[alias] = values[column];
    });
    const seen = values.map((value) => seenBy(value, context));
    const allowed = inputs.map((input, column) => input.allowed === null
      || at(['allowed', 0, column], () => passes(input.allowed, seen[column])));
    const matched = [];
    rules.forEach(({ cells, outputs }, row) => {
      if (!cells.every((cell, column) => at(['cell', row, column], () => passes(cell, seen[column])))) return;
      matched.push({ row, outputs: outputs.map((text, column) => answer(text, ['output', row, column])) });
    });
    const defaults = matched.length ? [] : fallbacks.map((text, column) => answer(text, ['default', 0, column]));
    const given = values.map((value, column) => at(['input', 0, column], () => encode(value)));
    return { table: { inputs: given, allowed, matched, defaults }, warnings };
  },

  problems({ text, unary }, context) {
    return { problems: problemsOf(text, unary, context, (name) => name in context || name in builtins) };
  },

  names({ text, unary }, context) {
    return { names: namesIn(text, unary, context, builtins) };
  },
};

/** Names, and besides them functions that are given as text: [[name, text]…]; each may call those before it. */
function knowing(functions, context) {
  const names = new Names(context);
  for (const [name, text] of functions ?? []) names[name] = evaluate(text, names).value;
  return names;
}

/** A missing variable that is named like one of FEEL's functions (`mode`, `count`) is null, not that function. */
function unmasked(text, unary, names) {
  const missing = maskedBy(builtins, text, unary, names).filter((name) => !Object.hasOwn(names, name));
  return missing.length ? new Names({ ...names, ...Object.fromEntries(missing.map((name) => [name, null])) }) : names;
}

/** What a cell sees: the names, and the tested value as `?`. */
function seenBy(value, context) {
  const names = new Names(context);
  names['?'] = value;
  return names;
}

/** Whether `?` passes unary tests; null is the empty cell, which every value passes. */
function passes(tests, names) {
  return tests === null || unaryTest(tests, unmasked(tests, true, names)).value === true;
}

function asWarning({ type, message, position: { from, to } }) {
  return { type, message, from, to, place: null };
}

// What JSON has no word for is an object with the key "$"; a context that has this key itself travels as pairs.

function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== 'object') return value;
  if (!Object.hasOwn(value, '$')) return contextOf(Object.entries(value));
  switch (value.$) {
    case 'context': return contextOf(value.v);
    case 'date': return parseDate(value.v);
    case 'time': return parseTime(value.v);
    case 'duration': return duration(value.v);
    case 'moment': {
      const moment = new FeelDateTime(parseDateTime(value.wall).unwrap(), told.zone);
      exact.set(moment, value.v);
      return moment;
    }
    default: throw new Error(`unknown kind of value: ${value.$}`);
  }
}

function contextOf(pairs) {
  return Object.fromEntries(pairs.map(([key, entry]) => [key, decode(entry)]));
}

function encode(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? value : numberOf(value);
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof FeelDate) return { $: 'date', v: String(value) };
  if (value instanceof FeelTime) return { $: 'time', v: String(inZone(value)) };
  if (value instanceof FeelDuration) return { $: 'duration', v: String(value) };
  if (value instanceof FeelDateTime) return { $: 'moment', v: exact.get(value) ?? instantOf(inZone(value)) };
  if (value instanceof FeelRange) throw new Error('the result is a range, not a value');
  if (value instanceof FeelFunction || typeof value === 'function') throw new Error('the result is a function, not a value');
  const pairs = Object.entries(value).map(([key, entry]) => [key, encode(entry)]);
  return Object.hasOwn(value, '$') ? { $: 'context', v: pairs } : Object.fromEntries(pairs);
}

/** 0.1 + 0.2 is 0.3: doubles have fifteen good digits. */
function numberOf(value) {
  return Number.isFinite(value) ? Number(value.toPrecision(15)) : null;
}

function instantOf(moment) {
  return moment.unwrap().toZonedDateTime(moment.zone).toInstant().toString();
}
