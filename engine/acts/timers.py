"""The clock at work: timers that are due fire, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts.casefiles import find_case, scene_of
from engine.notation.spiff import step
from engine.record.journal import record
from engine.words import facts as f
from engine.words.errors import CannotGoOn, OutOfDate
from engine.words.officers import CLOCK
from models import Case, Timer

# The longest overdue timer. Its case is what is locked, not the timer: whoever works on a case holds the case, and two
# who lock in different orders would wait for each other for ever.
_NEXT = (
    select(Timer.id, Timer.case_id, Timer.element)
    .join(Case, Case.id == Timer.case_id)
    .where(Timer.due_at <= bindparam("at"), Case.stuck_at.is_(None))
    .where(Timer.id.not_in(bindparam("passed", expanding=True)))
    .order_by(Timer.due_at, Timer.id)
    .limit(1)
    .with_for_update(of=Case, skip_locked=True)
)
_STILL_THERE = select(Timer.id).where(Timer.id == bindparam("timer"))


def wake_due(sessions: sessionmaker[Session], *, at: datetime, limit: int = 1000) -> int:
    """Fires every timer that is due at `at`, the longest overdue first; says how many fired. A timer whose case is
    being worked on right now is left for the next round."""
    fired = 0
    passed: list[str] = []
    while fired < limit:
        with sessions() as session, session.begin():
            timer = session.connection().execute(_NEXT, {"at": at, "passed": passed}).one_or_none()
            if timer is None:
                return fired
            if _fire(session, timer.id, timer.case_id, timer.element, at=at):
                fired += 1
            else:
                passed.append(timer.id)  # else it would be found again at once
    return fired


def _fire(session: Session, timer: str, case_id: int, element: str, *, at: datetime) -> bool:
    case = find_case(session, case_id)
    scene = scene_of(session, case, by=CLOCK, at=at)
    try:
        decided = step.fire(scene, case.state, timer)
    except CannotGoOn as stuck:
        # Nothing of the failed step is kept; the case waits for an administrator, the other cases do not notice.
        fact = f.CaseStuck(stuck.element, stuck.zh, stuck.en, {"timer": timer})
        record(session, case, [fact], by=CLOCK, at=at)
        return False
    if decided is None:
        # Either somebody was quicker, or a row was left that the case does not know.
        if session.connection().execute(_STILL_THERE, {"timer": timer}).first() is not None:
            record(session, case, [f.TimerDropped(timer, element)], by=CLOCK, at=at)
        return False
    try:
        record(session, case, decided.facts, by=CLOCK, at=at, state=decided.state, serial=decided.serial)
    except OutOfDate:
        session.rollback()
        return False
    return True
