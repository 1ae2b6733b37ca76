// FEEL's functions of numbers, and those that gather a list of them.
import { define, defineList } from './define.js';
import { compare, equal, kindOf } from './kinds.js';
import { Decimal, deviation, divide, finite, isNumber, mean, median, number, parseNumber, round, sum } from './numbers.js';
import { Months, Span } from './times.js';

const NOUGHT = number(0);

define('decimal', 'n: number, scale: number', (n, scale) => round(n, scale, 'even'), 'number');
define('floor', 'n: number, scale?: number', (n, scale = NOUGHT) => round(n, scale, 'floor'), 'number');
define('ceiling', 'n: number, scale?: number', (n, scale = NOUGHT) => round(n, scale, 'ceiling'), 'number');
for (const how of ['up', 'down', 'half up', 'half down']) {
  define(`round ${how}`, 'n: number, scale: number', (n, scale) => round(n, scale, how), 'number');
}
define('abs', 'n: number', (n) => n.abs(), 'number');
define('abs', 'n: days', (n) => new Span(n.nanos < 0n ? -n.nanos : n.nanos), 'days');
define('abs', 'n: months', (n) => new Months(Math.abs(n.months)), 'months');
define('modulo', 'dividend: number, divisor: number', (a, b) => {
  if (b.isZero()) return undefined;
  return finite(a.minus(b.times(a.div(b).floor())));
}, 'number');
define('sqrt', 'number: number', (n) => (n.isNegative() && !n.isZero() ? undefined : n.sqrt()), 'number');
define('log', 'number: number', (n) => (n.lte(0) ? undefined : n.ln()), 'number');
define('exp', 'number: number', (n) => finite(n.exp()) ?? undefined, 'number');
define('odd', 'number: number', (n) => (n.isInteger() ? !n.mod(2).isZero() : undefined), 'boolean');
define('even', 'number: number', (n) => (n.isInteger() ? n.mod(2).isZero() : undefined), 'boolean');

const GROUPS = [' ', ',', '.'];

define('number', 'from: number', (from) => from, 'number');
define('number', 'from: text', (from) => parseNumber(from) ?? undefined, 'number');
define('number', 'from: text, grouping separator: any, decimal separator: any', (from, group, mark) => {
  if (group !== null && !GROUPS.includes(group)) return undefined;
  if ((mark !== null && !['.', ','].includes(mark)) || (group !== null && group === mark)) return undefined;
  let text = group === null ? from : from.replaceAll(group, '');
  if (mark === ',') text = text.includes('.') ? 'no number' : text.replace(',', '.');
  return parseNumber(text) ?? undefined;
}, 'number');

const numbers = (work) => (list) => (list.every(isNumber) ? work(list) : undefined);

function sumOf(list) {
  if (!list.length) return null;
  if (list.every(isNumber)) return sum(list);
  const [{ constructor }] = [list[0] ?? {}];
  if (constructor !== Span && constructor !== Months) return undefined;
  if (!list.every((each) => each instanceof constructor)) return undefined;
  return new constructor(list.reduce((total, each) => total + each.size, constructor === Span ? 0n : 0));
}

defineList('sum', sumOf, 'number');
defineList('mean', (list) => {
  if (!list.length) return null;
  if (list.every(isNumber)) return mean(list);
  const total = sumOf(list);
  if (total === undefined) return undefined;
  const size = divide(new Decimal(String(total.size)), number(list.length)).trunc();
  return total instanceof Span ? new Span(BigInt(size.toFixed())) : new Months(size.toNumber());
}, 'number');
defineList('product', numbers((list) => (list.length ? finite(list.reduce((total, each) => total.times(each), number(1))) : null)), 'number');
defineList('median', numbers(median), 'number');
defineList('stddev', numbers((list) => deviation(list) ?? undefined), 'number');
defineList('mode', numbers((list) => {
  const counts = [];
  for (const each of list.toSorted((a, b) => a.cmp(b))) {
    if (counts.length && equal(counts.at(-1).value, each) === true) counts.at(-1).count += 1;
    else counts.push({ value: each, count: 1 });
  }
  const most = Math.max(...counts.map(({ count }) => count));
  return counts.filter(({ count }) => count === most).map(({ value }) => value);
}), 'list');

const extreme = (sign) => (list) => {
  if (!list.length) return null;
  let best = list[0];
  for (const each of list) {
    const order = compare(each, best);
    if (order === null || kindOf(each) === 'null') return undefined;
    if (order * sign > 0) best = each;
  }
  return best;
};

defineList('min', extreme(-1));
defineList('max', extreme(1));

const gathered = (decisive) => (list) => {
  if (list.includes(decisive)) return decisive;
  return list.every((each) => each === !decisive) ? !decisive : null;
};

defineList('all', gathered(false), 'boolean');
defineList('any', gathered(true), 'boolean');
