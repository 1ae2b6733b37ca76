"""The door to the database: one code path for SQLite (one machine) and PostgreSQL (many processes)."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

from models.errands import Errands
from models.light import LightSession
from models.wire import BEGIN, BEGUN, Wire

# A connection that rested longer is asked whether it still answers before it is given out: what lies between two
# machines may forget one that is silent, and says so to nobody.
RESTED = 30.0
# KiB of a SQLite file that a connection keeps in memory at most; its own default of 2,000 is full after some hundred
# cases, and then each step reads its pages anew.
PAGES_KEPT = 16_000


def _json_text(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _json_value(kept: Any) -> Any:
    """SQLite keeps JSON that is only a number as that number."""
    return kept if isinstance(kept, int | float) else orjson.loads(kept)


def open_database(url: str, *, busy_seconds: float = 15.0) -> Engine:
    """An engine for `url`. SQLite gets WAL, full sync, foreign keys, and transactions that take the write lock
    at once (BEGIN IMMEDIATE), so that two writers queue up instead of failing in the middle of their work. Whoever has
    to wait for another's lock waits `busy_seconds` at most, on either database."""
    if not url.startswith("sqlite"):
        return _open_server(url, busy_seconds)
    engine = create_engine(
        url,
        json_serializer=_json_text,
        json_deserializer=_json_value,
        connect_args={"timeout": busy_seconds, "check_same_thread": False, "factory": Errands},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{PAGES_KEPT}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        said = connection.get_execution_options()
        if not said.get(BEGUN):
            Wire.over(connection).say("BEGIN" if said.get("read_only") else BEGIN)

    return engine


def _open_server(url: str, busy_seconds: float) -> Engine:
    """PostgreSQL. A connection the server has closed meanwhile (it was started anew) is noticed before it is given
    out, and all are made anew: without a journey, because a closed one has its end lying ready to be read."""
    engine = create_engine(
        url,
        json_serializer=_json_text,
        json_deserializer=orjson.loads,
        paramstyle="format",
        # psycopg prepares nothing by itself: after a rollback it would forget all that is prepared (DEALLOCATE ALL),
        # and with it what our journeys have prepared.
        connect_args={"options": f"-c lock_timeout={int(busy_seconds * 1000)}", "prepare_threshold": None},
    )

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, given: Any, named: Any) -> Any:
        from models.journey import Courier  # whoever keeps to SQLite need not load PostgreSQL's driver

        return Courier.connect(*given, **named)

    @event.listens_for(engine, "checkin")
    def _rests(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _is_there(connection: Any, record: Any, _given: Any) -> None:
        if connection.closed or _has_something_to_say(connection):
            raise InvalidatePoolError
        if monotonic() - record.info.get("rests_since", monotonic()) > RESTED:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    return engine


def _has_something_to_say(connection: Any) -> bool:
    """Whether a connection that was asked nothing has something to read: that it was closed, or is about to be."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def only_read(session: Session) -> Session:
    """The transaction that begins here waits for no writer and keeps none waiting; PostgreSQL refuses it to write."""
    session.connection(execution_options={"read_only": True, "postgresql_readonly": True})
    return session


@contextmanager
def reading(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session that only reads, however long it takes."""
    with sessions() as session:
        yield only_read(session)


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions that keep their objects readable after the commit (a page is drawn from them)."""
    return sessionmaker(engine, class_=LightSession, expire_on_commit=False, autoflush=False)
