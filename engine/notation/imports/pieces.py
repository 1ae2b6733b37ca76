"""Builds FEEL text piece by piece, with brackets where the reader of FEEL needs them and nowhere else."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

# How tightly FEEL binds, from loose to tight.
IF, OR, AND, COMPARE, ADD, MULTIPLY, POWER, SIGN, PATH, ATOM = range(10)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(
    {
        "if", "then", "else", "for", "return", "in", "some", "every", "satisfies", "function", "between", "and", "or",
        "not", "instance", "of", "true", "false", "null", "date", "time", "duration", "now", "today", "case", "clocks",
    }
)  # fmt: skip


class NotCertain(Exception):
    """The expression cannot be put into FEEL with the same meaning for sure. The reason is half a sentence."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Piece:
    """FEEL text. `rank`: how tightly its outermost operator binds; `logical`: it is true, false or null;
    `literal`: it is a text that was written down as one."""

    text: str
    rank: int = ATOM
    logical: bool = False
    literal: str | None = None

    def at(self, rank: int) -> str:
        """In brackets if it binds more loosely than its surroundings."""
        return self.text if self.rank >= rank else f"({self.text})"


TRUE, FALSE, NULL = Piece("true", logical=True), Piece("false", logical=True), Piece("null")


def name(text: str) -> Piece:
    if not _NAME.fullmatch(text) or text in _RESERVED:
        raise NotCertain(f"“{text}”不能用作 FEEL 的变量名", f'"{text}" cannot be a name in FEEL')
    return Piece(text)


def text(value: str) -> Piece:
    return Piece(json.dumps(value, ensure_ascii=False), literal=value)


def number(digits: str) -> Piece:
    plain = digits.rstrip("lLfFdDgG").replace("_", "")
    if not re.fullmatch(r"\d+(\.\d+)?|\.\d+", plain):
        raise NotCertain(f"数字“{digits}”的写法 FEEL 没有", f'FEEL has no number written "{digits}"')
    return Piece(f"0{plain}" if plain.startswith(".") else plain)


def both(word: str, left: Piece, right: Piece) -> Piece:
    """`and`, `or`."""
    rank = AND if word == "and" else OR
    return Piece(f"{left.at(rank)} {word} {right.at(rank)}", rank, logical=True)


def compare(sign: str, left: Piece, right: Piece, *, loose: bool = False) -> Piece:
    """`loose`: the other language takes "5" and 5 for the same, as JUEL and JavaScript do."""
    if loose and sign in {"=", "!="}:
        for one, other in ((left, right), (right, left)):
            if one.literal is not None and re.fullmatch(r"-?\d+(\.\d+)?", one.literal) and other.literal is None:
                return Piece(f"string({other.text}) {sign} {one.text}", COMPARE, logical=True)
    return Piece(f"{left.at(ADD)} {sign} {right.at(ADD)}", COMPARE, logical=True)


def calculate(sign: str, left: Piece, right: Piece) -> Piece:
    if sign == "%":
        if not re.fullmatch(r"[1-9]\d*(\.\d+)?", right.text):
            raise NotCertain(
                "余数“%”的除数不是正数，各语言的结果不同", 'what "%" gives differs between the languages here'
            )
        a, b = left.at(SIGN), right.text
        return Piece(f"if {a} < 0 then -modulo(-{left.at(ATOM)}, {b}) else modulo({left.text}, {b})", IF)
    rank = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}[sign]
    return Piece(f"{left.at(rank)} {sign} {right.at(rank + 1)}", rank)


def negative(piece: Piece) -> Piece:
    return Piece(f"-{piece.at(PATH)}", SIGN)


def opposite(piece: Piece) -> Piece:
    """FEEL's not(null) is null; everywhere else the opposite of nothing is true."""
    return Piece(f"not({piece.at(ADD)} = true)", logical=True)


def choose(condition: Piece, yes: Piece, no: Piece) -> Piece:
    return Piece(f"if {condition.text} then {yes.text} else {no.text}", IF, logical=yes.logical and no.logical)


def call(function: str, *arguments: Piece, logical: bool = False) -> Piece:
    return Piece(f"{function}({', '.join(argument.text for argument in arguments)})", logical=logical)


def member(owner: Piece, key: str) -> Piece:
    if _NAME.fullmatch(key) and key not in _RESERVED:
        return Piece(f"{owner.at(PATH)}.{key}", PATH)
    return call("get value", owner, text(key))


def item(owner: Piece, position: int) -> Piece:
    """The item of a list, counted from 0 as nearly everywhere else."""
    if position < 0:
        return Piece(f"{owner.at(PATH)}[{position}]", PATH)
    return Piece(f"{owner.at(PATH)}[{position + 1}]", PATH)


def is_empty(piece: Piece) -> Piece:
    one = piece.at(ADD)
    return Piece(f'({one} = null or {one} = "" or {one} = []) = true', COMPARE, logical=True)


def is_something(piece: Piece) -> Piece:
    """What Python and JavaScript take for true."""
    if piece.logical:
        return piece
    one = piece.at(ADD)
    empty = f'{one} = null or {one} = false or {one} = 0 or {one} = "" or {one} = [] or {one} = {{}}'
    return Piece(f"not(({empty}) = true)", logical=True)


def length(piece: Piece) -> Piece:
    one = piece.at(PATH)
    return Piece(f"if {one} instance of string then string length({piece.text}) else count({piece.text})", IF)


def holds(whole: Piece, part: Piece) -> Piece:
    """Whether a text holds a text, or a list a member: the other languages have one word for both."""
    if whole.text.startswith("["):
        return call("list contains", whole, part, logical=True)
    one = whole.at(PATH)
    return Piece(
        f"if {one} instance of string then contains({whole.text}, {part.text}) "
        f"else list contains({whole.text}, {part.text})",
        IF,
        logical=True,
    )


def shown(piece: Piece) -> Piece:
    """As text, nothing as the empty text."""
    if piece.literal is not None:
        return piece
    return Piece(f'if {piece.at(ADD)} = null then "" else string({piece.text})', IF)


def joined(parts: list[Piece]) -> Piece:
    return Piece(" + ".join(shown(part).at(MULTIPLY) for part in parts), ADD)
