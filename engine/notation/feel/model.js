// A decision model: decisions, inputs, business knowledge and services of one or several files, and who needs whom.
import { compileBox } from './boxes.js';
import { invoke } from './compile.js';
import { Fn } from './kinds.js';
import { Scope } from './scope.js';
import { asked } from './texts.js';
import { told } from './told.js';
import { ANY, coerce, plainType } from './types.js';

export class Model {
  constructor({ files, nodes }, id) {
    this.files = files.map((file, n) => ({ ...file, key: `${id} ${n}`, made: new Map() }));
    this.nodes = new Map(Object.entries(nodes));
    this.compiled = new Map();
  }

  /** Names that are no plain words, of all files: `variables` of this one besides those the asker knows. */
  around(n, names) {
    const file = this.files[n];
    const typeOf = (name) => this.typeOf(n, name);
    const known = { key: `${file.key} ${names.key}`, variables: [...file.names, ...names.variables], members: [...file.names, ...names.members] };
    const around = {
      typeOf,
      text: (text, place, unary) => placed(text, place, asked(text, unary, known, typeOf)),
      listOf: (output) => {
        const allowed = output.allowed ?? this.definitionOf(n, output.type)?.allows ?? null;
        if (allowed === null) return () => null;
        return placed(allowed, null, asked(`[${allowed}]`, false, known, typeOf));
      },
      test: (text) => asked(text, true, known, typeOf),
    };
    return around;
  }

  definitionOf(n, name) {
    return name ? this.files[n].types[name] : undefined;
  }

  /** A named type of a file (or `prefix.name` of one it imports), or a plain one; null when there is none. */
  typeOf(n, name) {
    const file = this.files[n];
    if (file.made.has(name)) return file.made.get(name);
    file.made.set(name, ANY); // what speaks of itself is not followed further
    const found = this.makeType(n, name);
    file.made.set(name, found);
    return found;
  }

  makeType(n, name) {
    const file = this.files[n];
    if (file.types[name]) return this.build(n, file.types[name]);
    for (const [prefix, other] of Object.entries(file.imports)) {
      if (name.startsWith(`${prefix}.`)) return this.typeOf(other, name.slice(prefix.length + 1));
    }
    return plainType(name.replace(/^feel[.:]/, ''));
  }

  build(n, { ref, list, parts, allows, listAllows, takes, gives }) {
    const inner = (each) => (each ? this.typeOf(n, each) ?? ANY : ANY);
    let type;
    if (takes) type = { function: takes.map(inner), result: inner(gives) };
    else if (parts) type = { context: parts.map((part) => [part.name, this.build(n, part)]) };
    else type = { ...inner(ref) };
    const narrowed = (of, text) => {
      if (!text) return of;
      const test = this.around(n, { key: '', variables: [], members: [] }).test(text);
      const before = of.allows;
      return { ...of, allows: (value) => (!before || before(value)) && test(new Scope(new Map([['?', value]]))) === true };
    };
    type = narrowed(type, allows);
    return list ? narrowed({ list: type }, listAllows) : type;
  }

  logicOf(key, names) {
    const kept = `${key}\n${names.key}`;
    let found = this.compiled.get(kept);
    if (!found) {
      if (this.compiled.size > 2000) this.compiled.clear();
      const node = this.nodes.get(key);
      found = compileBox(node.logic, this.around(node.file, names));
      this.compiled.set(kept, found);
    }
    return found;
  }

  /** Takes a decision, first those it needs; `given` are the variables, `trace` is told of each decision taken. */
  decide(key, given, names, trace) {
    return new Run(this, given, names, trace).value(key);
  }

  /** Calls a decision service or business knowledge model with arguments by name. */
  call(key, given, names, trace) {
    const run = new Run(this, new Map(), names, trace);
    const fn = run.value(key);
    if (!(fn instanceof Fn)) return null;
    const args = fn.parameters.map(({ name }) => given.get(name));
    if (args.includes(undefined)) return null;
    return invoke(fn, args) ?? null;
  }
}

class Run {
  constructor(model, given, names, trace) {
    Object.assign(this, { model, given, names, trace, taken: new Map() });
  }

  value(key) {
    if (!this.taken.has(key)) this.taken.set(key, this.take(key, this.model.nodes.get(key)));
    return this.taken.get(key);
  }

  typeOf(node) {
    return node.type ? this.model.typeOf(node.file, node.type) : null;
  }

  take(key, node) {
    switch (node.kind) {
      case 'input': {
        // The input of an imported file is given under the import's name, or by its own name alone.
        const step = (found, name) => (found instanceof Map ? found.get(name) : undefined);
        const value = node.path.reduce(step, this.given) ?? this.given.get(node.path.at(-1)) ?? null;
        return coerce(value, this.typeOf(node));
      }
      case 'decision': return this.decision(key, node);
      case 'service': return this.service(node);
      default: return this.knowledge(key, node);
    }
  }

  scope(node, outer) {
    const found = new Map();
    for (const [path, key] of node.needs) {
      const value = this.value(key);
      const names = path.length > 1 ? [path.at(-1)] : [...new Set([path[0], ...(this.model.nodes.get(key).aliases ?? [])])];
      let into = found;
      for (const step of path.slice(0, -1)) {
        if (!(into.get(step) instanceof Map)) into.set(step, new Map());
        into = into.get(step);
      }
      for (const name of names) into.set(name, value);
    }
    return new Scope(found, outer);
  }

  decision(key, node) {
    const scope = this.scope(node, new Scope(this.given));
    const mark = told.warnings.length;
    const seen = {};
    try {
      const value = coerce(this.model.logicOf(key, this.names)(scope, seen) ?? null, this.typeOf(node));
      this.trace?.push({ key, value, ...seen, warnings: told.warnings.slice(mark), scope });
      return value;
    } catch (error) {
      throw Object.assign(error, { decision: error.decision ?? key });
    }
  }

  knowledge(key, node) {
    const scope = this.scope(node, new Scope(this.given));
    const fn = this.model.logicOf(key, this.names)(scope);
    const type = this.typeOf(node);
    if (!(fn instanceof Fn) || !type || type.function !== undefined) return fn;
    return new Fn(fn.parameters, (args) => coerce(fn.call(args) ?? null, type));
  }

  service(node) {
    const typed = ([name, key]) => ({ name, type: this.typeOf(this.model.nodes.get(key)) ?? ANY });
    const parameters = [...node.inputs.map(typed), ...node.decisions.map(typed)];
    return new Fn(parameters, (args) => {
      const given = new Map(parameters.map(({ name }, n) => [name, args[n]]));
      const run = new Run(this.model, given, this.names, this.trace);
      node.inputs.forEach(([, key], n) => run.taken.set(key, args[n]));
      node.decisions.forEach(([, key], n) => run.taken.set(key, args[node.inputs.length + n]));
      const values = node.outputs.map(([name, key]) => [name, run.value(key)]);
      return coerce(values.length === 1 ? values[0][1] : new Map(values), this.typeOf(node));
    });
  }
}

/** What fails or is null while a text is asked is told with the text and its place in the table. */
function placed(text, place, work) {
  return (scope) => {
    const mark = told.warnings.length;
    try {
      return work(scope);
    } catch (error) {
      if (error.text === undefined) Object.assign(error, { text, place });
      throw error;
    } finally {
      for (let n = mark; n < told.warnings.length; n += 1) {
        const warning = told.warnings[n];
        if (warning.text === undefined) Object.assign(warning, { text, place });
      }
    }
  };
}

