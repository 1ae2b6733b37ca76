"""Telling the story again: all facts applied to empty tables must give the very rows that the office works with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from engine.record import rows
from engine.record.page import Page
from engine.words import written
from models import (
    Addressee,
    AllowedHost,
    Attachment,
    Bar,
    Base,
    Candidate,
    Case,
    Clock,
    Document,
    Entry,
    Grant,
    Notice,
    OutgoingMessage,
    PaperCopy,
    PaperTemplate,
    Party,
    PersonalValue,
    Receipt,
    ServiceJob,
    Slip,
    Start,
    Subscription,
    Task,
    Timer,
    Unit,
    WorkerToken,
)
from models.base import table_of

# What a replay must give back, and the columns that no fact speaks of: the engine's snapshot, counting, envelopes.
_SILENT: dict[type[Base], frozenset[str]] = {
    Case: frozenset({"state", "revision", "entries", "head", "serial"}),
    Task: frozenset(),
    Timer: frozenset(),
    Subscription: frozenset(),
    Clock: frozenset(),
    Document: frozenset(),
    Addressee: frozenset(),
    Receipt: frozenset(),
    PaperCopy: frozenset({"content"}),
    PaperTemplate: frozenset({"content"}),
    Attachment: frozenset(),
    Notice: frozenset(),
    Party: frozenset(),
    PersonalValue: frozenset({"value", "salt"}),
    Candidate: frozenset({"id"}),
    Bar: frozenset({"id"}),
    OutgoingMessage: frozenset({"attempts", "due_at", "content", "salt"}),
    # Who holds a job, and until when, is no fact: only what comes of it is.
    ServiceJob: frozenset({"due_at", "tries", "worker", "lease", "leased_until", "lost"}),
    WorkerToken: frozenset(),
    AllowedHost: frozenset(),
    Slip: frozenset(),
    Start: frozenset(),
    Unit: frozenset(),
    Grant: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the facts give otherwise than it stands. `kept` or `told` is None when one of them lacks it."""

    table: str
    key: tuple[Any, ...]
    kept: dict[str, Any] | None
    told: dict[str, Any] | None


def differences(session: Session) -> list[Difference]:
    """Rebuilds every row from the journal in a database of its own, in memory, and compares."""
    scratch = create_engine("sqlite://")
    Base.metadata.create_all(scratch)
    _retell(session, scratch)
    found: list[Difference] = []
    with Session(scratch) as told:
        for model, silent in _SILENT.items():
            found.extend(_compare(model, silent, session, told))
    scratch.dispose()
    return found


def _retell(session: Session, scratch: Engine) -> None:
    with Session(scratch) as told, told.begin():
        page: Page | None = None
        variables: dict[int, dict[str, Any]] = {}
        for entry in _told(session):
            if entry.body is None:
                continue
            if page is None or (page.book, page.at, page.officer) != (entry.book, entry.at, entry.officer_id):
                if page is not None:
                    variables[page.book] = page.variables
                    page.write(told.connection())
                page = Page(entry.book, officer=entry.officer_id, unit=entry.unit_id, at=entry.at)
                page.variables = variables.get(entry.book, {})
            rows.apply(page, [written.fact_of(entry.kind, entry.body)])
        if page is not None:
            page.write(told.connection())


def _told(session: Session) -> Iterator[Any]:
    # The office comes first (book 0), then the post (book 1), then case by case: a case refers to the office, never the
    # other way round.
    query = select(Entry.book, Entry.at, Entry.kind, Entry.officer_id, Entry.unit_id, Entry.body)
    yield from session.execute(query.order_by(Entry.book, Entry.seq).execution_options(yield_per=1000))


def _compare(model: type[Base], silent: frozenset[str], kept: Session, told: Session) -> Iterator[Difference]:
    table = table_of(model)
    names = [column.name for column in table.c if column.name not in silent]
    keys = [column.name for column in table.primary_key if column.name not in silent] or names
    query = select(*(table.c[name] for name in names))

    def by_key(session: Session) -> dict[tuple[Any, ...], dict[str, Any]]:
        return {tuple(repr(row[k]) for k in keys): dict(row) for row in session.execute(query).mappings()}

    ours, theirs = by_key(kept), by_key(told)
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key):
            yield Difference(table.name, key, ours.get(key), theirs.get(key))
