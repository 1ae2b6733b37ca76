"""What a case waits for now: open tasks and for whom, timers, and the buttons an officer may press."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from engine.reads.case_page import Head
from engine.reads.names import Mentioned, Names, names_for
from engine.reads.sight import for_me, meant
from engine.reads.tongues import named
from engine.words.officers import Actor
from engine.words.terms import Term
from models import Candidate, Clock, Officer, Task, Timer
from models import Subscription as Wait

_MOST = 200


@dataclass(frozen=True, slots=True)
class Open:
    """An open task. `mine`: this officer may take or do it now. `about`: which instance of a repeated step."""

    id: str
    name: Term
    whom: Term
    about: Term
    claimed_by: Term | None
    due_at: datetime | None
    near_at: datetime | None
    opened_at: datetime
    paused: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Button:
    """Something an officer may start from the case page."""

    id: str
    label: Term
    whom: Term
    mine: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    element: str
    name: Term
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """`more`: open tasks beyond those listed."""

    tasks: tuple[Open, ...]
    buttons: tuple[Button, ...]
    messages: tuple[Term, ...]
    alarms: tuple[Alarm, ...]
    more: int


def of(session: Session, head: Head, *, actor: Actor) -> Waiting:
    """Seven statements at most, however much waits."""
    free = or_(Task.claimed_by.is_(None), Task.claimed_by == actor.id)
    query: Any = (
        select(Task, Officer.name, Officer.name_en, Clock.near_at, Clock.paused_at, and_(free, for_me(actor)))
        .outerjoin(Officer, Officer.id == Task.claimed_by)
        .outerjoin(Clock, and_(Clock.case_id == Task.case_id, Clock.round == Task.round, Clock.name == Task.clock))
        .where(Task.case_id == head.id, Task.done_at.is_(None))
        .order_by(Task.due_at.is_(None), Task.due_at, Task.id)
        .limit(_MOST)
    )
    tasks = session.execute(query).all()
    count = select(func.count()).where(Task.case_id == head.id, Task.done_at.is_(None))
    all_open = session.scalar(count) or 0 if len(tasks) == _MOST else len(tasks)
    waits: Any = session.execute(
        select(Wait, meant(Wait.id, actor)).where(Wait.case_id == head.id).order_by(Wait.opened_at, Wait.id)
    ).all()
    timers = session.scalars(select(Timer).where(Timer.case_id == head.id).order_by(Timer.due_at)).all()
    wishes = _wishes(session, [*(row[0].id for row in tasks), *(row[0].id for row in waits)])
    names = _names(session, head, wishes.values(), [row[0] for row in tasks])
    return Waiting(
        tasks=tuple(
            Open(
                id=task.id,
                name=named(task.name, task.name_en),
                whom=names.wanted(wishes.get(task.id, ())),
                about=names.instance(task.item),
                claimed_by=named(who, who_en) if who else None,
                due_at=task.due_at,
                near_at=near,
                opened_at=task.opened_at,
                paused=paused is not None,
                mine=bool(mine),
            )
            for task, who, who_en, near, paused, mine in tasks
        ),
        buttons=tuple(
            Button(wait.id, named(wait.button, wait.button_en or ""), names.wanted(wishes.get(wait.id, ())), bool(mine))
            for wait, mine in waits
            if wait.button
        ),
        messages=tuple(names.element(wait.element) for wait, _mine in waits if not wait.button),
        alarms=tuple(Alarm(timer.element, names.element(timer.element), timer.due_at) for timer in timers),
        more=all_open - len(tasks),
    )


def _wishes(session: Session, owners: list[str]) -> dict[str, list[dict[str, Any]]]:
    query = select(Candidate.owner, Candidate.role, Candidate.unit_id, Candidate.officer_id)
    wishes: dict[str, list[dict[str, Any]]] = {}
    for row in session.execute(query.where(Candidate.owner.in_(owners)).order_by(Candidate.id)):
        wish = {"role": row.role, "unit": row.unit_id, "officer": row.officer_id}
        wishes.setdefault(row.owner, []).append(wish)
    return wishes


def _names(session: Session, head: Head, wishes: Iterable[list[dict[str, Any]]], tasks: list[Task]) -> Names:
    mentioned = Mentioned()
    for wish in wishes:
        mentioned.read(wish)
    for task in tasks:
        mentioned.read(task.item)
    return names_for(session, head.diagram, mentioned)
