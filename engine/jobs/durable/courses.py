"""What a worker does for a long job, part by part, and what by the calendar: it seals, and tidies up by night."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from dbos import DBOS
from dbos._error import DBOSMaxStepRetriesExceeded
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import lost_letters, orphans, personal, sweeping
from engine.acts.officers import actor
from engine.jobs import desk, kinds, pulse
from engine.record import seals
from engine.words.errors import Refusal
from engine.words.officers import CLOCK
from models import LongJob
from models.session import reading

_AGAIN: Any = {"retries_allowed": True, "interval_seconds": 1.0, "max_attempts": 6}
BROKEN = Refusal(
    "程序出错，任务没有完成；原因在日志里", "The program failed and the job is not done; the reason is in its log"
)
_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Around:
    sessions: sessionmaker[Session]
    home: Path
    clock: Callable[[], datetime]

    @property
    def folder(self) -> Path:
        return self.home / "jobs"


_around: Around | None = None  # DBOS finds its workflows by name, not by object: one executor a process


def begin_at(around: Around | None) -> None:
    """Where the work of this process is done; None: it is done no more."""
    global _around
    _around = around


def _here() -> Around:
    if _around is None:
        raise RuntimeError("the executor of long jobs is not running in this process")
    return _around


@DBOS.workflow(name="long_job")
def run(job: str) -> None:
    try:
        total = _plan(job)
        for number in range(total):
            if not _part(job, number):
                return
        if total >= 0:
            _finish(job)
    except DBOSMaxStepRetriesExceeded:
        _give_up(job)


@DBOS.step(name="plan", **_AGAIN)
def _plan(job: str) -> int:
    """How many parts; -1 when the job cannot be done."""

    def plan(kind: kinds.Kind, errand: kinds.Errand) -> int:
        total = kind.plan(_here().sessions, errand)
        with _here().sessions() as session, session.begin():
            desk.planned(session, job, total, at=_here().clock())
        return total

    found = _try(job, plan)
    return -1 if found is None else found


@DBOS.step(name="part", **_AGAIN)
def _part(job: str, number: int) -> bool:
    """Whether to go on."""

    def part(kind: kinds.Kind, errand: kinds.Errand) -> bool:
        kind.part(_here().sessions, errand, number, at=_here().clock())
        with _here().sessions() as session, session.begin():
            desk.progressed(session, job, number + 1)
        return True

    return bool(_try(job, part))


@DBOS.step(name="finish", **_AGAIN)
def _finish(job: str) -> None:
    def finish(kind: kinds.Kind, errand: kinds.Errand) -> None:
        result = kind.finish(_here().sessions, errand, at=_here().clock())
        with _here().sessions() as session, session.begin():
            desk.ended(session, job, result, at=_here().clock())

    _try(job, finish)


@DBOS.step(name="give up", **_AGAIN)
def _give_up(job: str) -> None:
    with _here().sessions() as session, session.begin():
        desk.failed(session, job, BROKEN, at=_here().clock())


def _try(job: str, do: Callable[[kinds.Kind, kinds.Errand], T]) -> T | None:
    """None when the job was called off or has failed; the job then says why."""
    here = _here()
    try:
        with reading(here.sessions) as session:
            row = session.get(LongJob, job)
            if row is None or row.state not in desk.OPEN:
                return None
            by = actor(session, row.officer_id, at=here.clock()) if row.officer_id is not None else CLOCK
            errand = kinds.Errand(row.id, dict(row.args), by, row.asked_at, here.folder / row.id)
            kind = kinds.kind_of(row.kind)
        return do(kind, errand)
    except Refusal as refusal:
        why = refusal
    except OperationalError:  # the database is away or busy: the step is tried again
        raise
    except Exception:  # the border of the executor: whatever went wrong, the job says so and the worker goes on
        _log.exception("job %s failed", job)
        why = BROKEN
    with here.sessions() as session, session.begin():
        desk.failed(session, job, why, at=here.clock())
    return None


# --- what is due by the calendar --------------------------------------------------------------------------------------


@DBOS.workflow(name="seal")
def seal(_due: datetime, _context: Any) -> None:
    with _here().sessions() as session, session.begin():
        seals.seal(session, at=_here().clock())


@DBOS.workflow(name="housekeeping")
def tidy(_due: datetime, _context: Any) -> None:
    here = _here()
    with here.sessions() as session, session.begin():
        old = desk.forget_old(session, at=here.clock())
        pulse.forget_old(session, at=here.clock())
        sweeping.sweep_submissions(session, at=here.clock())
    orphans.sweep(here.sessions, here.home / "evidence", at=here.clock())
    orphans.sweep_values(here.sessions)
    personal.delete_due(here.sessions, at=here.clock())
    lost_letters.erase_due(here.sessions, at=here.clock())
    for job in old:
        shutil.rmtree(here.folder / job, ignore_errors=True)
    finished = [one.workflow_id for one in DBOS.list_workflows(status=["SUCCESS", "ERROR", "CANCELLED"], limit=5000)]
    if finished:
        DBOS.delete_workflows(finished)
