"""Texts that a diagram puts together itself, such as the title of a case, read back in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.notation.called import HOLE, Phrase
from engine.notation.diagram import Diagram
from engine.reads import spoken
from engine.reads.tongues import named
from engine.words.terms import Term

_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def made(diagram: Diagram, id: str, text: str) -> Term | None:
    """This text of the field `id`, when the words of the process tell how it was put together (`word.NAME.TEXT`)."""
    for phrase in diagram.phrases.get(id, ()):
        parts = phrase.read(text)
        if parts is not None:
            return _said(phrase, text, {hole: _part(diagram, hole, part) for hole, part in parts.items()})
    return None


def title(diagram: Diagram, text: str) -> Term:
    """The title of a case: what people wrote stays as they wrote it."""
    field = diagram.called.get("title")
    whole = next((choice for choice in field.choices if choice.id == text), None) if field else None
    if whole is not None:
        return named(whole.name, whole.name_en)
    return made(diagram, "title", text) or Term(text, text)


def _said(phrase: Phrase, text: str, parts: Mapping[str, Term]) -> Term:
    zh = text if phrase.zh == phrase.text else _filled(phrase.zh, {hole: part.zh for hole, part in parts.items()})
    return Term(zh, _filled(phrase.en, {hole: part.en for hole, part in parts.items()}) or zh)


def _filled(template: str, parts: Mapping[str, str]) -> str:
    return HOLE.sub(lambda hole: parts.get(hole[1], hole[0]), template)


def _part(diagram: Diagram, hole: str, part: str) -> Term:
    """What stands in a hole: a word of the field the hole is called after, a day, or what somebody wrote."""
    known = diagram.called.get(hole)
    # What another field of the process is said to be called, such as a place it fills in itself, is called so here.
    fields = [known] if known else [] if part.isascii() else diagram.called.values()
    word = next((choice for field in fields for choice in field.choices if choice.id == part), None)
    if word is not None:
        return named(word.name, word.name_en)
    if _DAY.fullmatch(part) and (day := spoken.day_in(part)):
        return spoken.day(day)
    return Term(part, part)
