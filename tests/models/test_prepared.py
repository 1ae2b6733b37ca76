"""The short way to the database does what the long one does: the same values, errors by name, nothing half."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, bindparam, event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from models import Base, Counter, Timer, Unit, WorkCalendar
from models.base import table_of
from models.prepared import AT_ONCE, Prepared, fails_unless, wire_of
from models.session import open_database, sessions
from tests import postgresql
from tests.cast import MORNING

_COUNTERS = table_of(Counter)
_NEW = Prepared(insert(_COUNTERS).inline(), ["name", "value"])
_VALUE = Prepared(select(Counter.value).where(Counter.name == bindparam("name")))
_MINE = _COUNTERS.c.name == bindparam("_name")
# A counter that has come to `FULL` is not to be changed.
FULL = 100
_NOT_FULL = fails_unless(_MINE, _COUNTERS.c.value < FULL)
_CHANGED = Prepared(update(_COUNTERS).where(_MINE, _NOT_FULL).values(value=bindparam("value")))


@pytest.fixture(scope="module")
def doomed() -> Iterator[str]:
    """A server of our own, which is started anew while others use it."""
    if postgresql.programs() is None:
        pytest.skip(postgresql.MISSING)
    with postgresql.cluster() as address:
        yield address


def test_what_went_in_comes_out_as_by_the_long_way(engine: Engine) -> None:
    hours = {"1": [["08:30", "12:00"]], "note": "50% — 一半 %s", "none": None}
    new = Prepared(insert(table_of(WorkCalendar)).inline(), ["name", "title", "zone", "hours"])
    kept = Prepared(select(WorkCalendar.name, WorkCalendar.title_en, WorkCalendar.hours).order_by(WorkCalendar.name))
    rows = [{"name": name, "title": "工作日历 %", "zone": "Asia/Shanghai", "hours": hours} for name in "ab"]
    with engine.begin() as connection:
        new.run_each(connection, rows)
        short = kept.all(connection, {})
        long = connection.execute(
            select(WorkCalendar.name, WorkCalendar.title_en, WorkCalendar.hours).order_by(WorkCalendar.name)
        ).all()
    # `title_en` was not said: the default of the table's column stands.
    assert short == [tuple(row) for row in long] == [("a", "", hours), ("b", "", hours)]


def test_a_moment_keeps_its_zone(engine: Engine) -> None:
    with engine.begin() as connection:
        now = Prepared(select(func.count(Timer.id), func.max(Timer.due_at)).where(Timer.due_at <= bindparam("at")))
        assert now.all(connection, {"at": MORNING}) == [(0, None)]
        with pytest.raises(ValueError, match="without a zone"):
            now.all(connection, {"at": MORNING.replace(tzinfo=None)})


def test_who_listens_hears_all(engine: Engine) -> None:
    heard: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        heard.append(statement.split()[0])

    event.listen(engine, "before_cursor_execute", listen)
    with engine.begin() as connection:
        _NEW.run_each(connection, [{"name": "a", "value": 1}, {"name": "b", "value": 2}])
        _CHANGED.change_one(connection, {"_name": "a", "value": 7}, LookupError("a"))
        assert _VALUE.all(connection, {"name": "a"}) == [(7,)]
    assert [word for word in heard if word != "BEGIN"] == ["INSERT", "UPDATE", "SELECT"]


def test_what_changes_nothing_is_noticed_and_undone(engine: Engine) -> None:
    with pytest.raises(LookupError):
        _tell(engine, [{"name": "a", "value": 1}, {"name": "b", "value": FULL}], changed="b")
    with engine.begin() as connection:
        assert _VALUE.one_or_none(connection, {"name": "a"}) is None


def test_others_may_be_full(engine: Engine) -> None:
    _tell(engine, [{"name": "a", "value": 1}, {"name": "b", "value": FULL}], changed="a")
    with engine.begin() as connection:
        assert _VALUE.one_or_none(connection, {"name": "a"}) == (7,)


def test_a_row_that_is_not_there_at_all_is_noticed(engine: Engine) -> None:
    with pytest.raises(LookupError), engine.begin() as connection:
        _CHANGED.change_one(connection, {"_name": "nobody", "value": 2}, LookupError("nobody"))


def test_what_was_told_is_there_for_whoever_asks_another_way(engine: Engine) -> None:
    with engine.begin() as connection:
        _NEW.run_each(connection, [{"name": "a", "value": 1}])
        assert connection.execute(select(Counter.value)).scalar_one() == 1
        _CHANGED.change_one(connection, {"_name": "a", "value": 2}, LookupError("a"))
        with connection.begin_nested() as inner:
            _CHANGED.change_one(connection, {"_name": "a", "value": 3}, LookupError("a"))
            inner.rollback()
        assert _VALUE.one_or_none(connection, {"name": "a"}) == (2,)


def test_what_was_told_and_then_undone_is_told_to_nobody(engine: Engine) -> None:
    with engine.connect() as connection:
        _NEW.run_each(connection, [{"name": "a", "value": 1}])
        connection.rollback()
        _NEW.run_each(connection, [{"name": "b", "value": 1}])
        connection.commit()
    with engine.connect() as connection:
        assert connection.execute(select(Counter.name)).scalars().all() == ["b"]


def test_a_commit_that_failed_leaves_a_connection_that_works(engine: Engine) -> None:
    connection = engine.connect()
    try:
        for _ in range(2):
            with pytest.raises((IntegrityError, LookupError)):
                _tell_and_commit(connection)
            connection.rollback()
        _NEW.run_each(connection, [{"name": "b", "value": 1}])
        connection.commit()
        assert connection.execute(select(Counter.name)).scalars().all() == ["b"]
    finally:
        connection.close()


def test_what_has_departed_can_be_undone_asked_about_and_committed(engine: Engine) -> None:
    with engine.connect() as connection:
        _depart(connection, "a")
        connection.rollback()
        _depart(connection, "b")
        assert _VALUE.all(connection, {"name": "b"}) == [(1,)]
        _depart(connection, "c")
        connection.commit()
        _depart(connection, "d")
        assert connection.execute(select(Counter.name).order_by(Counter.name)).scalars().all() == ["b", "c", "d"]
    with engine.connect() as connection:
        assert connection.execute(select(Counter.name).order_by(Counter.name)).scalars().all() == ["b", "c"]


def test_what_has_departed_and_fails_undoes_the_whole(engine: Engine) -> None:
    with engine.connect() as connection:
        for _ in range(2):
            with pytest.raises(LookupError):
                _depart_in_vain(connection)
            connection.rollback()
        _depart(connection, "b")
        connection.commit()
        assert connection.execute(select(Counter.name)).scalars().all() == ["b"]


def _depart_in_vain(connection: Connection) -> None:
    _depart(connection, "a", FULL)
    _CHANGED.change_one(connection, {"_name": "a", "value": 2}, LookupError("a"))
    _depart(connection, "c")
    connection.commit()


def _depart(connection: Connection, name: str, value: int = 1) -> None:
    _NEW.run_each(connection, [{"name": name, "value": value}])
    wire_of(connection).depart()


def test_many_rows_go_in_few_statements_whatever_is_missing_in_them(engine: Engine) -> None:
    new = Prepared(insert(table_of(Unit)).inline(), ["id", "code", "name", "path", "parent_id"])
    rows = [
        {"id": n, "code": str(n), "name": "%s '", "path": "1.", "parent_id": None if n % 3 else 1}
        for n in range(1, 2 * AT_ONCE + 2)
    ]
    with engine.begin() as connection:
        new.run_each(connection, rows[1:2])
        new.run_each(connection, [rows[0], *rows[2:]])
        found = connection.execute(select(Unit.id, Unit.parent_id).order_by(Unit.id)).all()
        assert [tuple(row) for row in found] == [(row["id"], row["parent_id"]) for row in rows]
        if engine.dialect.name == "postgresql":
            prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT INTO units%'")
            assert connection.execute(prepared).scalar_one() <= 3


def _tell_and_commit(connection: Connection) -> None:
    _NEW.run_each(connection, [{"name": "a", "value": FULL}])
    _CHANGED.change_one(connection, {"_name": "a", "value": 2}, LookupError("a"))
    connection.commit()


def test_an_error_on_the_way_has_its_name_and_undoes_the_whole(engine: Engine) -> None:
    for _ in range(2):  # the second time, what could not be prepared the first time is prepared
        with pytest.raises(IntegrityError):
            _tell(engine, [{"name": "a", "value": 1}, {"name": "a", "value": 2}], changed="a")
    _tell(engine, [{"name": "a", "value": 1}], changed="a")
    with engine.begin() as connection:
        assert _VALUE.one_or_none(connection, {"name": "a"}) == (7,)


def _tell(engine: Engine, rows: list[dict[str, Any]], *, changed: str) -> None:
    with engine.begin() as connection:
        _NEW.run_each(connection, rows)
        _CHANGED.change_one(connection, {"_name": changed, "value": 7}, LookupError(changed))


def test_large_values_go_along(engine: Engine) -> None:
    large = {"text": "闭环" * 500_000}
    new = Prepared(insert(table_of(WorkCalendar)).inline(), ["name", "title", "zone", "hours"])
    rows = [{"name": str(n), "title": "", "zone": "Asia/Shanghai", "hours": large} for n in range(3)]
    with engine.begin() as connection:
        new.run_each(connection, rows)
    with engine.begin() as connection:
        kept = Prepared(select(WorkCalendar.hours).where(WorkCalendar.name == bindparam("name")))
        assert kept.all(connection, {"name": "2"}) == [(large,)]


def test_a_list_in_the_statement_is_told_with_it(engine: Engine) -> None:
    some = Prepared(select(Unit.id).where(Unit.code.in_(["A", "B"]), Unit.path == bindparam("path")))
    with engine.begin() as connection:
        connection.execute(insert(Unit), [{"id": n, "code": code, "name": code, "path": "1."} for n, code in
                                          enumerate("ABC", 1)])  # fmt: skip
        assert sorted(some.all(connection, {"path": "1."})) == [(1,), (2,)]


@pytest.mark.parametrize("known", [False, True])
def test_a_server_that_was_started_anew_is_not_noticed(doomed: str, known: bool) -> None:
    """`known`: whether SQLAlchemy knows of the connection, or only the session that writes."""
    database = open_database(doomed)
    opened = sessions(database)
    Base.metadata.drop_all(database)
    Base.metadata.create_all(database)
    with opened() as one, opened() as other:  # two connections rest in the pool afterwards
        assert _VALUE.one_or_none(one.connection(), {"name": "x"}) is None
        assert _VALUE.one_or_none(other.connection(), {"name": "x"}) is None
    postgresql.restart(doomed)
    for name in ("x", "y"):
        with opened() as session, session.begin():
            _NEW.run_each(session.connection() if known else session, [{"name": name, "value": 1}])
    with opened() as session:
        assert _VALUE.one_or_none(session.connection() if known else session, {"name": "y"}) == (1,)
    database.dispose()


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_a_server_that_goes_in_the_middle_of_a_step_undoes_the_step(doomed: str, packed: bool, known: bool) -> None:
    database = open_database(doomed)
    opened = sessions(database)
    Base.metadata.drop_all(database)
    Base.metadata.create_all(database)

    def cut_short() -> None:
        with opened() as session, session.begin():
            on = session.connection() if known else session
            _NEW.run_each(on, [{"name": "lost", "value": 1}])
            postgresql.restart(doomed)
            if packed:
                _NEW.run_each(on, [{"name": "lost too", "value": 1}])
            else:
                _VALUE.one_or_none(on, {"name": "lost"})

    with pytest.raises(OperationalError) as raised:
        cut_short()
    assert raised.value.connection_invalidated
    with opened() as session, session.begin():
        assert session.execute(text("SELECT count(*) FROM counters")).scalar_one() == 0
    database.dispose()
