"""The plainest of FEEL, answered without a trip into its interpreter: a field, a literal, a field compared with one,
several of these joined by `and`, or given names in a context; texts put together; one of two by a comparison.

Most of what a diagram asks is of this kind (`lead_unit`, `limits.rectify`, `review_decision = "approve"`). What is not
surely plain is left to the interpreter; `tests/engine/test_simple.py` holds both against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

Names = Mapping[str, object]


class _NotSimple:
    """The one value that says: ask the interpreter."""


NOT_SIMPLE: Final = _NotSimple()

_WORDS = frozenset(
    {"true", "false", "null", "if", "then", "else", "for", "some", "every", "function", "not", "and", "or", "in"}
    | {"between", "instance", "of", "return", "satisfies", "now", "today", "external", "date", "time", "duration"}
    | {"string", "number", "list", "context"}
)
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_COMPARED = re.compile(r"(?P<left>[A-Za-z_][\w.]*)\s*(?P<sign>!?=)\s*(?P<right>\S.*)", re.ASCII | re.DOTALL)
_TEXT = re.compile(r'"[^"\\\n]*"')
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_PIECE = re.compile(r'"[^"]*"|[^"]+|"')
_AND = re.compile(r"\s+and\s+")
_COMMA = re.compile(r",")
_PLUS = re.compile(r"\+")
_IF = re.compile(r"if\b")
_THEN = re.compile(r"\bthen\b")
_ELSE = re.compile(r"\belse\b")
_ENTRY = re.compile(r'\s*(?:(?P<name>[A-Za-z_]\w*)|"(?P<quoted>[^"\n]+)")\s*:(?P<value>.*)', re.ASCII | re.DOTALL)
_LITERALS: Mapping[str, Any] = {"true": True, "false": False, "null": None}


def evaluate(expression: str, names: Names) -> Any:
    """The value, or `NOT_SIMPLE`. `expression` is without its leading "="."""
    asked = _read(expression.strip())
    return asked(names) if asked is not None else NOT_SIMPLE


@lru_cache(maxsize=4096)
def constant(expression: str) -> Any:
    """The value of a mere literal, which is the same for every case; `NOT_SIMPLE` of anything else. `expression` is
    without its leading "="."""
    return _literal(expression.strip())


@lru_cache(maxsize=8192)
def _read(text: str) -> Callable[[Names], Any] | None:
    if (piece := _piece(text)) is not None:
        return piece
    if text.startswith("{"):
        return _context(text)
    if _IF.match(text):
        return _choice(text)
    return _joined(text) or _condition(text)


def _condition(text: str) -> Callable[[Names], Any] | None:
    if len(parts := _split(text, _AND)) > 1:
        return _all([_comparison_of(part.strip()) for part in parts])
    return _comparison_of(text)


def _piece(text: str) -> Callable[[Names], Any] | None:
    """A literal or a field."""
    literal = _literal(text)
    if literal is not NOT_SIMPLE:
        return _always(literal)
    return _path(text) if _is_path(text) else None


def _joined(text: str) -> Callable[[Names], Any] | None:
    """Texts put together: `"催办单：" + title`."""
    parts = [_piece(part.strip()) for part in _split(text, _PLUS)]
    known = [part for part in parts if part is not None]
    if len(parts) < 2 or len(known) < len(parts):
        return None

    def join(names: Names) -> Any:
        found = [part(names) for part in known]
        return "".join(found) if all(type(value) is str for value in found) else NOT_SIMPLE

    return join


def _choice(text: str) -> Callable[[Names], Any] | None:
    """`if mode = "town" then "a" else b`, where what comes out is a text, true, false or null."""
    asked, *rest = _split(text[2:], _THEN)
    branches = _split(rest[0], _ELSE) if len(rest) == 1 else []
    if len(branches) != 2:
        return None
    holds, (yes, no) = _condition(asked.strip()), (_piece(part.strip()) or _joined(part) for part in branches)
    if holds is None or yes is None or no is None:
        return None

    def choose(names: Names) -> Any:
        held = holds(names)
        value = held if held is NOT_SIMPLE else yes(names) if held else no(names)
        return value if value is None or type(value) in (str, bool) else NOT_SIMPLE

    return choose


def _comparison_of(text: str) -> Callable[[Names], Any] | None:
    compared = _COMPARED.fullmatch(text)
    if compared is None or not _is_path(compared["left"]):
        return None
    right = _literal(compared["right"].strip())
    if right is NOT_SIMPLE:
        return None
    return _comparison(_path(compared["left"]), right, compared["sign"] == "!=")


def _split(text: str, mark: re.Pattern[str]) -> list[str]:
    """The parts between marks that stand outside of texts in quotes."""
    parts = [""]
    for piece in _PIECE.findall(text):
        if piece.startswith('"'):
            parts[-1] += piece
        else:
            first, *rest = mark.split(piece)
            parts[-1] += first
            parts += rest
    return parts


def _all(sides: list[Callable[[Names], Any] | None]) -> Callable[[Names], Any] | None:
    known = [side for side in sides if side is not None]
    if len(known) < len(sides):
        return None

    def every(names: Names) -> Any:
        found = [side(names) for side in known]
        return NOT_SIMPLE if NOT_SIMPLE in found else all(found)

    return every


def _context(text: str) -> Callable[[Names], Any] | None:
    members: dict[str, Callable[[Names], Any]] = {}
    for entry in _split(text[1:-1], _COMMA) if text.endswith("}") and "\\" not in text else [""]:
        read = _ENTRY.fullmatch(entry)
        value = read["value"].strip() if read is not None else ""
        literal = _literal(value)
        plain = literal is not NOT_SIMPLE or _is_path(value)
        # An entry may speak of the ones before it; that is left to the interpreter.
        if read is None or not plain or value.partition(".")[0] in members:
            return None
        key = read["name"] or read["quoted"]
        if key in members:
            return None
        members[key] = _path(value) if literal is NOT_SIMPLE else _always(literal)

    def gather(names: Names) -> Any:
        found = {key: member(names) for key, member in members.items()}
        return NOT_SIMPLE if any(value is NOT_SIMPLE for value in found.values()) else found

    return gather


def _always(literal: Any) -> Callable[[Names], Any]:
    return lambda _names: literal


def _literal(text: str) -> Any:
    if text in _LITERALS:
        return _LITERALS[text]
    if _TEXT.fullmatch(text):
        return text[1:-1]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return NOT_SIMPLE


def _is_path(text: str) -> bool:
    return _PATH.fullmatch(text) is not None and text.partition(".")[0] not in _WORDS


def _path(text: str) -> Callable[[Names], Any]:
    head, *rest = text.split(".")

    def follow(names: Names) -> Any:
        value: Any = names.get(head)
        for part in rest:
            if value is None:
                return None
            if not isinstance(value, dict):
                return NOT_SIMPLE  # a property of a date, the members of a list
            value = value.get(part)
        return value

    return follow


def _comparison(left: Callable[[Names], Any], right: Any, differs: bool) -> Callable[[Names], Any]:
    def compare(names: Names) -> Any:
        value = left(names)
        if value is NOT_SIMPLE:
            return NOT_SIMPLE
        if value is None or right is None:
            return (value is right) is not differs
        if type(value) is not type(right):
            return NOT_SIMPLE
        return (value == right) is not differs

    return compare
