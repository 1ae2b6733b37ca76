"""What designers and auditors ask about processes: which there are, which versions, who changed what, what is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from engine.notation import diagram as bpmn
from engine.notation.differences import Difference, differences
from engine.notation.tables import Table, tables_in
from engine.reads.diagrams import diagram_of
from engine.words.errors import NotFound, NotPublishable
from engine.words.terms import Term
from models import NEWEST, Case, Draft, Officer, Process, Version

_PUBLISHER, _SAVER = aliased(Officer), aliased(Officer)


@dataclass(frozen=True, slots=True)
class Release:
    """One published version, without its files. `open` and `cases`: how many run on it now, and ever did."""

    number: int
    note: str
    published_at: datetime
    by: Term | None
    open: int = 0
    cases: int = 0


@dataclass(frozen=True, slots=True)
class Sketch:
    """The working copy, without its files. `based_on` 0: the process has never been published."""

    revision: int
    based_on: int
    saved_at: datetime
    by: Term | None


@dataclass(frozen=True, slots=True)
class Design:
    """One line of the list of processes."""

    id: str
    name: str
    name_en: str
    newest: Release | None
    sketch: Sketch | None
    open: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Working:
    """What a designer opens: the draft, or (revision 0) the newest version as it is."""

    process_id: str
    diagram: bytes
    tables: Mapping[str, str]
    revision: int
    based_on: int
    saved_at: datetime | None = None
    by: Term | None = None


def designs(session: Session) -> list[Design]:
    """All processes by name, published or only drafted."""
    newest = {
        version.process_id: _release(version, publisher)
        for version, publisher in session.execute(
            select(Version, _PUBLISHER)
            .join(Process, NEWEST)
            .outerjoin(_PUBLISHER, _PUBLISHER.id == Version.published_by)
        )
    }
    drafts = {
        draft.process_id: (draft, _term(saver))
        for draft, saver in session.execute(select(Draft, _SAVER).outerjoin(_SAVER, _SAVER.id == Draft.saved_by))
    }
    running: dict[str, dict[int, int]] = {}
    counted = (
        select(Version.process_id, Version.number, func.count())
        .join(Case, Case.version_id == Version.id)
        .where(Case.closed_at.is_(None), Case.ended_at.is_(None))
        .group_by(Version.process_id, Version.number)
        .order_by(Version.number.desc())
    )
    for process_id, number, count in session.execute(counted):
        running.setdefault(process_id, {})[number] = count
    found = [
        Design(
            process.id, process.name, process.name_en, newest.get(process.id), _sketch(drafts.get(process.id)),
            running.get(process.id, {}),
        )
        for process in session.scalars(select(Process))
    ]  # fmt: skip
    published = {design.id for design in found}
    for process_id, (draft, saver) in drafts.items():
        if process_id not in published:
            drawing = bpmn.read(draft.diagram)
            found.append(Design(process_id, drawing.name, drawing.name_en, None, _sketch((draft, saver))))
    return sorted(found, key=lambda design: (design.newest is None, design.id))


def exists(session: Session, process_id: str) -> bool:
    return session.get(Process, process_id) is not None or session.get(Draft, process_id) is not None


def releases(session: Session, process_id: str) -> list[Release]:
    """All versions, newest first."""
    closed = (Case.closed_at.is_not(None)) | (Case.ended_at.is_not(None))
    counted = {
        number: (open, cases)
        for number, open, cases in session.execute(
            select(Version.number, func.count(Case.id).filter(~closed), func.count(Case.id))
            .join(Case, Case.version_id == Version.id)
            .where(Version.process_id == process_id)
            .group_by(Version.number)
        )
    }
    rows = session.execute(
        select(Version, _PUBLISHER)
        .outerjoin(_PUBLISHER, _PUBLISHER.id == Version.published_by)
        .where(Version.process_id == process_id)
        .order_by(Version.number.desc())
    )
    return [_release(version, officer, *counted.get(version.number, (0, 0))) for version, officer in rows]


def version(session: Session, process_id: str, number: int) -> Version:
    found = session.scalars(
        select(Version).where(Version.process_id == process_id, Version.number == number)
    ).one_or_none()
    if found is None:
        raise NotFound(
            f"流程“{process_id[:100]}”没有第 {number} 版", f'The process "{process_id[:100]}" has no version {number}'
        )
    return found


def working(session: Session, process_id: str) -> Working:
    """Raises `NotFound` when there is neither a draft nor a version."""
    found = session.execute(
        select(Draft, _SAVER).outerjoin(_SAVER, _SAVER.id == Draft.saved_by).where(Draft.process_id == process_id)
    ).one_or_none()
    if found is not None:
        draft, saver = found
        return Working(
            process_id, draft.diagram, draft.tables, draft.revision, draft.based_on, draft.saved_at, _term(saver)
        )
    process = session.get(Process, process_id)
    if process is None:
        raise NotFound(f"没有流程“{process_id[:100]}”", f'There is no process "{process_id[:100]}"')
    newest = version(session, process_id, process.newest)
    return Working(process_id, newest.diagram, newest.tables, 0, newest.number)


def compared(session: Session, process_id: str, before: int, after: int | None) -> list[Difference]:
    """What changed from version `before` (0: nothing yet) to version `after` (None: the working copy)."""
    old = version(session, process_id, before) if before else None
    if after is None:
        sketch = working(session, process_id)
        new, new_tables = bpmn.read(sketch.diagram), sketch.tables
    else:
        later = version(session, process_id, after)
        new, new_tables = diagram_of(session, later.id, later.digest), later.tables
    if old is None:
        return []
    return differences(diagram_of(session, old.id, old.digest), new, old.tables, new_tables)


def readable_tables(tables: Mapping[str, str]) -> dict[str, dict[str, Table]]:
    """File name → its decisions, to be read on a page; a file that cannot be read has none."""
    read: dict[str, dict[str, Table]] = {}
    for name, text in sorted(tables.items()):
        try:
            read[name] = tables_in(text)
        except NotPublishable:
            read[name] = {}
    return read


def _release(version: Version, officer: Officer | None, open: int = 0, cases: int = 0) -> Release:
    return Release(version.number, version.note, version.published_at, _term(officer), open, cases)


def _sketch(found: tuple[Draft, Term | None] | None) -> Sketch | None:
    return found and Sketch(found[0].revision, found[0].based_on, found[0].saved_at, found[1])


def _term(officer: Officer | None) -> Term | None:
    return Term(officer.name, officer.name_en or officer.name) if officer is not None else None
