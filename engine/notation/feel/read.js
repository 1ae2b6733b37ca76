// Reads FEEL: a text becomes a tree of nodes { type, from, to, … }. What cannot be read is told with its place.
import { Names, isPart, isStart } from './names.js';

export class NotRead extends Error {
  constructor(from, to, kind) {
    super('it cannot be read');
    this.position = { from, to };
    this.kind = kind;
  }
}

const SPACE = /(?:[\s\u0085\u200b]|\/\/[^\n\r]*|\/\*[^]*?\*\/)+/y;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const STRING = /"((?:[^"\\]|\\[^])*)"/y;
const COMPARED = /<=|>=|!=|=(?!=)|<|>/y;
const KEYWORDS = new Set(['if', 'then', 'else', 'for', 'return', 'in', 'some', 'every', 'satisfies', 'and', 'or', 'between',
  'function', 'external', 'true', 'false', 'null', 'instance']);
const ESCAPES = { n: '\n', r: '\r', t: '\t', '"': '"', "'": "'", '\\': '\\' };

export function readExpression(text, names) {
  return new Reader(text, names).whole((reader) => reader.expression());
}

export function readTests(text, names) {
  return new Reader(text, names).whole((reader) => reader.tests());
}

class Reader {
  constructor(text, names) {
    this.text = text;
    this.at = 0;
    this.names = names ?? new Names([]);
    this.depth = 0;
  }

  whole(read) {
    this.space();
    const node = read(this);
    if (this.at < this.text.length) this.fail();
    return node;
  }

