"""What is deleted is gone from the file as well: SQLite would leave its bytes in the free places of a page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

_log = logging.getLogger(__name__)
_EMPTIED = "PRAGMA wal_checkpoint(TRUNCATE)"


@contextmanager
def for_good(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A transaction in which SQLite writes zeros over whatever is deleted or replaced, and after which its log of pages
    is emptied into the file, unless somebody is reading it just then. That is enough for large values, which lie on
    pages of their own; of a small row an older copy may lie where it once stood. PostgreSQL needs a vacuum."""
    with sessions() as session:
        connection = session.connection()
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            before = connection.exec_driver_sql("PRAGMA secure_delete").scalar_one()
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        try:
            yield session
            session.flush()
        finally:
            if is_sqlite:
                connection.exec_driver_sql(f"PRAGMA secure_delete={int(before)}")
        session.commit()
        if is_sqlite:
            _say(connection.engine, _EMPTIED)


def rewrite(sessions: sessionmaker[Session]) -> None:
    """SQLite's file is written anew without what was deleted: an older copy of a small row may lie where it once stood.
    Nobody can write meanwhile. When somebody reads too long, it is left for another time. PostgreSQL vacuums itself."""
    with sessions() as session:
        engine = session.get_bind().engine
    if engine.dialect.name != "sqlite":
        return
    try:
        _say(engine, "VACUUM", _EMPTIED)
    except engine.dialect.loaded_dbapi.OperationalError:
        _log.info("the database could not be written anew: it was in use")


def _say(engine: Engine, *words: str) -> None:
    """Outside of any transaction."""
    raw = engine.raw_connection()
    try:
        for each in words:
            raw.cursor().execute(each)
    finally:
        raw.close()
