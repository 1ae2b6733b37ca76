"""The named clocks of a case: a deadline starts, stops, goes on with what was left, is moved, is never rewritten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.notation.elements import SCOPES, Element
from engine.words import calendar as cal
from engine.words import facts as f
from engine.words.durations import Duration
from engine.words.worktime import DAY

Calendars = Mapping[str, cal.Calendar]
_NAMED = re.compile(r"\bclocks\.(\w+)")
_RUN_BY = SCOPES | {"userTask", "manualTask"}


def scope_clock(element: Element) -> str:
    """The clock that runs while this element is open; for a service task the property only names the clock it moves."""
    return element.property("clock") if element.kind in _RUN_BY else ""


def named_in(expression: str) -> str | None:
    """The clock that an expression asks for, the first if several."""
    found = _NAMED.search(expression)
    return found.group(1) if found else None


@dataclass(frozen=True, slots=True)
class Running:
    """One clock of the present round. `remaining` (seconds; working time if `working`) only while it stands still."""

    name: str
    limit: str
    calendar: str
    started: datetime
    original: datetime
    effective: datetime
    near: datetime
    share: float
    working: bool
    remaining: float | None = None
    extended: int = 0

    @property
    def running(self) -> bool:
        return self.remaining is None

    def seen(self, at: datetime) -> dict[str, Any]:
        """The clock as expressions see it. While it stands still it has no due moment, so timers on it wait."""
        overdue = at > self.effective if self.running else (self.remaining or 0.0) < 0
        return {
            "due": self.effective if self.running else None,
            "near": self.near if self.running else None,
            "original": self.original,
            "started": self.started,
            "overdue": overdue,
            "running": self.running,
            "limit": self.limit,
            "extended": self.extended,
        }


def calendar_named(calendars: Calendars, name: str) -> cal.Calendar:
    return calendars.get(name) or calendars.get("work") or cal.ALWAYS


def moment_of(value: Any, start: datetime, calendar: cal.Calendar) -> datetime | None:
    """A moment from what an expression gave: a moment, a day (its end), a duration or limit from `start`, or null.
    Raises `LimitNotReadable` for what is none of these, `NoWorkTime` when the calendar never gets there."""
    match value:
        case None:
            return None
        case datetime():
            return value if value.tzinfo else value.replace(tzinfo=calendar.zone)
        case date():
            return calendar.wall(value, DAY)
        case Duration():
            return start + value
        case timedelta():
            return start + value
        case str():
            text = value.strip()
            try:
                told = datetime.fromisoformat(text) if text[:1].isdigit() else None
            except ValueError:
                told = None
            if told is not None:
                return moment_of(told, start, calendar)
            return cal.due(cal.read_limit(text), start, calendar)
        case time():
            return calendar.wall(calendar.local_day(start), value)
    raise cal.LimitNotReadable(str(value))


def start(
    name: str,
    limit: Any,
    calendar_name: str,
    share: float,
    round: int,
    again: bool = False,
    *,
    calendars: Calendars,
    at: datetime,
) -> tuple[Running, f.CaseFact]:
    calendar = calendar_named(calendars, calendar_name)
    due = moment_of(limit, at, calendar)
    if due is None:
        raise cal.LimitNotReadable("null")
    read = cal.read_limit(limit) if isinstance(limit, str) and not _is_moment(limit) else None
    working = read.working if read is not None else False
    near = cal.share_of(at, due, share, calendar, limit=read)
    text = limit if isinstance(limit, str) else str(limit)
    clock = Running(name, text, calendar_name, at, due, due, near, share, working)
    return clock, f.ClockStarted(name, round, text, calendar_name, due, near, again)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def _left(clock: Running, calendars: Calendars, at: datetime) -> float:
    """Seconds: of working time while some is left, of plain time (negative) once it is over, since after closing time
    a deadline may have passed without a working second gone."""
    if clock.working and at <= clock.effective:
        return calendar_named(calendars, clock.calendar).work_time_between(at, clock.effective).total_seconds()
    return (clock.effective - at).total_seconds()


def stop(clock: Running, round: int, *, calendars: Calendars, at: datetime) -> tuple[Running, f.CaseFact]:
    left = _left(clock, calendars, at) if clock.remaining is None else clock.remaining
    return replace(clock, remaining=left), f.ClockStopped(clock.name, round, left)


def pause(clock: Running, round: int, *, calendars: Calendars, at: datetime) -> tuple[Running, f.CaseFact]:
    left = _left(clock, calendars, at)
    return replace(clock, remaining=left), f.ClockPaused(clock.name, round, left)


def resume(clock: Running, round: int, *, calendars: Calendars, at: datetime) -> tuple[Running, f.CaseFact]:
    """Goes on with just the time that was left; a clock that was overdue stays overdue by as much."""
    calendar = calendar_named(calendars, clock.calendar)
    left = timedelta(seconds=clock.remaining or 0.0)
    due = cal.resume(cal.Remaining(left, clock.working and left >= timedelta(0)), at, calendar)
    near = _near(replace(clock, effective=due), calendar, at)
    return replace(clock, effective=due, near=near, remaining=None), f.ClockResumed(clock.name, round, due, near)


def extend(
    clock: Running, until: Any, reason: str, round: int, *, calendars: Calendars, at: datetime
) -> tuple[Running, f.CaseFact]:
    """A new effective deadline; the original stays what it was."""
    calendar = calendar_named(calendars, clock.calendar)
    due = moment_of(until, clock.effective if isinstance(until, str | Duration) else at, calendar)
    if due is None:
        raise cal.LimitNotReadable("null")
    moved = replace(clock, effective=due, extended=clock.extended + 1)
    near = _near(moved, calendar, at)
    remaining = None if clock.running else _left(moved, calendars, at)
    fact = f.DeadlineExtended(clock.name, round, clock.effective, due, near, reason, moved.extended)
    return replace(moved, near=near, remaining=remaining), fact


def _near(clock: Running, calendar: cal.Calendar, at: datetime) -> datetime:
    if clock.effective <= at:
        return clock.effective
    limit = None if clock.working else cal.Limit("", "span")
    return cal.share_of(at, clock.effective, clock.share, calendar, limit=limit)
