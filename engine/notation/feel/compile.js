// Turns a tree into a function of its scope: done once for a text, called as often as it is asked.
import { add, multiply, negate, quotient, raise, subtract } from './arithmetic.js';
import { Fn, Range, compare, equal, kindOf, passes, within } from './kinds.js';
import { number, parseNumber, whole } from './numbers.js';
import { member } from './paths.js';
import { Scope } from './scope.js';
import { FeelDate, dateOfDays, parseDate, parseDateTime, parseDuration, parseTime } from './times.js';
import { told, warn } from './told.js';
import { ANY, coerce, isOf, plainType } from './types.js';

/** FEEL's own functions by name; filled by those who define them, to let them call back here. */
export const builtins = new Map();

/** Compiles a tree. `typeOf` finds a model's types by name. */
export function compile(node, typeOf = plainType) {
  return COMPILE[node.type](node, (inner) => compile(inner, typeOf), typeOf);
}

const COMPILE = {
  Literal: ({ value }) => () => value,
  String: ({ value }) => () => value,
  Parenthesis: ({ inside }, of) => of(inside),

  Number({ text }) {
    const value = parseNumber(text);
    return () => value;
  },

  At(node) {
    const { text } = node;
    const value = parseDate(text) ?? parseTime(text) ?? (text.includes('T') ? parseDateTime(text) : null) ?? parseDuration(text);
    return () => value ?? warn('INVALID_ARGUMENTS', node);
  },

  Name(node) {
    const { name } = node;
    if (name === 'now' || name === 'today') return () => told[name];
    return (scope) => {
      const value = scope.get(name);
      if (value !== undefined) return value;
      return builtins.get(name) ?? warn('NO_VARIABLE_FOUND', node);
    };
  },

  If({ test, yes, no }, of) {
    const [asked, then, other] = [of(test), of(yes), of(no)];
    return (scope) => (asked(scope) === true ? then(scope) : other(scope));
  },

  Or: (node, of) => joined(node, of, true),
  And: (node, of) => joined(node, of, false),
  Add: (node, of) => calculated(node, of, add),
  Subtract: (node, of) => calculated(node, of, subtract),
  Multiply: (node, of) => calculated(node, of, multiply),
  Divide: (node, of) => calculated(node, of, quotient),
  Power: (node, of) => calculated(node, of, raise),

  Negate({ sign, right }, of) {
    const value = of(right);
    return (scope) => negate(value(scope)) ?? warn('INVALID_TYPE', sign);
  },

  Comparison({ is, sign, left, right }, of) {
    const [a, b] = [operand(left, of), operand(right, of)];
    const judge = (answer) => (answer === null ? warn('NOT_COMPARABLE', sign) : answer);
    return (scope) => judge(judged(is, a(scope), b(scope)));
  },

  Between({ left, low, high }, of) {
    const [value, from, to] = [operand(left, of), operand(low, of), operand(high, of)];
    return (scope) => {
      const [v, a, b] = [value(scope), from(scope), to(scope)];
      if (v === null || a === null || b === null) return null;
      return within(new Range(a, b, true, true), v);
    };
  },

  In({ left, tests }, of) {
    const value = operand(left, of);
    const asked = tests.map((test) => tested(test, of));
    return (scope) => anyOf(asked, value(scope), scope);
  },

  /** A test by itself, as in `[> 5]` or `(> 5)`, is the range of what passes it. */
  Test({ is, right }, of) {
    const end = operand(right, of);
    return (scope) => rangeOf(is, end(scope));
  },

  Range(node, of) {
    const [low, high] = [of(node.low), of(node.high)];
    return (scope) => {
      const [from, to] = [low(scope), high(scope)];
      if (from === null && to === null) return null;
      if (from !== null && to !== null && compare(from, to) === null) return warn('NOT_COMPARABLE', node);
      return new Range(from, to, node.fromIn && from !== null, node.toIn && to !== null);
    };
  },

  Tests(node, of) {
    const asked = node.tests.map((test) => tested(test, of));
    return (scope) => {
      if (node.anything) return true;
      const answer = anyOf(asked, scope.get('?') ?? null, scope);
      return node.negated ? answer === false : answer;
    };
  },

  List({ items }, of) {
    const all = items.map(of);
    return (scope) => all.map((item) => item(scope));
  },

  Context(node, of) {
    const entries = node.entries.map(({ key, value }) => [key, of(value)]);
    const doubled = new Set(node.entries.map(({ key }) => key)).size < entries.length;
    return (scope) => {
      if (doubled) return warn('INVALID_TYPE', node);
      const found = new Map();
      const inner = new Scope(found, scope);
      for (const [key, value] of entries) found.set(key, value(inner));
      return found;
    };
  },

  Path(node, of) {
    const { name, property } = node;
    const left = of(node.left);
    const follow = (value) => {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((each) => (each instanceof Map ? each.get(name) ?? null : follow(each)));
      const found = member(value, name);
      if (found !== undefined) return found;
      return warn(value instanceof Map ? 'NO_CONTEXT_ENTRY_FOUND' : 'NO_PROPERTY_FOUND', property);
    };
    return (scope) => follow(left(scope));
  },

  Filter(node, of) {
    const left = of(node.left);
    const range = node.inside.type === 'Test' ? tested(node.inside, of) : null;
    const inside = range ? null : of(node.inside);
    return (scope) => {
      const value = left(scope);
      const list = Array.isArray(value) ? value : value === null ? [] : [value];
      if (inside && node.inside.type === 'Number') return at(list, inside(scope));
      if (inside && !list.length) {
        const place = inside(scope.with('item', null));
        return typeof place === 'object' && place !== null && kindOf(place) === 'number' ? null : value === null ? null : [];
      }
      const kept = [];
      for (const item of list) {
        const inner = item instanceof Map ? new Scope(item, scope.with('item', item)) : scope.with('item', item);
        const answer = range ? range(item, inner) : inside(inner);
        if (kindOf(answer) === 'number') return at(list, answer);
        if (answer === true) kept.push(item);
      }
      return kept;
    };
  },

  For(node, of) {
    const loops = node.loops.map(({ name, over }) => ({ name, over: of(over) }));
    const body = of(node.body);
    return (scope) => {
      const partial = [];
      const good = each(loops, scope, (inner) => {
        partial.push(body(new Scope(new Map([['partial', partial]]), inner)) ?? null);
        return true;
      });
      return good === null ? null : partial;
    };
  },

  Quantified(node, of) {
    const loops = node.loops.map(({ name, over }) => ({ name, over: of(over) }));
    const body = of(node.body);
    return (scope) => {
      let unknown = false;
      let found = false;
      const good = each(loops, scope, (inner) => {
        const answer = body(inner);
        if (typeof answer !== 'boolean') unknown = true;
        else if (answer !== node.every) found = true;
        return !found;
      });
      if (good === null) return null;
      return found ? !node.every : unknown ? null : node.every;
    };
  },

  Steps(node, of) {
    const [first, last] = [of(node.first), of(node.last)];
    return (scope) => new Steps(first(scope), last(scope));
  },

  InstanceOf(node, of, typeOf) {
    const left = of(node.left);
    const type = resolve(node.kind, typeOf);
    return (scope) => (type === null ? warn('NO_TYPE_FOUND', node) : isOf(left(scope), type));
  },

  Function(node, of, typeOf) {
    const parameters = node.parameters.map(({ name, kind }) => ({ name, type: kind ? resolve(kind, typeOf) ?? ANY : ANY }));
    const body = of(node.body);
    if (node.external) return () => new Fn(parameters, () => warn('INVALID_TYPE', node));
    return (scope) => new Fn(parameters, (args) => body(new Scope(new Map(parameters.map(({ name }, n) => [name, args[n]])), scope)));
  },

  Call(node, of) {
    const { callee } = node;
    const args = node.args.map(({ name, value }) => ({ name, value: of(value) }));
    if (callee.type === 'Name' && (callee.name === 'now' || callee.name === 'today')) {
      return args.length ? () => warn('INVALID_ARGUMENTS', node) : () => told[callee.name];
    }
    const target = of(callee);
    return (scope) => {
      let called = target(scope);
      if (!(called instanceof Fn) && callee.type === 'Name') called = builtins.get(callee.name) ?? called;
      if (!(called instanceof Fn)) return warn('NO_FUNCTION_FOUND', node);
      const given = args.map(({ value }) => value(scope));
      const value = invoke(called, given, args[0]?.name ? args.map(({ name }) => name) : null);
      return value === undefined ? warn('INVALID_ARGUMENTS', node) : value;
    };
  },
};

