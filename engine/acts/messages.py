"""Buttons of the case page: an officer sends a case the message it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.acts.casefiles import find_case, scene_of
from engine.acts.exhibits import attached, refuse_unknown
from engine.acts.incidents import handed_in, refuse_stuck, stop
from engine.acts.permits import refuse_unless_pressable
from engine.acts.personal import put_beside
from engine.acts.slips import answered
from engine.notation import forms
from engine.notation.diagram import Field
from engine.notation.scene import Scene
from engine.notation.spiff import step
from engine.notation.spiff.view import names
from engine.reads import sight
from engine.record.journal import CaseFile, record
from engine.words.errors import CannotGoOn, NotFound, OutOfDate
from engine.words.officers import Actor
from models import Subscription


def press(session: Session, wait_id: str, answers: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """An officer presses a button of the case page (reopen, report a relapse). Raises as `tasks.complete`."""
    head = wait_id.partition("-")[0]
    if not head.isdigit():
        raise NotFound("没有这个按钮", "There is no such button")
    case = find_case(session, int(head))
    wait = session.get(Subscription, wait_id, populate_existing=True)
    if wait is None:
        if sight.may_see(session, case.id, by):
            raise OutOfDate("该事项已不再等待这个操作", "The case no longer waits for this")
        raise NotFound("没有这个按钮", "There is no such button")
    refuse_unless_pressable(session, wait, by)
    refuse_stuck(session, case, wait.element)
    scene = scene_of(session, case, by=by, at=at)
    element = scene.published.diagram.element(wait.element).pressed
    answers = forms.check(element.form, answers, names=names(scene, case.state), at=at)
    refuse_unknown(session, element.form, answers, scene.office)
    tell(session, case, scene, wait, answers, form=element.form)


def tell(
    session: Session,
    case: CaseFile,
    scene: Scene,
    wait: Subscription,
    answers: Mapping[str, Any],
    *,
    form: Sequence[Field],
) -> None:
    """The case, locked, hears what it waited for. Where the diagram cannot go on, it stops with an incident."""
    by, at = scene.by, scene.at
    beside = put_beside(session, case.id, scene.published.diagram.personal, answers)
    answers = beside.answers

    try:
        decided = step.deliver(scene, case.state, wait.id, answers, None)
    except CannotGoOn as stuck:
        exhibits, serial = attached(case.id, case.serial, form, answers, round=case.round, task=None)
        trigger = handed_in("wait", wait.id, wait.element, answers, by)
        first = [*beside.facts, *exhibits]
        stop(session, case, stuck, trigger, by=by, at=at, first=first, serial=serial, enclosed=beside.enclosed)
        return

    exhibits, serial = attached(case.id, decided.serial, form, answers, round=case.round, task=None)
    slips = answered(session, case.id, wait.name, wait.correlation, answers, None)
    record(
        session, case, [*beside.facts, *exhibits, *slips, *decided.facts], by=by, at=at, state=decided.state,
        serial=serial, large=decided.large, enclosed=beside.enclosed,
    )  # fmt: skip
