"""The desk for long jobs: asked for here, called off here, and here one sees how far they are.

A job is a row of its own in the transaction that asks for it. A worker finds the row and hands it to the durable
executor under the job's own id; handed over twice it still runs once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.words.errors import NotFound, OutOfDate, Refusal
from engine.words.officers import Actor
from models import LongJob

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
OPEN = (WAITING, RUNNING)
# Results are for fetching, not for keeping.
KEPT = timedelta(days=7)


def ask(
    session: Session, kind: str, args: Mapping[str, Any], *, by: Actor, at: datetime, key: str | None = None
) -> str:
    """Asks for a job; gives its id. `args` are plain JSON. The same `key` again gives the job that is there already."""
    if key is not None and (there := session.scalar(select(LongJob.id).where(LongJob.key == key))) is not None:
        return there
    job = LongJob(
        id=uuid.uuid4().hex, kind=kind, key=key, args=dict(args), officer_id=by.id, state=WAITING, asked_at=at
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:  # somebody asked under this key a moment ago
        return session.scalars(select(LongJob.id).where(LongJob.key == key)).one()
    return job.id


def find(session: Session, job_id: str, *, by: Actor) -> LongJob:
    """A job of one's own; an administrator sees all. Raises `NotFound`."""
    job = session.get(LongJob, job_id, populate_existing=True)
    if job is None or (job.officer_id != by.id and not by.has("admin")):
        raise NotFound("没有这项后台任务", "There is no such job")
    return job


def mine(session: Session, *, by: Actor, kind: str | None = None, most: int = 20) -> Sequence[LongJob]:
    """One's own jobs, newest first."""
    query = select(LongJob).where(LongJob.officer_id == by.id).order_by(LongJob.asked_at.desc(), LongJob.id).limit(most)
    return session.scalars(query.where(LongJob.kind == kind) if kind else query).all()


def every(session: Session, *, most: int = 50) -> Sequence[LongJob]:
    return session.scalars(select(LongJob).order_by(LongJob.asked_at.desc(), LongJob.id).limit(most)).all()


def call_off(session: Session, job_id: str, *, by: Actor, at: datetime) -> None:
    """The parts that are done stay done; no further part begins. Raises `OutOfDate` when the job is over already."""
    job = find(session, job_id, by=by)
    over = update(LongJob).where(LongJob.id == job.id, LongJob.state.in_(OPEN)).values(state=CANCELLED, ended_at=at)
    if session.scalars(over.returning(LongJob.id)).one_or_none() is None:
        raise OutOfDate("这项后台任务已经结束", "This job is over already")


# --- what the executor writes down ------------------------------------------------------------------------------------


def waiting(session: Session) -> Sequence[str]:
    """Jobs nobody has taken to the executor yet, in the order they were asked for."""
    return session.scalars(select(LongJob.id).where(LongJob.state == WAITING).order_by(LongJob.asked_at)).all()


def taken(session: Session, job_id: str) -> None:
    session.execute(update(LongJob).where(LongJob.id == job_id, LongJob.state == WAITING).values(state=RUNNING))


def planned(session: Session, job_id: str, total: int, *, at: datetime) -> None:
    session.execute(update(LongJob).where(LongJob.id == job_id).values(total=total, began_at=at, done=0))


def progressed(session: Session, job_id: str, done: int) -> None:
    session.execute(update(LongJob).where(LongJob.id == job_id).values(done=done))


def ended(session: Session, job_id: str, result: Mapping[str, Any] | None, *, at: datetime) -> None:
    session.execute(
        update(LongJob)
        .where(LongJob.id == job_id, LongJob.state.in_(OPEN))
        .values(state=DONE, ended_at=at, result=dict(result) if result is not None else None)
    )


def failed(session: Session, job_id: str, why: Refusal, *, at: datetime) -> None:
    session.execute(
        update(LongJob)
        .where(LongJob.id == job_id, LongJob.state.in_(OPEN))
        .values(state=FAILED, ended_at=at, trouble=why.zh[:500], trouble_en=why.en[:500])
    )


def forget_old(session: Session, *, at: datetime) -> list[str]:
    """Jobs that ended longer ago than results are kept; gives their ids, so that their files can go, too."""
    old = list(session.scalars(select(LongJob.id).where(LongJob.ended_at < at - KEPT)).all())
    if old:
        session.execute(delete(LongJob).where(LongJob.id.in_(old)))
    return old
