"""Work that programs outside do for cases: they take jobs on a lease, and say what came of each.

A worker that loses its lease loses the job: what it says afterwards is refused with a sentence. That costs none of the
tries; but a job of which so many leases in a row run out without a word counts as failed for good. What a worker says
in time is one step of the case, all or nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.acts.job_holding import held
from engine.acts.job_outcomes import WORN_OUT, Outcome, answered, failed_for_good, give_up
from engine.notation.spiff.serving import Answer
from engine.record.journal import record
from engine.words import backoff
from engine.words import facts as f
from engine.words.errors import Fault, NotValid
from engine.words.numbers import number_of
from engine.words.officers import CLOCK
from engine.words.terms import Term
from engine.words.values import from_json
from models import Case, ServiceJob
from models.base import table_of

__all__ = ["MOST", "Outcome", "Taken", "complete", "extend", "fail", "put_back", "take", "throw", "topic_of"]

MOST = 100  # jobs in one look
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(hours=24)
LONGEST_TEXT = 2000
_JOBS, _CASES = table_of(ServiceJob), table_of(Case)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job somebody holds until `until`. `inputs` are JSON; `tries`: which try this is; `retries`: how many are left
    after it; `key`: the same at every try of this job, for whoever must not do it twice."""

    id: str
    lease: str
    until: datetime
    topic: str
    element: str
    case: int
    inputs: dict[str, Any]
    tries: int
    retries: int

    @property
    def number(self) -> str:
        return number_of(self.case)

    @property
    def key(self) -> str:
        return f"bihuan-{self.id}"


def take(
    session: Session,
    topics: Collection[str],
    worker: str,
    *,
    at: datetime,
    most: int = 1,
    lease: timedelta = timedelta(minutes=1),
    case: int | None = None,
) -> list[Taken]:
    """The jobs of these topics that have been due longest, held for this worker; none that somebody else holds, or
    whose case waits for its repair. `case`: only its jobs. Raises `NotValid`."""
    faults = []
    if not topics or any(not topic or len(topic) > 100 for topic in topics):
        faults.append(Fault("topics", "请写明要领取哪些主题（topics）", "Say which topics to work for"))
    if not worker.strip() or len(worker) > 100:
        faults.append(
            Fault("worker", "请写明程序的名称（worker，至多 100 字）", "Name the worker (at most 100 characters)")
        )
    if not 1 <= most <= MOST:
        faults.append(Fault("most", f"一次领取 1 到 {MOST} 件", f"Take 1 to {MOST} jobs at once"))
    faults += _wrong_lease(lease)
    if faults:
        raise NotValid(faults)
    due = (
        select(_JOBS)
        .join(_CASES, _CASES.c.id == _JOBS.c.case_id)
        .where(_JOBS.c.topic.in_(sorted(topics)), _JOBS.c.due_at <= at, _CASES.c.stuck_at.is_(None))
        .order_by(_JOBS.c.due_at, _JOBS.c.id)
        .limit(most)
    )
    if case is not None:
        due = due.where(_JOBS.c.case_id == case)
    worn_out = session.connection().execute(due.where(WORN_OUT)).mappings().all()
    for job in sorted(worn_out, key=lambda row: (row["case_id"], row["id"])):
        give_up(session, job["case_id"], job["id"], at=at)
    free = due.where(~WORN_OUT).with_for_update(of=_JOBS, skip_locked=True)
    found = session.connection().execute(free).mappings().all()
    taken = []
    for job in found:
        mark = secrets.token_hex(16)
        lost = job["lost"] + (job["lease"] is not None)  # whoever held it has let its lease run out
        held = {"worker": worker, "lease": mark, "leased_until": at + lease, "due_at": at + lease, "lost": lost}
        session.connection().execute(
            update(_JOBS).where(_JOBS.c.id == job["id"]).values(**held, tries=job["tries"] + 1)
        )
        taken.append(
            Taken(
                job["id"], mark, at + lease, job["topic"], job["element"], job["case_id"], job["inputs"],
                job["tries"] + 1, job["retries"],
            )
        )  # fmt: skip
    return taken


