// FEEL's functions that relate points and ranges: before, meets, overlaps, during …
import { Names } from './names.js';
import { readExpression } from './read.js';
import { compile } from './compile.js';
import { define } from './define.js';
import { Range, compare } from './kinds.js';
import { Scope } from './scope.js';

const NOT = Symbol('not comparable');

/** The order of two ends; throws what makes the whole relation null. */
function order(a, b) {
  const found = a === null || b === null ? null : compare(a, b);
  if (found === null) throw NOT;
  return found;
}

const eq = (a, b) => order(a, b) === 0;
const lt = (a, b) => order(a, b) < 0;

const isRange = (value) => value instanceof Range;

function relate(name, names, work) {
  const call = (a, b) => {
    if (a === null || b === null) return undefined;
    try {
      return work(a, b);
    } catch (error) {
      if (error === NOT) return undefined;
      throw error;
    }
  };
  for (const [first, second] of names) define(name, `${first}: any, ${second}: any`, call, 'boolean');
}

const BOTH = [['range1', 'range2']];
const ANYWAY = [['range1', 'range2'], ['point1', 'point2'], ['point', 'range'], ['range', 'point'], ['value', 'range']];
const POINT_FIRST = [['range1', 'range2'], ['point', 'range'], ['value', 'range']];
const POINT_LAST = [['range1', 'range2'], ['range', 'point'], ['range', 'value']];

const startOf = (value) => (isRange(value) ? { at: value.from, in: value.fromIn } : { at: value, in: true });
const endOf = (value) => (isRange(value) ? { at: value.to, in: value.toIn } : { at: value, in: true });
const before = (a, b) => {
  const [end, start] = [endOf(a), startOf(b)];
  return lt(end.at, start.at) || (eq(end.at, start.at) && (!end.in || !start.in));
};
const same = (a, b) => eq(a.at, b.at) && a.in === b.in;
/** A range that holds the start of the other, and does not reach as far. */
const startsInside = (a, b) => {
  const [start, end, other] = [startOf(a), endOf(a), startOf(b)];
  return (lt(start.at, other.at) || (eq(start.at, other.at) && start.in && !other.in)) && (lt(other.at, end.at) || (eq(other.at, end.at) && other.in && end.in));
};
const notBeyond = (a, b) => {
  const [end, other] = [endOf(a), endOf(b)];
  return lt(end.at, other.at) || (eq(end.at, other.at) && (!end.in || other.in));
};
const notBefore = (a, b) => {
  const [start, other] = [startOf(a), startOf(b)];
  return lt(other.at, start.at) || (eq(start.at, other.at) && (!start.in || other.in));
};
const inside = (a, b) => notBefore(a, b) && notBeyond(a, b);
const onlyRanges = (work) => (a, b) => (isRange(a) && isRange(b) ? work(a, b) : undefined);
const intoRange = (work) => (a, b) => (isRange(b) ? work(a, b) : undefined);

relate('before', ANYWAY, before);
relate('after', ANYWAY, (a, b) => before(b, a));
relate('meets', BOTH, onlyRanges((a, b) => a.toIn && b.fromIn && eq(a.to, b.from)));
relate('met by', BOTH, onlyRanges((a, b) => a.fromIn && b.toIn && eq(a.from, b.to)));
relate('overlaps', BOTH, onlyRanges((a, b) => !before(a, b) && !before(b, a)));
relate('overlaps before', BOTH, onlyRanges((a, b) => startsInside(a, b) && notBeyond(a, b)));
relate('overlaps after', BOTH, onlyRanges((a, b) => overlapsAfter(a, b)));
relate('finishes', POINT_FIRST, intoRange((a, b) => same(endOf(a), endOf(b)) && notBefore(a, b)));
relate('finished by', POINT_LAST, (a, b) => (isRange(a) ? same(endOf(a), endOf(b)) && notBefore(b, a) : undefined));
relate('includes', POINT_LAST, (a, b) => (isRange(a) ? inside(b, a) : undefined));
relate('during', POINT_FIRST, intoRange(inside));
relate('starts', POINT_FIRST, intoRange((a, b) => same(startOf(a), startOf(b)) && notBeyond(a, b)));
relate('started by', POINT_LAST, (a, b) => (isRange(a) ? same(startOf(a), startOf(b)) && notBeyond(b, a) : undefined));
relate('coincides', ANYWAY, (a, b) => (isRange(a) === isRange(b) ? same(startOf(a), startOf(b)) && same(endOf(a), endOf(b)) : undefined));

function overlapsAfter(a, b) {
  const [start, end, other] = [startOf(a), endOf(a), endOf(b)];
  const first = startOf(b);
  const later = lt(first.at, start.at) || (eq(first.at, start.at) && first.in && !start.in);
  const holdsEnd = lt(start.at, other.at) || (eq(start.at, other.at) && start.in && other.in);
  return later && holdsEnd && (lt(other.at, end.at) || (eq(other.at, end.at) && (!other.in || end.in)));
}

const ENDS = new Set(['Number', 'String', 'At', 'Negate', 'Call']);

const MADE = new Set(['date', 'time', 'duration', 'date and time']);
const isLiteral = ({ callee, args }) => MADE.has(callee.name) && args.every(({ value }) => value.type === 'String' || value.type === 'Number');

/** `range("[1..3]")`: a range whose ends are plain values. */
define('range', 'from: text', (from) => {
  let node;
  try {
    node = readExpression(from, new Names(['date and time']));
  } catch (error) {
    if (error.position) return undefined;
    throw error;
  }
  if (node.type !== 'Range') return undefined;
  const ends = [node.low, node.high];
  if (!ends.every((each) => ENDS.has(each.type) || (each.type === 'Literal' && each.value === null))) return undefined;
  if (ends.some((each) => each.type === 'Call' && !isLiteral(each))) return undefined;
  const range = compile(node)(new Scope(new Map()));
  if (!range || (node.fromIn && range.from === null) || (node.toIn && range.to === null)) return undefined;
  if (range.from !== null && range.to !== null && compare(range.from, range.to) > 0) return undefined;
  return range;
}, 'range');

