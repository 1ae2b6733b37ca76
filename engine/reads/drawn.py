"""By which version of its process each fact of a case was written, though the case has moved to another one since."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.reads.diagrams import diagram_of
from models import Case, Entry, MovedCase, Version


@dataclass(frozen=True, slots=True)
class Turn:
    """A case went on by version `after` (row id) from the fact `seq` on. `mapping`: elements with another id there."""

    seq: int
    at: datetime
    before: int
    after: int
    mapping: dict[str, str]

    def over(self, ids: Iterable[str]) -> set[str]:
        """What these elements are called there."""
        return {self.mapping.get(id) or id for id in ids}


def turns(session: Session, books: Collection[int]) -> dict[int, list[Turn]]:
    """Case → its changes of version, oldest first, in one statement; cases that never moved are not in it."""
    moved = select(MovedCase.case_id).where(
        MovedCase.case_id.in_(books), MovedCase.outcome.in_(("moved", "back", "kept"))
    )
    query = (
        select(Entry.book, Entry.seq, Entry.at, Entry.body)
        .where(Entry.kind == "CaseMoved", Entry.book.in_(moved), Entry.body.is_not(None))
        .order_by(Entry.book, Entry.seq)
    )
    found: dict[int, list[Turn]] = {}
    for book, seq, at, body in session.execute(query):
        told = orjson.loads(body or "{}")
        found.setdefault(book, []).append(Turn(seq, at, told["before"], told["after"], told["mapping"]))
    return found


def now_called(element: str, at: datetime | None, changes: Iterable[Turn]) -> str:
    """What an element at which something was done at `at` is called in the version the case has now."""
    for turn in changes:
        if at is not None and at <= turn.at:
            element = turn.mapping.get(element) or element
    return element


@dataclass
class Drawings:
    """The drawings of some cases, at any of their facts or moments. Made by `drawings`."""

    session: Session
    current: dict[int, int]
    turns: dict[int, list[Turn]]
    digests: dict[int, str] = field(default_factory=dict)

    def version(self, book: int, seq: int) -> int | None:
        """The row id of the version by which this fact was written; None for the book of the office."""
        for turn in self.turns.get(book, ()):
            if seq < turn.seq:
                return turn.before
        return self.current.get(book)

    def diagram(self, book: int, seq: int) -> Diagram | None:
        return self._of(self.version(book, seq))

    def at(self, book: int, moment: datetime) -> Diagram | None:
        """The drawing the case had at a moment."""
        for turn in self.turns.get(book, ()):
            if moment < turn.at:
                return self._of(turn.before)
        return self._of(self.current.get(book))

    def earlier(self, book: int) -> tuple[Diagram, ...]:
        """Those the case had before, the latest first."""
        ids = dict.fromkeys(turn.before for turn in reversed(self.turns.get(book, ())))
        ids.pop(self.current.get(book, 0), None)
        return tuple(diagram for id in ids if (diagram := self._of(id)) is not None)

    def _of(self, version: int | None) -> Diagram | None:
        return diagram_of(self.session, version, self.digests[version]) if version is not None else None


def drawings(session: Session, books: Collection[int]) -> Drawings:
    """Three statements at most, however many cases; two when none of them has moved."""
    query = (
        select(Case.id, Case.version_id, Version.digest)
        .join(Version, Version.id == Case.version_id)
        .where(Case.id.in_(books))
    )
    found = Drawings(session, {}, turns(session, books))
    for id, version, digest in session.execute(query):
        found.current[id], found.digests[version] = version, digest
    past = {turn.before for changes in found.turns.values() for turn in changes} - found.digests.keys()
    if past:
        for id, digest in session.execute(select(Version.id, Version.digest).where(Version.id.in_(past))):
            found.digests[id] = digest
    return found
