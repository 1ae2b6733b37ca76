// From text to something that can be asked: read once, compiled once, kept.
import { builtins, compile } from './compile.js';
import { Names } from './names.js';
import { readExpression, readTests } from './read.js';
import './functions_numbers.js';
import './functions_texts.js';
import './functions_lists.js';
import './functions_times.js';
import './functions_ranges.js';
import { plainType } from './types.js';

const KEPT = 5000;
const kept = new Map();
// What stands around a text when it is read: the same for many texts, and dear to put together.
const among = new Map();
const OWN = [...builtins.keys()].concat('start included', 'end included', 'time offset', 'date and time',
  'days and time duration', 'years and months duration', 'grouping separator', 'decimal separator', 'start position');

/**
 * The text as a function of a scope. `names`: { key, variables, members } are the names that are no plain words; how a
 * text is read depends on them. Raises NotRead.
 */
export function asked(text, unary, names, typeOf = plainType) {
  const key = `${unary ? 'T' : 'E'}${names.key}\n${text}`;
  let found = kept.get(key);
  if (found === undefined) {
    if (kept.size >= KEPT) kept.clear();
    found = compile(treeOf(text, unary, names), typeOf);
    kept.set(key, found);
  }
  return found;
}

export function treeOf(text, unary, names) {
  let known = among.get(names.key);
  if (known === undefined) {
    if (among.size >= KEPT) among.clear();
    known = new Names([...OWN, ...names.variables], [...OWN, ...names.members]);
    among.set(names.key, known);
  }
  return unary ? readTests(text, known.copy()) : readExpression(text, known.copy());
}

export const NO_NAMES = { key: '', variables: [], members: [] };

/** Names that are no plain words, from the paths `.applicant age`, `.person.first name` of the asker. */
export function namesOf(shape) {
  if (!shape) return NO_NAMES;
  const variables = [];
  const members = [];
  for (const line of shape.split('\n')) {
    const [depth, name] = JSON.parse(line);
    if (depth === 0) variables.push(name);
    members.push(name);
  }
  return { key: shape, variables, members };
}

export { builtins };
