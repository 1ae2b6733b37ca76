"""Loops around a hub as one picture: how much is open in each, waits, is overdue, and was handed over unaccepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.reads import ledger, slips
from engine.reads.diagrams import diagram_of
from engine.reads.filters import Filters
from engine.reads.names import ZONE
from engine.reads.sight import seen_cases
from engine.reads.tongues import named
from engine.words.commas import listed
from engine.words.officers import Actor
from engine.words.terms import SETTLED, Term
from models import NEWEST, Case, Process, Task, Version

# The process property that names the loops around a hub, with commas.
PROPERTY = "loops"


@dataclass(frozen=True, slots=True)
class Line:
    """Hand-overs from one process to another: how many are not accepted, and of them overdue."""

    to: str
    name: Term
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class Loop:
    """`open` and `overdue` cases as the ledger counts them; `waiting`: tasks nobody has completed yet."""

    id: str
    name: Term
    open: int
    overdue: int
    waiting: int
    stages: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    hub: Loop
    loops: tuple[Loop, ...]

    @property
    def unaccepted(self) -> int:
        return sum(line.open for one in (self.hub, *self.loops) for line in one.lines)


def names(diagram: Diagram) -> tuple[str, ...]:
    """The processes a diagram draws around itself; none, when it is no hub."""
    return tuple(listed(diagram.properties.get(PROPERTY, "")))


def picture(session: Session, hub: str, *, actor: Actor, at: datetime, zone: tzinfo = ZONE) -> Picture | None:
    """None when the newest version of this process is no hub. What the officer may not see is not counted."""
    around = _newest(session, [hub])
    if hub not in around or not (wanted := names(around[hub][1])):
        return None
    drawn = around | _newest(session, [id for id in wanted if id != hub])
    lines = _lines(session, drawn, actor, at)
    loops = {id: _loop(session, id, name, lines[id], actor, at, zone) for id, (name, _diagram) in drawn.items()}
    return Picture(loops[hub], tuple(loops[id] for id in wanted if id in loops and id != hub))


def _newest(session: Session, ids: Iterable[str]) -> dict[str, tuple[Term, Diagram]]:
    query = (
        select(Process.id, Process.name, Process.name_en, Version.id.label("version"), Version.digest)
        .join(Version, NEWEST)
        .where(Process.id.in_(list(ids)))
    )
    return {
        row.id: (named(row.name, row.name_en), diagram_of(session, row.version, row.digest))
        for row in session.execute(query)
    }


def _lines(
    session: Session, drawn: dict[str, tuple[Term, Diagram]], actor: Actor, at: datetime
) -> dict[str, tuple[Line, ...]]:
    open_ = slips.unsettled(session, actor, at=at)
    sends = {id: _messages(diagram, throws=True) for id, (_name, diagram) in drawn.items()}
    hears = {id: _messages(diagram, throws=False) for id, (_name, diagram) in drawn.items()}
    found: dict[str, tuple[Line, ...]] = {}
    for sender in drawn:
        row = []
        for receiver, (name, _diagram) in drawn.items():
            between = sends[sender] & hears[receiver]
            if receiver != sender and between:
                counted = [open_.get((sender, message), (0, 0)) for message in between]
                row.append(Line(receiver, name, sum(n for n, _late in counted), sum(late for _n, late in counted)))
        found[sender] = tuple(row)
    return found


def _messages(diagram: Diagram, *, throws: bool) -> frozenset[str]:
    kinds = {"intermediateThrowEvent", "endEvent", "sendTask"}
    return frozenset(
        element.trigger.name
        for element in diagram.elements.values()
        if element.trigger.kind == "message" and (element.kind in kinds) is throws
    )


def _loop(
    session: Session, id: str, name: Term, lines: tuple[Line, ...], actor: Actor, at: datetime, zone: tzinfo
) -> Loop:
    counted = ledger.counts(session, Filters(process=id), actor=actor, at=at, zone=zone)
    owed = {stage: both for stage, both in counted.items() if stage not in SETTLED}
    waiting = select(func.count()).select_from(Task).join(Case, Case.id == Task.case_id)
    return Loop(
        id=id,
        name=name,
        open=sum(number for number, _late in owed.values()),
        overdue=sum(late for _number, late in counted.values()),
        waiting=session.scalar(waiting.where(Case.process_id == id, Task.done_at.is_(None), seen_cases(actor))) or 0,
        stages=tuple(sorted(owed)),
        lines=lines,
    )
