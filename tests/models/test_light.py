"""A light session writes, keeps and undoes as a whole one does, and becomes one in the middle of its work."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, DontWrapMixin, InvalidRequestError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from models import Counter
from models.base import table_of
from models.prepared import Prepared
from models.session import open_database
from models.session import sessions as open_sessions

_NEW = Prepared(insert(table_of(Counter)).inline(), ["name", "value"])
_VALUE = Prepared(select(Counter.value).where(Counter.name == bindparam("name")))


def light(session: Session) -> None:
    _NEW.run_each(session, [{"name": "a", "value": 1}])


def whole_at_once(session: Session) -> None:
    session.add(Counter(name="a", value=1))


def whole_afterwards(session: Session) -> None:
    light(session)
    assert session.get_one(Counter, "a").value == 1


def whole_before(session: Session) -> None:
    assert session.get(Counter, "a") is None
    light(session)


def partly_undone(session: Session) -> None:
    light(session)
    nested = session.begin_nested()
    session.add(Counter(name="b", value=2))
    session.flush()
    nested.rollback()


WAYS = [light, whole_at_once, whole_afterwards, whole_before, partly_undone]


@pytest.mark.parametrize("write", WAYS)
def test_what_is_committed_is_kept(engine: Engine, write: Callable[[Session], None]) -> None:
    opened = open_sessions(engine)
    with opened() as session, session.begin():
        write(session)
    assert _kept(opened) == [("a", 1)]
    assert _lent(engine) == 0


@pytest.mark.parametrize("write", WAYS)
def test_what_goes_wrong_is_undone(engine: Engine, write: Callable[[Session], None]) -> None:
    opened = open_sessions(engine)
    with pytest.raises(RuntimeError):
        _written(opened, write, _broken)
    assert _kept(opened) == []
    assert _lent(engine) == 0


@pytest.mark.parametrize("write", WAYS)
def test_what_nobody_commits_is_undone(engine: Engine, write: Callable[[Session], None]) -> None:
    opened = open_sessions(engine)
    with opened() as session:
        write(session)
        session.rollback()
        assert _VALUE.one_or_none(session, {"name": "a"}) is None
        write(session)
    assert _kept(opened) == []
    assert _lent(engine) == 0


def test_a_connection_is_given_back_with_the_end_of_its_transaction(engine: Engine) -> None:
    opened = open_sessions(engine)
    with opened() as session:
        for name in "abc":
            _NEW.run_each(session, [{"name": name, "value": 1}])
            assert _lent(engine) == 1
            session.commit()
            assert _lent(engine) == 0
        assert session.get_one(Counter, "c").value == 1  # a whole one does the same
        session.commit()
        assert _lent(engine) == 0
    assert [name for name, _ in _kept(opened)] == ["a", "b", "c"]


def test_a_transaction_is_begun_once(engine: Engine) -> None:
    with open_sessions(engine)() as session:
        light(session)
        with pytest.raises(InvalidRequestError, match="already begun"):
            session.begin()


def test_an_error_of_the_database_leaves_nothing_behind(engine: Engine) -> None:
    opened = open_sessions(engine)
    with pytest.raises(DBAPIError):
        _written(opened, light, light)
    assert _kept(opened) == []
    assert _lent(engine) == 0


def test_who_cannot_begin_holds_no_connection(url: str) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("only SQLite waits for a lock when it begins")
    engine = open_database(url, busy_seconds=0.0)
    with engine.connect() as other:
        other.execute(text("SELECT 1"))
        with open_sessions(engine)() as session:
            with pytest.raises(OperationalError, match="locked"):
                light(session)
            assert _lent(engine) == 1
    engine.dispose()


def twice(session: Session) -> None:
    _NEW.run_each(session, [{"name": "b", "value": 2}])
    light(session)


def test_half_of_a_savepoint_is_never_kept(engine: Engine) -> None:
    opened = open_sessions(engine)
    with opened() as session:
        light(session)
        with pytest.raises(DBAPIError):
            _nested(session, twice)
        with contextlib.suppress(DBAPIError):
            session.commit()
    # PostgreSQL undoes the whole where whoever catches the error has not undone the savepoint.
    assert _kept(opened) == ([("a", 1)] if engine.dialect.name == "sqlite" else [])


def test_of_what_was_told_all_is_kept_or_nothing(engine: Engine) -> None:
    opened = open_sessions(engine)
    with opened() as session:
        light(session)
        twice(session)
        with pytest.raises(DBAPIError):
            _VALUE.one_or_none(session, {"name": "a"})
        with pytest.raises(DBAPIError):
            _VALUE.one_or_none(session, {"name": "a"})
        with contextlib.suppress(DBAPIError):  # PostgreSQL says nothing, and undoes the whole
            session.commit()
    assert _kept(opened) == []


@pytest.mark.parametrize("write", [light, whole_before])
def test_a_session_whose_commit_failed_goes_on(engine: Engine, write: Callable[[Session], None]) -> None:
    opened = open_sessions(engine)
    with opened() as session:
        write(session)
        light(session)
        with pytest.raises(DBAPIError):
            session.commit()
        light(session)
        session.commit()
    assert _kept(opened) == [("a", 1)]
    assert _lent(engine) == 0


def test_what_was_promised_to_be_raised_is_raised_by_whatever_asks_next(engine: Engine) -> None:
    class Promised(DontWrapMixin, Exception):
        pass

    with open_sessions(engine)() as session, pytest.raises(Promised):
        _ask_after_changing_nobody(session, Promised())


@pytest.mark.parametrize("address", ["sqlite:///{}/none/none.db", "postgresql+psycopg://nobody@/none?host={}"])
def test_who_is_not_there_is_told_by_name(address: str, tmp_path: Path) -> None:
    engine = open_database(address.format(tmp_path))
    with open_sessions(engine)() as session, pytest.raises(OperationalError):
        light(session)
    engine.dispose()


def test_what_no_session_has_it_has_not(engine: Engine) -> None:
    with open_sessions(engine)() as session, pytest.raises(AttributeError, match="remember"):
        session.remember()  # type: ignore[attr-defined]


def _ask_after_changing_nobody(session: Session, otherwise: Exception) -> None:
    changed = Prepared(update(Counter).where(Counter.name == bindparam("_name")).values(value=bindparam("value")))
    changed.change_one(session, {"_name": "nobody", "value": 1}, otherwise)
    session.execute(select(Counter.value))


def _nested(session: Session, *ways: Callable[[Session], None]) -> None:
    with session.begin_nested():
        for write in ways:
            write(session)


def _broken(_session: Session) -> None:
    raise RuntimeError


def _written(opened: sessionmaker[Session], *ways: Callable[[Session], None]) -> None:
    with opened() as session, session.begin():
        for write in ways:
            write(session)


def _kept(opened: sessionmaker[Session]) -> list[tuple[str, int]]:
    with opened() as session:
        return [tuple(row) for row in session.execute(select(Counter.name, Counter.value).order_by(Counter.name))]


def _lent(engine: Engine) -> int:
    pool: Any = engine.pool
    return int(pool.checkedout())
