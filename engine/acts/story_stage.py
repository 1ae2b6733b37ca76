"""The stage a story is played on: a small office with the process published, built once and copied for each story."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock, local

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, officers
from engine.notation.story_book import Player, StoryBook, StoryUnit
from engine.record.journal import record_office
from engine.words import facts as f
from engine.words.errors import NotPublishable
from engine.words.officers import CLOCK
from models import Base, Officer
from models.session import open_database
from models.session import sessions as open_sessions

# Long before any story begins.
BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
_WEEK = {str(day): [["08:30", "12:00"], ["14:30", "18:00"]] for day in range(1, 6)}
Drawn = tuple[bytes, Mapping[str, str]]  # a diagram, its tables by file name
_building = Lock()
_mine = local()


def stage(processes: Sequence[Drawn], book: StoryBook, *, at: datetime) -> sessionmaker[Session]:
    """A database in memory, as fresh as if nobody had ever played there; it lasts until this thread asks for the next.
    The processes are published as the story begins: what begins by the clock counts from there.
    Raises `NotPublishable` when one cannot be published."""
    with _building:
        kept = tuple((diagram, tuple(sorted(tables.items()))) for diagram, tables in processes)
        model = _model(kept, book.units, book.cast, at)
    # One engine a thread for all its stories: what SQLAlchemy has compiled once it need not compile again.
    if not hasattr(_mine, "database"):
        _mine.database = _empty()
    database: Engine = _mine.database
    with _file_of(database) as copy:
        model.backup(copy)
    return open_sessions(database)


def logins(session: Session) -> dict[str, int]:
    """The cast, each with the id of the account."""
    return {row.login: row.id for row in session.execute(select(Officer.login, Officer.id))}


@lru_cache(maxsize=8)
def _model(
    processes: tuple[tuple[bytes, tuple[tuple[str, str], ...]], ...],
    units: tuple[StoryUnit, ...],
    cast: tuple[Player, ...],
    at: datetime,
) -> sqlite3.Connection:
    database = _empty()
    Base.metadata.create_all(database)
    with open_sessions(database)() as session, session.begin():
        _furnish(session, units, cast)
        _publish(session, [(diagram, dict(tables)) for diagram, tables in processes], at=at)
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with _file_of(database) as made:
        made.backup(kept)
    database.dispose()
    return kept


def _publish(session: Session, processes: list[Drawn], *, at: datetime) -> None:
    """In whatever order the laws let them pass: who is called must be there before who calls."""
    while processes:
        refused: list[tuple[Drawn, NotPublishable]] = []
        for diagram, tables in processes:
            try:
                definitions.publish(session, diagram, tables, note="", by=CLOCK, at=at)
            except NotPublishable as refusal:
                refused.append(((diagram, tables), refusal))
        if len(refused) == len(processes):
            raise refused[0][1]
        processes = [one for one, _ in refused]


def _furnish(session: Session, units: tuple[StoryUnit, ...], cast: tuple[Player, ...]) -> None:
    ids: dict[str, int] = {}
    for unit in units:
        ids[unit.code] = officers.add_unit(
            session,
            unit.code,
            unit.name,
            name_en=unit.name_en,
            kind=unit.kind,
            parent=ids.get(unit.above),
            by=CLOCK,
            at=BEFORE,
        )
    facts: list[f.OfficeFact] = []
    for id, player in enumerate(cast, start=1):
        # Without a password: nobody signs in to a story.
        facts.append(f.OfficerAdded(id, player.login, player.login, player.login, "", "", ids[player.unit]))
        for held in dict.fromkeys(player.roles):
            role, _, elsewhere = held.partition("@")
            facts.append(f.RoleGranted(id, role, ids[elsewhere or player.unit]))
    record_office(session, facts, by=CLOCK, at=BEFORE)
    officers.set_calendar(
        session, "work", title="工作日历", zone="Asia/Shanghai", hours=_WEEK, days={}, by=CLOCK, at=BEFORE
    )


def _empty() -> Engine:
    return open_database("sqlite://")


@contextmanager
def _file_of(database: Engine) -> Iterator[sqlite3.Connection]:
    connection = database.raw_connection()
    try:
        driver = connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        yield driver
    finally:
        connection.close()
