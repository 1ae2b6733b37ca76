"""Drafting and publishing processes: a draft changes, a version never does."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.acts import starts, story_files
from engine.notation import checks, differences, library
from engine.notation import diagram as bpmn
from engine.notation.checks import Known
from engine.notation.neighbours import Neighbour, neighbour
from engine.reads.diagrams import diagram_of
from engine.reads.office import office
from engine.record.journal import lock_book, record_office
from engine.words import facts as f
from engine.words.errors import Finding, NotFound, NotPublishable, OutOfDate
from engine.words.officers import Actor
from engine.words.terms import ROLES
from models import NEWEST, Draft, Process, Unit, Version


def known(session: Session) -> Known:
    """What diagrams may refer to: roles, processes, units."""
    processes = frozenset(session.execute(select(Process.id)).scalars())
    units = frozenset(office(session).units)
    kinds = frozenset(session.scalars(select(Unit.kind).where(Unit.ended_at.is_(None)).distinct()))
    return Known(
        roles=frozenset(ROLES), processes=processes, units=units, unit_kinds=kinds, others=_neighbours(session)
    )


def _neighbours(session: Session) -> dict[str, Neighbour]:
    """Every process as it is published, or, before that, as it is drafted."""
    published = select(Process.id, Version.id, Version.digest).join(Version, NEWEST)
    found = {id: neighbour(diagram_of(session, version, digest)) for id, version, digest in session.execute(published)}
    for draft in session.execute(select(Draft).where(Draft.process_id.not_in(found))).scalars():
        with suppress(NotPublishable):  # one that cannot be read gives and takes nothing yet
            found[draft.process_id] = neighbour(bpmn.read(draft.diagram))
    return found


def newest(session: Session, process_id: str) -> Version | None:
    query = (
        select(Version)
        .join(Process, Process.id == Version.process_id)
        .where(Version.process_id == process_id, Version.number == Process.newest)
    )
    return session.execute(query).scalar_one_or_none()


def findings_on(session: Session, diagram: bytes, tables: Mapping[str, str], process_id: str = "") -> list[Finding]:
    """What the laws say about a diagram with its tables, against the last published version."""
    last = newest(session, process_id) if process_id else None
    previous = bpmn.read(last.diagram) if last is not None else None
    return checks.check(diagram, tables, known=known(session), previous=previous)


def publish(
    session: Session,
    diagram: bytes,
    tables: Mapping[str, str],
    *,
    note: str,
    by: Actor,
    at: datetime,
    stories: str | None = None,
) -> Version:
    """Publishes the next version of the process this diagram holds. Raises `NotPublishable` with all findings. The same
    content as the newest version is that version: nothing is published twice. `stories` (YAML) are kept beside it."""
    lock_book(session)
    drawing = bpmn.read(diagram)
    last = newest(session, drawing.process)
    digest = library.digest_of(diagram, tables)
    if last is not None and last.digest == digest:
        _keep_stories(session, last, stories, by=by, at=at)
        return last
    findings = findings_on(session, diagram, tables, drawing.process)
    if any(finding.severity == "error" for finding in findings):
        raise NotPublishable(findings)
    built = library.read_published(0, diagram, tables)  # a last proof: the engine itself can build it

    old = bpmn.read(last.diagram) if last is not None else None
    changes = differences.differences(old, drawing, last.tables if last is not None else {}, tables)
    number = last.number + 1 if last is not None else 1
    version_id = (session.execute(select(func.max(Version.id))).scalar() or 0) + 1
    fact = f.VersionPublished(
        drawing.process, version_id, number, drawing.name, drawing.name_en, digest, note,
        [change.kept() for change in changes],
    )  # fmt: skip
    facts: list[f.OfficeFact] = [fact]
    if starts.starts_of(drawing) or (old is not None and starts.starts_of(old)):
        facts.append(starts.set_for(session, drawing.process, version_id, number, drawing, built.decisions, at=at))
    record_office(session, facts, by=by, at=at, enclosed={digest: (diagram, dict(tables))})
    version = session.execute(select(Version).where(Version.id == version_id)).scalar_one()
    _keep_stories(session, version, stories, by=by, at=at)
    return version


def _keep_stories(session: Session, version: Version, stories: str | None, *, by: Actor, at: datetime) -> None:
    if stories is not None:
        story_files.keep(session, version.process_id, version.number, stories, by=by, at=at)


def draft_of(session: Session, process_id: str) -> Draft | None:
    return session.get(Draft, process_id)


def save_draft(
    session: Session,
    process_id: str,
    *,
    revision: int,
    by: Actor,
    at: datetime,
    diagram: bytes | None = None,
    tables: Mapping[str, str | None] | None = None,
) -> Draft:
    """Saves the diagram and/or tables (file name → text, None removes; only those given change). `revision` is
    the one the designer had open, 0 for none; raises `OutOfDate` when somebody saved meanwhile, `NotPublishable` when
    the file is no BPMN that can be read at all, `NotFound` when there is nothing to start from."""
    if diagram is not None:
        bpmn.read(diagram)
    query = select(Draft).where(Draft.process_id == process_id).with_for_update()
    draft = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if draft is None:
        last = newest(session, process_id)
        start = diagram if diagram is not None else last.diagram if last is not None else None
        if start is None:
            raise NotFound("没有这个流程", "There is no such process")
        if revision != 0:
            raise OutOfDate(
                "草稿已被发布或丢弃，请重新打开", "The draft has been published or dropped; please open it again"
            )
        kept = _changed(last.tables if last is not None else {}, tables or {})
        number = last.number if last is not None else 0
        draft = Draft(process_id=process_id, diagram=start, tables=kept, revision=0, based_on=number)
        session.add(draft)
    elif draft.revision != revision:
        raise OutOfDate(
            "草稿刚被他人保存过，请先比较再保存", "Somebody else has just saved this draft; compare before you save"
        )
    if diagram is not None:
        draft.diagram = diagram
    if tables is not None:
        draft.tables = _changed(draft.tables, tables)
    draft.revision += 1
    draft.saved_at = at
    draft.saved_by = by.id
    session.flush()
    return draft


def _changed(tables: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in {**tables, **changes}.items() if text is not None}


def drop_draft(session: Session, process_id: str) -> None:
    """Forgets the working copy (after publishing it, or to begin again from the newest version)."""
    draft = session.get(Draft, process_id)
    if draft is not None:
        session.delete(draft)
        session.flush()
