// What feelin 8.2 must be told otherwise: which moment it is, on which clock moments are read, and to parse only once.
import { FeelDate, FeelDateTime, FeelTime, evaluate, parseDateTime } from 'feelin';
import { VariableContext, parser, trackVariables } from 'lezer-feel';

const KEPT_TREES = 5000;

/** The variables of a question, already FEEL values: feelin copies plain objects first, and leaves other classes alone. */
export class Names {
  constructor(variables) {
    Object.assign(this, variables);
  }
}

/** The moment of the present question: its zone, and FEEL's `now` and `today`. */
export const told = { zone: 'UTC', now: null, today: null };

export const builtins = findBuiltins();

export function tell(now, zone) {
  told.zone = zone;
  told.now = new FeelDateTime(parseDateTime(now).unwrap(), zone);
  told.today = new FeelDate(told.now.unwrap().toPlainDate());
  builtins.now = told.now;
  builtins.today = told.today;
}

/** A moment or time on the clock of the told zone; one without zone is read as being there. */
export function inZone(value) {
  if (value instanceof FeelDateTime && value.zone !== told.zone) {
    if (value.zone === null) return new FeelDateTime(value.unwrap(), told.zone);
    return new FeelDateTime(value.unwrap().toZonedDateTime(value.zone).withTimeZone(told.zone).toPlainDateTime(), told.zone);
  }
  if (value instanceof FeelTime && value.zone !== null) {
    const there = told.today.unwrap().toZonedDateTime({ plainTime: value.unwrap(), timeZone: value.zone });
    return new FeelTime(there.withTimeZone(told.zone).toPlainTime(), null);
  }
  return value;
}

// feelin compares and subtracts a moment without zone as if it were UTC, and subtracts moments of two zones by their
// wall clocks. Both are silently hours off, so whatever makes a moment or a time puts it on the told zone's clock.
for (const name of ['date and time', 'time', '@']) {
  const made = builtins[name];
  builtins[name] = Object.assign((...args) => inZone(made(...args)), { $args: made.$args });
}

// No wall clock and no chance: the same question has the same answer on every day.
tell('2000-01-01T00:00:00', 'UTC');
Date.now = () => told.now.unwrap().toZonedDateTime(told.zone).epochMilliseconds;
delete Math.random;

/** feelin exports no list of its built-in functions but looks them up in it by name: watch one look-up. */
function findBuiltins() {
  const { hasOwnProperty } = Object.prototype;
  let found = null;
  Object.prototype.hasOwnProperty = function watched(name) {
    if (name === 'date and time') found = this;
    return hasOwnProperty.call(this, name);
  };
  try {
    evaluate('date and time("2000-01-01T00:00:00Z")');
  } finally {
    Object.prototype.hasOwnProperty = hasOwnProperty;
  }
  if (typeof found?.['date and time'] !== 'function') throw new Error('this release of feelin keeps its functions elsewhere');
  return found;
}

// For every name feelin also searches its functions by their written-out names; hidden entries are found by exact name only.
for (const name of Object.keys(builtins)) Object.defineProperty(builtins, name, { enumerable: false });

/**
 * feelin parses at every evaluation, which is by far the most of its work. The tree of a text depends on the text and
 * on those names that are not plain words (`trees.shape`), so it is kept and the names are not even looked at.
 */
export const trees = { shape: '', names: null };
const kept = new Map();
const { configure } = parser;
const { of } = VariableContext;
const nobody = new VariableContext({});
VariableContext.of = function of_(...contexts) {
  return contexts.length === 1 && contexts[0] instanceof Names ? nobody : of.apply(this, contexts);
};
parser.configure = ({ top, dialect }) => ({
  parse(text) {
    const key = `${top}\n${trees.shape}\n${text}`;
    let tree = kept.get(key);
    if (tree === undefined) {
      if (kept.size >= KEPT_TREES) kept.clear();
      const plain = configure.call(parser, { top, dialect, contextTracker: trackVariables(trees.shape ? { ...trees.names } : {}) });
      tree = plain.parse(text);
      const calm = asNames(tree, text);
      if (calm !== text) tree = plain.parse(calm);
      kept.set(key, tree);
    }
    return tree;
  },
});

/** `now()` and `today()` are read as the names `now` and `today`; every position stays where it was. */
function asNames(tree, text) {
  let calm = text;
  tree.iterate({
    enter({ name, from, to }) {
      const call = name === 'FunctionInvocation' && /^(now|today)\s*\(\s*\)$/.exec(text.slice(from, to));
      if (call) calm = calm.slice(0, from) + call[1].padEnd(to - from) + calm.slice(to);
    },
  });
  return calm;
}
