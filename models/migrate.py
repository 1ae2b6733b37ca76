"""Brings a database to the tables this program knows, step by step, and writes the next step when the tables change."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine

from models.base import Base, belongs
from models.session import open_database

STEPS = Path(__file__).parent / "migrations"


def upgrade(url: str, *, to: str = "head") -> bool:
    """All steps that are missing, in one transaction. True when there were any."""
    engine = open_database(url)
    try:
        return upgrade_engine(engine, to=to)
    finally:
        engine.dispose()


def upgrade_engine(engine: Engine, *, to: str = "head") -> bool:
    with engine.connect() as connection, _loose_keys(connection):
        before = standing(connection)
        if to == "head" and before == head():
            return False
        command.upgrade(_config(connection), to)
        connection.commit()
        return standing(connection) != before


def downgrade(url: str, *, to: str = "base") -> None:
    """Back to an earlier step; what only the later one could hold is lost."""
    engine = open_database(url)
    with engine.connect() as connection, _loose_keys(connection):
        command.downgrade(_config(connection), to)
        connection.commit()
    engine.dispose()


def standing(connection: Connection) -> str | None:
    """The step this database has reached; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def steps() -> list[str]:
    """All steps, oldest first."""
    return [step.revision for step in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))]


def differences(engine: Engine) -> list[Any]:
    """What still tells the tables of this database from those of `models`; empty when the steps are complete."""
    with engine.connect() as connection:
        meant = {"include_object": lambda thing, *_: belongs(thing, connection.dialect.name)}
        return list(compare_metadata(MigrationContext.configure(connection, opts=meant), Base.metadata))


def write_step(why: str) -> Path:
    """A new file in `migrations/versions`: how to come from all steps so far to the tables of `models`."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        command.upgrade(_config(connection), "head")
        number = f"{len(steps()) + 1:04d}"
        script = command.revision(_config(connection), message=why, autogenerate=True, rev_id=number)
    if not isinstance(script, Script):
        raise TypeError(f"one step was to be written, not {script!r}")
    return Path(script.path)


@contextmanager
def _loose_keys(connection: Connection) -> Iterator[None]:
    """SQLite copies a table to alter it and drops the old one; rows that point there must bear it for that long."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    if raw is None:
        raise TypeError("a connection without its driver")
    raw.execute("PRAGMA foreign_keys=OFF")  # before the transaction: inside one it does nothing
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    # A percent sign in the path would be read as a variable.
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    if len(sys.argv) < 2 or not sys.argv[1].strip():
        sys.exit('Say why: make migration why="officers have a phone number"')
    print(write_step(sys.argv[1]))
