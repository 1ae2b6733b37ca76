"""The one door through which anything is written: facts in, rows and entries and one snapshot down, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import Session

from engine.record import chain, kept, rows
from engine.record.page import Page
from engine.words.errors import OutOfDate
from engine.words.facts import CaseFact, DocumentIssued, OfficeFact, PostFact
from engine.words.kept import Large, folded_fact
from engine.words.numbers import number_of
from engine.words.officers import Actor
from engine.words.terms import DOCUMENTS
from engine.words.worktime import HOME
from models import Book, Case, Counter, OutgoingMessage
from models.base import table_of
from models.prepared import Prepared, fails_unless, wire_of

_CASES = table_of(Case)
_BOOKS = table_of(Book)
_COUNTERS = table_of(Counter)
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(slots=True)
class CaseFile:
    """A case as an act found it, locked until the transaction ends. `variables` are kept values (JSON)."""

    id: int
    version_id: int = 0
    digest: str = ""
    process: str = ""
    version_number: int = 0
    revision: int = 0
    entries: int = 0
    head: str = ""
    serial: int = 0
    stage: str = ""
    round: int = 1
    level: int = 0
    opened_at: datetime | None = None
    opened_by: int | None = None
    raiser_unit: int | None = None
    lead_unit: int | None = None
    outcome: str | None = None
    ended_at: datetime | None = None
    stuck_at: datetime | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    state: bytes = b""
    # The call that began this case, and how many calls deep it is.
    call: str | None = None
    depth: int = 0
    # The end of the office's own chain: whoever knows the office as of that end need not read it again.
    office_head: str | None = None

    @property
    def number(self) -> str:
        return number_of(self.id)


def record(
    session: Session,
    case: CaseFile,
    facts: Sequence[CaseFact],
    *,
    by: Actor,
    at: datetime,
    state: bytes | None = None,
    serial: int | None = None,
    large: Mapping[str, str] | None = None,
    enclosed: Mapping[str, Any] | None = None,
) -> None:
    """Writes what happened to one case; `large`: what the snapshot refers to (`Step.large`); `enclosed`: what facts
    only refer to. When somebody else changed the case since it was found, `OutOfDate` is raised, here or by the commit;
    then nothing of this is kept, because the transaction is undone."""
    page = Page(case.id, officer=by.id, unit=by.unit_id, at=at)
    page.variables = case.variables
    page.enclosed = dict(enclosed or {})
    beside: Large = dict(large or {})
    light = [folded_fact(fact, beside) for fact in _numbered(session, facts, at)]
    rows.apply(page, light)
    if page.adds(OutgoingMessage):
        # Whoever commits may hand it on at once (`engine/acts/outbox.py`); the worker finds it in any case.
        session.info.setdefault("sent", set()).add(case.id)
    wire = wire_of(session)
    new = page.has_new(Case, case.id)
    stands: dict[str, Any] = {"revision": case.revision + 1, **page.take_changes(Case, case.id)}
    if state is not None:
        stands["state"] = state
    if serial is not None:
        stands["serial"] = serial
    if not new:
        # The rows are on their way to the server while the links of the chain are still being made.
        page.write(wire)
        wire.depart()
    entries, head = chain.link(case.id, case.entries, case.head, light, officer=by.id, unit=by.unit_id, at=at)
    stands |= {"entries": case.entries + len(entries), "head": head}
    if new:
        page.amend(Case, case.id, **stands)
        page.write(wire)
    else:
        columns = tuple(sorted(stands))
        stands |= {"_id": case.id, "_revision": case.revision}
        _case_change(columns).change_one(wire, stands, _overtaken())
    chain.put(wire, entries)
    kept.put_down(wire, case.id, beside)


class _Overtaken(OutOfDate, DontWrapMixin):
    """Keeps its name when it is SQLAlchemy that brings it: with a later question of its own."""


def _overtaken() -> OutOfDate:
    return _Overtaken("该事项刚刚被他人更新，请刷新后再试", "This case has just been changed by somebody else")


@lru_cache(maxsize=1024)
def _case_change(columns: tuple[str, ...]) -> Prepared:
    mine = _CASES.c.id == bindparam("_id")
    as_found = fails_unless(mine, _CASES.c.revision == bindparam("_revision"))
    return Prepared(update(_CASES).where(mine, as_found).values({name: bindparam(name) for name in columns}))


def record_office(
    session: Session,
    facts: Sequence[OfficeFact],
    *,
    by: Actor,
    at: datetime,
    enclosed: Mapping[str, Any] | None = None,
) -> None:
    """Writes what happened to the office itself: units, officers, roles, calendars, published versions."""
    _record_apart(session, chain.OFFICE, facts, by=by, at=at, enclosed=enclosed)


def record_post(
    session: Session,
    facts: Sequence[PostFact],
    *,
    by: Actor,
    at: datetime,
    enclosed: Mapping[str, Any] | None = None,
) -> None:
    """Writes what became of messages that no case sent. They have a book of their own, always locked last: whoever
    delivers one holds the cases and the message already."""
    _record_apart(session, chain.POST, facts, by=by, at=at, enclosed=enclosed)


def _record_apart(
    session: Session,
    book: int,
    facts: Sequence[OfficeFact | PostFact],
    *,
    by: Actor,
    at: datetime,
    enclosed: Mapping[str, Any] | None,
) -> None:
    count, head = lock_book(session, book)
    page = Page(book, officer=by.id, unit=by.unit_id, at=at)
    page.enclosed = dict(enclosed or {})
    rows.apply(page, facts)
    entries, head = chain.link(book, count, head, facts, officer=by.id, unit=by.unit_id, at=at)
    page.write(session)
    chain.put(session, entries)
    session.execute(update(_BOOKS).where(_BOOKS.c.id == book).values(entries=count + len(entries), head=head))


def _numbered(session: Session, facts: Sequence[CaseFact], at: datetime) -> Sequence[CaseFact]:
    """Papers get the next number of their kind in this year only as they are written down, so that what is undone or
    tried out takes none: no number is missing. Kinds in one order, so that two writers never wait for each other."""
    wanted = [fact.kind for fact in facts if isinstance(fact, DocumentIssued) and not fact.number]
    if not wanted:
        return facts
    year = at.astimezone(HOME).year
    given = {
        kind: [next_number(session, f"{kind}:{year}") for _ in range(wanted.count(kind))] for kind in sorted({*wanted})
    }
    numbered: list[CaseFact] = []
    for fact in facts:
        if isinstance(fact, DocumentIssued) and not fact.number:
            term = DOCUMENTS.get(fact.kind)
            number = f"{term.zh if term else fact.kind}〔{year}〕{given[fact.kind].pop(0)}号"
            fact = replace(fact, number=number)
        numbered.append(fact)
    return numbered


def lock_book(session: Session, book: int = chain.OFFICE) -> tuple[int, str]:
    """Entries and head of a book that belongs to no case, locked; opened when it is the very first time."""
    query = select(_BOOKS.c.entries, _BOOKS.c.head).where(_BOOKS.c.id == book).with_for_update()
    found = session.execute(query).one_or_none()
    if found is None:
        _begin(session, _BOOKS, id=book, entries=0, head="")
        found = session.execute(query).one()
    return found.entries, found.head


def next_number(session: Session, name: str) -> int:
    """The next running number of a series, without gaps: it is given back if the transaction is undone."""
    statement = update(_COUNTERS).where(_COUNTERS.c.name == name).values(value=_COUNTERS.c.value + 1)
    value = session.execute(statement.returning(_COUNTERS.c.value)).scalar_one_or_none()
    if value is None:
        _begin(session, _COUNTERS, name=name, value=0)
        value = session.execute(statement.returning(_COUNTERS.c.value)).scalar_one()
    return int(value)


def _begin(session: Session, table: Table, **row: Any) -> None:
    """The very first row. Two may begin it at once: the second waits for the first, and then finds it."""
    insert = _INSERTS[session.connection().dialect.name]
    session.execute(insert(table).values(row).on_conflict_do_nothing())
