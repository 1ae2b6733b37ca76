"""Where each mechanism of the source documents is carried by what is published here: elements, tables, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation import mechanisms
from engine.notation.diagram import Diagram
from engine.notation.mechanisms import Mechanism, Place
from engine.reads.diagrams import diagram_of
from engine.reads.openings import group_of
from engine.words.terms import PROCESS_GROUPS
from models import NEWEST, Process, Version

LIST = Path(__file__).resolve().parent.parent.parent / "processes" / "mechanisms.yaml"


@dataclass(frozen=True, slots=True)
class Published:
    """The newest version of one process, with its drawing."""

    id: str
    name: str
    name_en: str
    group: str
    version: int
    drawing: Diagram
    tables: Mapping[str, str]


@cache
def listed() -> Mapping[str, Mechanism]:
    """The list comes with the program and is read once."""
    return mechanisms.listed(yaml.safe_load(LIST.read_text("utf-8")))


def published(session: Session) -> list[Published]:
    """Every published process, by group and name."""
    newest = session.execute(
        select(Process, Version.id, Version.number, Version.digest, Version.tables)
        .join(Version, NEWEST)
        .order_by(Process.name, Process.id)
    )
    found = []
    for process, version_id, number, digest, tables in newest.all():
        drawing = diagram_of(session, version_id, digest)
        found.append(Published(process.id, process.name, process.name_en, group_of(drawing), number, drawing, tables))
    order = list(PROCESS_GROUPS)
    return sorted(found, key=lambda one: order.index(one.group))


def carried(session: Session) -> Mapping[str, list[Place]]:
    """By mechanism, where what is published names it, in the order of the processes."""
    return mechanisms.gather(listed(), _places(published(session))).places


def _places(processes: list[Published]) -> Iterator[tuple[str, Place]]:
    for one in processes:
        yield from mechanisms.in_diagram(one.drawing)
        yield from mechanisms.in_tables(one.id, one.tables)
