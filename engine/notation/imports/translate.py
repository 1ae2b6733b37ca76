"""Decides in which language a stranger wrote an expression, and puts it into FEEL where that is certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.notation import expressions
from engine.notation.imports import curly, pieces, python_text, scripts
from engine.notation.imports.pieces import NotCertain, Piece

_CURLY = {
    "groovy": "groovy", "javascript": "javascript", "ecmascript": "javascript", "js": "javascript",
    "text/javascript": "javascript", "application/javascript": "javascript", "graal.js": "javascript",
    "java": "java", "http://www.java.com/java": "java", "http://www.javascript.com/javascript": "javascript",
    "text/java": "java", "text/groovy": "groovy", "mvel": "mvel", "http://www.mvel.org/2.0": "mvel",
}  # fmt: skip
_PYTHON = frozenset({"python", "jython", "text/python", "text/x-python", "application/x-python"})
_JUEL = frozenset({"juel", "uel", "el", "http://java.sun.com/products/jsp", "http://www.java.com/juel"})
_FEEL_LANGUAGES = frozenset(
    {
        "feel", "http://www.omg.org/spec/feel/20140401", "http://www.omg.org/spec/dmn/20180521/feel/",
        "http://www.omg.org/spec/dmn/20191111/feel/", "https://www.omg.org/spec/dmn/20230324/feel/",
        "http://www.jboss.org/drools/feel", "application/feel",
    }
)  # fmt: skip
# Marks of another language in a text that could still pass for a strange name in FEEL.
_NOT_FEEL = re.compile(r"==|&&|\|\||!(?!=)|;|\b(True|False|None|is|return|eq|ne)\b|\bnot\s+in\b|\bnot\s+(?!\()\w|'")


@dataclass(frozen=True, slots=True)
class Given:
    """`text` in FEEL without a leading "="; `language` it was written in ("FEEL": nothing had to be translated)."""

    text: str
    language: str


def language_of(text: str, declared: str) -> str:
    """juel, feel, python, groovy, java, javascript, "" for unknown, or the strange name itself."""
    bare, wanted = text.strip(), declared.strip().lower()
    if bare.startswith(("${", "#{")) and wanted not in _CURLY and wanted not in _PYTHON:
        return "juel"
    if bare.startswith("=") and not bare.startswith("=="):
        return "feel"
    if wanted in _JUEL:
        return "juel"
    if wanted in _FEEL_LANGUAGES:
        return "feel"
    if wanted in _PYTHON:
        return "python"
    if wanted in _CURLY:
        return _CURLY[wanted]
    return "" if wanted in {"", "http://www.w3.org/1999/xpath", "http://www.jcp.org/en/jsr/detail?id=245"} else wanted


def is_broken(text: str, declared: str, reason: NotCertain) -> bool:
    """FEEL that no reader of FEEL reads; a function only the other program has is no such thing."""
    return language_of(text, declared) == "feel" and "no function" not in reason.en


def condition(text: str, declared: str = "", known: Mapping[str, Piece] | None = None) -> Given:
    """A yes-or-no expression. Raises NotCertain."""
    return _sure(_condition(text.strip(), language_of(text, declared), known or {}))


def _condition(text: str, language: str, known: Mapping[str, Piece]) -> Given:
    match language:
        case "feel":
            return Given(expressions.plain(text).strip(), "FEEL")
        case "juel":
            return Given(juel(text, known).text, "JUEL")
        case "python":
            return Given(python_text.condition(text).text, "Python")
        case "groovy" | "java" | "javascript":
            return Given(scripts.expression(text, language).text, language.capitalize())
        case "mvel":
            return Given(scripts.expression(text, "groovy").text, "MVEL")
        case "":
            return _unsaid(text)
    raise NotCertain(f"语言“{language[:60]}”", f'it is written in "{language[:60]}"')


def _unsaid(text: str) -> Given:
    """No language is named: FEEL if it reads as such; else what Python and the others agree on."""
    if not _NOT_FEEL.search(text) and not expressions.problems(text):
        return Given(text, "FEEL")
    try:
        return Given(python_text.condition(text).text, "Python")
    except NotCertain:
        return Given(scripts.expression(text, "groovy").text, "Groovy")


def value(text: str, declared: str = "", known: Mapping[str, Piece] | None = None) -> Given | None:
    """An attribute that is a literal or an expression; None: it is literal text. Raises NotCertain."""
    language = language_of(text, declared)
    if language == "feel":
        return _sure(Given(expressions.plain(text).strip(), "FEEL"))
    if "${" not in text and "#{" not in text:
        return None
    return _sure(Given(juel(text, known or {}).text, "JUEL"))


def script(text: str, declared: str, *, result: str = "", keeps_bindings: bool = True) -> Given:
    """A script task's script as a FEEL context. Raises NotCertain."""
    language = language_of(text, declared)
    match language:
        case "feel":
            plain = expressions.plain(text).strip()
            return _sure(Given(f"{{{result}: {plain}}}" if result else plain, "FEEL"))
        case "juel":
            if not result:
                raise NotCertain("JUEL 脚本没有结果变量", "the JUEL script has no result variable")
            return _sure(Given(scripts.context({result: juel(text, {})}), "JUEL"))
        case "python":
            if result:
                return _sure(Given(scripts.context({result: python_text.translate(text)}), "Python"))
            return _sure(Given(scripts.of_python(text), "Python"))
        case "groovy" | "java" | "javascript" | "mvel":
            dialect = "groovy" if language == "mvel" else language
            found = scripts.of_curly(text, dialect, result=result, keeps_bindings=keeps_bindings)
            return _sure(Given(found, language.capitalize()))
        case "":
            if text.strip().startswith("{") and not expressions.problems(text):
                return Given(text.strip(), "FEEL")
            return _sure(Given(scripts.of_python(text), "Python"))
    raise NotCertain(f"语言“{language[:60]}”", f'it is written in "{language[:60]}"')


def juel(text: str, known: Mapping[str, Piece]) -> Piece:
    """`${…}`, `#{…}`, or a text with such parts in it. Raises NotCertain."""
    parts: list[Piece] = []
    at = 0
    bare = text.strip()
    while at < len(bare):
        begin = min((found for found in (bare.find("${", at), bare.find("#{", at)) if found >= 0), default=-1)
        if begin < 0:
            parts.append(pieces.text(bare[at:]))
            break
        if begin > at:
            parts.append(pieces.text(bare[at:begin]))
        end = _closing(bare, begin + 2)
        parts.append(curly.translate(bare[begin + 2 : end], "juel", known))
        at = end + 1
    if not parts:
        raise NotCertain("表达式是空的", "the expression is empty")
    return parts[0] if len(parts) == 1 else pieces.joined(parts)


def _closing(text: str, at: int) -> int:
    quote = ""
    while at < len(text):
        sign = text[at]
        if quote:
            if sign == "\\":
                at += 1
            elif sign == quote:
                quote = ""
        elif sign in "'\"":
            quote = sign
        elif sign == "}":
            return at
        at += 1
    raise NotCertain("缺少“}”", 'its "}" is missing')


def _sure(given: Given) -> Given:
    """The last word has the reader of FEEL itself."""
    try:
        found = expressions.problems(given.text)
    except expressions.ExpressionFailed as failed:
        raise NotCertain(failed.sentence_zh.rstrip("。"), failed.sentence_en.rstrip(".")) from failed
    if found:
        raise NotCertain(found[0].zh.rstrip("。"), found[0].en.rstrip("."))
    return given
