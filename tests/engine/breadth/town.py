"""Several processes side by side, drawn in a few words and published past the laws; a clock that is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from engine import work
from engine.acts import cases, outbox, starts, tasks, timers
from engine.acts import story_checks as laws
from engine.notation import diagram as bpmn
from engine.notation import library
from engine.record.journal import record_office
from engine.words import facts as f
from engine.words.officers import CLOCK
from models import Case, OutgoingMessage, Subscription, Task, Timer
from models.session import sessions as open_sessions
from tests.cast import MORNING, Cast
from tests.engine.tokens import drawn as d

ANYTHING = "<extensionElements><camunda:formData>{}</camunda:formData></extensionElements>"


def user(id: str, *fields: str) -> str:
    """A task of any clerk, with number fields."""
    form = "".join(f'<camunda:formField id="{name}" type="long"/>' for name in fields)
    inner = ANYTHING.format(form) if fields else ""
    return d.el("userTask", id, inner, camunda_candidateGroups="unit_clerk")


def form(*fields: str) -> str:
    return ANYTHING.format("".join(f'<camunda:formField id="{name}" type="long"/>' for name in fields))


def call(id: str, process: str, *handed: str, inner: str = "") -> str:
    """A call activity; `handed`: "in a b" · "in =a+1 b" · "in *" · "out a b" …"""
    parts = []
    for one in handed:
        way, source, *target = one.split(" ")
        if source == "*":
            parts.append(f'<camunda:{way} variables="all"/>')
        elif source.startswith("="):
            parts.append(f'<camunda:{way} sourceExpression="{source}" target="{target[0]}"/>')
        else:
            parts.append(f'<camunda:{way} source="{source}" target="{target[0]}"/>')
    extensions = f"<extensionElements>{''.join(parts)}</extensionElements>" if parts else ""
    return d.el("callActivity", id, extensions + inner, calledElement=process)


def properties(inner: str = "", **values: str) -> str:
    """Properties first, then the trigger, as the schema wants it."""
    return d.properties(**values) + inner


class Town:
    def __init__(self, engine: Engine, cast: Cast) -> None:
        self.engine, self.cast = engine, cast
        self.sessions: sessionmaker[Session] = open_sessions(engine)
        self.at = MORNING
        self._versions: dict[str, int] = {}
        self._count = 0

    def publish(self, process: str, *parts: str, tables: Mapping[str, str] | None = None) -> None:
        diagram = d.xml(*parts).replace('<process id="drawn"', f'<process id="{process}"').encode()
        self.publish_file(diagram, tables)

    def publish_file(self, diagram: bytes, tables: Mapping[str, str] | None = None) -> None:
        digest = library.digest_of(diagram, tables or {})
        read = bpmn.read(diagram)
        process = read.process
        number = self._versions[process] = self._versions.get(process, 0) + 1
        self._count += 1
        fact = f.VersionPublished(process, self._count, number, process, process, digest, "", [])
        with self.sessions() as session, session.begin():
            waiting = starts.set_for(session, process, self._count, number, read, at=self.at)
            enclosed = {digest: (diagram, dict(tables or {}))}
            record_office(session, [fact, waiting], by=CLOCK, at=self.at, enclosed=enclosed)

    # --- acting -------------------------------------------------------------------------------------------------

    def open(self, process: str, by: str = "clerk", **answers: Any) -> int:
        with self.sessions() as session, session.begin():
            return cases.open(session, process, answers, by=self.cast.actor(session, by), at=self.at)

    def do(self, case: int, element: str, by: str = "clerk", **answers: Any) -> None:
        self.at += timedelta(minutes=1)
        with self.sessions() as session, session.begin():
            task = session.scalars(
                select(Task)
                .where(Task.case_id == case, Task.element == element, Task.done_at.is_(None))
                .order_by(Task.id)
                .limit(1)
            ).one()
            tasks.complete(session, task.id, answers, by=self.cast.actor(session, by), at=self.at)

    def hand_on(self, *, most: int = 30) -> int:
        """Everything that is due at this moment, until nothing moves any more."""
        done = 0
        for _ in range(most):
            moved = work.once(self.sessions, at=self.at)
            done += moved
            if not moved:
                break
        return done

    def later(self, **time: float) -> int:
        self.at += timedelta(**time)
        return self.hand_on()

    def wake(self) -> int:
        return timers.wake_due(self.sessions, at=self.at)

    def deliver(self) -> int:
        return outbox.deliver_due(self.sessions, at=self.at)

    # --- looking ------------------------------------------------------------------------------------------------

    def case(self, id: int) -> Case:
        with self.sessions() as session:
            return session.get_one(Case, id)

    def cases(self, process: str) -> list[int]:
        with self.sessions() as session:
            return list(session.scalars(select(Case.id).where(Case.process_id == process).order_by(Case.id)))

    def children(self, case: int) -> list[int]:
        with self.sessions() as session:
            return list(session.scalars(select(Case.id).where(Case.parent_id == case).order_by(Case.id)))

    def waiting(self, case: int) -> str:
        with self.sessions() as session:
            query = select(Task.element).where(Task.case_id == case, Task.done_at.is_(None))
            return " ".join(sorted(session.scalars(query)))

    def values(self, case: int) -> dict[str, Any]:
        return dict(self.case(case).variables)

    def outbox(self, kind: str | None = None) -> list[OutgoingMessage]:
        with self.sessions() as session:
            query = select(OutgoingMessage).order_by(OutgoingMessage.sent_at, OutgoingMessage.id)
            return [one for one in session.scalars(query) if kind in {None, one.kind}]

    def left_over(self, case: int) -> int:
        """What still waits in a case: tasks, timers, waits."""
        with self.sessions() as session:
            found = [
                *session.scalars(select(Task.id).where(Task.case_id == case, Task.done_at.is_(None))),
                *session.scalars(select(Timer.id).where(Timer.case_id == case)),
                *session.scalars(select(Subscription.id).where(Subscription.case_id == case)),
            ]
        return len(found)

    def lawful(self) -> None:
        """The chain is whole, the facts give the very rows there are, nothing is left behind."""
        with self.sessions() as session:
            assert list(laws.broken_laws(session)) == []
