"""Facts about time: timers, and the named clocks of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TimerSet:
    timer: str
    element: str
    token: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class TimerMoved:
    timer: str
    element: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class TimerFired:
    timer: str
    element: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class TimerDropped:
    timer: str
    element: str


@dataclass(frozen=True, slots=True)
class TimerRedrawn:
    """The timer goes on as another element of another version."""

    timer: str
    element: str
    before: str


@dataclass(frozen=True, slots=True)
class ClockStarted:
    clock: str
    round: int
    limit: str
    calendar: str
    original: datetime
    near: datetime
    again: bool = False  # a dispatcher's error: the clock of this round begins anew


@dataclass(frozen=True, slots=True)
class ClockStopped:
    clock: str
    round: int
    remaining: float  # seconds left on the clock's calendar; when overdue, plain seconds below zero


@dataclass(frozen=True, slots=True)
class ClockResumed:
    clock: str
    round: int
    effective: datetime
    near: datetime


@dataclass(frozen=True, slots=True)
class ClockPaused:
    clock: str
    round: int
    remaining: float


@dataclass(frozen=True, slots=True)
class ClockTakenBack:
    """What started this clock was taken back: it never ran."""

    clock: str
    round: int


@dataclass(frozen=True, slots=True)
class DeadlineExtended:
    clock: str
    round: int
    before: datetime
    after: datetime
    near: datetime
    reason: str
    times: int = 1  # how often this clock has been moved in this round, this time included


@dataclass(frozen=True, slots=True)
class CaseDueChanged:
    """The deadline the case as a whole now lives by: of its running clocks the one that ends last."""

    clock: str | None
    before: datetime | None
    after: datetime | None
