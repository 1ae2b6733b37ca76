"""How late timers are: each worker writes down every few seconds how it stands, and an alarm is told when it grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from engine.words.terms import Term
from models import Case, OutgoingMessage, Pulse, Start, Timer

EVERY = timedelta(seconds=10)
KEPT = timedelta(days=2)
# A timer this late is an alarm; so is one half as late whose lateness grows from minute to minute.
LATE = timedelta(seconds=60)
# A worker not heard of for so long is gone.
GONE = timedelta(minutes=2)
# What fell due while no worker ran, or before the city was there: nobody is late until one has had so long to look.
FIRST_LOOK = timedelta(minutes=1)


class Due(NamedTuple):
    """What is due and not yet done: how much, and since when the oldest has waited."""

    number: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Worker:
    name: str
    seen_at: datetime
    gone: bool
    things: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`lag` in seconds: how late the oldest due timer, start or message is now. `minutes`: the greatest lag and the
    number of things done in each of the last sixty minutes that any worker wrote down. `alarm` is None when all is
    well; it counts from when a worker has had time to look (`FIRST_LOOK`)."""

    due: Due
    lag: float
    workers: Sequence[Worker]
    minutes: Sequence[tuple[datetime, float, int]]
    alarm: Term | None


def due(session: Session, *, at: datetime) -> Due:
    """Timers, starts by the clock and messages whose moment has come. A message that found no reader waits for another
    reason."""
    timers = (
        select(func.count().label("number"), func.min(Timer.due_at).label("oldest"))
        .join(Case, Case.id == Timer.case_id)
        .where(Timer.due_at <= at, Case.stuck_at.is_(None))
    )
    starts = select(func.count().label("number"), func.min(Start.due_at).label("oldest")).where(
        Start.kind == "timer", Start.due_at <= at
    )
    letters = select(func.count().label("number"), func.min(OutgoingMessage.due_at).label("oldest")).where(
        OutgoingMessage.due_at <= at, OutgoingMessage.attempts == 0
    )
    found = [session.execute(query).one() for query in (timers, starts, letters)]
    moments = [row.oldest for row in found if row.oldest is not None]
    return Due(sum(row.number for row in found), min(moments, default=None))


def oldest(session: Session, *, at: datetime) -> datetime | None:
    """Since when the oldest of what is due has waited. Looks at the first ones only, however many wait behind."""
    timer = select(Timer.due_at).join(Case, Case.id == Timer.case_id).where(Timer.due_at <= at, Case.stuck_at.is_(None))
    letter = select(OutgoingMessage.due_at).where(OutgoingMessage.due_at <= at, OutgoingMessage.attempts == 0)
    start = select(Start.due_at).where(Start.kind == "timer", Start.due_at <= at).order_by(Start.due_at).limit(1)
    first = (timer.order_by(Timer.due_at).limit(1), start, letter.order_by(OutgoingMessage.due_at).limit(1))
    found = [moment for query in first if (moment := session.scalar(query)) is not None]
    return min(found, default=None)


def lag(found: Due, *, at: datetime) -> float:
    return max((at - found.oldest).total_seconds(), 0.0) if found.oldest is not None else 0.0


def beat(session: Session, worker: str, found: Due, things: int, *, at: datetime, worst: float | None = None) -> None:
    """Writes down how a worker stands; `things`: what it has done since it last did so. `worst`: the greatest lag it
    has seen since then, in seconds, each counted from the moment of its look; unless it is said, that of `found`."""
    minute = at.replace(second=0, microsecond=0)
    late = lag(found, at=at) if worst is None else worst
    row = session.get(Pulse, (worker, minute), populate_existing=True)
    if row is None:
        session.add(Pulse(worker=worker, minute=minute, seen_at=at, lag=late, waiting=found.number, things=things))
        return
    session.execute(
        update(Pulse)
        .where(Pulse.worker == worker, Pulse.minute == minute)
        .values(seen_at=at, lag=max(row.lag, late), waiting=found.number, things=row.things + things)
    )


def standing(session: Session, *, at: datetime) -> Standing:
    found = due(session, at=at)
    late = lag(found, at=at)
    rows = session.execute(
        select(Pulse.worker, Pulse.minute, Pulse.seen_at, Pulse.lag, Pulse.things)
        .where(Pulse.minute > at - timedelta(hours=1))
        .order_by(Pulse.minute)
    ).all()
    workers: dict[str, Worker] = {}
    minutes: dict[datetime, tuple[float, int]] = {}
    came: dict[str, datetime] = {}
    for name, minute, seen_at, worst, things in rows:
        before = workers.get(name)
        came.setdefault(name, minute)
        workers[name] = Worker(name, seen_at, at - seen_at > GONE, things + (before.things if before else 0))
        lag_before, things_before = minutes.get(minute, (0.0, 0))
        minutes[minute] = (max(lag_before, worst), things_before + things)
    course = [(minute, *kept) for minute, kept in sorted(minutes.items())]
    known = sorted(workers.values(), key=lambda one: one.name)
    looking = min((came[one.name] for one in known if not one.gone), default=at)
    return Standing(found, late, known, course, _alarm(_waited(found, looking, at=at), known, course))


def _waited(found: Due, looking: datetime, *, at: datetime) -> float:
    """For how many seconds what is due has waited though a worker was there; `looking`: the minute the first came."""
    if found.oldest is None:
        return 0.0
    return max((at - max(found.oldest, looking + FIRST_LOOK)).total_seconds(), 0.0)


def _alarm(late: float, workers: Sequence[Worker], course: Sequence[tuple[datetime, float, int]]) -> Term | None:
    if all(worker.gone for worker in workers):
        return Term("没有后台进程在运行：到时的事不会办。", "No worker is running: nothing that falls due is done.")
    recent = [worst for _minute, worst, _things in course[-3:]]
    grows = late > 0 and len(recent) == 3 and recent[0] < recent[1] < recent[2]
    if late > LATE.total_seconds() or (grows and recent[-1] > LATE.total_seconds() / 2):
        seconds = round(max(late, recent[-1] if grows and recent else 0))
        return Term(
            f"到时的事晚了 {seconds} 秒还没有办，请查看后台进程。",
            f"What is due waits {seconds} seconds already; look at the workers.",
        )
    return None


def forget_old(session: Session, *, at: datetime) -> None:
    session.execute(delete(Pulse).where(Pulse.minute < at - KEPT))
