"""The door to the database: one code path for SQLite (one machine) and PostgreSQL (many processes)."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker


def _json_text(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def open_database(url: str, *, busy_seconds: float = 15.0) -> Engine:
    """An engine for `url`. SQLite gets WAL, full sync, foreign keys, and transactions that take the write lock
    at once (BEGIN IMMEDIATE), so that two writers queue up instead of failing in the middle of their work."""
    if not url.startswith("sqlite"):
        return create_engine(url, json_serializer=_json_text, json_deserializer=orjson.loads, pool_pre_ping=True)
    engine = create_engine(
        url,
        json_serializer=_json_text,
        json_deserializer=orjson.loads,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        read_only = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions that keep their objects readable after the commit (a page is drawn from them)."""
    return sessionmaker(engine, expire_on_commit=False, autoflush=False)
