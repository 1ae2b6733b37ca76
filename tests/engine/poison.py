"""Processes that break on the way, published past the laws, which would not let most of them through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, outbox, tasks, timers
from engine.notation import library
from engine.record.journal import record_office
from engine.words import facts as f
from engine.words.officers import CLOCK
from models import Case, Task, Version
from tests.cast import MORNING, Cast
from tests.engine.tokens import drawn

_FIELD = '<camunda:formField id="x" type="long"/>'
NOT_EMPTY = f"<extensionElements><camunda:formData>{_FIELD}</camunda:formData></extensionElements>"


def user(id: str, inner: str = NOT_EMPTY) -> str:
    return drawn.el("userTask", id, inner, camunda_candidateGroups="unit_clerk")


class Ward:
    """Cases of one drawn process, each named by what it is for."""

    def __init__(
        self, sessions: sessionmaker[Session], cast: Cast, *parts: str, tables: Mapping[str, str] | None = None
    ):
        self.sessions, self.cast, self.at = sessions, cast, MORNING
        diagram = drawn.xml(*parts).encode()
        digest = library.digest_of(diagram, tables or {})
        fact = f.VersionPublished("drawn", 1, 1, "画的", "drawn", digest, "", [])
        with sessions() as session, session.begin():
            record_office(session, [fact], by=CLOCK, at=MORNING, enclosed={digest: (diagram, dict(tables or {}))})

    def open(self, by: str = "clerk", **answers: Any) -> int:
        with self.sessions() as session, session.begin():
            return cases.open(session, "drawn", answers, by=self.cast.actor(session, by), at=self.at)

    def do(self, case: int, element: str, by: str = "clerk", **answers: Any) -> None:
        self.at += timedelta(minutes=1)
        with self.sessions() as session, session.begin():
            task = session.scalars(
                select(Task).where(Task.case_id == case, Task.element == element, Task.done_at.is_(None))
            ).one()
            tasks.complete(session, task.id, answers, by=self.cast.actor(session, by), at=self.at)

    def later(self, **time: float) -> int:
        self.at += timedelta(**time)
        return timers.wake_due(self.sessions, at=self.at) + outbox.deliver_due(self.sessions, at=self.at)

    def row(self, case: int) -> Case:
        with self.sessions() as session:
            return session.get_one(Case, case)

    def why(self, case: int) -> dict[str, Any]:
        return dict(self.row(case).stuck_why or {})

    def waiting(self, case: int) -> list[str]:
        with self.sessions() as session:
            query = select(Task.element).where(Task.case_id == case, Task.done_at.is_(None))
            return sorted(session.scalars(query))

    def version(self) -> Version:
        with self.sessions() as session:
            return session.scalars(select(Version)).one()
