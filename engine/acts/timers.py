"""The clock at work: timers that are due fire, those of a few cases in one transaction.

Where one of them breaks, none of the few has fired; then each is fired in a transaction of its own.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from engine.acts.casefiles import TOGETHER, scene_of, take_due
from engine.acts.incidents import broke, stop
from engine.notation.spiff import step
from engine.record.journal import CaseFile, record
from engine.words import facts as f
from engine.words.errors import CannotGoOn, OutOfDate
from engine.words.officers import CLOCK
from models import Case, Timer
from models.session import reading

# How many timers a worker fires between two looks, and among how many that are due it chooses them: where very many
# are, each worker takes others, and they seldom reach for the same one.
_HANDFUL = 100
_SIGHT = 1000
# Not in order of the ids as well: of a hundred thousand due at one moment, all would be sorted to find the first.
_DUE = (
    select(Timer.id, Timer.element, Timer.case_id, Timer.due_at)
    .join(Case, Case.id == Timer.case_id)
    .where(Timer.due_at <= bindparam("at"), Case.stuck_at.is_(None))
    .where(Timer.id.not_in(bindparam("passed", expanding=True)))
    .order_by(Timer.due_at)
    .limit(_SIGHT)
)


def wake_due(sessions: sessionmaker[Session], *, at: datetime, limit: int = 1000) -> int:
    """Fires every timer that is due at `at`, by and large the longest overdue first; says how many fired. A timer whose
    case is being worked on right now is left for the next round."""
    fired = 0
    passed: list[str] = []  # those that could not fire would be found again at once
    while fired < limit:
        with reading(sessions) as session:
            due = session.connection().execute(_DUE, {"at": at, "passed": passed}).all()
        if not due:
            break
        # One of each case at a time, its longest overdue: what fires may set, move or drop other timers of its case.
        first: dict[int, tuple[str, str]] = {}
        for timer, element, case, _since in sorted(due, key=lambda row: (row.due_at, row.id)):
            first.setdefault(case, (timer, element))
        chosen = list(first.values())
        if len(chosen) > _HANDFUL:
            chosen = random.sample(chosen, _HANDFUL)
        chosen = chosen[: limit - fired]
        while chosen:
            tried, done = _fire_few(sessions, chosen[:TOGETHER], at=at)
            fired += len(done)
            passed += [timer for timer, _ in chosen[:tried] if timer not in done]
            chosen = chosen[tried:]
    return fired


def _fire_few(sessions: sessionmaker[Session], few: Sequence[tuple[str, str]], *, at: datetime) -> tuple[int, set[str]]:
    """How many of these timers were tried, from the first, and which fired."""
    try:
        with sessions() as session, session.begin():
            return _fire_some(session, few, at=at)
    except OperationalError:
        raise
    except Exception as error:  # the worker's border: one case that breaks the program must not stop the others
        if len(few) > 1:
            return len(few), set().union(*(_fire_few(sessions, [one], at=at)[1] for one in few))
        if not isinstance(error, OutOfDate):  # else somebody was first; the next look shows what is still due
            timer, element = few[0]
            broke(sessions, int(timer.partition("-")[0]), element, {"timer": timer}, at=at)
        return 1, set()


def _fire_some(session: Session, timers: Sequence[tuple[str, str]], *, at: datetime) -> tuple[int, set[str]]:
    """Fires these in turn; how many were tried, and which fired. It ends behind one that took a number all cases share:
    two workers that each held one and wanted the other's would wait for ever."""
    cases = take_due(session, [timer for timer, _ in timers], at=at)
    fired = set()
    for tried, (timer, element) in enumerate(timers, start=1):
        facts = _fire(session, cases[timer], timer, element, at=at) if timer in cases else None
        if facts is not None:
            fired.add(timer)
            if any(isinstance(fact, f.DocumentIssued) for fact in facts):
                return tried, fired
    return len(timers), fired


def _fire(session: Session, case: CaseFile, timer: str, element: str, *, at: datetime) -> Sequence[f.CaseFact] | None:
    """What came of it. None when the case cannot go on."""
    scene = scene_of(session, case, by=CLOCK, at=at)
    try:
        decided = step.fire(scene, case.state, timer)
    except CannotGoOn as stuck:
        stop(session, case, stuck, {"timer": timer}, by=CLOCK, at=at)
        return None
    if decided is None:
        record(session, case, [f.TimerDropped(timer, element)], by=CLOCK, at=at)
        return None
    record(
        session, case, decided.facts, by=CLOCK, at=at, state=decided.state, serial=decided.serial, large=decided.large
    )
    return decided.facts
