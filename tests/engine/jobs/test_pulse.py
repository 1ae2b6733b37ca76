"""How late timers are is written down, shown and, when it grows, an alarm."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, sessionmaker

from engine import work
from engine.acts import definitions
from engine.jobs import pulse
from engine.words.officers import CLOCK
from models import Pulse, Start, Timer
from tests.cast import MORNING, Cast
from tests.conftest import files_of
from tests.walk import Walk

MINUTE = timedelta(minutes=1)


@pytest.fixture
def first_due(issue_loop: Cast, sessions: sessionmaker[Session]) -> datetime:
    """One issue waits to be dispatched; when its first timer is due."""
    walk = Walk(sessions, issue_loop)
    walk.raise_issue()
    for step in ("register", "file_issue"):
        walk.do(step)
    with sessions() as session:
        found = session.scalar(select(func.min(Timer.due_at)))
    assert found is not None
    return found


def seen(sessions: sessionmaker[Session], at: datetime) -> pulse.Standing:
    with sessions() as session:
        return pulse.standing(session, at=at)


def beat(sessions: sessionmaker[Session], at: datetime, worker: str = "one", things: int = 0) -> None:
    with sessions() as session, session.begin():
        pulse.beat(session, worker, pulse.due(session, at=at), things, at=at)


def test_without_a_worker_there_is_an_alarm(first_due: datetime, sessions: sessionmaker[Session]) -> None:
    alarm = seen(sessions, MORNING).alarm
    assert alarm is not None
    assert alarm.en.startswith("No worker")


def test_lag_counts_from_the_oldest_due_timer(first_due: datetime, sessions: sessionmaker[Session]) -> None:
    beat(sessions, first_due - MINUTE)
    assert seen(sessions, first_due - MINUTE).lag == 0
    beat(sessions, first_due + timedelta(seconds=20))
    standing = seen(sessions, first_due + timedelta(seconds=20))
    assert (standing.lag, standing.due.number, standing.alarm) == (20, 1, None)
    beat(sessions, first_due + timedelta(seconds=61))
    late = seen(sessions, first_due + timedelta(seconds=61)).alarm
    assert late is not None
    assert "61" in late.zh
    work.once(sessions, at=first_due + timedelta(seconds=62))
    assert seen(sessions, first_due + timedelta(seconds=62)).alarm is None


def test_what_waited_before_a_worker_came_is_no_alarm_until_it_has_looked(
    first_due: datetime, sessions: sessionmaker[Session]
) -> None:
    """A machine switched on in the morning, or a city just made: two hours late, but nobody was there to be late."""
    on = first_due.replace(second=5) + timedelta(hours=2)
    pulses = work._Pulses(sessions, "one")
    pulses.look(on)  # it is known before its first work is done
    standing = seen(sessions, on + timedelta(seconds=30))
    assert (standing.due.number, standing.alarm) == (1, None)
    assert standing.lag > 7200
    # It has had its minute, and a minute more, and still has not done it.
    late = on.replace(second=0) + pulse.FIRST_LOOK + pulse.LATE + timedelta(seconds=5)
    alarm = seen(sessions, late).alarm
    assert alarm is not None
    assert "65" in alarm.zh


def test_lag_that_grows_is_an_alarm_before_it_is_long(first_due: datetime, sessions: sessionmaker[Session]) -> None:
    now = first_due.replace(second=0) + timedelta(seconds=40)
    with sessions() as session, session.begin():
        for minute, lag in enumerate((5.0, 20.0, 40.0)):
            at = now.replace(second=0) - (2 - minute) * MINUTE
            session.add(Pulse(worker="one", minute=at, seen_at=now, lag=lag, waiting=1, things=0))
    alarm = seen(sessions, now).alarm
    assert alarm is not None
    assert "40" in alarm.en
    work.once(sessions, at=now)
    assert seen(sessions, now).alarm is None


def test_a_worker_not_heard_of_is_gone(first_due: datetime, sessions: sessionmaker[Session]) -> None:
    beat(sessions, MORNING, "old", 3)
    beat(sessions, MORNING + 5 * MINUTE, "new", 4)
    beat(sessions, MORNING + 5 * MINUTE + timedelta(seconds=20), "new", 5)
    standing = seen(sessions, MORNING + 6 * MINUTE)
    assert [(worker.name, worker.gone, worker.things) for worker in standing.workers] == [
        ("new", False, 9),
        ("old", True, 3),
    ]
    assert [things for _minute, _lag, things in standing.minutes] == [3, 9]


def test_old_pulses_are_forgotten(first_due: datetime, sessions: sessionmaker[Session]) -> None:
    beat(sessions, MORNING)
    beat(sessions, MORNING + timedelta(days=3))
    with sessions() as session, session.begin():
        pulse.forget_old(session, at=MORNING + timedelta(days=3))
        assert session.scalar(select(func.count()).select_from(Pulse)) == 1


def test_lag_is_that_of_the_look_not_of_the_writing(first_due: datetime, sessions: sessionmaker[Session]) -> None:
    """Seen four seconds late and done at once, it was four seconds late, though it is told nine seconds later."""
    pulses = work._Pulses(sessions, "one")
    pulses.look(first_due - MINUTE)
    pulses.tell(0, first_due - MINUTE)
    told = first_due - MINUTE
    late = first_due + timedelta(seconds=4)
    pulses._told = late - timedelta(seconds=1)  # it has just told how it stands
    pulses.look(late)
    pulses.tell(work.once(sessions, at=late), late)
    end = late + pulse.EVERY
    pulses.look(end)
    pulses.tell(0, end)
    with sessions() as session:
        rows = session.execute(select(Pulse.lag, Pulse.things, Pulse.waiting).where(Pulse.seen_at > told)).all()
    assert [tuple(row) for row in rows] == [(4.0, 1, 0)]


def test_between_two_beats_only_the_oldest_is_looked_for(first_due: datetime, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert pulse.oldest(session, at=first_due - MINUTE) is None
        assert pulse.oldest(session, at=first_due + MINUTE) == first_due
        said: list[str] = []
        event.listen(sessions.kw["bind"], "before_cursor_execute", lambda *told: said.append(told[2]))
    pulses = work._Pulses(sessions, "one")
    pulses.look(first_due)
    counted = [text for text in said if "count(" in text.lower()]
    pulses.tell(0, first_due)
    said.clear()
    pulses.look(first_due + timedelta(seconds=1))
    assert len(counted) == 3
    assert not any("count(" in text.lower() for text in said)
    assert all("LIMIT" in text for text in said if text.startswith("SELECT"))


def test_a_process_that_should_have_begun_is_due_like_a_timer(cast: Cast, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        definitions.publish(session, *files_of("daily_dispatch"), note="", by=CLOCK, at=MORNING)
    with sessions() as session:
        first = session.scalar(select(func.min(Start.due_at)).where(Start.kind == "timer"))
        assert first is not None
        assert pulse.due(session, at=first - MINUTE) == pulse.Due(0, None)
        assert pulse.due(session, at=first) == pulse.Due(1, first)
        assert pulse.oldest(session, at=first + MINUTE) == first
        assert pulse.standing(session, at=first + MINUTE).lag == 60
    work.once(sessions, at=first + MINUTE)
    with sessions() as session:
        assert pulse.oldest(session, at=first + MINUTE) is None
