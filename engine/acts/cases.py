"""Opening a case: somebody raises an issue, and the newest version of the process takes it from there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts.beginnings import begin, newest_of
from engine.acts.exhibits import refuse_unknown
from engine.acts.permits import refuse_reader, refuse_unless_may_begin
from engine.notation import forms
from engine.reads.office import office
from engine.words.errors import Fault, NotFound, NotValid
from engine.words.officers import Actor
from models import Case


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
    Raises `NotFound` for a process without a published version, `NotAllowed` for an auditor and for who does not hold
    the role that begins it, `NotValid` for answers or
    an `external_id` already taken. Where the diagram cannot even begin, the case is opened all the same, with an
    incident (`incidents.told`): what was raised is not lost."""
    refuse_reader(by)
    newest = newest_of(session, process_id)
    if newest is None:
        raise NotFound("没有这个流程，或尚未发布", "There is no such process, or it has not been published")
    start = newest.published.diagram.start
    if start is None:
        raise NotFound("这个流程不能由人员发起", "This process cannot be started by an officer")
    refuse_unless_may_begin(start, by)
    if external_id is not None and session.execute(select(Case.id).where(Case.external_id == external_id)).first():
        raise NotValid(
            [Fault("external_id", f"编号 {external_id} 已经登记过", f"{external_id} has been raised already")]
        )
    answers = forms.check(start.form, answers, names=newest.published.diagram.blank, at=at)
    refuse_unknown(session, start.form, answers, office(session))
    unit = raiser_unit if raiser_unit is not None else by.unit_id
    return begin(session, newest, answers, form=start.form, by=by, at=at, raiser_unit=unit, external_id=external_id)
