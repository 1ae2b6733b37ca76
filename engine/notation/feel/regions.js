// The columns of a decision table cut into regions that no cell tells apart: points, what lies between them, and the rest.
import { compile } from './compile.js';
import { Range, compare, equal, kindOf, passes, write } from './kinds.js';
import { Decimal } from './numbers.js';
import { Scope } from './scope.js';
import { treeOf } from './texts.js';
import { FeelDateTime, FeelTime, Months, Span, dateOfDays } from './times.js';

const NOWHERE = new Scope(new Map());
const MADE = new Set(['date', 'time', 'duration', 'date and time']);
const ORDERED = new Set(['number', 'date', 'time', 'date and time', 'days and time duration', 'years and months duration']);
const EVERYTHING = { values: [], holds: null };
const TYPES = { integer: 'number', long: 'number', double: 'number', dateTime: 'date and time' };

/**
 * in:  { type, allowed, cells: [text | null] } – null is the cell that everything passes
 * out: { regions: [example as FEEL…], cells: [[index…] | null] } – null where a cell is no plain test
 */
export function regionsOf({ type, allowed, cells }, names) {
  const read = cells.map((text) => (text === null ? EVERYTHING : testsOf(text, names)));
  const limits = allowed === null ? null : testsOf(allowed, names);
  const values = [...read, limits].flatMap((tests) => tests?.values ?? []);
  const regions = cut(values, TYPES[type] ?? type).filter(({ value }) => !limits || limits.holds(value));
  return {
    regions: regions.map(({ text, value }) => text ?? write(value, true)),
    cells: read.map((tests) => (tests === null ? null : regions.flatMap(({ value }, n) => (!tests.holds || tests.holds(value) ? [n] : [])))),
  };
}

/** A cell as { values, holds(value) }; null when it asks more than plain values and ranges can tell. */
function testsOf(text, names) {
  let tree;
  try {
    tree = treeOf(text, true, names);
  } catch (error) {
    if (error.position) return null;
    throw error;
  }
  if (tree.anything) return EVERYTHING;
  const tests = tree.tests.map(testOf);
  if (tests.includes(null)) return null;
  const holds = (value) => tests.some((test) => test.holds(value) === true);
  return { values: tests.flatMap(({ values }) => values), holds: tree.negated ? (value) => !holds(value) : holds };
}

function testOf(node) {
  if (node.type === 'Parenthesis') return testOf(node.inside);
  if (node.type === 'Test' && plain(node.right)) {
    const end = compile(node.right)(NOWHERE);
    const range = compile(node)(NOWHERE);
    if (node.is === '!=' ) return { values: [end], holds: (value) => equal(value, end) !== true };
    return { values: [end], holds: (value) => passes(value, range) };
  }
  if (node.type === 'Range' && plain(node.low) && plain(node.high)) {
    const range = compile(node)(NOWHERE);
    return range instanceof Range ? { values: [range.from, range.to], holds: (value) => passes(value, range) } : null;
  }
  if (node.type === 'List' && node.items.every(plain)) {
    const list = compile(node)(NOWHERE);
    return { values: list, holds: (value) => passes(value, list) };
  }
  if (node.type === 'Call' && node.callee.name === 'not' && node.args.length === 1) {
    const inner = testOf(node.args[0].value);
    return inner && { values: inner.values, holds: (value) => inner.holds(value) !== true };
  }
  if (!plain(node)) return null;
  const value = compile(node)(NOWHERE);
  return { values: [value], holds: (each) => equal(each, value) };
}

function plain(node) {
  if (['Literal', 'Number', 'String', 'At'].includes(node.type)) return true;
  if (node.type === 'Negate') return plain(node.right);
  return node.type === 'Call' && MADE.has(node.callee.name) && node.args.every(({ value }) => plain(value));
}

/** Regions with a value out of each. Null is one of them only where a cell speaks of it. */
function cut(values, declared) {
  const kinds = new Map();
  for (const value of values) {
    const kind = kindOf(value);
    if (!kinds.has(kind)) kinds.set(kind, []);
    if (!kinds.get(kind).some((each) => equal(each, value) === true)) kinds.get(kind).push(value);
  }
  const empty = kinds.size === (kinds.has('null') ? 1 : 0);
  if (empty && declared !== 'boolean') return kinds.has('null') ? [{ value: null }, { value: 'other', text: '-' }] : [{ value: null, text: '-' }];
  if (declared === 'boolean' && !kinds.has('boolean')) kinds.set('boolean', []);
  return [...kinds].flatMap(([kind, found]) => {
    if (kind === 'boolean') return [{ value: true }, { value: false }];
    if (kind === 'null') return [{ value: null }];
    if (kind === 'string') return [...found.map((value) => ({ value })), { value: otherText(found) }];
    return ORDERED.has(kind) ? steps(found.toSorted(compare)) : found.map((value) => ({ value }));
  });
}

function otherText(found) {
  for (let n = 0; ; n += 1) {
    const text = n ? `other ${n}` : 'other';
    if (!found.includes(text)) return text;
  }
}

function steps(points) {
  const out = [];
  const add = (value) => {
    if (value !== null) out.push({ value });
  };
  add(beside(points[0], -1));
  points.forEach((point, n) => {
    out.push({ value: point });
    if (n + 1 < points.length) add(between(point, points[n + 1]));
  });
  add(beside(points.at(-1), 1));
  return out;
}

/** A little less or more than a value; null where there is nothing. */
function beside(value, direction) {
  switch (kindOf(value)) {
    case 'number': return value.plus(direction);
    case 'date': return dateOfDays(value.days + direction);
    case 'date and time': return value.plus(BigInt(direction) * 1000000000n);
    case 'time': {
      const moved = new FeelTime(value.second + direction, value.nano, value.zone);
      return moved.second >= 0 && moved.second < 86400 ? moved : null;
    }
    case 'years and months duration': return new Months(value.months + direction);
    default: return new Span(value.nanos + BigInt(direction) * 1000000000n);
  }
}

function between(a, b) {
  const half = (from, to) => (from + to) / 2n;
  switch (kindOf(a)) {
    case 'number': {
      const next = a.floor().plus(1);
      return next.lt(b) ? next : a.plus(b).div(new Decimal(2));
    }
    case 'date': return b.days - a.days > 1 ? dateOfDays(a.days + 1) : null;
    case 'date and time': return b.nanos() - a.nanos() > 1n ? FeelDateTime.at(half(a.nanos(), b.nanos()), a.zone ?? { name: 'Z', offset: 0 }) : null;
    case 'time': return a.zone === b.zone && b.second - a.second > 1 ? new FeelTime(a.second + 1, a.nano, a.zone) : null;
    case 'years and months duration': return b.months - a.months > 1 ? new Months(a.months + 1) : null;
    default: return b.nanos - a.nanos > 1n ? new Span(half(a.nanos, b.nanos)) : null;
  }
}

