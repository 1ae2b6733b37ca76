"""The processes an officer can set going: published, and beginning with a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.notation.elements import Element
from engine.notation.wishes import split_wishes
from engine.reads.diagrams import diagram_of
from engine.words.kept import folded_members
from engine.words.officers import Actor
from engine.words.terms import PROCESS_GROUPS
from models import NEWEST, Case, Process, Version

# A form pressed twice, or sent again by the Back button, comes within this time.
AGAIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Way:
    id: str
    name: str
    name_en: str
    about: str
    about_en: str
    group: str
    start: Element


def beginners(start: Element) -> tuple[str, ...]:
    """The roles whose holders begin cases here; none: everybody but auditors."""
    return tuple(wish.role for wish in split_wishes(start.property("role")) if wish.role)


def may_begin(start: Element, by: Actor) -> bool:
    roles = beginners(start)
    return not roles or any(by.has(role) for role in roles)


def open_to_officers(session: Session, by: Actor) -> Sequence[Way]:
    """What this officer may begin, by group and name."""
    return [way for way in open_to_all(session) if may_begin(way.start, by)]


def open_to_all(session: Session) -> Sequence[Way]:
    """Whatever begins with a form, by group and name. Two statements, and one more for each diagram that is not yet
    read in this process."""
    newest = session.execute(
        select(Process, Version.id, Version.digest).join(Version, NEWEST).order_by(Process.name, Process.id)
    )
    ways = []
    for process, version_id, digest in newest.all():
        diagram = diagram_of(session, version_id, digest)
        if diagram.start is not None and diagram.start.form:
            about_en = diagram.properties.get("documentation.en", "")
            group = group_of(diagram)
            ways.append(
                Way(process.id, process.name, process.name_en, diagram.documentation, about_en, group, diagram.start)
            )
    order = list(PROCESS_GROUPS)
    return sorted(ways, key=lambda way: order.index(way.group))


def group_of(diagram: Diagram) -> str:
    """The code of the group a process stands under: its property `group`, if it is one of `PROCESS_GROUPS`."""
    group = diagram.properties.get("group", "")
    return group if group in PROCESS_GROUPS else "main"


def just_raised(
    session: Session, process_id: str, answers: Mapping[str, Any], *, by: Actor, at: datetime
) -> int | None:
    """The case this officer has opened a moment ago with word for word the same answers: the form came twice."""
    plain = {name: value for name, value in answers.items() if isinstance(value, str | bool | int | float)}
    said = folded_members(plain, {})
    recent = select(Case.id, Case.variables).where(
        Case.process_id == process_id, Case.opened_by == by.id, Case.opened_at > at - AGAIN
    )
    for case_id, variables in session.execute(recent):
        if all(variables.get(name) == value for name, value in said.items()):
            found: int = case_id
            return found
    return None