/** Calls a function; undefined when the arguments are not what it takes. */
export function invoke(fn, given, names = null) {
  if (fn.overloads) {
    for (const each of fn.overloads) {
      const value = invoke(each, given, names);
      if (value !== undefined) return value;
    }
    return undefined;
  }
  let args = given;
  if (names) {
    if (new Set(names).size < names.length || names.some((name) => !fn.parameters.some((each) => each.name === name))) return undefined;
    args = fn.parameters.map(({ name }) => (names.includes(name) ? given[names.indexOf(name)] : undefined));
  }
  if (args.length > fn.parameters.length && !fn.rest) return undefined;
  const taken = fn.rest ? args : fn.parameters.map((_, n) => args[n]);
  const last = fn.parameters.length - 1;
  const typed = [];
  for (let n = 0; n < taken.length; n += 1) {
    const parameter = fn.parameters[Math.min(n, last)];
    if (taken[n] === undefined) {
      if (!parameter.optional) return undefined;
      typed.push(undefined);
    } else {
      const value = coerce(taken[n], parameter.type);
      if (value === null && (taken[n] !== null || (fn.builtin && !parameter.nullable))) return undefined;
      typed.push(value);
    }
  }
  if (fn.rest && taken.length < fn.parameters.length && !fn.parameters.at(-1).optional) return undefined;
  const value = fn.call(typed);
  return value === undefined ? (fn.builtin ? undefined : null) : value;
}

