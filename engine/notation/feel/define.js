// How a function of FEEL is written down here: its parameters as text, and what it does with values that fit them.
import { builtins } from './compile.js';
import { Fn } from './kinds.js';
import { ANY, plainType } from './types.js';

const TYPES = { text: 'string', moment: 'date and time', days: 'days and time duration', months: 'years and months duration' };

/**
 * `signature`: `from: text, grouping separator?: any` – `?` marks what may be left out, `...` behind the type what may be
 * repeated; only `any` takes null. A function that gives undefined was not meant for these arguments.
 */
export function define(name, signature, call, result = null) {
  const parameters = signature ? signature.split(', ').map(parameterOf) : [];
  const fn = new Fn(parameters, (args) => call(...args), {
    builtin: name, rest: signature.endsWith('...'), result: result && plainType(TYPES[result] ?? result),
  });
  const other = builtins.get(name);
  if (!other) builtins.set(name, fn);
  else (other.overloads ??= [copy(other)]).push(fn);
}

function copy(fn) {
  return new Fn(fn.parameters, fn.call, fn);
}

function parameterOf(text) {
  const [, name, optional, kind] = /^(.+?)(\?)?: (.+?)(?:\.\.\.)?$/.exec(text);
  const type = kind === 'any' ? ANY : plainType(TYPES[kind] ?? kind);
  return { name, type, optional: Boolean(optional), nullable: kind === 'any' };
}

/** A function of a list or of its items one by one: `min([1, 2])`, `min(1, 2)`. */
export function defineList(name, call, result = null) {
  define(name, 'list: any...', (...args) => {
    if (!args.length) return undefined;
    if (args.length === 1 && args[0] === null) return undefined;
    return call(args.length === 1 && Array.isArray(args[0]) ? args[0] : args);
  }, result);
}