  fail(from = this.at) {
    if (from >= this.text.length) throw new NotRead(from, from, 'unfinished');
    const signs = /^(?:==+|([&|!'`$#%;^~])\1*)/.exec(this.text.slice(from));
    const to = signs ? from + signs[0].length : Math.max(from + 1, this.wordEnd(from));
    throw new NotRead(from, to, signs?.[0].startsWith('==') ? 'doubled' : 'unreadable');
  }

  wordEnd(from) {
    let end = from;
    while (end < this.text.length && isPart(this.text.codePointAt(end))) end += 1;
    return end;
  }

  space() {
    SPACE.lastIndex = this.at;
    const found = SPACE.exec(this.text);
    if (found) this.at += found[0].length;
  }

  sees(sign) {
    return this.text.startsWith(sign, this.at);
  }

  /** Takes a sign and the space behind it, if it is there. */
  takes(sign) {
    if (!this.sees(sign)) return false;
    this.at += sign.length;
    this.space();
    return true;
  }

  wants(sign) {
    if (!this.takes(sign)) this.fail();
  }

  seesWord(word) {
    return this.sees(word) && !isPart(this.text.codePointAt(this.at + word.length));
  }

  takesWord(word) {
    if (!this.seesWord(word)) return false;
    this.at += word.length;
    this.space();
    return true;
  }

  wantsWord(word) {
    if (!this.takesWord(word)) this.fail();
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  node(type, from, more) {
    return { type, from, to: this.end(), ...more };
  }

  /** Where the last sign ended, without the space behind it. */
  end() {
    let end = this.at;
    while (end > 0 && /\s/.test(this.text[end - 1])) end -= 1;
    return end;
  }

  expression() {
    this.depth += 1;
    if (this.depth > 400) this.fail();
    const from = this.at;
    let node;
    if (!this.names.begins(this.text, this.at)) {
      if (this.takesWord('if')) node = this.conditional(from);
      else if (this.takesWord('for')) node = this.loop(from);
      else if (this.seesWord('some') || this.seesWord('every')) node = this.quantified(from);
    }
    node ??= this.disjunction();
    this.depth -= 1;
    return node;
  }

  conditional(from) {
    const test = this.expression();
    this.wantsWord('then');
    const yes = this.expression();
    this.wantsWord('else');
    return this.node('If', from, { test, yes, no: this.expression() });
  }

  loop(from) {
    return this.names.within(() => {
      const loops = this.loops('return', true);
      this.wantsWord('return');
      this.names.bind('partial');
      return this.node('For', from, { loops, body: this.expression() });
    });
  }

  quantified(from) {
    const every = this.takesWord('every');
    if (!every) this.wantsWord('some');
    return this.names.within(() => {
      const loops = this.loops('satisfies', false);
      this.wantsWord('satisfies');
      return this.node('Quantified', from, { every, loops, body: this.expression() });
    });
  }

  loops(end, ranges) {
    const found = [];
    do {
      const name = this.boundName(/(?=\s+in\b)/y);
      this.space();
      this.wantsWord('in');
      const from = this.at;
      let over = this.expression();
      if (ranges && this.takes('..')) over = this.node('Steps', from, { first: over, last: this.expression() });
      found.push({ name, over });
      this.names.bind(name);
    } while (this.takes(','));
    if (!this.seesWord(end)) this.fail();
    return found;
  }

  /** A name that is being given: everything up to its end, in words. */
  boundName(end) {
    const from = this.at;
    if (this.takesQuotedName()) return this.quoted;
    if (!isStart(this.text.codePointAt(this.at))) this.fail();
    for (; this.at < this.text.length; this.at += 1) {
      end.lastIndex = this.at;
      if (end.test(this.text)) break;
      const sign = this.text.codePointAt(this.at);
      if (!isPart(sign) && !/[\s.'/\-+*]/.test(this.text[this.at])) this.fail(this.at);
    }
    const name = Names.plain(this.text.slice(from, this.at));
    if (KEYWORDS.has(name)) this.fail(from);
    return name;
  }

  takesQuotedName() {
    if (!this.sees('`')) return false;
    const end = this.text.indexOf('`', this.at + 1);
    if (end < 0) this.fail();
    this.quoted = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    this.space();
    return true;
  }

  chain(types, next) {
    const from = this.at;
    let left = next();
    for (;;) {
      const start = this.at;
      const type = types();
      if (!type) return left;
      const sign = { from: start, to: this.end() };
      left = this.node(type, from, { sign, left, right: next() });
    }
  }

  disjunction() {
    return this.chain(() => this.takesWord('or') && 'Or', () => this.conjunction());
  }

  conjunction() {
    return this.chain(() => this.takesWord('and') && 'And', () => this.comparison());
  }

  comparison() {
    const from = this.at;
    let left = this.addition();
    for (;;) {
      const start = this.at;
      const sign = this.match(COMPARED);
      if (sign) {
        this.space();
        const place = { from: start, to: start + sign[0].length };
        left = this.node('Comparison', from, { is: sign[0], sign: place, left, right: this.addition() });
      } else if (this.takesWord('between')) {
        const low = this.addition();
        this.wantsWord('and');
        left = this.node('Between', from, { left, low, high: this.addition() });
      } else if (this.takesWord('in')) {
        left = this.node('In', from, { left, tests: this.inTests() });
      } else return left;
    }
  }

  /** Behind `in`: one test, or several in parentheses. */
  inTests() {
    const from = this.at;
    if (this.takes('(')) {
      const tests = this.testList();
      if (this.takes(')') && !/[.[(]/.test(this.text[this.at] ?? '') && !this.continues()) return tests;
      this.at = from; // a range, or an expression that begins with a parenthesis
    }
    return [this.test(true)];
  }

  continues() {
    return /^(?:\*|\/|\+|-|instance\b)/.test(this.text.slice(this.at, this.at + 9));
  }

  testList() {
    const found = [this.test()];
    while (this.takes(',')) found.push(this.test());
    return found;
  }

  test(narrow = false) {
    const from = this.at;
    const sign = this.match(COMPARED);
    if (sign) {
      this.space();
      const node = this.node('Test', from, { is: sign[0], right: this.addition() });
      // `> 3 and < 5` reads well and means nothing: a cell separates its tests by commas.
      if (this.seesWord('and') || this.seesWord('or')) throw new NotRead(node.from, this.end(), 'half');
      return node;
    }
    return narrow ? this.addition() : this.expression();
  }

  tests() {
    const from = this.at;
    if (this.takes('-') && this.at >= this.text.length) return this.node('Tests', from, { anything: true, tests: [] });
    this.at = from;
    if (this.takesWord('not') && this.takes('(')) {
      try {
        const tests = this.testList();
        if (this.takes(')') && this.at >= this.text.length) return this.node('Tests', from, { negated: true, tests });
      } catch (error) {
        if (!(error instanceof NotRead) || error.position.from >= this.text.length) throw error;
      }
    }
    this.at = from;
    return this.node('Tests', from, { tests: this.testList() });
  }

  addition() {
    const sign = () => (this.takes('+') ? 'Add' : !this.sees('->') && this.takes('-') ? 'Subtract' : null);
    return this.chain(sign, () => this.multiplication());
  }

  multiplication() {
    const sign = () => (!this.sees('**') && this.takes('*') ? 'Multiply' : this.takes('/') ? 'Divide' : null);
    return this.chain(sign, () => this.power());
  }

  power() {
    return this.chain(() => this.takes('**') && 'Power', () => this.negation());
  }

  negation() {
    const from = this.at;
    if (!this.takes('-')) return this.instance();
    this.depth += 1;
    if (this.depth > 400) this.fail();
    const node = this.node('Negate', from, { sign: { from, to: from + 1 }, right: this.negation() });
    this.depth -= 1;
    return node;
  }

  instance() {
    const from = this.at;
    let left = this.postfix();
    while (this.takesWord('instance')) {
      this.wantsWord('of');
      left = this.node('InstanceOf', from, { left, kind: this.kind() });
    }
    return left;
  }

  postfix() {
    const from = this.at;
    let left = this.primary();
    for (;;) {
      if (this.sees('.') && !this.sees('..')) {
        this.takes('.');
        const start = this.at;
        const name = this.takesQuotedName() ? this.quoted : this.names.member(this.text, this.at);
        if (!name) this.fail();
        if (typeof name === 'object') {
          this.at = name.end;
          this.space();
        }
        left = this.node('Path', from, { left, name: name.name ?? name, property: { from: start, to: this.end() } });
      } else if (this.sees('[')) {
        const filter = this.filter();
        if (!filter) return left;
        left = this.node('Filter', from, { left, inside: filter });
      } else if (this.takes('(')) {
        left = this.call(from, left);
      } else return left;
    }
  }

  /** What stands in brackets behind an expression; null where the bracket ends a range: `]1..5[`. */
  filter() {
    const start = this.at;
    try {
      this.takes('[');
      const inside = this.names.within(() => {
        this.names.open();
        this.names.bind('item');
        return this.test();
      });
      this.wants(']');
      return inside;
    } catch (error) {
      if (!this.openEnded || !(error instanceof NotRead)) throw error;
      this.at = start;
      return null;
    }
  }

  call(from, callee) {
    const args = [];
    if (!this.takes(')')) {
      do {
        const named = /((?:`[^`]*`)|[^\s"`()[\]{},:?][^"`()[\]{},:?]*):/y;
        named.lastIndex = this.at;
        const found = isStart(this.text.codePointAt(this.at)) || this.sees('`') ? named.exec(this.text) : null;
        let name = null;
        if (found) {
          name = Names.plain(found[1].replaceAll('`', ''));
          this.at += found[0].length;
          this.space();
        }
        args.push({ name, value: this.expression() });
      } while (this.takes(','));
      this.wants(')');
    }
    if (args.some(({ name }) => name) && !args.every(({ name }) => name)) this.fail(from);
    return this.node('Call', from, { callee, args });
  }

  primary() {
    const from = this.at;
    const sign = this.text[this.at];
    if (sign === undefined) this.fail();
    if (sign === '"') return this.string();
    if (/[0-9.]/.test(sign)) {
      const found = this.match(NUMBER);
      if (!found || isStart(this.text.codePointAt(this.at) ?? 0)) this.fail(from);
      this.space();
      return this.node('Number', from, { text: found[0] });
    }
    if (this.takes('@')) {
      if (!this.sees('"')) this.fail();
      return this.node('At', from, { text: this.string().value });
    }
    if (this.takes('{')) return this.context(from);
    if (sign === '[') return this.listOrRange(from);
    if (sign === ']') return this.rangeFrom(from, false);
    if (sign === '(') return this.parenthesis(from);
    if (from === 0 && /[<>=!]/.test(sign) && !this.sees('==')) return this.test();
    if (this.takesQuotedName()) return this.node('Name', from, { name: this.quoted });
    if (sign === '?' ) {
      this.takes('?');
      return this.node('Name', from, { name: '?' });
    }
    return this.word(from);
  }

  word(from) {
    const known = this.names.known(this.text, this.at);
    const end = this.wordEnd(this.at);
    const plain = this.text.slice(from, end);
    if (!known || known.end <= end) {
      if (plain === 'function' && /^\s*\(/.test(this.text.slice(end))) return this.definition(from, end);
      for (const [word, value] of [['true', true], ['false', false], ['null', null]]) {
        if (this.takesWord(word)) return this.node('Literal', from, { value });
      }
      if (KEYWORDS.has(plain)) this.fail();
    }
    if (!known && !isStart(this.text.codePointAt(from))) this.fail();
    this.at = known ? known.end : end;
    this.space();
    if (!known) while (this.continuesName()) this.at = this.wordEnd(this.at), this.space();
    return this.node('Name', from, { name: known ? known.name : Names.plain(this.text.slice(from, this.at)) });
  }

  /** Words side by side are one name that nobody knows yet. */
  continuesName() {
    if (!isStart(this.text.codePointAt(this.at)) || this.sees('?')) return false;
    return !KEYWORDS.has(this.text.slice(this.at, this.wordEnd(this.at))) && !this.names.known(this.text, this.at);
  }

  string() {
    const from = this.at;
    const found = this.match(STRING);
    if (!found) this.fail();
    this.space();
    return this.node('String', from, { value: unescape(found[1]) });
  }

  context(from) {
    return this.names.within(() => {
      const entries = [];
      if (!this.takes('}')) {
        do {
          const key = this.sees('"') ? this.string().value : this.boundName(/(?=\s*:)/y);
          this.space();
          this.wants(':');
          entries.push({ key, value: this.expression() });
          this.names.bind(key);
        } while (this.takes(','));
        this.wants('}');
      }
      return this.node('Context', from, { entries });
    });
  }

  listOrRange(from) {
    this.wants('[');
    if (this.takes(']')) return this.node('List', from, { items: [] });
    const first = this.test();
    if (this.takes('..')) return this.rangeTo(from, true, first);
    const items = [first];
    while (this.takes(',')) items.push(this.test());
    this.wants(']');
    return this.node('List', from, { items });
  }

  rangeFrom(from, included) {
    this.at += 1;
    this.space();
    const low = this.addition();
    this.wants('..');
    return this.rangeTo(from, included, low);
  }

  rangeTo(from, fromIn, low) {
    const open = this.openEnded;
    this.openEnded = true;
    const high = this.addition();
    this.openEnded = open;
    const toIn = this.takes(']');
    if (!toIn && !this.takes(')') && !this.takes('[')) this.fail();
    return this.node('Range', from, { fromIn, low, high, toIn });
  }

  parenthesis(from) {
    this.wants('(');
    const inside = this.test();
    if (this.takes('..')) return this.rangeTo(from, false, inside);
    this.wants(')');
    return this.node('Parenthesis', from, { inside });
  }

  definition(from, end) {
    this.at = end;
    this.space();
    this.wants('(');
    return this.names.within(() => {
      const parameters = [];
      if (!this.takes(')')) {
        do {
          const name = this.boundName(/(?=\s*[:,)])/y);
          this.space();
          parameters.push({ name, kind: this.takes(':') ? this.kind() : null });
          this.names.bind(name);
        } while (this.takes(','));
        this.wants(')');
      }
      const external = this.takesWord('external');
      return this.node('Function', from, { parameters, external, body: this.expression() });
    });
  }

  /** A type: number, list<string>, context<a: number>, function<number, string> -> boolean, range<date>, a name. */
  kind() {
    const from = this.at;
    const inner = (open) => this.takesWord(open) && this.takes('<');
    if (inner('list')) return this.closed({ list: this.kind() });
    this.at = from;
    if (inner('range')) return this.closed({ range: this.kind() });
    this.at = from;
    if (inner('context')) {
      const entries = [];
      do {
        const key = this.boundName(/(?=\s*:)/y);
        this.space();
        this.wants(':');
        entries.push([key, this.kind()]);
      } while (this.takes(','));
      return this.closed({ context: entries });
    }
    this.at = from;
    if (inner('function')) {
      const types = [];
      if (!this.sees('>')) do types.push(this.kind()); while (this.takes(','));
      const type = this.closed({ function: types, result: null });
      if (this.takes('->')) type.result = this.kind();
      return type;
    }
    this.at = from;
    return { named: this.typeName() };
  }

  closed(type) {
    this.wants('>');
    return type;
  }

  typeName() {
    const from = this.at;
    const known = this.names.known(this.text, this.at);
    let end = Math.max(known?.end ?? 0, this.wordEnd(this.at));
    while (this.text[end] === '.' && isStart(this.text.codePointAt(end + 1))) {
      const next = this.names.member(this.text, end + 1);
      end = next.end;
    }
    if (end === from) this.fail();
    this.at = end;
    const name = Names.plain(this.text.slice(from, end));
    this.space();
    return name;
  }
}

function unescape(text) {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([nrt"'\\]))/g, (whole, short, long, sign) => {
    if (sign) return ESCAPES[sign];
    const point = parseInt(short ?? long, 16);
    return point <= 0x10FFFF ? String.fromCodePoint(point) : whole;
  });
}
