// Names of FEEL may hold spaces and signs (`applicant age`, `a-b`): only who knows them can tell them from operators.

const PLAIN = /^[\p{L}_$?][\p{L}\p{N}\p{M}_]*$/u;
const SIGN = /^[.'/\-+*]$/;

export function isStart(point) {
  if (point === undefined || Number.isNaN(point)) return false;
  return point === 63 || point === 95 || (point >= 65 && point <= 90) || (point >= 97 && point <= 122)
    || (point >= 0xC0 && point !== 0xD7 && point !== 0xF7 && !(point >= 0x2000 && point <= 0x200B)
      && !(point >= 0x200E && point <= 0x206F) && !(point >= 0x2190 && point <= 0x2BFF) && point !== 0x3000);
}

export function isPart(point) {
  return isStart(point) || (point >= 48 && point <= 57) || point === 0xB7 || (point >= 0x203F && point <= 0x2040);
}

/** The names a text may use that are no plain words: of variables, of their members, and those the text itself gives. */
export class Names {
  constructor(variables, members = variables) {
    this.scopes = [table(variables)];
    this.members = table(members);
  }

  /** One space between words, none around signs. */
  static plain(name) {
    return name.trim().replace(/\s+/g, ' ');
  }

  /** The same names for one more text, which may bind names of its own. */
  copy() {
    const other = new Names([]);
    other.scopes = [copied(this.scopes[0])];
    other.members = copied(this.members);
    return other;
  }

  within(read) {
    this.scopes.push(new Map());
    try {
      return read();
    } finally {
      this.scopes.pop();
    }
  }

  bind(name) {
    add(this.scopes.at(-1), name);
    add(this.members, name);
  }

  /** Inside a filter the members of the item are seen, too. */
  open() {
    for (const [first, found] of this.members) this.scopes.at(-1).set(first, [...found]);
  }

  /** Whether a name that is no plain word begins here and is longer than a keyword: `for each`. */
  begins(text, at) {
    return this.known(text, at) !== null;
  }

  /** The longest known name that begins at a place, or null. */
  known(text, at) {
    let best = null;
    for (const scope of this.scopes) best = longer(best, find(scope, text, at));
    return best;
  }

  member(text, at) {
    const known = find(this.members, text, at);
    let end = at;
    if (isStart(text.codePointAt(at))) while (end < text.length && isPart(text.codePointAt(end))) end += 1;
    if (known && known.end > end) return known;
    return end > at ? { name: text.slice(at, end), end } : known;
  }
}

function table(names) {
  const found = new Map();
  for (const name of names) add(found, name);
  return found;
}

function copied(found) {
  return new Map([...found].map(([first, each]) => [first, [...each]]));
}

function add(scope, name) {
  if (PLAIN.test(name) || !name) return;
  const parts = name.trim().split(/(\s+|[.'/\-+*])/).filter((part) => part && part.trim());
  let pattern = '';
  parts.forEach((part, n) => {
    const close = n > 0 && (SIGN.test(part) || SIGN.test(parts[n - 1]));
    pattern += (n === 0 ? '' : close ? '\\s*' : '\\s+') + part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  });
  const first = name[0];
  if (!scope.has(first)) scope.set(first, []);
  scope.get(first).push({ name, pattern: new RegExp(pattern, 'y') });
}

function find(scope, text, at) {
  let best = null;
  for (const { name, pattern } of scope.get(text[at]) ?? []) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    const end = found ? at + found[0].length : 0;
    if (found && !(isPart(text.codePointAt(end - 1)) && isPart(text.codePointAt(end)))) best = longer(best, { name, end });
  }
  return best;
}

function longer(a, b) {
  return b !== null && (a === null || b.end > a.end) ? b : a;
}
