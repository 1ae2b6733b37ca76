// What can be said of an expression without evaluating it: where it cannot be read, and which names it needs.
import { parseExpression, parseUnaryTests } from 'feelin';

function parse(text, unary, context) {
  return unary ? parseUnaryTests(text, context) : parseExpression(text, context);
}

// FEEL lets names contain these, so that `a，b` is one unknown name and no list.
const FULL_WIDTH = /[、。！，．：；？＝＜＞＋－＊／｜＆（）［］｛｝【】「」『』《》〈〉]/;

// On a side of `and`, `or` these are never true or false: `a = "x" or "y"` and the cell `> 3 and < 5` never hold.
const NO_JUDGEMENT = new Set(['NumericLiteral', 'StringLiteral', 'SimplePositiveUnaryTest', 'ArithmeticExpression', 'List', 'Context']);

/** The first place that cannot be read, signs that are written twice or in full width, half judgements, and calls of functions that do not exist. */
export function problemsOf(text, unary, context, isFunction) {
  const found = [];
  parse(text, unary, context).iterate({
    enter(ref) {
      const { from, to } = ref;
      if (ref.type.isError) {
        if (!found.some(({ kind }) => kind === 'unreadable' || kind === 'unfinished')) found.push(unreadable(ref.node));
      } else if (ref.name === 'Conjunction' || ref.name === 'Disjunction') {
        const half = [ref.node.firstChild, ref.node.lastChild].find(({ name }) => NO_JUDGEMENT.has(name));
        if (half) found.push({ kind: 'half', from: half.from, to: half.to });
      } else if (ref.name === 'SimplePositiveUnaryTest' && doubled(ref.node)) {
        found.push({ kind: 'doubled', from: ref.node.prevSibling?.from ?? from, to });
      } else if (ref.name === 'Identifier' && FULL_WIDTH.test(text.slice(from, to))) {
        const sign = from + text.slice(from, to).search(FULL_WIDTH);
        found.push({ kind: 'full width', from: sign, to: sign + 1 });
      } else if (ref.name === 'FunctionInvocation') {
        const { firstChild: callee } = ref.node;
        const name = words(text.slice(callee.from, callee.to));
        if (callee.name === 'VariableName' && !isFunction(name) && !boundAround(ref.node, text).has(name)) {
          found.push({ kind: 'no function', from: callee.from, to: callee.to });
        }
      }
    },
  });
  return found;
}

function unreadable(node) {
  if (node.from !== node.to) return { kind: 'unreadable', from: node.from, to: node.to };
  for (let above = node; above; above = above.parent) {
    const next = above.nextSibling;
    if (next && next.to > next.from) return { kind: 'unreadable', from: next.from, to: next.to };
  }
  return { kind: 'unfinished', from: node.from, to: node.to };
}

/** `a == 3` is read as `a = (= 3)`, which is never true. */
function doubled({ parent, prevSibling, firstChild }) {
  return prevSibling?.name === 'CompareOp' && firstChild.name === 'CompareOp' && (parent.name === 'Comparison' || parent.name === 'SimplePositiveUnaryTest');
}

/** Names an expression takes from outside: [{ name, filter }]; inside a filter a name may mean a field of the item. */
export function namesIn(text, unary, context, builtins) {
  const found = new Map();
  parse(text, unary, context).iterate({
    enter(ref) {
      if (ref.name === 'QualifiedName') return false; // the name of a type
      if (ref.name !== 'VariableName') return true;
      const { node } = ref;
      const name = words(text.slice(ref.from, ref.to));
      const called = node.parent.name === 'FunctionInvocation' && node.parent.firstChild.from === ref.from;
      if ((called && name in builtins) || name === 'now' || name === 'today') return true;
      const bound = boundAround(node, text);
      if (!bound.has(name)) found.set(name, (found.get(name) ?? true) && bound.filter);
      return true;
    },
  });
  return [...found].map(([name, filter]) => ({ name, filter }));
}

const masks = new Map();

/** The built-in functions whose names a text uses for variables, and does not call. */
export function maskedBy(builtins, text, unary, context) {
  const key = `${unary} ${text}`;
  if (!masks.has(key)) {
    if (masks.size >= 5000) masks.clear();
    const called = callsIn(text, unary, context);
    masks.set(key, namesIn(text, unary, context, builtins).map(({ name }) => name)
      .filter((name) => Object.hasOwn(builtins, name) && !called.has(name)));
  }
  return masks.get(key);
}

function callsIn(text, unary, context) {
  const called = new Set();
  parse(text, unary, context).iterate({
    enter({ name, node }) {
      if (name === 'FunctionInvocation') called.add(words(text.slice(node.firstChild.from, node.firstChild.to)));
    },
  });
  return called;
}

/** The names that the constructs around a node bind: loop variables, parameters, earlier entries of a context, `item`. */
function boundAround(node, text) {
  const bound = new Set();
  bound.filter = false;
  const bind = (named) => named && bound.add(words(text.slice(named.from, named.to).replace(/^"|"$/g, '')));
  for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.name === 'FilterExpression' && inner.from > outer.firstChild.from) {
      bound.filter = true;
      bound.add('item');
    } else if (outer.name === 'FunctionDefinition') {
      for (const parameters of outer.getChildren('FormalParameters')) {
        for (const parameter of parameters.getChildren('FormalParameter')) bind(parameter.getChild('ParameterName'));
      }
    } else if (outer.name === 'Context') {
      for (const entry of outer.getChildren('ContextEntry')) if (entry.from < inner.from) bind(entry.getChild('Key'));
    } else if (outer.name === 'InExpressions') {
      for (const loop of outer.getChildren('InExpression')) if (loop.from < inner.from) bind(loop.getChild('Name'));
    } else if (outer.name === 'ForExpression' || outer.name === 'QuantifiedExpression') {
      if (inner.name === 'InExpressions') continue;
      bound.add('partial');
      for (const loop of outer.getChild('InExpressions')?.getChildren('InExpression') ?? []) bind(loop.getChild('Name'));
    }
  }
  return bound;
}

function words(text) {
  return text.trim().replace(/\s+/g, ' ');
}
