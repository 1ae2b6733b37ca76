"""One fact told as one line: the sentence, the fields before and after, the reason given, and how loudly it is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.reads.names import Names
from engine.words.terms import Term

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Detail:
    """One field. `before` is None when nothing was there before, or when only what is there now matters."""

    label: Term
    before: Term | None
    after: Term | None


@dataclass(frozen=True, slots=True)
class Line:
    """`mood`: good · bad · clock · "" (how the page marks it). `folded`: machinery, shown only to who asks for it."""

    text: Term
    mood: str = ""
    folded: bool = False
    why: str = ""
    details: tuple[Detail, ...] = ()
    # content hash and kind (before · after · document) of a photo or file
    evidence: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """Names, and the year in which the fact was written down (it is not said again)."""

    names: Names
    year: int

    def moment(self, value: datetime | str | None) -> Term:
        return self.names.moment(value, year=self.year)


Teller = Callable[[Body, Voice], Line]
TELLERS: dict[str, Teller] = {}


def tells(kind: str) -> Callable[[Teller], Teller]:
    def register(teller: Teller) -> Teller:
        if kind in TELLERS:
            raise ValueError(f"{kind} is already told")
        TELLERS[kind] = teller
        return teller

    return register
