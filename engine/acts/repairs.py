"""Repairing a stuck case: try again, pass over one step, set fields right, or give the task back to its officer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from engine.acts import incidents
from engine.acts.casefiles import find_case, scene_of, version_of
from engine.acts.officers import actor_of
from engine.acts.personal import put_beside
from engine.notation.scene import Scene, Step
from engine.notation.spiff import step
from engine.notation.spiff.serving import Answer
from engine.record.journal import CaseFile, record
from engine.words import facts as f
from engine.words.errors import CannotGoOn, Fault, NotAllowed, NotValid, OutOfDate
from engine.words.kept import Large, folded_members
from engine.words.officers import CLOCK, Actor
from engine.words.values import from_json, to_json
from models import Case, Grant, Officer

ROLES = ("admin", "designer")
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a repair ended: `stuck` is None when the case goes on, else why it still does not."""

    case: int
    stuck: CannotGoOn | None


def refuse_unless_repairer(by: Actor) -> None:
    """Administrators and designers repair; so does the machine's own keyboard. Raises `NotAllowed`."""
    if by.id is not None and not any(by.has(role) for role in ROLES):
        raise NotAllowed("只有系统管理和流程设计人员可以处理故障。", "Only administrators and designers repair cases.")


def retry(session: Session, case_id: int, reason: str = "", *, by: Actor, at: datetime) -> Outcome:
    """Tries the failed step again, as the officer, timer or message that set it off."""
    refuse_unless_repairer(by)
    case, trigger = _stuck(session, case_id)
    return _go_on(session, case, trigger, [], reason.strip() or "重试 Retry", by=by, at=at)


def retry_all(
    session: Session, process_id: str, element: str, reason: str = "", *, by: Actor, at: datetime, limit: int = 200
) -> list[Outcome]:
    """Tries every incident at one element of a process again, the oldest first, at most `limit`; each case by itself:
    what stays stuck does not hold up the others."""
    refuse_unless_repairer(by)
    waiting = select(Case.id, Case.stuck_why).where(Case.stuck_at.is_not(None), Case.process_id == process_id)
    found = session.execute(waiting.order_by(Case.stuck_at, Case.id)).all()
    ids = [row.id for row in found if (row.stuck_why or {}).get("element") == element][:limit]
    return [retry(session, id, reason, by=by, at=at) for id in ids]


def skip(
    session: Session,
    case_id: int,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    outputs: Mapping[str, Any] = MappingProxyType({}),
) -> Outcome:
    """Lets the token pass over the element that failed, along its default or only flow, and tries again. `outputs`:
    the fields that a program outside should have given, by hand. Raises `NotValid` without a reason, or where the
    diagram does not say how to go on; then nothing is changed."""
    refuse_unless_repairer(by)
    case, trigger = _stuck(session, case_id)
    why = reason_of(reason)
    element = _why(session, case_id).get("element") or ""
    if not element:
        raise NotValid(
            [Fault("", "这个故障不在某个步骤上，不能跳过。", "This incident is not at a step; nothing to skip.")]
        )
    skipped = f.ElementSkipped(element, why)
    if trigger.get("job") and trigger.get("element") == element:
        trigger = {**trigger, "kind": "skipped", "answers": {name: to_json(value) for name, value in outputs.items()}}
        element = ""
    done = _go_on(session, case, trigger, [skipped], why, by=by, at=at, passing_over=element)
    if done.stuck is not None and element and done.stuck.element == element:
        raise NotValid([Fault("", done.stuck.zh, done.stuck.en)])
    return done


def correct(
    session: Session, case_id: int, fields: Mapping[str, Any], reason: str, *, by: Actor, at: datetime
) -> Outcome:
    """Sets fields of the case right and tries again; what was handed in stays as it was, these fields come after it.
    Raises `NotValid` without a reason or a change."""
    refuse_unless_repairer(by)
    case, trigger = _stuck(session, case_id)
    why = reason_of(reason)
    diagram = version_of(session, case).diagram
    beside = put_beside(session, case.id, diagram.personal, fields)
    large: Large = {}
    after = folded_members({name: to_json(value) for name, value in beside.answers.items()}, large)
    before = {name: case.variables[name] for name in after if name in case.variables}
    answered = trigger.get("answers") or {}
    if not any(before.get(name) != value or answered.get(name, value) != value for name, value in after.items()):
        raise NotValid([Fault("", "没有改动任何字段。", "No field was changed.")])
    trigger = {**trigger, "corrected": {**(trigger.get("corrected") or {}), **after}}
    first = [*beside.facts, f.FieldsCorrected(before, after, why)]
    return _go_on(session, case, trigger, first, why, by=by, at=at, large=large, enclosed=beside.enclosed)


