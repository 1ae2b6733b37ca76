"""A case begins: raised by an officer, called by another case, or by a message, a signal or the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts.casefiles import published_version
from engine.acts.exhibits import attached
from engine.acts.incidents import stop
from engine.acts.personal import put_beside
from engine.notation.diagram import Field
from engine.notation.scene import Published, Scene
from engine.notation.spiff import step
from engine.reads.books import BooksOf
from engine.reads.kept import KeptOf
from engine.reads.office import office
from engine.record.journal import CaseFile, next_number, record
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from engine.words.officers import Actor
from engine.words.values import to_json
from models import Process, Version


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version of a process, read."""

    process: str
    version: int
    number: int
    published: Published


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a case begins, besides an officer raising it; see `CaseOpened`."""

    parent: int | None = None
    call: str | None = None
    depth: int = 0
    start: str | None = None
    key: str | None = None
    sender: str | None = None


BY_HAND = Cause()


def newest_of(session: Session, process_id: str) -> Newest | None:
    newest = (
        select(Version.id, Version.number, Version.digest)
        .join(Process, Process.id == Version.process_id)
        .where(Version.process_id == process_id, Version.number == Process.newest)
    )
    found = session.execute(newest).one_or_none()
    if found is None:
        return None
    published = published_version(session, found.id, found.digest, found.number)
    return Newest(process_id, found.id, found.number, published)


def begin(
    session: Session,
    newest: Newest,
    answers: Mapping[str, Any],
    *,
    form: tuple[Field, ...],
    by: Actor,
    at: datetime,
    raiser_unit: int | None = None,
    external_id: str | None = None,
    cause: Cause = BY_HAND,
) -> int:
    """Opens a case of this version and returns its id. Where the diagram cannot even begin, the case is opened all the
    same, with an incident (`incidents.told`): what it was told is not lost."""
    case_id = at.year * 1_000_000 + next_number(session, f"case:{at.year}")
    case = CaseFile(id=case_id, version_id=newest.version, process=newest.process)
    scene = Scene(
        published=newest.published,
        office=office(session),
        case=case_id,
        number=case.number,
        stage="registered",
        round=1,
        level=0,
        opened_at=at,
        opened_by=by.id,
        raiser_unit=raiser_unit,
        variables={},
        serial=0,
        by=by,
        at=at,
        call=cause.call,
        depth=cause.depth,
        books=BooksOf(session, case_id),
        kept=KeptOf(session, case_id),
    )
    beside = put_beside(session, case_id, newest.published.diagram.personal, answers)
    answers = beside.answers
    opened = f.CaseOpened(
        newest.process, newest.version, newest.number, raiser_unit, external_id, cause.parent, cause.call, cause.depth,
        cause.start, cause.key, cause.sender,
    )  # fmt: skip
    try:
        decided = step.start(scene, answers, cause.start)
    except CannotGoOn as stuck:
        kept = f.VariablesChanged({}, {name: to_json(value) for name, value in answers.items()})
        exhibits, serial = attached(case_id, 0, form, answers, round=1, task=None)
        trigger = {"start": True, "officer": by.id, "at": cause.start}
        first = [opened, *beside.facts, kept, *exhibits]
        stop(session, case, stuck, trigger, by=by, at=at, first=first, serial=serial, enclosed=beside.enclosed)
        return case_id
    exhibits, serial = attached(case_id, decided.serial, form, answers, round=1, task=None)
    record(
        session, case, [opened, *beside.facts, *exhibits, *decided.facts], by=by, at=at, state=decided.state,
        serial=serial, large=decided.large, enclosed=beside.enclosed,
    )  # fmt: skip
    return case_id
