"""Both languages of what is said: one sentence, several words after each other, a name that has only one."""

from __future__ import annotations

from collections.abc import Iterable

from engine.words.terms import Term

YES, NO, EMPTY = Term("是", "yes"), Term("否", "no"), Term("", "")


def say(zh: str, en: str, **parts: Term | str | int | float) -> Term:
    """Both languages of one sentence; `{name}` is filled with that part's own language."""
    return Term(
        zh.format(**{name: part.zh if isinstance(part, Term) else part for name, part in parts.items()}),
        en.format(**{name: part.en if isinstance(part, Term) else part for name, part in parts.items()}),
    )


def joined(terms: Iterable[Term]) -> Term:
    listed = list(terms)
    return Term("、".join(term.zh for term in listed), ", ".join(term.en for term in listed))


def named(zh: str, en: str) -> Term:
    """A name that may lack its English half."""
    return Term(zh, en or zh)
