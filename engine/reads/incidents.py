"""Which cases are stuck: since when, where, why, and what may be done about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.reads import phrases
from engine.reads.diagrams import diagram_of
from engine.reads.kept import wholes
from engine.reads.names import ZONE, Mentioned, names_for
from engine.reads.sentences import Detail
from engine.reads.sentences.work import answers
from engine.reads.tongues import named
from engine.words.errors import OutOfDate
from engine.words.numbers import number_of
from engine.words.terms import Term
from models import Case, Process, Version

MOST = 200


@dataclass(frozen=True, slots=True)
class Incident:
    """One stuck case. `trigger`: what set it off: task · wait · timer · start · job · "" (nothing known)."""

    case: int
    number: str
    title: str
    title_en: str
    process_id: str
    process: Term
    version: int
    stuck_at: datetime
    element: str
    step: Term
    why: Term
    trigger: str
    tries: int


@dataclass(frozen=True, slots=True)
class Opened:
    """One incident as its repairer sees it. `given`: what was handed in and kept; `fields`: the case's own values, as
    they are kept, with their names; `outputs`: the fields a program outside should have given, where its step is to be
    passed over."""

    incident: Incident
    diagram: Diagram
    given: Sequence[Detail]
    fields: Sequence[tuple[str, Term, Any, Term]]
    outputs: Sequence[tuple[str, Term]] = ()


_ROWS = (
    select(
        Case.id, Case.title, Case.stuck_at, Case.stuck_why, Case.process_id, Case.variables, Case.version_id,
        Process.name, Process.name_en, Version.number, Version.digest,
    )
    .join(Version, Version.id == Case.version_id)
    .join(Process, Process.id == Case.process_id)
    .where(Case.stuck_at.is_not(None))
)  # fmt: skip


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(Case.stuck_at.is_not(None))) or 0


def waiting(session: Session, process_id: str = "", element: str = "") -> list[Incident]:
    """The longest waiting first, at most `MOST`."""
    query = _ROWS.order_by(Case.stuck_at, Case.id)
    if process_id:
        query = query.where(Case.process_id == process_id)
    found = [_incident(session, row)[0] for row in session.execute(query.limit(MOST))]
    return [one for one in found if not element or one.element == element]


def one(session: Session, case_id: int, *, zone: tzinfo = ZONE) -> Opened:
    """Raises `OutOfDate` when the case is not stuck (any more)."""
    row = session.execute(_ROWS.where(Case.id == case_id)).one_or_none()
    if row is None:
        raise OutOfDate(
            "这个故障已经处理好了，或没有这件事项。", "This incident has been dealt with, or there is no such case."
        )
    incident, diagram = _incident(session, row)
    trigger, variables = wholes(
        session, [(row.id, (row.stuck_why or {}).get("trigger") or {}), (row.id, row.variables)]
    )
    mentioned = Mentioned()
    mentioned.read(variables)
    mentioned.read(trigger.get("answers"))
    names = names_for(session, diagram, mentioned, zone=zone)
    body = {"element": trigger.get("element") or incident.element, "answers": trigger.get("answers") or {}}
    values = {**variables, **(trigger.get("answers") or {}), **(trigger.get("corrected") or {})}
    fields = [(id, names.label(id), value, names.value(id, value)) for id, value in sorted(values.items())]
    step = diagram.elements.get(incident.element)
    outside = step is not None and incident.trigger == "job" and trigger.get("element") == incident.element
    targets = [one.target for one in step.hands_out if one.target] if outside and step is not None else []
    return Opened(incident, diagram, answers(body, names), fields, [(name, names.label(name)) for name in targets])


def _incident(session: Session, row: Any) -> tuple[Incident, Diagram]:
    diagram = diagram_of(session, row.version_id, row.digest)
    why = row.stuck_why or {}
    trigger = why.get("trigger") or {}
    element = diagram.elements.get(why.get("element") or "")
    incident = Incident(
        case=row.id,
        number=number_of(row.id),
        title=row.title,
        title_en=phrases.title(diagram, row.title).en,
        process_id=row.process_id,
        process=named(row.name, row.name_en),
        version=row.number,
        stuck_at=row.stuck_at,
        element=why.get("element") or "",
        step=named(element.name or element.id, element.name_en) if element is not None else Term("—", "—"),
        why=Term(str(why.get("zh", "")), str(why.get("en", ""))),
        trigger=next((kind for kind in ("task", "wait", "timer", "start", "job") if kind in trigger), ""),
        tries=int(trigger.get("tries", 0)),
    )
    return incident, diagram
