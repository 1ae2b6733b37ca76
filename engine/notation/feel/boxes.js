// Boxed expressions of DMN: contexts, lists, relations, calls, functions, choices, loops and tables inside each other.
import { invoke } from './compile.js';
import { Fn } from './kinds.js';
import { Scope } from './scope.js';
import { compileTable } from './tables.js';
import { warn } from './told.js';
import { ANY, coerce } from './types.js';

const NOWHERE = { from: 0, to: 0 };

/** A box as a function of a scope. `around`: { text(text, place, unary), typeOf(name) } of the file it stands in. */
export function compileBox(box, around) {
  const make = BOXES[box.k](box, (inner) => compileBox(inner, around), around);
  const type = box.type ? around.typeOf(box.type) : null;
  return type ? (scope, seen) => coerce(make(scope, seen), type) : make;
}

const BOXES = {
  literal: ({ text }, of, around) => around.text(text, null, false),

  context({ entries }, of, { typeOf }) {
    const steps = entries.map(({ name, type, box }) => ({ name, type: type ? typeOf(type) : null, value: of(box) }));
    return (scope) => {
      const found = new Map();
      const inner = new Scope(found, scope);
      for (const { name, type, value } of steps) {
        const given = type ? coerce(value(inner), type) : value(inner) ?? null;
        if (name === null) return given;
        found.set(name, given);
      }
      return found;
    };
  },

  list({ items }, of) {
    const all = items.map(of);
    return (scope) => all.map((item) => item(scope) ?? null);
  },

  relation({ columns, rows }, of) {
    const all = rows.map((row) => row.map(of));
    return (scope) => all.map((row) => new Map(row.map((cell, n) => [columns[n], cell(scope) ?? null])));
  },

  call({ target, bindings }, of) {
    const fn = of(target);
    const given = bindings.map(({ name, box }) => ({ name, value: box ? of(box) : () => null }));
    return (scope) => {
      const called = fn(scope);
      const values = given.map(({ value }) => value(scope) ?? null);
      if (!(called instanceof Fn)) return warn('NO_FUNCTION_FOUND', NOWHERE);
      const value = invoke(called, values, given.length ? given.map(({ name }) => name) : null);
      return value === undefined ? warn('INVALID_ARGUMENTS', NOWHERE) : value;
    };
  },

  function({ parameters, body, external }, of, { typeOf }) {
    const named = parameters.map(({ name, type }) => ({ name, type: (type && typeOf(type)) || ANY }));
    if (external) return () => new Fn(named, () => warn('INVALID_TYPE', NOWHERE));
    const value = of(body);
    return (scope) => new Fn(named, (args) => value(new Scope(new Map(named.map(({ name }, n) => [name, args[n]])), scope)));
  },

  if(box, of) {
    const [test, yes, no] = [of(box.test), of(box.yes), of(box.no)];
    return (scope) => {
      const asked = test(scope);
      if (typeof asked !== 'boolean' && asked !== null) return warn('INVALID_TYPE', NOWHERE);
      return asked === true ? yes(scope) : no(scope);
    };
  },

  filter(box, of) {
    const [over, match] = [of(box.over), of(box.match)];
    return (scope) => {
      const value = over(scope);
      if (value === null) return null;
      const list = Array.isArray(value) ? value : [value];
      const answers = list.map((item) => {
        const inner = scope.with('item', item);
        return match(item instanceof Map ? new Scope(item, inner) : inner);
      });
      if (answers.some((each) => typeof each !== 'boolean' && each !== null)) return warn('INVALID_TYPE', NOWHERE);
      return list.filter((_, n) => answers[n] === true);
    };
  },

  for(box, of) {
    const [over, body] = [of(box.over), of(box.body)];
    return (scope) => {
      const list = listed(over(scope));
      if (list === null) return null;
      const partial = [];
      for (const item of list) partial.push(body(scope.with('partial', partial).with(box.name, item)) ?? null);
      return partial;
    };
  },

  some: (box, of) => quantified(box, of, false),
  every: (box, of) => quantified(box, of, true),

  table({ table }, of, { text, listOf }) {
    return compileTable(table, text, listOf);
  },
};

function quantified(box, of, every) {
  const [over, body] = [of(box.over), of(box.body)];
  return (scope) => {
    const list = listed(over(scope));
    if (list === null) return null;
    const answers = list.map((item) => body(scope.with(box.name, item)));
    if (answers.some((each) => typeof each !== 'boolean' && each !== null)) return warn('INVALID_TYPE', NOWHERE);
    if (answers.includes(!every)) return !every;
    return answers.every((each) => each === every) ? every : null;
  };
}

function listed(value) {
  return value === null || Array.isArray(value) ? value : [value];
}

