"""A clock that has run out stays run out, at whatever hour it is stopped, and by as much when it goes on."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.notation import clocks
from engine.words.calendar import Calendar
from engine.words.facts import ClockResumed, ClockStopped

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = ((time(8, 30), time(12)), (time(14, 30), time(18)))
CITY = {"work": Calendar("work", ZONE, dict.fromkeys(range(5), OFFICE))}
TUESDAY = datetime(2026, 3, 10, 9, tzinfo=ZONE)


def running() -> clocks.Running:
    """Due on Tuesday at 18:00, when the office closes."""
    clock, _fact = clocks.start("rectify", "end of work day", "work", 0.8, 1, calendars=CITY, at=TUESDAY)
    assert clock.effective == TUESDAY.replace(hour=18)
    return clock


@pytest.mark.parametrize("late", [timedelta(minutes=1), timedelta(hours=3), timedelta(days=2, hours=1)])
def test_late_in_the_evening_is_late(late: timedelta) -> None:
    ended = running().effective + late
    stopped, told = clocks.stop(running(), 1, calendars=CITY, at=ended)
    assert isinstance(told, ClockStopped)
    assert told.remaining == -late.total_seconds()
    assert stopped.seen(ended)["overdue"] is True
    resumed, gone_on = clocks.resume(stopped, 1, calendars=CITY, at=ended + timedelta(minutes=5))
    assert isinstance(gone_on, ClockResumed)
    assert resumed.effective == running().effective + timedelta(minutes=5)
    assert resumed.seen(ended + timedelta(minutes=5))["overdue"] is True


def test_what_is_left_is_working_time() -> None:
    stopped, told = clocks.stop(running(), 1, calendars=CITY, at=TUESDAY.replace(hour=17))
    assert isinstance(told, ClockStopped)
    assert told.remaining == 3600
    resumed, _fact = clocks.resume(stopped, 1, calendars=CITY, at=datetime(2026, 3, 11, 8, 30, tzinfo=ZONE))
    assert resumed.effective == datetime(2026, 3, 11, 9, 30, tzinfo=ZONE)
