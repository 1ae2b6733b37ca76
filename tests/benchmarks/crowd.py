"""Very many cases that have just been raised: each like one that was, with a number and a chain of its own.

The token game is played once; every case's facts are applied and sealed by the engine's own writers, hundreds to a
transaction, so that a hundred thousand cases stand there in a minute or two.
"""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.acts import cases
from engine.record import chain, rows
from engine.record.page import Page
from engine.words.written import fact_of
from models import Case, Counter, Entry
from models.session import open_database, sessions
from tests.benchmarks.ours import Ours

AT_ONCE = 250
HANDS = 2


@dataclass(frozen=True, slots=True)
class Like:
    """The case all others are like: its facts as they are written, and what it says of itself in its snapshot."""

    id: int
    process: str
    version: int
    facts: tuple[tuple[str, str], ...]
    state: bytes
    serial: int
    officer: int | None
    unit: int | None
    at: datetime


def raised(ours: Ours, number: int, *, at: datetime, by: str = "liaison") -> list[int]:
    """Raises so many cases at that moment; their numbers."""
    with ours.sessions() as session, session.begin():
        first = cases.open(session, "bench_loop", {"title": "码头社区卡口无人值守"}, by=ours.actors[by], at=at)
        like = _like(session, first)
        series = update(Counter).where(Counter.name == f"case:{at.year}").values(value=Counter.value + number - 1)
        session.execute(series)
    others = list(range(first + 1, first + number))
    parts = [(ours.url, like, others[hand::HANDS]) for hand in range(HANDS)]
    with multiprocessing.get_context("spawn").Pool(HANDS) as pool:
        pool.starmap(_raise, parts)
    return [first, *others]


def _like(session: Session, id: int) -> Like:
    session.flush()
    case = session.get_one(Case, id)
    entries = session.scalars(select(Entry).where(Entry.book == id).order_by(Entry.seq)).all()
    facts = tuple((entry.kind, entry.body or "{}") for entry in entries)
    said = entries[0]
    return Like(
        id, case.process_id, case.version_id, facts, case.state, case.serial, said.officer_id, said.unit_id, said.at
    )


def _raise(url: str, like: Like, numbers: list[int]) -> None:
    database = open_database(url)
    opened = sessions(database)
    for place in range(0, len(numbers), AT_ONCE):
        with opened() as session, session.begin():
            connection = session.connection()
            page = Page(0, officer=like.officer, unit=like.unit, at=like.at)
            entries = [row for number in numbers[place : place + AT_ONCE] for row in _put(page, like, number)]
            page.write(connection)
            chain.put(connection, entries)
    database.dispose()


def _put(page: Page, like: Like, number: int) -> list[chain.Row]:
    page.book, page.variables = number, {}
    old, new = str(like.id), str(number)
    facts = [fact_of(kind, body.replace(old, new)) for kind, body in like.facts]
    rows.apply(page, facts)
    entries, head = chain.link(number, 0, "", facts, officer=like.officer, unit=like.unit, at=like.at)
    page.amend(
        Case, number, revision=1, entries=len(entries), head=head, serial=like.serial,
        state=like.state.replace(old.encode(), new.encode()), **page.take_changes(Case, number),
    )  # fmt: skip
    return entries


def soon(at: datetime) -> datetime:
    """When every timer of cases raised at `at` is due."""
    return at + timedelta(hours=2)
