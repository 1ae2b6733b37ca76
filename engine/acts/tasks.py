"""Claiming, releasing and completing tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.acts.casefiles import find_task, scene_of
from engine.acts.exhibits import attached, refuse_unknown
from engine.acts.incidents import handed_in, refuse_stuck, stop
from engine.acts.permits import refuse_unless_doable
from engine.acts.personal import put_beside
from engine.notation import forms
from engine.notation.spiff import step
from engine.record.journal import record
from engine.words import facts as f
from engine.words.errors import CannotGoOn, OutOfDate
from engine.words.officers import Actor


def claim(session: Session, task_id: str, *, by: Actor, at: datetime) -> None:
    """Takes a task for oneself; the others see who has it. Raises `OutOfDate` when somebody else was first."""
    case, task = find_task(session, task_id, by)
    refuse_unless_doable(session, task, by)
    if task.claimed_by == by.id:
        return
    record(session, case, [f.TaskClaimed(task.id, task.element)], by=by, at=at)


def release(session: Session, task_id: str, *, by: Actor, at: datetime) -> None:
    """Gives a claimed task back to all candidates."""
    case, task = find_task(session, task_id, by)
    refuse_unless_doable(session, task, by)
    if task.claimed_by != by.id:
        raise OutOfDate("这项任务不在您手上", "You do not hold this task")
    record(session, case, [f.TaskReleased(task.id, task.element)], by=by, at=at)


def complete(session: Session, task_id: str, answers: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Completes a task with the values of its form. Raises `NotFound` for whom it is not to be known, `NotAllowed` for
    whom it is not to be done, `OutOfDate` when it is done already or another holds it, `NotValid` per field. Where the
    diagram cannot go on, the answers are kept with an incident of the case (`incidents.told`)."""
    case, task = find_task(session, task_id, by)
    refuse_unless_doable(session, task, by)
    scene = scene_of(session, case, by=by, at=at)
    element = scene.published.diagram.element(task.element)
    refuse_stuck(session, case, task.element)
    resumed = step.resume(scene, case.state) if forms.speaks_of_others(element.form) else None
    around = resumed.names(task.id) if resumed is not None else {}
    answers = forms.check(element.form, answers, names=around, at=at)
    refuse_unknown(session, element.form, answers, scene.office)
    beside = put_beside(session, case.id, scene.published.diagram.personal, answers)
    answers = beside.answers

    try:
        decided = step.complete(scene, case.state, task.id, answers, resumed=resumed)
    except CannotGoOn as stuck:
        exhibits, serial = attached(case.id, case.serial, element.form, answers, round=case.round, task=task.id)
        trigger = handed_in("task", task.id, task.element, answers, by)
        first = [*beside.facts, *exhibits]
        stop(session, case, stuck, trigger, by=by, at=at, first=first, serial=serial, enclosed=beside.enclosed)
        return

    exhibits, serial = attached(case.id, decided.serial, element.form, answers, round=case.round, task=task.id)
    record(
        session, case, [*beside.facts, *exhibits, *decided.facts], by=by, at=at, state=decided.state, serial=serial,
        large=decided.large, enclosed=beside.enclosed,
    )  # fmt: skip