/** A type as it is written becomes one to test with, or null if there is none of that name. */
export function resolve(kind, typeOf) {
  if (kind.named !== undefined) return typeOf(kind.named);
  const inner = (each) => resolve(each, typeOf);
  if (kind.list) return wrap(inner(kind.list), (list) => ({ list }));
  if (kind.range) return wrap(inner(kind.range), (range) => ({ range }));
  if (kind.context) {
    const entries = kind.context.map(([key, each]) => [key, inner(each)]);
    return entries.some(([, type]) => type === null) ? null : { context: entries };
  }
  const types = kind.function.map(inner);
  const result = kind.result ? inner(kind.result) : ANY;
  return types.includes(null) || result === null ? null : { function: types, result };
}

const wrap = (type, make) => (type === null ? null : make(type));

function joined({ left, right }, of, decisive) {
  const [a, b] = [of(left), of(right)];
  return (scope) => {
    const first = a(scope);
    if (first === decisive) return decisive;
    const second = b(scope);
    if (second === decisive) return decisive;
    return first === !decisive && second === !decisive ? !decisive : null;
  };
}

function calculated({ sign, left, right }, of, work) {
  const [a, b] = [of(left), of(right)];
  return (scope) => work(a(scope), b(scope)) ?? warn('INVALID_TYPE', sign);
}

/** Beside a comparison, a name that no variable has is null and not the function of that name (`mode`, `count`). */
function operand(node, of) {
  const value = of(node);
  if (node.type !== 'Name') return value;
  return (scope) => {
    const found = value(scope);
    return found instanceof Fn && found.builtin && scope.get(node.name) === undefined ? null : found;
  };
}

function judged(sign, a, b) {
  if (sign === '=') return equal(a, b);
  if (sign === '!=') {
    const same = equal(a, b);
    return same === null ? null : !same;
  }
  const order = compare(a, b);
  if (order === null) return null;
  switch (sign) {
    case '<': return order < 0;
    case '<=': return order <= 0;
    case '>': return order > 0;
    default: return order >= 0;
  }
}

export function rangeOf(sign, end) {
  switch (sign) {
    case '<': return new Range(null, end, false, false, sign);
    case '<=': return new Range(null, end, false, true, sign);
    case '>': return new Range(end, null, false, false, sign);
    case '>=': return new Range(end, null, true, false, sign);
    default: return new Range(end, end, sign === '=', sign === '=', sign);
  }
}

/** A test as a function of the tested value: a comparison, a judgement about `?`, or a value to be equal to. */
function tested(node, of) {
  if (node.type === 'Test') {
    const end = operand(node.right, of);
    return (value, scope) => judged(node.is, value, end(scope));
  }
  const result = operand(node, of);
  const judges = asksInput(node);
  return (value, scope) => {
    const found = result(scope);
    return judges && (typeof found === 'boolean' || found === null) ? found : passes(value, found);
  };
}

function asksInput(node) {
  if (node === null || typeof node !== 'object') return false;
  if (node.type === 'Name' && node.name === '?') return true;
  return Object.entries(node).some(([key, each]) => key !== 'sign' && (Array.isArray(each) ? each.some(asksInput) : asksInput(each)));
}

function anyOf(tests, value, scope) {
  let answer = false;
  for (const test of tests) {
    const passed = test(value, scope);
    if (passed === true) return true;
    if (passed === null) answer = null;
  }
  return answer;
}

function at(list, place) {
  const n = whole(place);
  if (n === null || n === 0) return null;
  return list[n > 0 ? n - 1 : list.length + n] ?? null;
}

/** `1..n` of a loop, up or down; of whole numbers or of days. */
class Steps {
  constructor(first, last) {
    const days = first instanceof FeelDate && last instanceof FeelDate;
    this.from = days ? first.days : whole(first);
    this.to = days ? last.days : whole(last);
    this.item = days ? dateOfDays : number;
  }

  get good() { return this.from !== null && this.to !== null; }

  * [Symbol.iterator]() {
    const step = this.from <= this.to ? 1 : -1;
    for (let n = this.from; step > 0 ? n <= this.to : n >= this.to; n += step) yield this.item(n);
  }
}

/** Runs through all combinations; null when something to run through is no list. */
function each(loops, scope, visit, n = 0) {
  if (n === loops.length) return visit(scope);
  let over = loops[n].over(scope);
  if (over instanceof Range) over = stepsOf(over);
  if (over === null) return null;
  if (over instanceof Steps && !over.good) return null;
  for (const item of Array.isArray(over) || over instanceof Steps ? over : [over]) {
    const good = each(loops, scope.with(loops[n].name, item), visit, n + 1);
    if (good !== true) return good;
  }
  return true;
}

function stepsOf({ from, to, fromIn, toIn }) {
  const steps = new Steps(from, to);
  if (steps.good && !fromIn) steps.from += 1;
  if (steps.good && !toIn) steps.to -= 1;
  if (!steps.good || from.cmp?.(to) > 0) return null;
  return steps.from > steps.to ? [] : steps;
}

export { ANY };