def give_back(session: Session, case_id: int, reason: str, *, by: Actor, at: datetime) -> None:
    """The officer is to fill in his task anew: nothing is tried, the task waits for him again. Raises `NotValid` when
    it was no officer's task that set the incident off."""
    refuse_unless_repairer(by)
    case, trigger = _stuck(session, case_id)
    if "task" not in trigger:
        raise NotValid([Fault("", "这个故障不是办理任务引起的，不能退回。", "No officer's task set this off.")])
    record(session, case, [f.CaseFreed(reason_of(reason))], by=by, at=at)


def _go_on(
    session: Session,
    case: CaseFile,
    trigger: dict[str, Any],
    first: Sequence[f.CaseFact],
    reason: str,
    *,
    by: Actor,
    at: datetime,
    passing_over: str = "",
    large: Large | None = None,
    enclosed: Mapping[str, Any] | None = None,
) -> Outcome:
    record(session, case, [*first, f.CaseFreed(reason)], by=by, at=at, large=large, enclosed=enclosed)
    case = find_case(session, case.id)
    doer = _doer(session, trigger)
    scene = scene_of(session, case, by=doer, at=at)
    corrected = {name: from_json(value) for name, value in (trigger.get("corrected") or {}).items()}
    try:
        decided = _again(replace(scene, passing_over=passing_over, corrected=corrected), case.state, trigger)
    except CannotGoOn as stuck:
        incidents.stop(session, case, stuck, {**trigger, "tries": trigger.get("tries", 0) + 1}, by=by, at=at)
        return Outcome(case.id, stuck)
    if decided is not None:
        record(
            session,
            case,
            decided.facts,
            by=doer,
            at=at,
            state=decided.state,
            serial=decided.serial,
            large=decided.large,
        )
    return Outcome(case.id, None)


def _again(scene: Scene, state: bytes, trigger: Mapping[str, Any]) -> Step | None:
    """None: what set it off is no longer there; the case is free as it stands."""
    answers = {name: from_json(value) for name, value in (trigger.get("answers") or {}).items()}
    try:
        if "start" in trigger:
            return step.start(scene, {}, trigger.get("at"))  # its answers are the case's fields already
        if "task" in trigger:
            return step.complete(scene, state, trigger["task"], answers)
        if "wait" in trigger:
            return step.deliver(scene, state, trigger["wait"], answers, trigger.get("message"))
        if "timer" in trigger:
            return step.fire(scene, state, trigger["timer"])
        if "job" in trigger and "kind" in trigger:
            told = {name: str(trigger.get(name) or "") for name in ("kind", "worker", "code", "message", "lease")}
            return step.served(scene, state, trigger["job"], Answer(**told, given=answers))
        if "job" in trigger:
            return step.tried_anew(scene, state, trigger["job"])
    except OutOfDate:
        return None
    return None


def _stuck(session: Session, case_id: int) -> tuple[CaseFile, dict[str, Any]]:
    case = find_case(session, case_id)
    if case.stuck_at is None:
        raise OutOfDate("这个故障已经处理好了。", "This incident has been dealt with already.")
    return case, dict(_why(session, case_id).get("trigger") or {})


def _why(session: Session, case_id: int) -> dict[str, Any]:
    return dict(session.scalar(select(Case.stuck_why).where(Case.id == case_id)) or {})


def _doer(session: Session, trigger: Mapping[str, Any]) -> Actor:
    """Whoever set the step off did it, however late it succeeds; the account may have ended since."""
    if trigger.get("officer") is None:
        return CLOCK
    query = (
        select(Officer)
        .where(Officer.id == trigger["officer"])
        .options(joinedload(Officer.unit), selectinload(Officer.grants).joinedload(Grant.unit))
    )
    return actor_of(session.execute(query).scalar_one())


def reason_of(text: str) -> str:
    reason = text.strip()
    if len(reason) < 2:
        raise NotValid([Fault("reason", "请写明理由。", "Give the reason.")])
    if len(reason) > LONGEST_REASON:
        raise NotValid([Fault("reason", f"理由不超过 {LONGEST_REASON} 字。", f"At most {LONGEST_REASON} characters.")])
    return reason
