"""Facts about time: timers, and the named clocks of a case."""

from __future__ import annotations

from datetime import datetime

from engine.words.fixed import fixed


@fixed
class TimerSet:
    timer: str
    element: str
    token: str
    due: datetime | None


@fixed
class TimerMoved:
    timer: str
    element: str
    before: datetime | None
    after: datetime | None


@fixed
class TimerFired:
    timer: str
    element: str
    due: datetime | None


@fixed
class TimerDropped:
    timer: str
    element: str


@fixed
class TimerRedrawn:
    """The timer goes on as another element of another version."""

    timer: str
    element: str
    before: str


@fixed
class ClockStarted:
    clock: str
    round: int
    limit: str
    calendar: str
    original: datetime
    near: datetime
    again: bool = False  # a dispatcher's error: the clock of this round begins anew


@fixed
class ClockStopped:
    clock: str
    round: int
    remaining: float  # seconds left on the clock's calendar; when overdue, plain seconds below zero


@fixed
class ClockResumed:
    clock: str
    round: int
    effective: datetime
    near: datetime


@fixed
class ClockPaused:
    clock: str
    round: int
    remaining: float


@fixed
class ClockTakenBack:
    """What started this clock was taken back: it never ran."""

    clock: str
    round: int


@fixed
class DeadlineExtended:
    clock: str
    round: int
    before: datetime
    after: datetime
    near: datetime
    reason: str
    times: int = 1  # how often this clock has been moved in this round, this time included


@fixed
class CaseDueChanged:
    """The deadline the case as a whole now lives by: of its running clocks the one that ends last."""

    clock: str | None
    before: datetime | None
    after: datetime | None
