// What can be said of an expression without asking it: where it cannot be read, and which names it needs.
import { NotRead } from './read.js';
import { treeOf } from './texts.js';

// FEEL lets names contain these, so that `a，b` is one unknown name and no list.
const FULL_WIDTH = /[、。！，．：；？＝＜＞＋－＊／｜＆（）［］｛｝【】「」『』《》〈〉]/;

// On a side of `and`, `or` these are never true or false: `a = "x" or "y"` never holds.
const NO_JUDGEMENT = new Set(['Number', 'String', 'Test', 'Add', 'Subtract', 'Multiply', 'Divide', 'Power', 'Negate', 'List', 'Context', 'At']);

/** The first place that cannot be read, signs in full width, half judgements, and calls of functions that do not exist. */
export function problemsOf(text, unary, names, isFunction) {
  let tree;
  try {
    tree = treeOf(text, unary, names);
  } catch (error) {
    if (error instanceof NotRead) return [{ kind: error.kind, ...error.position }];
    throw error;
  }
  const found = [];
  walk(tree, new Bound(), (node, bound) => {
    if (node.type === 'And' || node.type === 'Or') {
      const half = [node.left, node.right].find(({ type }) => NO_JUDGEMENT.has(type));
      if (half) found.push({ kind: 'half', from: half.from, to: half.to });
    } else if (node.type === 'Name' && FULL_WIDTH.test(text.slice(node.from, node.to))) {
      const sign = node.from + text.slice(node.from, node.to).search(FULL_WIDTH);
      found.push({ kind: 'full width', from: sign, to: sign + 1 });
    } else if (node.type === 'Call' && node.callee.type === 'Name' && !isFunction(node.callee.name) && !bound.has(node.callee.name)) {
      found.push({ kind: 'no function', from: node.callee.from, to: node.callee.to });
    }
  });
  return found;
}

/** Names an expression takes from outside: [{ name, filter }]; inside a filter a name may mean a field of the item. */
export function namesIn(text, unary, names, builtins) {
  const found = new Map();
  const called = new Set();
  walk(treeOf(text, unary, names), new Bound(), (node, bound) => {
    if (node.type === 'Call' && node.callee.type === 'Name' && builtins.has(node.callee.name)) called.add(node.callee);
    if (node.type !== 'Name' || called.has(node) || ['now', 'today', '?'].includes(node.name)) return;
    if (!bound.has(node.name)) found.set(node.name, (found.get(node.name) ?? true) && bound.filter);
  });
  return [...found].map(([name, filter]) => ({ name, filter }));
}

/** The names that the constructs around a place bind. */
class Bound {
  constructor(names = new Set(), filter = false) {
    Object.assign(this, { names, filter });
  }

  has(name) {
    return this.names.has(name);
  }

  with(...names) {
    return new Bound(new Set([...this.names, ...names]), this.filter);
  }
}

function walk(node, bound, visit) {
  visit(node, bound);
  const go = (inner, with_ = bound) => walk(inner, with_, visit);
  switch (node.type) {
    case 'For': case 'Quantified': {
      let inner = bound;
      for (const { name, over } of node.loops) {
        go(over, inner);
        inner = inner.with(name);
      }
      go(node.body, inner.with('partial'));
      break;
    }
    case 'Context': {
      let inner = bound;
      for (const { key, value } of node.entries) {
        go(value, inner);
        inner = inner.with(key);
      }
      break;
    }
    case 'Function':
      go(node.body, bound.with(...node.parameters.map(({ name }) => name)));
      break;
    case 'Filter':
      go(node.left);
      go(node.inside, new Bound(bound.with('item').names, true));
      break;
    case 'Call':
      go(node.callee);
      for (const { value } of node.args) go(value);
      break;
    default:
      for (const [key, inner] of Object.entries(node)) {
        if (key === 'sign' || key === 'property' || key === 'kind') continue;
        for (const each of Array.isArray(inner) ? inner : [inner]) if (each && typeof each === 'object' && each.type) go(each);
      }
  }
}
