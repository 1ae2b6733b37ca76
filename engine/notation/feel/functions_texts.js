// FEEL's functions of texts; a text is counted in characters as people see them (code points), from 1.
import { define } from './define.js';
import { write } from './kinds.js';
import { number, whole } from './numbers.js';
import { patternOf, replaced } from './patterns.js';

const MAX = 10_000_000;

define('string', 'from: any', (from) => (from === null ? undefined : write(from)), 'text');
define('string length', 'string: text', (text) => number([...text].length), 'number');
define('upper case', 'string: text', (text) => text.toUpperCase(), 'text');
define('lower case', 'string: text', (text) => text.toLowerCase(), 'text');
define('contains', 'string: text, match: text', (text, match) => text.includes(match), 'boolean');
define('starts with', 'string: text, match: text', (text, match) => text.startsWith(match), 'boolean');
define('ends with', 'string: text, match: text', (text, match) => text.endsWith(match), 'boolean');
define('substring', 'string: text, start position: number, length?: any', (text, start, length = null) => {
  const signs = [...text];
  const first = whole(start.trunc());
  const count = length === null ? signs.length : whole(length?.trunc?.() ?? null);
  if (first === null || count === null || first === 0) return undefined;
  if (Math.abs(first) > signs.length || (length !== null && count < 1)) return signs.length < Math.abs(first) ? '' : undefined;
  const from = first > 0 ? first - 1 : signs.length + first;
  return signs.slice(from, from + count).join('');
}, 'text');
define('substring before', 'string: text, match: text', (text, match) => {
  const at = text.indexOf(match);
  return at < 0 ? '' : text.slice(0, at);
}, 'text');
define('substring after', 'string: text, match: text', (text, match) => {
  const at = text.indexOf(match);
  return at < 0 ? '' : text.slice(at + match.length);
}, 'text');
define('matches', 'input: text, pattern: text, flags?: any', (input, pattern, flags) => patternOf(pattern, flags)?.test(input), 'boolean');
define('replace', 'input: text, pattern: text, replacement: text, flags?: any', (input, pattern, replacement, flags) => {
  const found = patternOf(pattern, flags, 'g');
  if (!found) return undefined;
  const text = replaced(input, found, replacement, String(flags ?? '').includes('q'));
  return text !== undefined && text.length > MAX ? undefined : text;
}, 'text');
define('split', 'string: text, delimiter: text', (text, delimiter) => {
  const pattern = patternOf(delimiter, null, 'g');
  if (!pattern) return undefined;
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    if (!found[0].length && (found.index === 0 || found.index === text.length)) continue;
    parts.push(text.slice(from, found.index));
    from = found.index + found[0].length;
  }
  return [...parts, text.slice(from)];
}, 'list');
define('string join', 'list: list, delimiter?: any', (list, delimiter = null) => {
  if ((delimiter !== null && typeof delimiter !== 'string') || !list.every((each) => each === null || typeof each === 'string')) return undefined;
  return list.filter((each) => each !== null).join(delimiter ?? '');
}, 'text');
