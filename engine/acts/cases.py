"""Opening a case: somebody raises an issue, and the newest version of the process takes it from there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts.casefiles import published_version
from engine.acts.exhibits import attached, refuse_unknown
from engine.acts.incidents import stop
from engine.acts.permits import refuse_reader
from engine.notation import forms
from engine.notation.scene import Scene
from engine.notation.spiff import step
from engine.reads.office import office
from engine.record.journal import CaseFile, next_number, record
from engine.words import facts as f
from engine.words.errors import CannotGoOn, Fault, NotFound, NotValid
from engine.words.officers import Actor
from engine.words.values import to_json
from models import Case, Process, Version


def open(
    session: Session,
    process_id: str,
    answers: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    raiser_unit: int | None = None,
    external_id: str | None = None,
) -> int:
    """Opens a case with the answers of the start form and returns its id. `raiser_unit` defaults to the actor's own.
    Raises `NotFound` for a process without a published version, `NotAllowed` for an auditor, `NotValid` for answers or
    an `external_id` already taken. Where the diagram cannot even begin, the case is opened all the same, with an
    incident (`incidents.told`): what was raised is not lost."""
    refuse_reader(by)
    newest = (
        select(Version.id, Version.number, Version.digest)
        .join(Process, Process.id == Version.process_id)
        .where(Version.process_id == process_id, Version.number == Process.newest)
    )
    version = session.execute(newest).one_or_none()
    if version is None:
        raise NotFound("没有这个流程，或尚未发布", "There is no such process, or it has not been published")
    published = published_version(session, version.id, version.digest, version.number)
    start = published.diagram.start
    if start is None:
        raise NotFound("这个流程不能由人员发起", "This process cannot be started by an officer")
    if external_id is not None and session.execute(select(Case.id).where(Case.external_id == external_id)).first():
        raise NotValid(
            [Fault("external_id", f"编号 {external_id} 已经登记过", f"{external_id} has been raised already")]
        )
    around = office(session)
    answers = forms.check(start.form, answers, names=published.diagram.blank, at=at)
    refuse_unknown(session, start.form, answers, around)

    case_id = at.year * 1_000_000 + next_number(session, f"case:{at.year}")
    case = CaseFile(id=case_id, version_id=version.id, process=process_id)
    unit = raiser_unit if raiser_unit is not None else by.unit_id
    scene = Scene(
        published=published,
        office=around,
        case=case_id,
        number=case.number,
        stage="registered",
        round=1,
        level=0,
        opened_at=at,
        opened_by=by.id,
        raiser_unit=unit,
        variables={},
        serial=0,
        by=by,
        at=at,
    )
    opened = f.CaseOpened(process_id, version.id, version.number, unit, external_id)
    try:
        decided = step.start(scene, answers)
    except CannotGoOn as stuck:
        kept = f.VariablesChanged({}, {name: to_json(value) for name, value in answers.items()})
        exhibits, serial = attached(case_id, 0, start.form, answers, round=1, task=None)
        first = [opened, kept, *exhibits]
        trigger = {"start": True, "officer": by.id}
        stop(session, case, stuck, trigger, by=by, at=at, first=first, serial=serial)
        return case_id
    exhibits, serial = attached(case_id, decided.serial, start.form, answers, round=1, task=None)
    record(session, case, [opened, *exhibits, *decided.facts], by=by, at=at, state=decided.state, serial=serial)
    return case_id
