"""Taking a case from the shelf to work on it: found, locked, with its version and the office around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.notation import library
from engine.notation.scene import Published, Scene
from engine.reads.books import BooksOf
from engine.reads.kept import KeptOf
from engine.reads.office import END, office
from engine.reads.sight import TaskFile, standing
from engine.record.journal import CaseFile
from engine.words.errors import NotFound
from engine.words.officers import Actor
from engine.words.values import from_json
from models import Case, Task, Timer, Version
from models.prepared import Prepared

_COLUMNS = {
    "id": Case.id, "version_id": Case.version_id, "digest": Version.digest, "process": Case.process_id,
    "version_number": Version.number, "revision": Case.revision, "entries": Case.entries, "head": Case.head,
    "serial": Case.serial, "stage": Case.stage, "round": Case.round, "level": Case.level, "opened_at": Case.opened_at,
    "opened_by": Case.opened_by, "raiser_unit": Case.raiser_unit_id, "lead_unit": Case.lead_unit_id,
    "outcome": Case.outcome, "ended_at": Case.ended_at, "stuck_at": Case.stuck_at, "variables": Case.variables,
    "state": Case.state, "call": Case.call_id, "depth": Case.depth,
    "office_head": END.scalar_subquery(),
}  # fmt: skip
# A row is the fields of a `CaseFile` in their order.
if tuple(_COLUMNS) != tuple(field.name for field in fields(CaseFile)):
    raise TypeError("a CaseFile is not made of the columns that are asked for")
# Statements are built once: putting one together costs SQLAlchemy ten times what running it does.
_CASE = select(*_COLUMNS.values()).join(Version, Version.id == Case.version_id)
_ONE_CASE = _CASE.where(Case.id == bindparam("case"))
_CASE_BY_ID = Prepared(_ONE_CASE)
_LOCKED_CASE = Prepared(_ONE_CASE.with_for_update(of=Case))
_FREE_CASE = Prepared(_ONE_CASE.with_for_update(of=Case, skip_locked=True))
# So many cases are taken from the shelf together at most.
TOGETHER = 10
_PLACES = [f"timer_{place}" for place in range(TOGETHER)]
_DUE_CASES = Prepared(
    _CASE.add_columns(Timer.id)
    .join(Timer, Timer.case_id == Case.id)
    .where(Timer.id.in_([bindparam(place) for place in _PLACES]))
    .where(Timer.due_at <= bindparam("at"), Case.stuck_at.is_(None))
    .with_for_update(of=[Case, Timer], skip_locked=True)
)


@lru_cache(maxsize=2048)
def _task_with_case(actor: Actor) -> Prepared:
    """Both are locked, so that both are read as they are once the lock is had."""
    with_task = standing(actor).join(Case, Case.id == Task.case_id).join(Version, Version.id == Case.version_id)
    return Prepared(with_task.add_columns(*_COLUMNS.values()).with_for_update(of=[Case, Task]))


def find_case(session: Session, case_id: int, *, lock: bool = True) -> CaseFile:
    """The case, locked until the transaction ends: the case is what two officers compete for, not the task. A page that
    only shows it does not lock."""
    asked, given = _LOCKED_CASE if lock else _CASE_BY_ID, {"case": case_id}
    row = asked.one_or_none(session, given) or asked.one_or_none(session, given)
    if row is None:
        raise NotFound("没有这个事项", "There is no such case")
    return _case_of(row)


def find_free_case(session: Session, case_id: int) -> CaseFile | None:
    """The case, locked until the transaction ends. None when somebody works on it now."""
    row = _FREE_CASE.one_or_none(session, {"case": case_id})
    return _case_of(row) if row is not None else None


def find_task(session: Session, task_id: str, by: Actor) -> tuple[CaseFile, TaskFile]:
    """The task as `by` stands to it, and its case, both locked: whoever waited sees what the one before did."""
    asked, given = _task_with_case(by), {"task": task_id}
    # PostgreSQL finds nothing when the case changed its version while we waited for its lock; then it is asked anew.
    row = asked.one_or_none(session, given) or asked.one_or_none(session, given)
    if row is None:
        raise NotFound("没有这项任务", "There is no such task")
    return _case_of(row[-len(_COLUMNS) :]), TaskFile(*row[: -len(_COLUMNS)])


def take_due(session: Session, timers: Sequence[str], *, at: datetime) -> dict[str, CaseFile]:
    """The cases of timers that are due, `TOGETHER` at most, locked; by the timer. One is missing when somebody works on
    its case now, or the timer is gone. No lock is waited for."""
    places = dict(zip(_PLACES, [*timers, *[timers[-1]] * (TOGETHER - len(timers))], strict=True))
    rows = _DUE_CASES.all(session, {**places, "at": at})
    return {row[-1]: _case_of(row[:-1]) for row in rows}


def _case_of(row: Sequence[Any]) -> CaseFile:
    return CaseFile(*row)


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
        call=case.call,
        depth=case.depth,
        books=BooksOf(session, case.id),
        kept=KeptOf(session, case.id),
    )
