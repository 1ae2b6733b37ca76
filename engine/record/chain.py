"""The chain: each entry is sealed to the one before it; who changes a byte, or leaves an entry out, is found out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from os import urandom
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from engine.notation.library import digest_of as digest_of_files
from engine.record import kept
from engine.record.beside import Beside
from engine.words import draws
from engine.words.facts import Fact
from engine.words.kept import TAG, references
from engine.words.written import body_of
from models import Book, Case, Entry, Version
from models.base import table_of
from models.prepared import Prepared, wire_of
from models.wire import Wire

FIRST = "0" * 64
OFFICE = 0
# The book of the post: messages that programs outside brought, and what became of them.
POST = 1
# An entry as it is written down, in the order of these columns.
COLUMNS = (
    "book", "seq", "at", "kind", "officer_id", "unit_id", "body", "salt", "digest", "previous", "hash",
)  # fmt: skip
Row = tuple[int, int, datetime, str, int | None, int | None, str, str, str, str, str]
_NEW = Prepared(insert(table_of(Entry)).inline(), COLUMNS)


def digest_of(salt: str, body: str) -> str:
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()


def hash_of(
    previous: str, book: int, seq: int, at: datetime, kind: str, officer: int | None, unit: int | None, digest: str
) -> str:
    """What seals an entry. The body enters only by its salted digest: it can be erased, and the chain still holds."""
    return _seal(previous, book, seq, _written(at), kind, officer, unit, digest)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _seal(
    previous: str, book: int, seq: int, moment: str, kind: str, officer: int | None, unit: int | None, digest: str
) -> str:
    line = f"{previous}\n{book}\n{seq}\n{moment}\n{kind}\n{officer or ''}\n{unit or ''}\n{digest}"
    return hashlib.sha256(line.encode()).hexdigest()


def link(
    book: int, entries: int, head: str, facts: Sequence[Fact], *, officer: int | None, unit: int | None, at: datetime
) -> tuple[list[Row], str]:
    """The next entries of a book that has `entries` entries and ends with `head`, as rows (`COLUMNS`); and with what
    it ends then."""
    rows: list[Row] = []
    previous = head or FIRST
    moment = _written(at)
    salts = urandom(8 * len(facts)).hex()
    for place, fact in enumerate(facts):
        seq = entries + 1 + place
        kind = type(fact).__name__
        body = body_of(fact)
        salt = salts[16 * place : 16 * place + 16]
        digest = digest_of(salt, body)
        sealed = _seal(previous, book, seq, moment, kind, officer, unit, digest)
        rows.append((book, seq, at, kind, officer, unit, body, salt, digest, previous, sealed))
        previous = sealed
    return rows, previous if rows else head


def put(on: Connection | Session | Wire, rows: Sequence[Row]) -> None:
    """Writes the rows of `link` down."""
    if rows:
        _NEW.run_rows(wire_of(on), rows)


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry of a book that does not hold, and why."""

    book: int
    seq: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entries` and `books` that were read; `breaks` is empty when the journal is intact; `deleted`: personal values
    whose retention time was over."""

    entries: int
    books: int
    breaks: tuple[Break, ...]
    deleted: int = 0

    @property
    def intact(self) -> bool:
        return not self.breaks


def verify(session: Session, book: int | None = None) -> Verdict:
    """Reads the whole journal (or one book) once, in order, and finds the first break of each book."""
    heads = _heads(session, book)
    breaks: list[Break] = []
    total = 0
    seen: dict[int, tuple[int, str]] = {}
    sealed: dict[int, dict[int, str]] = {}
    broken: set[int] = set()
    beside: dict[tuple[int, str], int] = {}
    shelves = Beside()
    for entry in _entries(session, book):
        total += 1
        count, previous = seen.get(entry.book, (0, FIRST))
        if entry.book not in broken:
            found = _check(entry, count, previous)
            if found is not None:
                breaks.append(found)
                broken.add(entry.book)
        seen[entry.book] = (entry.seq, entry.hash)
        if entry.book in broken:
            continue  # what it says now is nobody's word
        if entry.body is not None and TAG in entry.body:
            for one in references(orjson.loads(entry.body)):
                beside.setdefault((entry.book, one.digest), entry.seq)
        shelves.see(entry)
        if entry.kind == "Sealed" and entry.body:
            for name, (seq, value) in orjson.loads(entry.body)["heads"].items():
                sealed.setdefault(int(name), {})[seq] = value
    for name, (count, head) in heads.items():
        if name not in broken and seen.get(name, (0, FIRST)) != (count, head or FIRST):
            last = seen.get(name, (0, FIRST))[0]
            breaks.append(
                Break(name, last + 1, "链尾缺失：最后的记录被删去", "The end is missing: entries were cut off")
            )
            broken.add(name)
    breaks.extend(_seals_that_fail(session, sealed, book, broken))
    if OFFICE not in broken:
        breaks.extend(_versions_that_changed(session, book))
    breaks.extend(_values_that_changed(session, book, beside, broken))
    breaks.extend(Break(*fault) for fault in shelves.faults(session, book, POST) if fault[0] not in broken)
    for name in seen.keys() - heads.keys():
        breaks.append(Break(name, 1, "没有对应的事项：事项被删去", "The case of this book is gone"))
    told = tuple(sorted(breaks, key=lambda b: (b.book, b.seq)))
    return Verdict(total, len(seen), told, len(shelves.persons.deleted))


def _entries(session: Session, book: int | None) -> Iterator[Any]:
    query = select(
        Entry.book, Entry.seq, Entry.at, Entry.kind, Entry.officer_id, Entry.unit_id,
        Entry.body, Entry.salt, Entry.digest, Entry.previous, Entry.hash,
    ).order_by(Entry.book, Entry.seq)  # fmt: skip
    if book is not None:
        query = query.where(Entry.book == book)
    yield from session.execute(query.execution_options(yield_per=1000))


def _heads(session: Session, book: int | None) -> dict[int, tuple[int, str]]:
    heads: dict[int, tuple[int, str]] = {}
    for model in (Case, Book):
        query = select(model.id, model.entries, model.head)
        if book is not None:
            query = query.where(model.id == book)
        heads.update({row.id: (row.entries, row.head) for row in session.execute(query)})
    return heads


def _check(entry: Any, count: int, previous: str) -> Break | None:
    if entry.seq != count + 1:
        return Break(entry.book, count + 1, f"缺少第 {count + 1} 条记录", f"Entry {count + 1} is missing")
    if entry.previous != previous:
        return Break(entry.book, entry.seq, "与上一条记录不相接", "It does not follow the entry before it")
    if entry.body is not None and digest_of(entry.salt, entry.body) != entry.digest:
        return Break(entry.book, entry.seq, "内容被改动", "Its content was changed")
    if entry.kind == "SampleDrawn" and entry.body is not None and not _drawn_again(orjson.loads(entry.body)):
        return Break(entry.book, entry.seq, "双随机抽取复算不一致", "Drawn again, the lots do not come out as recorded")
    expected = hash_of(
        entry.previous, entry.book, entry.seq, entry.at, entry.kind, entry.officer_id, entry.unit_id, entry.digest
    )
    if expected != entry.hash:
        return Break(entry.book, entry.seq, "时间、人员或类型被改动", "Its time, officer or kind was changed")
    return None


def _drawn_again(body: dict[str, Any]) -> bool:
    return draws.holds(body["seed"], body["members"], body["digest"], body["count"], body["drawn"])


def _values_that_changed(
    session: Session, book: int | None, beside: dict[tuple[int, str], int], broken: set[int]
) -> Iterator[Break]:
    """A large value is kept beside its case: the entry seals its digest, and the digest proves the value."""
    sound = kept.sound(session, book)
    for name in sorted({name for name, _ in beside.keys() - sound} - broken):
        seq = min(beside[key] for key in beside.keys() - sound if key[0] == name)
        yield Break(name, seq, "它所指的内容被改动或删去", "What it refers to was changed or removed")


def _versions_that_changed(session: Session, book: int | None) -> Iterator[Break]:
    """A published version is immutable: its diagram and tables are still those whose digest the fact holds."""
    if book not in {None, OFFICE}:
        return
    published = select(Entry.seq, Entry.body).where(Entry.book == OFFICE, Entry.kind == "VersionPublished")
    for entry in session.execute(published).all():
        fact = orjson.loads(entry.body) if entry.body is not None else None
        if fact is None:
            continue
        query = select(Version.diagram, Version.tables).where(Version.id == fact["version"])
        kept = session.execute(query).one_or_none()
        if kept is None or digest_of_files(kept.diagram, kept.tables) != fact["digest"]:
            which = f"{fact['process']} {fact['number']}"
            yield Break(
                OFFICE, entry.seq, f"已发布的流程 {which} 版被改动", f"The published version {which} was changed"
            )


def _seals_that_fail(
    session: Session, sealed: dict[int, dict[int, str]], book: int | None, broken: set[int]
) -> Iterator[Break]:
    """A seal remembers where each book ended; a book that was rewritten (or removed whole) no longer agrees with it."""
    for name, marks in sealed.items():
        if name in broken or (book is not None and name != book):
            continue
        query = select(Entry.seq, Entry.hash).where(Entry.book == name, Entry.seq.in_(sorted(marks)))
        found = {row.seq: row.hash for row in session.execute(query)}
        for seq, value in sorted(marks.items()):
            if found.get(seq) != value:
                yield Break(
                    name,
                    seq,
                    "与封存记录不符：整段被改写或删去",
                    "It differs from what was sealed: rewritten or removed",
                )
                break
