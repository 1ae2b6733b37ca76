"""The journal as an auditor reads it: every fact of every case, of the office and of the post, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import orjson
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from engine.reads.drawn import drawings
from engine.reads.kept import wholes
from engine.reads.names import ZONE, Names, names_for
from engine.reads.sentences import Line, Voice, tell
from engine.reads.sentences.course import case_number
from engine.reads.sentences.line import Body
from engine.reads.story import Told, mentioned_in
from engine.reads.tongues import named
from engine.words.numbers import case_id_of
from engine.words.terms import Term
from models import Entry, KeptValue, Officer, Unit
from models.entry import EVERYDAY, RARE

PAGE = 50
# Books that belong to no case, by the number an auditor asks for them with.
APART: Mapping[int, Term] = {0: Term("机关", "Office"), 1: Term("收发", "Post")}


@dataclass(frozen=True, slots=True)
class Sieve:
    """What the auditor looks for; empty means anything. `book`: a case number, "0" for the office, "1" for the post.
    `officer`: login or part of a name; "clock" for what no person did. `unit` counts with all units below it."""

    book: str = ""
    officer: str = ""
    unit: int | None = None
    kinds: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One entry. `number` is None for facts of the office and of the post; `fact` is None when the body was erased."""

    id: int
    book: int
    number: str | None
    seq: int
    at: datetime
    kind: str
    line: Line
    who: Term
    login: str | None
    unit: Term | None
    fact: dict[str, Any] | None
    digest: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Page:
    records: tuple[Record, ...]
    after: int | None


def page(session: Session, sieve: Sieve, *, after: int | None = None, limit: int = PAGE, zone: tzinfo = ZONE) -> Page:
    """Newest first; a fixed number of statements."""
    query = _entries(sieve, zone).order_by(Entry.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(Entry.id < after)
    rows = session.execute(query).all()
    shown = rows[:limit]
    return Page(_records(session, shown, zone), shown[-1].id if len(rows) > limit else None)


def every(session: Session, sieve: Sieve, *, zone: tzinfo = ZONE, batch: int = 500) -> Iterator[Record]:
    """All entries, oldest first, however many; no more than a batch is held."""
    last = 0
    while True:
        query = _entries(sieve, zone).where(Entry.id > last).order_by(Entry.id).limit(batch)
        rows = session.execute(query).all()
        yield from _records(session, rows, zone)
        if len(rows) < batch:
            return
        last = rows[-1].id


def units(session: Session) -> list[tuple[int, Term, int]]:
    """The whole tree, for the filter: id, name, depth."""
    rows = session.execute(select(Unit.id, Unit.name, Unit.name_en, Unit.path).order_by(Unit.path))
    return [(unit.id, named(unit.name, unit.name_en), unit.path.count(".") - 1) for unit in rows]


def _entries(sieve: Sieve, zone: tzinfo) -> Any:
    return (
        select(
            Entry.id, Entry.book, Entry.seq, Entry.at, Entry.kind, Entry.officer_id, Entry.unit_id, Entry.body,
            Entry.digest, Entry.previous, Entry.hash,
        )
        .where(*_conditions(sieve, zone))
    )  # fmt: skip


def _conditions(sieve: Sieve, zone: tzinfo) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if sieve.book:
        wanted.append(Entry.book == book_of(sieve.book))
    if sieve.officer == "clock":
        wanted.append(Entry.officer_id.is_(None))
    elif sieve.officer:
        names = [column.icontains(sieve.officer, autoescape=True) for column in (Officer.name, Officer.name_en)]
        known = select(Officer.id).where(or_(Officer.login == sieve.officer, *names))
        wanted.append(Entry.officer_id.in_(known))
    if sieve.unit is not None:
        path = select(Unit.path).where(Unit.id == sieve.unit).scalar_subquery()
        wanted.append(Entry.unit_id.in_(select(Unit.id).where(Unit.path.like(path + "%"))))
    if sieve.kinds:
        wanted.append(Entry.kind.in_(sieve.kinds))
        if not set(sieve.kinds) & set(EVERYDAY):
            wanted.append(RARE)
    if sieve.since:
        wanted.append(Entry.at >= _midnight(sieve.since, zone))
    if sieve.until:
        wanted.append(Entry.at < _midnight(sieve.until + timedelta(days=1), zone))
    if sieve.text:
        # The body is JSON: a quotation mark or a line break is written with a backslash there.
        escaped = orjson.dumps(sieve.text).decode()[1:-1]
        beside = exists().where(
            KeptValue.case_id == Entry.book,
            KeptValue.body.icontains(escaped, autoescape=True),
            Entry.body.contains(KeptValue.digest),
        )
        wanted.append(or_(Entry.body.icontains(escaped, autoescape=True), beside))
    return wanted


def book_of(text: str) -> int:
    """The book behind a case number; -1 (no book) for what is none."""
    if text.strip() in {str(book) for book in APART}:
        return int(text)
    return case_id_of(text) or -1


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _records(session: Session, rows: Sequence[Any], zone: tzinfo) -> tuple[Record, ...]:
    bodies = [orjson.loads(row.body) if row.body else None for row in rows]
    said = wholes(session, [(row.book, body) for row, body in zip(rows, bodies, strict=True)])
    told = [
        Told(row.seq, row.at, row.kind, row.officer_id, row.unit_id, body) for row, body in zip(rows, said, strict=True)
    ]
    known = names_for(session, None, mentioned_in(told), zone=zone)
    logins = _logins(session, {row.officer_id for row in rows if row.officer_id is not None})
    drawn = drawings(session, {row.book for row in rows if row.book not in APART})
    voices: dict[int | None, Names] = {None: known}
    records = []
    for row, fact, body in zip(rows, told, bodies, strict=True):
        version = drawn.version(row.book, row.seq)
        if version not in voices:
            voices[version] = known.by(drawn.diagram(row.book, row.seq))
        records.append(_record(row, fact, body, voices[version], logins))
    return tuple(records)


def _logins(session: Session, ids: set[int]) -> dict[int, str]:
    return {row.id: row.login for row in session.execute(select(Officer.id, Officer.login).where(Officer.id.in_(ids)))}


def _record(row: Any, fact: Told, body: Body | None, names: Names, logins: dict[int, str]) -> Record:
    return Record(
        id=row.id,
        book=row.book,
        number=case_number(row.book) if row.book not in APART else None,
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        line=tell(row.kind, fact.body, Voice(names, row.at.astimezone(names.zone).year)),
        who=names.officer(row.officer_id),
        login=logins.get(row.officer_id),
        unit=names.unit(row.unit_id) if row.unit_id is not None else None,
        fact=dict(body) if body is not None else None,  # as it was sealed
        digest=row.digest,
        previous=row.previous,
        hash=row.hash,
    )
