"""The processes an officer can set going: published, and beginning with a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.reads.diagrams import diagram_of
from models import Process, Version


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
