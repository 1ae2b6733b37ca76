"""The numbered steps lead to the very tables of the program, up and down, and lose no row that both ends can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Base, Entry, Grant, Officer, Unit, migrate
from models.base import table_of
from models.session import open_database, sessions
from tests.cast import install
from tests.stores import Files, Server


@pytest.fixture
def url(store: Files | Server, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if isinstance(store, Server):
        with store.empty() as address:
            yield address
    else:
        yield f"sqlite:///{tmp_path / 'a city.db'}"


def test_the_last_step_has_all_tables(engine: Engine) -> None:
    assert migrate.upgrade_engine(engine) is True
    assert migrate.differences(engine) == [], 'the tables changed: make migration why="…"'


def test_the_steps_lead_to_the_very_pages_of_new_tables(url: str) -> None:
    """How rows lie on their pages, and which rows an index holds: nothing that a question would notice."""
    new = open_database(url)
    Base.metadata.create_all(new)
    there = _laid_out(new)
    Base.metadata.drop_all(new)
    migrate.upgrade_engine(new)
    assert _laid_out(new) == there
    new.dispose()


def test_a_second_time_nothing_is_left_to_do(url: str) -> None:
    assert migrate.upgrade(url) is True
    assert migrate.upgrade(url) is False


def test_a_missing_column_is_noticed(engine: Engine) -> None:
    migrate.upgrade_engine(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE units DROP COLUMN kind"))
    assert [kind for kind, *_ in migrate.differences(engine)] == ["add_column"]


def test_each_step_up_and_down_with_data(engine: Engine, url: str) -> None:
    migrate.upgrade_engine(engine)
    with sessions(engine)() as session, session.begin():
        install(session)
    counted = _rows(engine)
    assert counted["officers"] > 10
    for step in reversed(migrate.steps()[:-1]):
        migrate.downgrade(url, to=step)
        with engine.connect() as connection:
            assert migrate.standing(connection) == step
    migrate.upgrade(url)
    assert _rows(engine) == counted
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    migrate.downgrade(url, to="base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(url)
    assert migrate.differences(engine) == []


def test_foreign_keys_hold_again_after_a_step(engine: Engine) -> None:
    """SQLite bears loose keys while a table is copied; the very same connection must refuse them afterwards."""
    migrate.upgrade_engine(engine)
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("INSERT INTO grants (officer_id, role, unit_id) VALUES (9, 'liaison', 9)"))


def test_steps_are_numbered_in_order() -> None:
    assert migrate.steps() == [f"{number:04d}" for number in range(1, len(migrate.steps()) + 1)]
    assert migrate.head() == migrate.steps()[-1]


def test_steps_name_no_type_of_ours() -> None:
    """An old step must mean the same in ten years, whatever becomes of our own column types."""
    for step in sorted((migrate.STEPS / "versions").glob("*.py")):
        assert "models." not in step.read_text("utf-8"), step.name


def _rows(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        return {
            table_of(model).name: session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Unit, Officer, Grant, Entry)
        }


def _laid_out(engine: Engine) -> set[tuple[str, str]]:
    """Tables with what is said of their pages; indexes as they were made, however they were spaced and quoted."""
    if engine.dialect.name == "sqlite":
        tables = "SELECT name, 'WITHOUT ROWID: ' || wr FROM pragma_table_list WHERE schema = 'main'"
        indexes = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    else:
        tables = "SELECT relname, CAST(reloptions AS text) FROM pg_class WHERE relkind = 'r' AND reloptions IS NOT NULL"
        indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    with engine.connect() as connection:
        found = connection.execute(text(f"{tables} UNION ALL {indexes}")).all()
    return {(name, re.sub(r'["\s]+', "", said)) for name, said in found if "alembic" not in name}
