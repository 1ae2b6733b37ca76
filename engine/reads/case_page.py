"""One case on one page: where it stands, what it waits for and for whom, its deadlines, evidence, papers and fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

import orjson
from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from engine.notation.diagram import Diagram
from engine.reads import phrases
from engine.reads.diagrams import diagram_of
from engine.reads.drawn import drawings
from engine.reads.full_rows import is_late
from engine.reads.kept import whole
from engine.reads.names import NOBODY, ZONE, Mentioned, Names, names_for
from engine.reads.shown import Shown, filled
from engine.reads.sight import sees_case
from engine.reads.spoken import limit, span
from engine.reads.tongues import named
from engine.words.errors import NotFound
from engine.words.numbers import number_of
from engine.words.officers import Actor
from engine.words.terms import SETTLED, Term
from models import (
    Case,
    Clock,
    Entry,
    Officer,
    Party,
    PersonalValue,
    Process,
    Unit,
    Version,
)

# The way of an issue in one line, as far as its diagram goes that way; other stages stand aside of one of these.
_WAY = ("registered", "filed", "dispatched", "rectifying", "submitted", "verifying", "closed")
_ASIDE = {"disputed": "dispatched", "suspended": "rectifying", "rechecking": "closed", "archived": "closed"}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every page of the case. `way`: stages with whether they lie behind (True) or ahead; the one
    where the case stands is None. `personal`: whether
    personal values lie beside it."""

    id: int
    number: str
    title: str
    title_en: str
    process: Term
    process_id: str
    version: int
    stage: str
    round: int
    level: int
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    ended_at: datetime | None
    merged_into: int | None
    external_id: str | None
    stuck_at: datetime | None
    stuck_why: dict[str, Any] | None
    lead_unit: Term | None
    raiser_unit: Term | None
    raiser: Term
    co_units: tuple[Term, ...]
    way: tuple[tuple[str, bool | None], ...]
    variables: dict[str, Any]
    diagram: Diagram
    personal: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """One clock of one round. `late`: it ran out, or runs on after its end."""

    name: Term
    code: str
    round: int
    limit: Term
    started_at: datetime
    original_at: datetime
    effective_at: datetime
    near_at: datetime
    stopped_at: datetime | None
    paused_at: datetime | None
    remaining: Term | None
    extended: int
    late: bool

    @property
    def running(self) -> bool:
        return self.stopped_at is None and self.paused_at is None


def find(session: Session, case_id: int, *, actor: Actor, zone: tzinfo = ZONE) -> Head:
    """Raises `NotFound` also for a case that this officer may not know of."""
    lead, raiser = aliased(Unit), aliased(Unit)
    query: Any = (
        select(
            Case.id, Case.title, Case.process_id, Case.version_id, Case.stage, Case.round, Case.level, Case.outcome,
            Case.opened_at, Case.closed_at, Case.ended_at, Case.merged_into, Case.external_id, Case.stuck_at,
            Case.stuck_why, Case.variables, Version.number.label("version"), Version.digest, Process.name,
            Process.name_en, lead.name.label("lead"), lead.name_en.label("lead_en"), raiser.name.label("raiser"),
            raiser.name_en.label("raiser_en"), Officer.name.label("opener"), Officer.name_en.label("opener_en"),
            exists().where(PersonalValue.case_id == Case.id).label("personal"),
        )
        .join(Version, Version.id == Case.version_id)
        .join(Process, Process.id == Case.process_id)
        .outerjoin(lead, lead.id == Case.lead_unit_id)
        .outerjoin(raiser, raiser.id == Case.raiser_unit_id)
        .outerjoin(Officer, Officer.id == Case.opened_by)
        .where(Case.id == case_id, sees_case(actor))
    )  # fmt: skip
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("没有这件事项，或不在您的查看范围内。", "There is no such case, or it is not yours to see.")
    co_units = session.execute(
        select(Unit.name, Unit.name_en).join(Party, Party.unit_id == Unit.id)
        .where(Party.case_id == case_id, Party.part == "co").order_by(Unit.path)
    )  # fmt: skip
    diagram = diagram_of(session, row.version_id, row.digest)
    return Head(
        id=row.id,
        number=number_of(row.id),
        title=row.title,
        title_en=phrases.title(diagram, row.title).en,
        process=named(row.name, row.name_en),
        process_id=row.process_id,
        version=row.version,
        stage=row.stage,
        round=row.round,
        level=row.level,
        outcome=row.outcome,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        ended_at=row.ended_at,
        merged_into=row.merged_into,
        external_id=row.external_id,
        stuck_at=row.stuck_at,
        stuck_why=row.stuck_why,
        lead_unit=named(row.lead, row.lead_en) if row.lead else None,
        raiser_unit=named(row.raiser, row.raiser_en) if row.raiser else None,
        raiser=named(row.opener, row.opener_en) if row.opener else NOBODY,
        co_units=tuple(named(unit.name, unit.name_en) for unit in co_units),
        way=_way(diagram, row.stage) or _passed(session, row, diagram),
        variables=whole(session, row.id, row.variables),
        diagram=diagram,
        personal=row.personal,
    )


