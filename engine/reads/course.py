"""The way a case took through its diagram, and where it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.reads.case_page import Head
from engine.reads.drawn import Turn, now_called, turns
from engine.reads.tongues import named
from engine.words.terms import Term
from models import Case, Entry, Officer, OutgoingMessage, Task, Timer
from models import Subscription as Wait

# Facts that tell the way of a token.
_WAY = ("TokensMoved", "StepUndone", "CaseMoved")


@dataclass(frozen=True, slots=True)
class Stop:
    """One step the case took or is at. `outcome`: completed · cancelled · None while it is open."""

    element: str
    name: Term
    round: int
    opened_at: datetime
    done_at: datetime | None
    outcome: str | None
    who: Term | None


def steps(session: Session, head: Head, *, limit: int = 100) -> tuple[Stop, ...]:
    """The newest steps, latest first; each under the id it has in the version the case runs by now."""
    query = (
        select(Task, Officer.name, Officer.name_en)
        .outerjoin(Officer, Officer.id == Task.done_by)
        .where(Task.case_id == head.id)
        .order_by(Task.opened_at.desc(), Task.id.desc())
        .limit(limit)
    )
    changes = turns(session, [head.id]).get(head.id, [])
    return tuple(
        Stop(
            element=now_called(task.element, task.done_at, changes),
            name=named(task.name, task.name_en),
            round=task.round,
            opened_at=task.opened_at,
            done_at=task.done_at,
            outcome=task.outcome,
            who=named(who, who_en) if who else None,
        )
        for task, who, who_en in session.execute(query)
    )


def position(session: Session, head: Head, *, limit: int = 1000) -> tuple[list[str], list[str], list[str]]:
    """Element ids where tokens are now (one each), those that were passed in the last `limit` steps, and those of them
    that have been undone since."""
    tokens = [
        *session.scalars(select(Task.element).where(Task.case_id == head.id, Task.done_at.is_(None))),
        *session.scalars(select(Timer.element).where(Timer.case_id == head.id)),
        *session.scalars(select(Wait.element).where(Wait.case_id == head.id)),
        *_calls(session, head.id),
    ]
    moved = (
        select(Entry.kind, Entry.body)
        .where(
            Entry.book == head.id, Entry.kind.in_(("TokensMoved", "StepUndone", "CaseMoved")), Entry.body.is_not(None)
        )
        .order_by(Entry.seq.desc())
        .limit(limit)
    )
    passed: set[str] = set()
    undone: set[str] = set()
    lately: set[str] = set()  # what a step undid is told before the way it took
    for kind, body in reversed(session.execute(moved).all()):
        told = orjson.loads(body or "{}")
        if kind == "CaseMoved":  # from here on the elements have the ids of another drawing
            turn = Turn(0, head.opened_at, told["before"], told["after"], told["mapping"])
            passed, undone, lately = turn.over(passed), turn.over(undone), turn.over(lately)
        elif kind == "StepUndone":
            lately.add(told["element"])
        else:
            passed.update(told["passed"])
            undone = (undone - set(told["passed"])) | lately
            lately = set()
    known = head.diagram.elements
    # What only listens is no place where a token is: an event on the border of a step, the start of an event
    # sub-process.
    standing = [id for id in tokens if not (id in known and (known[id].attached_to or known[id].kind == "startEvent"))]
    return standing, sorted(passed), sorted(undone)


def _calls(session: Session, case_id: int) -> list[str]:
    """Call activities that wait for their case: one each, begun or still on its way."""
    query = (
        select(OutgoingMessage.element)
        .outerjoin(Case, Case.call_id == OutgoingMessage.id)
        .where(OutgoingMessage.case_id == case_id, OutgoingMessage.kind == "call")
        .where(OutgoingMessage.withdrawn_at.is_(None), or_(Case.id.is_(None), Case.ended_at.is_(None)))
    )
    return list(session.scalars(query))
