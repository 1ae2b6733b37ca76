// FEEL for the engine: expressions, cells and whole decision models, asked and answered as JSON text.
// Runs in an isolate without host objects and knows the moment it is told, no other.
import './sealed.js';
import { Fn, write } from './kinds.js';
import { Model } from './model.js';
import { regionsOf } from './regions.js';
import { Scope } from './scope.js';
import { namesIn, problemsOf } from './syntax.js';
import { asked, builtins, namesOf } from './texts.js';
import { tell, told } from './told.js';
import { decode, encode, encodeExactly } from './values.js';

const MAX_MODELS = 64;
const models = new Map();

/**
 * Answers a list of questions about contexts, in order.
 * in:  { now, zone, mixed, contexts: [names…], shapes: [text…], questions: [{ kind, context, … }] }
 * out: [{ value, warnings } | { value, trace } | { problems } | { names } | { unknown } | { error }]
 */
export function ask(text) {
  const { now, zone, mixed, contexts, shapes, questions } = JSON.parse(text);
  tell(now, zone);
  told.mixed = mixed ?? true;
  const scopes = contexts.map((names) => new Scope(decodeAll(names)));
  return JSON.stringify(questions.map((question) => {
    told.warnings = [];
    try {
      return ANSWERS[question.kind](question, scopes[question.context], namesOf(shapes[question.context]));
    } catch (error) {
      return { error: failure(error) };
    }
  }));
}

function failure(error) {
  const { from, to } = error.position ?? { from: null, to: null };
  const trouble = error.trouble && { ...error.trouble };
  if (trouble && 'values' in trouble) trouble.values = trouble.values.map((value) => write(value, true));
  return {
    message: String(error.message ?? error), from, to, kind: error.kind ?? null, place: error.place ?? null, text: error.text ?? null,
    decision: error.decision ?? null, trouble: trouble ?? null,
  };
}

/** What is no value outside of FEEL is told with the row and column it comes from. */
function placedOut(out, value, last, { logic }) {
  try {
    return out(value);
  } catch (error) {
    const places = (last?.matched ?? []).flatMap((row) => logic.table.rules[row].outputs.map((text, column) => ({ row, column, text })));
    if (places.length) Object.assign(error, { text: places[0].text, place: ['output', places[0].row, places[0].column] });
    throw error;
  }
}

function decodeAll(names) {
  return new Map(Object.entries(names).map(([name, value]) => [name, decode(value)]));
}

const ANSWERS = {
  expression({ text, exact }, scope, names) {
    const value = asked(text, false, names)(scope);
    return { value: (exact ? encodeExactly : encode)(value), warnings: told.warnings };
  },

  test({ text, value }, scope, names) {
    return { value: asked(text, true, names)(scope.with('?', decode(value))) === true, warnings: [] };
  },

  /** A model is sent once and known by its mark from then on. */
  decide({ mark, model, node, call, exact }, scope, names) {
    if (model) {
      if (models.size >= MAX_MODELS) models.clear();
      models.set(mark, new Model(model, mark));
    }
    const known = models.get(mark);
    if (!known) return { unknown: true };
    const out = exact ? encodeExactly : encode;
    const trace = [];
    const found = known[call ? 'call' : 'decide'](node, scope.values, names, trace) ?? null;
    const value = placedOut(out, found, trace.at(-1), known.nodes.get(node));
    if (exact) return { value };
    const soft = (each) => {
      try {
        return encode(each);
      } catch {
        return write(each); // a function or range that only other decisions use
      }
    };
    return {
      value,
      trace: trace.map(({ key, value: own, inputs, matched, outputs, warnings, scope: around }) => ({
        key, value: soft(own), inputs: inputs?.map(soft) ?? null, rules: matched ?? [], outputs: outputs?.map(soft) ?? [], warnings,
        needs: Object.fromEntries((known.nodes.get(key).reads ?? []).filter((name) => around.get(name) !== undefined && !(around.get(name) instanceof Fn))
          .map((name) => [name, soft(around.get(name))])),
      })),
    };
  },

  problems({ text, unary }, scope, names) {
    const functions = (name) => scope.values.has(name) || builtins.has(name);
    return { problems: problemsOf(text, unary, names, functions) };
  },

  regions({ columns }, scope, names) {
    return { columns: columns.map((column) => regionsOf(column, names)) };
  },

  names({ text, unary }, scope, names) {
    return { names: namesIn(text, unary, names, builtins) };
  },
};

