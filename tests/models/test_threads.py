"""Two threads of one process meet at a locked row: one waits, and meanwhile the other goes on."""

from __future__ import annotations

import threading

from sqlalchemy import Engine, bindparam, insert, select, update

from models import Counter
from models.base import table_of
from models.prepared import Prepared
from models.session import sessions
from tests.stores import ON_POSTGRESQL_ONLY

_COUNTERS = table_of(Counter)
_LOCKED = Prepared(select(Counter.value).where(Counter.name == bindparam("name")).with_for_update())
_CHANGED = Prepared(update(_COUNTERS).where(_COUNTERS.c.name == bindparam("_name")).values(value=bindparam("value")))


@ON_POSTGRESQL_ONLY
def test_who_waits_for_a_row_keeps_nobody_else_from_going_on(engine: Engine) -> None:
    opened = sessions(engine)
    with opened() as session, session.begin():
        session.execute(insert(_COUNTERS).values(name="row", value=0))
    waits = threading.Event()
    found: list[int] = []

    def other() -> None:
        with opened() as session, session.begin():
            connection = session.connection()
            waits.set()
            found.extend(row[0] for row in _LOCKED.all(connection, {"name": "row"}))

    with opened() as session, session.begin():
        connection = session.connection()
        assert _LOCKED.all(connection, {"name": "row"}) == [(0,)]
        thread = threading.Thread(target=other, daemon=True)
        thread.start()
        waits.wait()
        for value in range(1, 51):  # fifty journeys, while the other thread waits for the row
            _CHANGED.change_one(connection, {"_name": "row", "value": value}, LookupError())
            assert _LOCKED.all(connection, {"name": "row"}) == [(value,)]
        assert found == []
    thread.join(timeout=30)
    assert found == [50]
