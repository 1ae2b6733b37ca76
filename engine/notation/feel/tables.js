// Decision tables: which rules match, and what the hit policy makes of them.
import { compare, equal, passes } from './kinds.js';
import { isNumber, number, sum } from './numbers.js';
import { Scope } from './scope.js';

/** A decision that cannot be taken: rules contradict each other, or a value is not among those allowed. */
export class Trouble extends Error {
  constructor(kind, more) {
    super(kind);
    Object.assign(this, { trouble: { kind, ...more } });
  }
}

/**
 * A compiled table: a function of a scope and of `seen`, which is told { inputs, matched: [row…], outputs: [[…]…] }.
 * `text(text, place, unary)` compiles a FEEL text; `allowsOf(type)` gives the test a named type puts on its values.
 */
export function compileTable(table, text, listed) {
  const inputs = table.inputs.map((input, column) => ({
    ...input,
    value: text(input.text, ['input', 0, column], false),
    test: input.allowed === null ? null : text(input.allowed, ['allowed', 0, column], true),
  }));
  const rules = table.rules.map(({ cells, outputs }, row) => ({
    cells: cells.map((cell, column) => (cell === null ? null : text(cell, ['cell', row, column], true))),
    outputs: outputs.map((output, column) => text(output, ['output', row, column], false)),
  }));
  const defaults = table.outputs.map((output, column) => (output.default === null ? null : text(output.default, ['default', 0, column], false)));
  const lists = table.outputs.map(listed);

  return (scope, seen) => {
    const values = inputs.map(({ value }) => value(scope) ?? null);
    const aliases = inputs.flatMap(({ alias }, n) => (alias ? [[alias, values[n]]] : []));
    const around = aliases.length ? new Scope(new Map(aliases), scope) : scope;
    const tested = values.map((value) => around.with('?', value));
    inputs.forEach(({ test }, column) => {
      if (test && values[column] !== null && test(tested[column]) !== true) throw new Trouble('not allowed', { label: inputs[column].label, allowed: inputs[column].allowed, values: [values[column]] });
    });
    const hits = [];
    rules.forEach((rule, row) => {
      if (rule.cells.every((cell, column) => cell === null || cell(tested[column]) === true)) {
        hits.push({ row, outputs: rule.outputs.map((output) => output(around) ?? null) });
      }
    });
    const ranks = lists.map((list) => list(around));
    for (const { row, outputs } of hits) {
      outputs.forEach((value, column) => {
        if (ranks[column] && value !== null && !ranks[column].some((each) => passes(value, each) === true)) throw new Trouble('not listed', { row, label: table.outputs[column].label, allowed: table.outputs[column].allowed ?? '', values: [value] });
      });
    }
    const { counted, value } = hits.length ? byPolicy(table, hits, ranks) : { counted: [], value: withoutHit(table, defaults, around) };
    if (seen) Object.assign(seen, { inputs: values, matched: counted.map(({ row }) => row), outputs: counted.map(({ outputs }) => outputOf(table, outputs)) });
    return value;
  };
}

function byPolicy(table, hits, ranks) {
  const rank = ({ outputs }) => outputs.map((value, column) => {
    const place = (ranks[column] ?? []).findIndex((each) => equal(each, value) === true);
    return place < 0 ? Infinity : place;
  });
  const better = (a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const n = left.findIndex((each, column) => each !== right[column]);
    return n < 0 ? 0 : left[n] - right[n];
  };
  switch (table.policy[0]) {
    case 'U':
      if (hits.length > 1) throw new Trouble('several', { rows: hits.map(({ row }) => row) });
      return { counted: hits, value: outputOf(table, hits[0].outputs) };
    case 'A':
      if (hits.some(({ outputs }) => equal(outputs, hits[0].outputs) !== true)) throw new Trouble('different', { rows: hits.map(({ row }) => row) });
      return { counted: hits, value: outputOf(table, hits[0].outputs) };
    case 'F':
      return { counted: hits.slice(0, 1), value: outputOf(table, hits[0].outputs) };
    case 'P': {
      const best = hits.reduce((found, each) => (better(each, found) < 0 ? each : found));
      return { counted: [best], value: outputOf(table, best.outputs) };
    }
    default: {
      const counted = table.policy[0] === 'O' ? hits.toSorted(better) : hits;
      const outputs = counted.map((hit) => outputOf(table, hit.outputs));
      return { counted, value: table.policy.length > 1 ? aggregated(table.policy[1], outputs) : outputs };
    }
  }
}

function aggregated(sign, outputs) {
  if (sign === '#') return number(outputs.length);
  const fail = () => { throw new Trouble('no sum', { values: outputs }); };
  if (sign === '+') return outputs.every(isNumber) ? sum(outputs) : fail();
  return outputs.reduce((best, each) => {
    const order = compare(each, best);
    if (order === null) fail();
    return (sign === '<' ? order < 0 : order > 0) ? each : best;
  });
}

function withoutHit(table, defaults, scope) {
  const given = defaults.some(Boolean) ? outputOf(table, defaults.map((each) => (each ? each(scope) ?? null : null))) : null;
  if (['C', 'R', 'O'].includes(table.policy)) return given === null ? [] : [given];
  return table.policy === 'C#' ? number(0) : given;
}

function outputOf(table, row) {
  return table.outputs.length === 1 ? row[0] : new Map(table.outputs.map(({ name }, n) => [name, row[n]]));
}
