"""Work that waits for programs outside, by topic: how much, how old, what fails; the keys and hosts there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from models import AllowedHost, Officer, ServiceJob, WorkerToken


@dataclass(frozen=True, slots=True)
class Topic:
    """`waiting`: could be taken now; `held`: somebody works on it; `failing`: waits for its next try; `stopped`: lies
    with an incident. `oldest`: when the oldest of all was made; `trouble`: what a failing one said last."""

    name: str
    waiting: int
    held: int
    failing: int
    stopped: int
    oldest: datetime
    trouble: str


@dataclass(frozen=True, slots=True)
class Key:
    id: int
    name: str
    topics: Sequence[str]
    made_at: datetime
    made_by: str
    ended_at: datetime | None
    # The login of the officer for whom it raises issues ("": it works for tasks), and the messages it may bring.
    officer: str = ""
    messages: Sequence[str] = ()


def topics(session: Session, *, at: datetime) -> list[Topic]:
    job = ServiceJob
    held = and_(job.leased_until.is_not(None), job.leased_until > at)

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    query = (
        select(
            job.topic,
            count(job.due_at <= at),
            count(and_(held, job.due_at.is_not(None))),
            count(and_(job.due_at > at, job.leased_until.is_(None))),
            count(job.due_at.is_(None)),
            func.min(job.made_at),
            func.max(job.trouble),
        )
        .group_by(job.topic)
        .order_by(func.min(job.made_at))
    )
    found = session.execute(query).all()
    return [
        Topic(name, int(waiting), int(busy), int(failing), int(stopped), oldest, trouble or "")
        for name, waiting, busy, failing, stopped, oldest, trouble in found
    ]


def keys(session: Session) -> list[Key]:
    """Those that hold first, then those that have ended."""
    source = aliased(Officer)
    query = (
        select(WorkerToken, Officer.name, source.login)
        .outerjoin(Officer, Officer.id == WorkerToken.made_by)
        .outerjoin(source, source.id == WorkerToken.officer_id)
        .order_by(WorkerToken.ended_at.is_not(None), WorkerToken.id)
    )
    return [
        Key(
            token.id,
            token.name,
            tuple(token.topics),
            token.made_at,
            name or "",
            token.ended_at,
            login or "",
            tuple(token.messages),
        )
        for token, name, login in session.execute(query)
    ]


def hosts(session: Session) -> list[str]:
    return list(session.scalars(select(AllowedHost.host).order_by(AllowedHost.host)))
