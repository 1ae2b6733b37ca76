"""Every area with what is open there, and the colour and index that a decision table gives it (五色图)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from engine.notation import decisions
from engine.notation.decisions import DecisionFailed
from engine.reads.diagrams import diagram_of
from engine.reads.filters import overdue
from engine.reads.sight import seen_cases
from engine.reads.tongues import named
from engine.words.commas import listed
from engine.words.officers import Actor
from engine.words.terms import COLOURS, SETTLED, Term
from models import NEWEST, Case, Process, Unit, Version

# Properties of a process: the decision that colours, and the kinds of units that are areas, with commas.
TABLE, KINDS = "areas", "areas.kinds"
MOST = 1_000
# Whatever else a table says comes after the known colours.
_RANKS = {colour: rank for rank, colour in enumerate(COLOURS)}
# What a table may ask about an area: how many open cases, how many of them …, and the highest supervision level.
NUMBERS = ("open", "overdue", "critical", "major", "again", "level")


@dataclass(frozen=True, slots=True)
class Area:
    """`numbers`: as `NUMBERS` says. `colour` is a code, "" where the table has no rule; `index` None without one."""

    unit: int
    name: Term
    kind: str
    numbers: Mapping[str, int]
    colour: str
    index: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The areas of one process, the worst first. `table`: the file that colours them, for whoever may change it;
    `why`: there are none because it fails."""

    process: str
    name: Term
    table: str
    areas: tuple[Area, ...]
    why: Term | None = None

    def count(self, colour: str) -> int:
        return sum(area.colour == colour for area in self.areas)


def sheets(session: Session, actor: Actor, *, at: datetime) -> list[Sheet]:
    """One for each process whose newest version colours areas. What the officer may not see is not counted."""
    query = (
        select(Process.id, Process.name, Process.name_en, Version.id.label("version"), Version.digest)
        .join(Version, NEWEST)
        .order_by(Process.name, Process.id)
    )
    found = []
    for row in session.execute(query).all():
        said = diagram_of(session, row.version, row.digest).properties
        if said.get(TABLE):
            tables = session.scalars(select(Version.tables).where(Version.id == row.version)).one()
            kinds = listed(said.get(KINDS, ""))
            why, areas = None, tuple[Area, ...]()
            try:
                areas = tuple(sorted(_areas(session, row.id, said[TABLE], kinds, tables, actor, at), key=_worst))
            except DecisionFailed as failed:
                why = Term(failed.zh, failed.en)
            found.append(Sheet(row.id, named(row.name, row.name_en), f"{said[TABLE]}.dmn", areas, why))
    return found


def _areas(
    session: Session, process: str, table: str, kinds: list[str], tables: Mapping[str, str], actor: Actor, at: datetime
) -> Iterator[Area]:
    wanted = select(Unit).where(Unit.ended_at.is_(None)).order_by(Unit.path).limit(MOST)
    units = session.scalars(wanted.where(Unit.kind.in_(kinds)) if kinds else wanted).all()
    counted = session.execute(_counted(process, actor, at)).all()
    read = decisions.read(tables[f"{table}.dmn"].encode(), [text.encode() for text in tables.values()])
    for unit in units:
        below = [row for row in counted if row.path.startswith(unit.path)]
        numbers = {name: sum(int(getattr(row, name)) for row in below) for name in NUMBERS[:-1]}
        numbers["level"] = max((row.level for row in below), default=0)
        said = read.decide(table, numbers, at=at).value
        colour, index = (said.get("colour"), said.get("index")) if isinstance(said, Mapping) else (said, None)
        index = float(index) if isinstance(index, int | float | Decimal) else None
        yield Area(unit.id, named(unit.name, unit.name_en), unit.kind, numbers, str(colour or ""), index)


def _counted(process: str, actor: Actor, at: datetime) -> Select[Any]:
    """Per responsible unit, of the open cases."""

    def those(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return (
        select(
            Unit.path,
            func.count().label("open"),
            those(overdue(at)).label("overdue"),
            those(Case.severity == "critical").label("critical"),
            those(Case.severity == "major").label("major"),
            those(Case.round > 1).label("again"),
            func.max(Case.level).label("level"),
        )
        .join(Unit, Unit.id == Case.lead_unit_id)
        .where(Case.process_id == process, Case.ended_at.is_(None), Case.stage.not_in(SETTLED), seen_cases(actor))
        .group_by(Unit.path)
    )


def _worst(area: Area) -> tuple[int, float, str]:
    return _RANKS.get(area.colour, len(_RANKS)), -(area.index or 0), area.name.zh
