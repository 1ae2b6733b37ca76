"""The clock at work: timers that are due fire, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts.casefiles import find_case, scene_of
from engine.notation.spiff import step
from engine.record.journal import record
from engine.words import facts as f
from engine.words.errors import CannotGoOn, OutOfDate
from engine.words.officers import CLOCK
from models import Case, Timer


def wake_due(sessions: sessionmaker[Session], *, at: datetime, limit: int = 1000) -> int:
    """Fires every timer that is due at `at`, the longest overdue first; says how many fired. A timer whose case is
    being worked on right now is left for the next round."""
    fired = 0
    passed: set[str] = set()
    while fired < limit:
        with sessions() as session, session.begin():
            timer = _next(session, at, passed)
            if timer is None:
                return fired
            passed.add(timer.id)
            fired += _fire(session, timer, at=at)
    return fired


def _next(session: Session, at: datetime, passed: set[str]) -> Timer | None:
    query = (
        select(Timer)
        .join(Case, Case.id == Timer.case_id)
        .where(Timer.due_at <= at, Case.stuck_at.is_(None), Timer.id.not_in(passed))
        .order_by(Timer.due_at, Timer.id)
        .limit(1)
        .with_for_update(of=Timer, skip_locked=True)
    )
    return session.execute(query).scalars().first()


def _fire(session: Session, timer: Timer, *, at: datetime) -> int:
    case = find_case(session, timer.case_id)
    scene = scene_of(session, case, by=CLOCK, at=at)
    try:
        decided = step.fire(scene, case.state, timer.id)
    except CannotGoOn as stuck:
        # Nothing of the failed step is kept; the case waits for an administrator, the other cases do not notice.
        fact = f.CaseStuck(stuck.element, stuck.zh, stuck.en, {"timer": timer.id})
        record(session, case, [fact], by=CLOCK, at=at)
        return 0
    if decided is None:
        record(session, case, [f.TimerDropped(timer.id, timer.element)], by=CLOCK, at=at)
        return 0
    try:
        record(session, case, decided.facts, by=CLOCK, at=at, state=decided.state, serial=decided.serial)
    except OutOfDate:
        session.rollback()
        return 0
    return 1
