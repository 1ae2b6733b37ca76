"""Ledger rows with everything the paper ledger asks for: what forms, clocks and finished tasks of a case say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.reads.diagrams import diagram_of
from engine.reads.drawn import now_called, turns
from engine.reads.kept import wholes
from engine.reads.names import Mentioned, Names, names_for
from engine.reads.tongues import EMPTY
from engine.words.terms import Term
from models import Case, Clock, Task, Version


@dataclass(frozen=True, slots=True)
class Step:
    """A finished task of the case."""

    element: str
    by: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Full:
    """One case of the ledger. `clocks` and `steps` in the order of their beginning."""

    case: Any
    variables: dict[str, Any]
    clocks: Sequence[Clock]
    steps: Sequence[Step]
    names: Names
    at: datetime

    def told(self, *variables: str) -> Term:
        """The first of these variables that has a value."""
        for id in variables:
            if self.variables.get(id) not in (None, "", [], {}):
                return self.names.value(id, self.variables[id])
        return EMPTY

    def clock(self, name: str) -> Clock | None:
        """The named clock of the newest round that has it."""
        return next((clock for clock in reversed(self.clocks) if clock.name == name), None)

    def first(self, name: str) -> Clock | None:
        return next((clock for clock in self.clocks if clock.name == name), None)

    def late(self, name: str) -> bool:
        return any(is_late(clock, self.at) for clock in self.clocks if clock.name == name)

    def last_step(self, clock: str) -> Step | None:
        """The last finished task that this clock watches over ("verify": 核查)."""
        watched = _watched(self.names.diagram, clock)
        return next((step for step in reversed(self.steps) if step.element in watched), None)


def is_late(clock: Clock, at: datetime) -> bool:
    if clock.remaining is not None and (clock.stopped_at is not None or clock.paused_at is not None):
        return clock.remaining < 0
    return clock.effective_at <= at


def _watched(diagram: Diagram | None, clock: str) -> set[str]:
    elements = diagram.elements.values() if diagram else ()
    return {element.id for element in elements if element.property("clock") == clock}


def full(session: Session, case_ids: Sequence[int], *, at: datetime, zone: tzinfo) -> list[Full]:
    """These cases, in this order, in a fixed number of statements for the whole batch."""
    query = select(
        Case.id, Case.title, Case.place, Case.category, Case.severity, Case.source, Case.mode, Case.stage, Case.round,
        Case.level, Case.opened_at, Case.opened_by, Case.closed_at, Case.outcome, Case.merged_into, Case.lead_unit_id,
        Case.raiser_unit_id, Case.parent_id, Case.variables, Case.version_id, Version.digest,
    ).join(Version, Version.id == Case.version_id).where(Case.id.in_(case_ids))  # fmt: skip
    cases = {row.id: row for row in session.execute(query)}
    clocks = _grouped(
        session.scalars(select(Clock).where(Clock.case_id.in_(case_ids)).order_by(Clock.round, Clock.started_at))
    )
    steps: dict[int, list[Step]] = defaultdict(list)
    done = select(Task.case_id, Task.element, Task.done_by, Task.done_at).where(
        Task.case_id.in_(case_ids), Task.outcome == "completed"
    )
    moved = turns(session, case_ids)
    for task in session.execute(done.order_by(Task.done_at)):
        element = now_called(task.element, task.done_at, moved.get(task.case_id, ()))
        steps[task.case_id].append(Step(element, task.done_by, task.done_at))
    said = dict(zip(cases, wholes(session, [(id, case.variables) for id, case in cases.items()]), strict=True))
    names = _names(session, list(cases.values()), said, steps, zone)
    return [
        Full(cases[id], said[id], clocks.get(id, []), steps.get(id, []), names[cases[id].digest], at)
        for id in case_ids
        if id in cases
    ]


def _grouped(clocks: Iterable[Clock]) -> dict[int, list[Clock]]:
    grouped: dict[int, list[Clock]] = defaultdict(list)
    for clock in clocks:
        grouped[clock.case_id].append(clock)
    return grouped


def _names(
    session: Session, cases: list[Any], said: Mapping[int, Any], steps: dict[int, list[Step]], zone: tzinfo
) -> dict[str, Names]:
    mentioned = Mentioned()
    for case in cases:
        mentioned.read(said[case.id])
        mentioned.unit_ids.update(id for id in (case.lead_unit_id, case.raiser_unit_id) if id is not None)
        mentioned.officer_ids.update(step.by for step in steps.get(case.id, ()) if step.by is not None)
        if case.opened_by is not None:
            mentioned.officer_ids.add(case.opened_by)
    known = names_for(session, None, mentioned, zone=zone)
    versions = {case.digest: case.version_id for case in cases}
    return {
        digest: Names(
            diagram_of(session, id, digest), known.units, known.unit_codes, known.officers, known.logins, known.homes,
            zone,
        )
        for digest, id in versions.items()
    }  # fmt: skip
