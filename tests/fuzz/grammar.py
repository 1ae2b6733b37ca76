"""Random FEEL, JavaScript and decision files: grown from a grammar, and made from good ones by small accidents."""

# ruff: noqa: E501 - lists of code are read across

from __future__ import annotations

import random
from collections.abc import Callable

from tests.fuzz.escapes import FEEL, OVERRUNS_FEEL, SCRIPTS

_ATOMS = [
    "1", "0", "-3.5", "1e30", "0.1", '"a"', '"闭环🐎"', '""', "true", "false", "null", "x", "xs", "due", "today", "now", "case.level",
    '@"2026-01-31"', '@"P1M"', '@"PT5M"', '@"10:00:00+08:00"', '@"2026-03-29T02:30:00@Europe/Paris"', "[1..5]", "(1..5]", "[]", "{}",
    "[1, 2, 3]", "{a: 1, b: [1, {c: 2}]}", "function(a) a", "item", "?", "abs", 'date("999999999-12-31")', "12345678901234567890.1234567",
]  # fmt: skip
_UNARY = ["-{}", "not({})", "({})", "[{}]", "{{a: {}}}.a", "abs({})", "string({})", "count({})", "{}[1]", "{}[item > 1]", "{}.a",
          "{} instance of number", "sum({})", "max({})", "flatten({})", "distinct values({})", "reverse({})", "sort({}, function(a, b) a < b)",
          "string length({})", "number({})", "date({})", "time({})", "duration({})", "date and time({})", "{}.year", "{}.days", "all({})",
          "upper case({})", "get entries({})", "context({})", "range({})", "day of week({})", "sqrt({})", "exp({})", "mode({})",
          "(function(f) f)({})", "for i in {} return i", "some i in {} satisfies i = 1", "every i in {} satisfies i > 0"]  # fmt: skip
_BINARY = ["{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} ** {}", "{} = {}", "{} < {}", "{} >= {}", "{} != {}", "{} and {}", "{} or {}",
           "{} in {}", "{} between {} and 3", "if {} then {} else 1", "[{}, {}]", "{{a: {}, b: {}}}", "list contains({}, {})",
           "append({}, {})", "concatenate({}, {})", "union({}, {})", "contains({}, {})", "matches({}, {})", "split({}, {})",
           "replace({}, {}, \"y\")", "before({}, {})", "overlaps({}, {})", "is({}, {})", "modulo({}, {})", "decimal({}, {})",
           "index of({}, {})", "sublist({}, {})", "remove({}, {})", "context put({}, \"k\", {})", "years and months duration({}, {})",
           "[{}..{}]", "for i in {}, j in {} return i", "substring({}, {})", "round up({}, {})", "get value({}, {})", "{} in (> {}, null)",
           "date and time({}, {})", "string join({}, {})", "list replace({}, {}, 1)", "{}[{}]"]  # fmt: skip
_SIGNS = [
    *"()[]{}<>=!+-*/.,:;?@\"'`\\ \n\tax01闭🐎\x00\u2028",
    "..",
    "**",
    "//",
    "/*",
    "*/",
    "if ",
    "then ",
    "for ",
    " in ",
    "function",
]

_JS_ATOMS = ["1", "'a'", "input", "input.x", "[]", "{}", "null", "undefined", "globalThis", "this", "() => 1", "/a+/", "10n", "Symbol.iterator",
             "Object", "Array", "Function", "Proxy", "Reflect", "JSON", "Math", "Promise", "new Error('x')", "Object.prototype", "`${1}`"]  # fmt: skip
_JS_FORMS = ["({}).constructor", "({})({})", "({})[{}]", "({}) + ({})", "typeof ({})", "Object.getOwnPropertyNames({})", "Reflect.ownKeys({})",
             "[...({})]", "({}).__proto__", "Object.create({})", "JSON.stringify({})", "new Proxy({}, {})", "({} = {})", "Object.assign({}, {})",
             "(() => {{ try {{ return {} }} catch (e) {{ return e }} }})()", "({}).toString()", "Array.from({})", "(function() {{ return {} }})()",
             "Object.defineProperty({}, 'a', {{get() {{ return {} }}}})", "({}).x", "await_({})", "({}) instanceof ({})"]  # fmt: skip


def feel(chance: random.Random) -> str:
    how = chance.random()
    if how < 0.6:
        return _grown(chance, _ATOMS, _UNARY + _BINARY, chance.randint(1, 5))
    if how < 0.9:
        return mutated(chance, _grown(chance, _ATOMS, _UNARY + _BINARY, 3))
    return mutated(chance, chance.choice(FEEL + OVERRUNS_FEEL))


def script(chance: random.Random) -> str:
    how = chance.random()
    grown = _grown(chance, _JS_ATOMS, _JS_FORMS, chance.randint(1, 4))
    if how < 0.7:
        return f"return {{a: {grown}}}"
    return mutated(chance, f"return {{a: {grown}}}" if how < 0.8 else chance.choice(SCRIPTS))


def table(chance: random.Random) -> str:
    """A decision file with random cells, at times with accidents in its XML."""
    rows = "".join(
        f"<rule><inputEntry><text>{_cell(chance)}</text></inputEntry><outputEntry><text>{_escape(feel(chance))}</text></outputEntry></rule>"
        for _ in range(chance.randint(1, 5))
    )
    policy = chance.choice(["UNIQUE", "ANY", "FIRST", "RULE ORDER", "COLLECT", 'COLLECT" aggregation="SUM'])
    text = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="f"><decision id="d" name="d">'
        f'<decisionTable hitPolicy="{policy}"><input><inputExpression typeRef="number"><text>x</text></inputExpression></input>'
        f'<output name="o"/>{rows}</decisionTable></decision></definitions>'
    )
    return mutated(chance, text) if chance.random() < 0.3 else text


def _cell(chance: random.Random) -> str:
    plain = ["-", "&lt; 3", "[1..5]", '"a", "b"', "not(1)", "null", "? > 2", "> 1, 5", "true"]
    return chance.choice(plain) if chance.random() < 0.8 else _escape(feel(chance))


def _escape(text: str) -> str:
    return "".join(sign for sign in text if sign >= " ").replace("&", "&amp;").replace("<", "&lt;")


def _grown(chance: random.Random, atoms: list[str], forms: list[str], depth: int) -> str:
    if depth == 0 or chance.random() < 0.15:
        return chance.choice(atoms)
    form = chance.choice(forms)
    parts: list[Callable[[], str]] = [lambda: _grown(chance, atoms, forms, depth - 1)] * form.count("{}")
    return form.format(*(part() for part in parts))


def mutated(chance: random.Random, text: str) -> str:
    signs = list(text)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(signs))
        match chance.randint(0, 3):
            case 0:
                signs.insert(at, chance.choice(_SIGNS))
            case 1:
                del signs[at : at + chance.randint(1, 3)]
            case 2:
                signs[at:at] = signs[: chance.randint(0, 20)]
            case _:
                signs[at : at + 1] = [chance.choice(_SIGNS)]
    return "".join(signs)
