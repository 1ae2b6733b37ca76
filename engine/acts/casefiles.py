"""Taking a case from the shelf to work on it: found, locked, with its version and the office around it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.notation import library
from engine.notation.scene import Published, Scene
from engine.reads.office import END, office
from engine.record.journal import CaseFile
from engine.words.errors import NotFound
from engine.words.officers import Actor
from engine.words.values import from_json
from models import Case, Version

_COLUMNS = (
    Case.id, Case.version_id, Case.process_id, Case.revision, Case.entries, Case.head, Case.serial, Case.stage,
    Case.round, Case.level, Case.opened_at, Case.opened_by, Case.raiser_unit_id, Case.lead_unit_id, Case.outcome,
    Case.ended_at, Case.stuck_at, Case.variables, Case.state, Version.digest, Version.number,
    END.scalar_subquery().label("office_head"),
)  # fmt: skip
# Built once: putting a statement together costs SQLAlchemy ten times what running it does.
_CASE = select(*_COLUMNS).join(Version, Version.id == Case.version_id).where(Case.id == bindparam("case"))
_LOCKED_CASE = _CASE.with_for_update(of=Case)


def find_case(session: Session, case_id: int, *, lock: bool = True) -> CaseFile:
    """The case, locked until the transaction ends: the case is what two officers compete for, not the task. A page that
    only shows it does not lock."""
    row = session.connection().execute(_LOCKED_CASE if lock else _CASE, {"case": case_id}).one_or_none()
    if row is None:
        raise NotFound("没有这个事项", "There is no such case")
    return CaseFile(
        id=row.id,
        version_id=row.version_id,
        digest=row.digest,
        process=row.process_id,
        version_number=row.number,
        revision=row.revision,
        entries=row.entries,
        head=row.head,
        serial=row.serial,
        stage=row.stage,
        round=row.round,
        level=row.level,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        raiser_unit=row.raiser_unit_id,
        lead_unit=row.lead_unit_id,
        outcome=row.outcome,
        ended_at=row.ended_at,
        stuck_at=row.stuck_at,
        variables=row.variables,
        state=row.state,
        office_head=row.office_head,
    )


def version_of(session: Session, case: CaseFile) -> Published:
    return published_version(session, case.version_id, case.digest, case.version_number)


def published_version(session: Session, version_id: int, digest: str, number: int) -> Published:
    def load() -> tuple[bytes, dict[str, str]]:
        row = session.execute(select(Version.diagram, Version.tables).where(Version.id == version_id)).one()
        return row.diagram, row.tables

    return library.published(digest, number, load)


def scene_of(session: Session, case: CaseFile, *, by: Actor, at: datetime) -> Scene:
    return Scene(
        published=version_of(session, case),
        office=office(session, case.office_head),
        case=case.id,
        number=case.number,
        stage=case.stage,
        round=case.round,
        level=case.level,
        opened_at=case.opened_at or at,
        opened_by=case.opened_by,
        raiser_unit=case.raiser_unit,
        variables={name: from_json(value) for name, value in case.variables.items()},
        serial=case.serial,
        by=by,
        at=at,
        outcome=case.outcome,
    )
