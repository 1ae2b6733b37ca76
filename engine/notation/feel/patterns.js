// Patterns as XPath writes them (FEEL's matches, replace and split), turned into those of the host.

const FLAGS = /^[smixq]*$/;
const ESCAPED = { i: '[\\p{L}_:]', I: '[^\\p{L}_:]', c: '[\\p{L}\\p{N}\\p{M}_:.\\-·]', C: '[^\\p{L}\\p{N}\\p{M}_:.\\-·]' };
const BLOCKS = {
  IsBasicLatin: '\\u0000-\\u007F', 'IsLatin-1Supplement': '\\u0080-\\u00FF', 'IsLatinExtended-A': '\\u0100-\\u017F',
  'IsLatinExtended-B': '\\u0180-\\u024F', IsGreek: '\\u0370-\\u03FF', IsGreekandCoptic: '\\u0370-\\u03FF', IsCyrillic: '\\u0400-\\u04FF',
  IsHebrew: '\\u0590-\\u05FF', IsArabic: '\\u0600-\\u06FF', IsHiragana: '\\u3040-\\u309F', IsKatakana: '\\u30A0-\\u30FF',
  IsCJKUnifiedIdeographs: '\\u4E00-\\u9FFF', IsHangulSyllables: '\\uAC00-\\uD7AF', IsGeneralPunctuation: '\\u2000-\\u206F',
  IsCJKSymbolsandPunctuation: '\\u3000-\\u303F', IsHalfwidthandFullwidthForms: '\\uFF00-\\uFFEF',
};
const kept = new Map();

/** The pattern, or undefined if it cannot be read. Flags: s, m, i, x, q as in XPath. */
export function patternOf(text, flags, more = '') {
  const asked = flags ?? '';
  if (typeof asked !== 'string' || !FLAGS.test(asked)) return undefined;
  const key = `${asked}/${more}/${text}`;
  if (!kept.has(key)) {
    if (kept.size > 500) kept.clear();
    kept.set(key, make(text, asked, more));
  }
  const pattern = kept.get(key);
  if (pattern) pattern.lastIndex = 0;
  return pattern;
}

function make(text, flags, more) {
  const source = flags.includes('q') ? text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&') : translated(flags.includes('x') ? closed(text) : text);
  if (source === null) return undefined;
  try {
    return new RegExp(source, `u${more}${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 'm' : ''}${flags.includes('s') ? 's' : ''}`);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Without the spaces that stand outside of sets. */
function closed(text) {
  let depth = 0;
  return [...text].filter((sign, n) => {
    if (text[n - 1] !== '\\') depth += sign === '[' ? 1 : sign === ']' && depth ? -1 : 0;
    return depth > 0 || !/\s/.test(sign);
  }).join('');
}

function translated(text) {
  let out = '';
  for (let at = 0; at < text.length;) {
    const sign = text[at];
    if (sign === '[') {
      const found = setAt(text, at);
      if (found === null) return null;
      out += found.source;
      at = found.end;
    } else if (sign === '\\') {
      const found = escapeAt(text, at, false);
      if (found === null) return null;
      out += found.source;
      at = found.end;
    } else if (sign === '(' && text[at + 1] === '?' && text[at + 2] !== ':') {
      return null; // looking ahead and behind is no part of XPath's patterns
    } else {
      out += sign;
      at += 1;
    }
  }
  return out;
}

function escapeAt(text, at, inSet) {
  const sign = text[at + 1];
  if (sign === undefined) return null;
  if (sign === 'p' || sign === 'P') {
    const found = /^\{([\w-]+)\}/.exec(text.slice(at + 2));
    if (!found) return null;
    const end = at + 2 + found[0].length;
    if (!found[1].startsWith('Is')) return { source: text.slice(at, end), end };
    const block = BLOCKS[found[1]];
    if (!block || (inSet && sign === 'P')) return null;
    return { source: inSet ? block : `[${sign === 'P' ? '^' : ''}${block}]`, end };
  }
  const end = at + 2;
  if (/[iIcC]/.test(sign)) {
    if (!inSet) return { source: ESCAPED[sign], end };
    return sign === 'i' || sign === 'c' ? { source: ESCAPED[sign].slice(1, -1), end } : null;
  }
  if (sign === '-') return { source: inSet ? '\\-' : '-', end };
  if (/[nrtdDsSwW\\|.?*+(){}[\]^$]/.test(sign) || (!inSet && /[1-9]/.test(sign))) return { source: `\\${sign}`, end };
  return null;
}

/** A set of signs, from which another one may be taken away: `[a-z-[aeiou]]`. */
function setAt(text, start) {
  let out = '[';
  let at = start + 1;
  if (text[at] === '^') {
    out += '^';
    at += 1;
  }
  for (let first = true; at < text.length; first = false) {
    const sign = text[at];
    if (sign === ']' && !first) return { source: `${out}]`, end: at + 1 };
    if (sign === '-' && text[at + 1] === '[') {
      const less = setAt(text, at + 1);
      if (less === null || text[less.end] !== ']') return null;
      return { source: `(?:(?!${less.source})${out}])`, end: less.end + 1 };
    }
    if (sign === '[' || sign === ']') return null;
    if (sign === '\\') {
      const found = escapeAt(text, at, true);
      if (found === null) return null;
      out += found.source;
      at = found.end;
    } else {
      out += sign;
      at += 1;
    }
  }
  return null;
}

/** Replaces all places; `$1` means a group, `\$` a dollar. undefined where the pattern or the replacement is no good. */
export function replaced(input, pattern, replacement, literally) {
  if (new RegExp(pattern.source, pattern.flags.replace('g', '')).test('')) return undefined;
  if (literally) return input.replace(pattern, () => replacement);
  if (/(^|[^\\])(\\\\)*\\([^$\\]|$)/.test(replacement)) return undefined;
  if (/\$(?![0-9])/.test(replacement.replace(/\\[\\$]/g, ''))) return undefined;
  return input.replace(pattern, (whole, ...rest) => {
    const groups = rest.slice(0, rest.findIndex((each) => typeof each === 'number'));
    return replacement.replace(/\\([\\$])|\$(\d+)/g, (_, sign, digits) => {
      if (sign) return sign;
      let length = digits.length;
      while (length > 1 && Number(digits.slice(0, length)) > groups.length) length -= 1;
      const n = Number(digits.slice(0, length));
      return (n === 0 ? whole : groups[n - 1] ?? '') + digits.slice(length);
    });
  });
}
