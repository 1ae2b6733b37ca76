// FEEL's functions of lists and contexts, and the few that take anything.
import { invoke } from './compile.js';
import { define } from './define.js';
import { Fn, equal, identical } from './kinds.js';
import { number, whole } from './numbers.js';

const same = (a, b) => equal(a, b) === true;
const MAX = 5_000_000;

define('not', 'negand: any', (negand) => (typeof negand === 'boolean' ? !negand : null), 'boolean');
define('is', 'value1?: any, value2?: any', (a = null, b = null) => identical(a, b), 'boolean');

define('list contains', 'list: list, element: any', (list, element) => list.some((each) => same(each, element)), 'boolean');
define('count', 'list: list', (list) => number(list.length), 'number');
define('sublist', 'list: list, start position: number, length?: any', (list, start, length = null) => {
  const [first, count] = [whole(start.trunc()), length === null ? list.length : whole(length?.trunc?.() ?? null)];
  if (!first || count === null || Math.abs(first) > list.length || count < 0) return undefined;
  const from = first > 0 ? first - 1 : list.length + first;
  return from + (length === null ? 0 : count) > list.length ? undefined : list.slice(from, from + count);
}, 'list');
define('append', 'list: list, item: any...', (list, ...items) => (items.length ? [...list, ...items] : undefined), 'list');
define('concatenate', 'list: any...', (...lists) => joined(lists), 'list');
define('union', 'list: any...', (...lists) => distinct(joined(lists)), 'list');
define('reverse', 'list: list', (list) => list.toReversed(), 'list');
define('distinct values', 'list: list', distinct, 'list');
define('flatten', 'list: list', (list) => list.flat(Infinity), 'list');
define('index of', 'list: list, match: any', (list, match) => list.flatMap((each, n) => (same(each, match) ? [number(n + 1)] : [])), 'list');
define('insert before', 'list: list, position: number, newItem: any', (list, position, item) => {
  const at = placeIn(list, position, 1);
  return at === null ? undefined : list.toSpliced(at, 0, item);
}, 'list');
define('remove', 'list: list, position: number', (list, position) => {
  const at = placeIn(list, position, 0);
  return at === null ? undefined : list.toSpliced(at, 1);
}, 'list');
define('list replace', 'list: list, position: number, newItem: any', (list, position, item) => {
  const at = placeIn(list, position, 0);
  return at === null ? undefined : list.with(at, item);
}, 'list');
define('list replace', 'list: list, match: function, newItem: any', (list, match, item) => {
  if (match.parameters.length !== 2 && !match.builtin) return undefined;
  const answers = list.map((each) => invoke(match, [each, item]));
  return answers.every((each) => typeof each === 'boolean') ? list.map((each, n) => (answers[n] ? item : each)) : undefined;
}, 'list');
define('sort', 'list: list, precedes?: any', (list, precedes) => {
  if (!(precedes instanceof Fn)) return undefined;
  if (!precedes.builtin && precedes.parameters.length !== 2) return undefined;
  // Merging asks for each pair once and keeps the order of what is alike, whatever the function says.
  const merge = (items) => {
    if (items.length < 2) return items;
    const [left, right] = [merge(items.slice(0, items.length >> 1)), merge(items.slice(items.length >> 1))];
    const out = [];
    let [a, b] = [0, 0];
    while (a < left.length && b < right.length) {
      if (invoke(precedes, [right[b], left[a]]) === true) out.push(right[b++]);
      else out.push(left[a++]);
    }
    return [...out, ...left.slice(a), ...right.slice(b)];
  };
  return merge(list);
}, 'list');

function joined(lists) {
  if (!lists.length || lists.some((each) => each === null)) return undefined;
  const all = lists.map((each) => (Array.isArray(each) ? each : [each])).flat();
  return all.length > MAX ? undefined : all;
}

function distinct(list) {
  if (list === undefined) return undefined;
  const found = [];
  for (const each of list) if (!found.some((other) => same(other, each))) found.push(each);
  return found;
}

/** Index of a position counted from 1, or from the end with -1. */
function placeIn(list, position, beyond) {
  const n = whole(position.trunc());
  if (!n || n > list.length + (beyond && list.length === 0 ? 1 : 0) || -n > list.length) return null;
  return n > 0 ? n - 1 : list.length + n;
}

define('get value', 'm: context, key: text', (context, key) => context.get(key) ?? null);
define('get value', 'context: context, keys: list', (context, keys) => {
  let found = context;
  if (!keys.length) return undefined;
  for (const key of keys) {
    if (!(found instanceof Map)) return null;
    found = found.get(key) ?? null;
  }
  return found;
});
define('get entries', 'm: context', (context) => [...context].map(([key, value]) => new Map([['key', key], ['value', value]])), 'list');
define('context', 'entries: list', (entries) => {
  const found = new Map();
  for (const each of entries) {
    if (!(each instanceof Map) || typeof each.get('key') !== 'string' || !each.has('value') || found.has(each.get('key'))) return undefined;
    found.set(each.get('key'), each.get('value'));
  }
  return found;
}, 'context');
define('context put', 'context: context, key: text, value: any', (context, key, value) => new Map(context).set(key, value), 'context');
define('context put', 'context: context, keys: list, value: any', (context, keys, value) => {
  if (!keys.length || !keys.every((each) => typeof each === 'string')) return undefined;
  const put = (into, [first, ...rest]) => {
    const inner = into.get(first);
    if (rest.length && inner !== undefined && !(inner instanceof Map)) return undefined;
    const found = rest.length ? put(inner ?? new Map(), rest) : value;
    return found === undefined ? undefined : new Map(into).set(first, found);
  };
  return put(context, keys);
}, 'context');
define('context merge', 'contexts: list', (contexts) => {
  const found = new Map();
  for (const each of contexts) {
    if (!(each instanceof Map)) return undefined;
    for (const [key, value] of each) found.set(key, value);
  }
  return found;
}, 'context');