def complete(session: Session, id: str, lease: str, given: Mapping[str, Any], *, at: datetime) -> Outcome:
    """The work is done; what it gave goes into the case, through the diagram's mapping. Raises `NotFound`, `NotValid`,
    `OutOfDate` (done already, dropped, held by another, or the case waits for its repair)."""
    case, job = held(session, id, lease, at=at)
    return answered(session, case, job, Answer("done", job.worker or "", given=_legible(given), lease=lease), at=at)


def throw(
    session: Session, id: str, lease: str, code: str, message: str, given: Mapping[str, Any], *, at: datetime
) -> Outcome:
    """A BPMN error that the diagram knows comes out of the task. Raises as `complete`."""
    if not code.strip() or len(code) > 200:
        raise NotValid([Fault("code", "请写明错误代码（code）", "Say the code of the error")])
    case, job = held(session, id, lease, at=at)
    answer = Answer("error", job.worker or "", code.strip(), message[:LONGEST_TEXT], _legible(given), lease)
    return answered(session, case, job, answer, at=at)


def fail(
    session: Session,
    id: str,
    lease: str,
    message: str,
    *,
    at: datetime,
    retries: int | None = None,
    after: timedelta | None = None,
) -> Outcome:
    """The try came to nothing. `retries`: tries left from now, `after`: the wait before the next; both as the diagram
    says when the worker says nothing. After the last the case becomes an incident. Raises as `complete`."""
    if retries is not None and not 0 <= retries <= backoff.MOST_RETRIES:
        raise NotValid([Fault("retries", "剩余次数须是 0 到 1000 的整数", "Retries are a whole number from 0 to 1000")])
    if after is not None and not timedelta(0) <= after <= timedelta(days=30):
        raise NotValid([Fault("after", "间隔须在 0 到 30 天之间", "The wait is between 0 and 30 days")])
    case, job = held(session, id, lease, at=at)
    message, worker = message.strip()[:LONGEST_TEXT], job.worker or ""
    if job.retries > 0 if retries is None else retries > 0:
        left = job.retries - 1 if retries is None else retries - 1
        due = at + (after if after is not None else backoff.wait_after(job.backoff, job.tries))
        record(session, case, [f.JobFailed(job.id, job.element, worker, message, left, due)], by=CLOCK, at=at)
        return Outcome("retry", due)
    zh, en = (
        f"试了 {job.tries} 次都没有办成：{message or '没有说明'}",
        f"failed {job.tries} times: {message or 'nothing was said'}",
    )
    return failed_for_good(session, case, job, message, Term(zh, en), at=at)


def extend(session: Session, id: str, lease: str, by: timedelta, *, at: datetime) -> datetime:
    """Holds the job for so long from now; until when. Raises as `complete`."""
    if faults := _wrong_lease(by):
        raise NotValid(faults)
    _case, job = held(session, id, lease, at=at, stuck_too=True)
    until = at + by
    session.connection().execute(update(_JOBS).where(_JOBS.c.id == job.id).values(leased_until=until, due_at=until))
    return until


def put_back(session: Session, job: Taken, *, at: datetime) -> None:
    """As if it had never been taken."""
    free = {"worker": None, "lease": None, "leased_until": None, "due_at": at, "tries": job.tries - 1}
    session.connection().execute(update(_JOBS).where(_JOBS.c.id == job.id, _JOBS.c.lease == job.lease).values(**free))


def topic_of(session: Session, id: str) -> str | None:
    """The topic of a job that waits; None when it waits no more."""
    return session.scalar(select(ServiceJob.topic).where(ServiceJob.id == id))


def _legible(given: Mapping[str, Any]) -> dict[str, Any]:
    if any(not name or len(name) > 200 for name in given):
        raise NotValid([Fault("outputs", "输出的名称须是 1 到 200 个字", "Names of outputs have 1 to 200 characters")])
    try:
        read: dict[str, Any] = from_json(dict(given))
    except (ValueError, TypeError, KeyError) as error:
        raise NotValid([Fault("outputs", f"输出读不懂：{error}", f"The outputs cannot be read: {error}")]) from error
    return read


def _wrong_lease(lease: timedelta) -> list[Fault]:
    if SHORTEST <= lease <= LONGEST:
        return []
    return [Fault("lease", "领取时长须在 1 秒到 24 小时之间", "A lease lasts from 1 second to 24 hours")]
