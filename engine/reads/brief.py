"""The case beside a form: what was raised, what has been answered since, its deadlines, evidence and last steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from engine.notation.answers import FILES, SHOWN_ONLY
from engine.notation.diagram import Diagram, Field
from engine.reads import exhibits, story
from engine.reads.diagrams import diagram_of
from engine.reads.exhibits import Exhibit
from engine.reads.kept import whole
from engine.reads.names import ZONE, Mentioned, names_for
from engine.reads.story import Sentence
from engine.reads.tongues import EMPTY
from engine.words.terms import Term
from models import Case, Clock, Officer, Version

# Enough facts for the last five acts; an act leaves about ten.
_FACTS = 60
_ACTS = 5


@dataclass(frozen=True, slots=True)
class Pair:
    label: Term
    value: Term
    long: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    name: Term
    clock: Clock


@dataclass(frozen=True)
class Brief:
    """`raised`: the answers of the start form; `since`: what later steps have added; `personal`: there are
    personal values beside the case; `instance`: which one of a repeated step, when a task is asked about."""

    case: Case
    title: Term
    diagram: Diagram
    raised: Sequence[Pair]
    since: Sequence[Pair]
    deadlines: Sequence[Deadline]
    before: Sequence[Exhibit]
    after: Sequence[Exhibit]
    papers: Sequence[Exhibit]
    story: Sequence[Sentence]
    personal: bool = False
    instance: Term = EMPTY


def of(session: Session, case_id: int, *, item: Any = None, zone: tzinfo = ZONE) -> Brief:
    """A fixed number of statements, however long the case is. `item`: of a repeated step, what it is about."""
    case, version_id, digest = session.execute(
        select(Case, Version.id, Version.digest)
        .join(Version, Version.id == Case.version_id)
        .where(Case.id == case_id)
        .options(
            defer(Case.state),
            joinedload(Case.lead_unit),
            joinedload(Case.raiser_unit),
            joinedload(Case.opener).joinedload(Officer.unit),
        )
    ).one()
    diagram = diagram_of(session, version_id, digest)
    clocks = session.scalars(
        select(Clock).where(Clock.case_id == case_id, Clock.round == case.round).order_by(Clock.effective_at)
    ).all()
    mentioned = Mentioned()
    variables = whole(session, case_id, case.variables)
    mentioned.read(variables)
    mentioned.read(item)
    names = names_for(session, diagram, mentioned, zone=zone)
    hung = exhibits.of(session, case_id)
    start = diagram.start.form if diagram.start is not None else ()
    at_start = {field.id for field in start}
    later = [field for id, field in names.fields.items() if id not in at_start]

    def pairs(fields: Sequence[Field]) -> list[Pair]:
        return [
            Pair(names.label(field.id), names.value(field.id, variables[field.id]), field.type == "text")
            for field in fields
            if _told(field, variables)
        ]

    return Brief(
        case=case,
        title=names.title(case.title),
        diagram=diagram,
        raised=pairs(start),
        since=pairs(later),
        deadlines=[Deadline(names.clock(clock.name), clock) for clock in clocks],
        before=[found for found in hung if found.kind == "before"],
        after=[found for found in hung if found.kind == "after"],
        papers=[found for found in hung if found.kind not in {"before", "after"}],
        personal=bool(mentioned.personal),
        story=story.newest(session, case_id, limit=_FACTS, zone=zone).sentences[:_ACTS],
        instance=names.instance(item),
    )


def form_of(session: Session, case_id: int, element: str) -> Sequence[Field]:
    """The form of one step, in the version of its own case."""
    row = session.execute(
        select(Version.id, Version.digest).join(Case, Case.version_id == Version.id).where(Case.id == case_id)
    ).one()
    known = diagram_of(session, row.id, row.digest).elements.get(element)
    return known.form if known is not None else ()


def _told(field: Field, variables: Mapping[str, Any]) -> bool:
    """Worth a line: the title stands above, files are shown as pictures, empty and false answers say nothing."""
    if field.id == "title" or field.type in FILES | SHOWN_ONLY:
        return False
    return variables.get(field.id) not in (None, "", [], False)
