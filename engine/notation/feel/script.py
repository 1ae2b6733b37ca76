"""A script task's JavaScript: run in an isolate of its own, without host, clock or chance, and then thrown away."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from py_mini_racer import JSEvalException, JSParseException, JSTimeoutException

from engine.notation.feel import sandbox
from engine.words.durations import Duration

LANGUAGES = frozenset({"javascript", "js", "ecmascript"})

# Everything that could tell one run from another, or make code that is not in the script, goes before the script comes.
_SEAL = """(() => {
  const gone = ['Date', 'Intl', 'Temporal', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry',
    'WeakRef', 'console', 'setTimeout', 'clearTimeout', '__timer_manager', 'eval'];
  for (const name of gone) if (!delete globalThis[name]) globalThis[name] = undefined;
  delete Math.random;
  for (const of of [String, Number, BigInt, Array, Object]) {
    for (const name of Object.getOwnPropertyNames(of.prototype)) if (/locale/i.test(name)) delete of.prototype[name];
  }
  const { parse, stringify } = JSON;
  const { freeze, values } = Object;
  const made = Function;
  const still = (value) => {
    if (value !== null && typeof value === 'object') values(value).forEach(still);
    return freeze(value);
  };
  return (text, given) => {
    const result = made('input', `"use strict";\\n${text}\\n`)(still(parse(given)));
    if (result === null || typeof result !== 'object' || Array.isArray(result)) return '';
    const said = typeof result.then === 'function' ? '' : stringify(result);
    return typeof said === 'string' && said.length <= 5000000 ? said : '';
  };
})()"""

_INPUT = re.compile(r"\binput\b")
_READS = re.compile(
    r"""\binput\s*(?:\?\.|\.)\s*(?P<word>[^\W\d]\w*)|\binput\s*\[\s*["'](?P<quoted>[^"'\\]+)["']\s*\]"""
)
_FOREIGN = re.compile(r"\b(?:execution|delegateTask|processInstance|kcontext)\b")


class ScriptFailed(Exception):
    """The script breaks, does not end, or gives no object. `said` is the interpreter's sentence, "" out of budget."""

    def __init__(self, said: str = "") -> None:
        super().__init__(said)
        self.said = said


def run(text: str, names: Mapping[str, object]) -> dict[str, Any]:
    """What the script returns: an object of plain values. It sees `input`, frozen; dates and durations are ISO texts.

    Raises ScriptFailed.
    """
    given = json.dumps({name: _plain(value) for name, value in names.items()})
    asked = f"({_SEAL})({json.dumps(text)}, {json.dumps(given)})"
    try:
        with sandbox.fresh() as racer:
            answer = racer.eval(asked, timeout_sec=sandbox.SECONDS)
    except (JSTimeoutException, JSParseException, JSEvalException) as error:
        out_of_budget = isinstance(error, JSTimeoutException) or "memory" in str(error).lower()
        raise ScriptFailed("" if out_of_budget else _first_line(str(error))) from error
    if not isinstance(answer, str) or not answer:
        raise ScriptFailed("the script returns no object { … }")
    result = json.loads(answer)
    if not isinstance(result, dict):
        raise ScriptFailed("the script returns no object { … }")
    return result


def spoken_of(text: str) -> frozenset[str] | None:
    """The names a script reads of its input; None if it takes the input as a whole, and may read any."""
    rest = _READS.sub("", text)
    found = frozenset(one["word"] or one["quoted"] for one in _READS.finditer(text))
    return None if _INPUT.search(rest) else found


def problem(text: str) -> str | None:
    """Why a script cannot be read, in the interpreter's words; None when it can. It is not run.

    Scripts of other engines read well, too, and speak of what is not there: those are told apart.
    """
    foreign = _FOREIGN.search(text)
    if foreign is not None:
        return f"{foreign[0]} is not there; read input.…, and return an object {{ … }}"
    if "return" not in text:
        return "nothing is returned; return an object { … }"
    strictly = '"use strict";\n' + text
    try:
        with sandbox.fresh() as racer:
            racer.eval(f"new Function('input', {json.dumps(strictly)}) && true")
    except (JSParseException, JSEvalException) as error:
        return _first_line(str(error))
    return None


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if "Error" in line]
    return (lines[-1] if lines else text.strip().split("\n")[0])[:200]


def _plain(value: object) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return float(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(Duration(time=value))
        case Mapping():
            return {str(key): _plain(entry) for key, entry in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(item) for item in value]
    return str(value)