def _way(diagram: Diagram, stage: str) -> tuple[tuple[str, bool | None], ...]:
    """Of an issue: nothing for a process that dispatches none."""
    drawn = {element.property("stage") for element in diagram.elements.values()} | {"registered"}
    if "dispatched" not in drawn:
        return ()
    way = [code for code in _WAY if code in drawn]
    if stage not in way and stage not in _ASIDE:
        way = ["registered", stage]
    place = way.index(_ASIDE.get(stage, stage)) if _ASIDE.get(stage, stage) in way else 0
    return tuple((code, None if n == place else n < place) for n, code in enumerate(way))


def _passed(session: Session, row: Any, diagram: Diagram) -> tuple[tuple[str, bool | None], ...]:
    """The way of what is no issue: the stages it really had, and the one in which it will end."""
    changes = select(Entry.body).where(Entry.book == row.id, Entry.kind == "StageChanged").order_by(Entry.seq)
    had = ["registered", *(orjson.loads(body)["after"] for body in session.scalars(changes) if body)]
    behind = [code for code in dict.fromkeys(had) if code != row.stage]
    ends = [e.property("stage") for e in diagram.elements.values() if e.topic == "close" and e.property("stage")]
    ahead = [ends[-1]] if ends and row.stage not in SETTLED and ends[-1] not in behind else []
    return (*((code, True) for code in behind), (row.stage, None), *((code, False) for code in ahead))


def clocks(session: Session, head: Head, *, at: datetime, round: int | None = None) -> tuple[Ring, ...]:
    """Newest round first (or only that `round`), in the order they were started."""
    names = Names(head.diagram, {}, {}, {}, {}, {})
    query = select(Clock).where(Clock.case_id == head.id).order_by(Clock.round.desc(), Clock.started_at, Clock.name)
    if round is not None:
        query = query.where(Clock.round == round)
    return tuple(
        Ring(
            name=names.clock(clock.name),
            code=clock.name,
            round=clock.round,
            limit=limit(clock.limit_text),
            started_at=clock.started_at,
            original_at=clock.original_at,
            effective_at=clock.effective_at,
            near_at=clock.near_at,
            stopped_at=clock.stopped_at,
            paused_at=clock.paused_at,
            remaining=span(clock.remaining) if clock.remaining is not None else None,
            extended=clock.extended,
            late=is_late(clock, at),
        )
        for clock in session.scalars(query)
    )


def fields(
    session: Session, head: Head, *, only: Sequence[str] | None = None, zone: tzinfo = ZONE
) -> tuple[Shown, ...]:
    """Every variable that has a value (or those of `only`), in the order in which the forms of the diagram ask."""
    values = head.variables if only is None else {id: head.variables[id] for id in only if id in head.variables}
    mentioned = Mentioned()
    mentioned.read(values)
    earlier = drawings(session, [head.id]).earlier(head.id)
    names = replace(names_for(session, head.diagram, mentioned, zone=zone), earlier=earlier)
    return filled(names, values, names.fields)
