"""The processes an officer can set going: published, and beginning with a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.reads.diagrams import diagram_of
from engine.words.officers import Actor
from engine.words.values import from_json
from models import Case, Process, Version

# A form pressed twice, or sent again by the Back button, comes within this time.
AGAIN = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Way:
    id: str
    name: str
    name_en: str
    about: str
    about_en: str


def open_to_officers(session: Session) -> Sequence[Way]:
    """In the order of their names. Two statements, and one more for each diagram not yet read in this process."""
    newest = session.execute(
        select(Process, Version.id, Version.digest)
        .join(Version, (Version.process_id == Process.id) & (Version.number == Process.newest))
        .order_by(Process.name, Process.id)
    )
    ways = []
    for process, version_id, digest in newest.all():
        diagram = diagram_of(session, version_id, digest)
        if diagram.start is not None and diagram.start.form:
            about_en = diagram.properties.get("documentation.en", "")
            ways.append(Way(process.id, process.name, process.name_en, diagram.documentation, about_en))
    return ways


def just_raised(
    session: Session, process_id: str, answers: Mapping[str, Any], *, by: Actor, at: datetime
) -> int | None:
    """The case this officer has opened a moment ago with word for word the same answers: the form came twice."""
    said = {name: value for name, value in answers.items() if isinstance(value, str | bool | int | float)}
    recent = select(Case.id, Case.variables).where(
        Case.process_id == process_id, Case.opened_by == by.id, Case.opened_at > at - AGAIN
    )
    for case_id, variables in session.execute(recent):
        if all(from_json(variables.get(name)) == value for name, value in said.items()):
            found: int = case_id
            return found
    return None
