"""The daily rhythm: a table says when a process begins by the clock, and whoever edits the table moves the hour."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, starts
from engine.words.errors import NotPublishable
from engine.words.officers import CLOCK
from engine.words.worktime import HOME
from models import Case, Start
from tests.cast import Cast
from tests.conftest import files_of

# Seven in the morning.
DAWN = datetime(2026, 3, 2, 7, tzinfo=HOME).astimezone(UTC)


TIMES = next(name for name in files_of("daily_dispatch")[1] if "_times" in name)


def publish(sessions: sessionmaker[Session], process: str, *change: str) -> None:
    diagram, tables = files_of(process)
    if change:
        table, before, after = change
        assert before in tables[table]
        tables = {**tables, table: tables[table].replace(before, after)}
    with sessions() as session, session.begin():
        definitions.publish(session, diagram, tables, note="", by=CLOCK, at=DAWN)


def due(sessions: sessionmaker[Session], element: str) -> str:
    with sessions() as session:
        moment = session.scalars(select(Start.due_at).where(Start.element == element, Start.kind == "timer")).one()
        assert moment is not None
        return moment.astimezone(HOME).strftime("%H:%M")


@pytest.mark.parametrize(("process", "hour"), [("daily_report", 8), ("daily_dispatch", 16), ("bulletin", 18)])
def test_the_hour_stands_in_a_table(cast: Cast, sessions: sessionmaker[Session], process: str, hour: int) -> None:
    publish(sessions, process)
    assert due(sessions, "every_day") == f"{hour:02}:00"
    table = next(name for name in files_of(process)[1] if "_times" in name)
    publish(sessions, process, table, f"0 {hour} * * *", "30 10 * * *")
    assert due(sessions, "every_day") == "10:30"
    assert starts.wake_due(sessions, at=datetime(2026, 3, 2, 10, 31, tzinfo=HOME).astimezone(UTC)) == 1
    assert due(sessions, "every_day") == "10:30"
    with sessions() as session:
        assert [case.process_id for case in session.scalars(select(Case))] == [process]


def test_a_table_that_gives_no_time_cannot_be_published(cast: Cast, sessions: sessionmaker[Session]) -> None:
    with pytest.raises(NotPublishable) as refused:
        publish(sessions, "daily_dispatch", TIMES, "0 16 * * *", "in the afternoon")
    told = refused.value.findings[0]
    assert (told.law, told.element) == ("one_start", "every_day")
    assert "in the afternoon" in told.zh
    assert "in the afternoon" in told.en
