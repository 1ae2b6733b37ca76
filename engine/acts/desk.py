"""A form laid on an officer's desk: which fields it has and what its expressions see, before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts.casefiles import find_case, published_version, scene_of
from engine.acts.permits import refuse_unless_pressable
from engine.notation.diagram import Diagram, Element
from engine.notation.spiff.view import names
from engine.reads import sight
from engine.words.errors import NotFound, OutOfDate
from engine.words.officers import Actor
from models import NEWEST, Process, Subscription, Task, Version


@dataclass(frozen=True)
class Desk:
    """`names`: the variables of the case and what else expressions of the form may speak of."""

    diagram: Diagram
    element: Element
    names: Mapping[str, Any]


def at_task(session: Session, task: Task, *, by: Actor, at: datetime) -> Desk:
    """The form of an open task, in the version of its own case. Nothing is locked."""
    case = find_case(session, task.case_id, lock=False)
    scene = scene_of(session, case, by=by, at=at)
    diagram = scene.published.diagram
    return Desk(diagram, diagram.element(task.element), names(scene, case.state, task.id))


def at_wait(session: Session, wait_id: str, *, by: Actor, at: datetime) -> tuple[Subscription, Desk]:
    """The form behind a button of a case. Raises NotFound, NotAllowed, or OutOfDate when the case waits no more."""
    wait = session.get(Subscription, wait_id)
    if wait is None:
        case_id = wait_id.partition("-")[0]
        if case_id.isascii() and case_id.isdigit() and sight.may_see(session, int(case_id), by):
            raise OutOfDate("该事项已不再等待这个操作。", "The case no longer waits for this.")
        raise NotFound("没有这个按钮", "There is no such button")
    refuse_unless_pressable(session, wait, by)
    case = find_case(session, wait.case_id, lock=False)
    scene = scene_of(session, case, by=by, at=at)
    diagram = scene.published.diagram
    return wait, Desk(diagram, diagram.element(wait.element).pressed, names(scene, case.state))


def at_start(session: Session, process_id: str, *, by: Actor | None = None) -> tuple[Process, Desk]:
    """The form that raises a case of the newest version of a process; what it proposes may depend on who raises it.
    Raises NotFound."""
    newest = (
        select(Process, Version.id, Version.number, Version.digest)
        .join(Version, NEWEST)
        .where(Process.id == process_id)
    )
    found = session.execute(newest).one_or_none()
    if found is None:
        raise NotFound("没有这个流程，或尚未发布", "There is no such process, or it has not been published")
    process, version_id, number, digest = found
    diagram = published_version(session, version_id, digest, number).diagram
    if diagram.start is None:
        raise NotFound("这个流程不能由人员发起", "This process cannot be started by an officer")
    return process, Desk(diagram, diagram.start, {"officer": by.told} if by is not None else {})
