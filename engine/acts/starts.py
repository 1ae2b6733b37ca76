"""Starts that wait: a process begins with a message, a signal, or when the clock says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts.beginnings import Cause, begin, newest_of
from engine.notation import clocks
from engine.notation.decisions import DecisionFailed, Decisions
from engine.notation.diagram import Diagram, Element
from engine.notation.timings import is_cycle, next_firings
from engine.reads.office import office
from engine.record.journal import lock_book, record_office
from engine.words import facts as f
from engine.words.calendar import Calendar, LimitNotReadable, NoWorkTime
from engine.words.errors import CannotGoOn
from engine.words.officers import CLOCK, Actor
from engine.words.recurrence import CycleNotReadable, comes_next, read_cycle
from models import Case, Process, Start
from models.session import reading

WAITING = frozenset({"message", "signal", "timer"})


def starts_of(diagram: Diagram) -> list[Element]:
    """The start events of the process itself that wait for something."""
    return [
        element
        for element in diagram.elements.values()
        if element.kind == "startEvent" and element.inside == diagram.process and element.trigger.kind in WAITING
    ]


def timing_of(element: Element, decisions: Mapping[str, Decisions], *, at: datetime) -> str:
    """When a timer start fires: what the table named by `timer.decision` says of it, else what is drawn."""
    drawn = element.trigger.text.removeprefix("=").strip().strip('"')
    table = element.property("timer.decision")
    if not table or table not in decisions:
        return drawn
    try:
        told = decisions[table].decide(table, {"start": element.id}, at=at).value
    except DecisionFailed:
        return drawn
    return str(told).strip() if told else drawn


def set_for(
    session: Session,
    process: str,
    version: int,
    number: int,
    diagram: Diagram,
    decisions: Mapping[str, Decisions] | None = None,
    *,
    at: datetime,
) -> f.StartsSet:
    """What waits from now on. A timer start counts from this publication."""
    found: list[dict[str, Any]] = []
    for element in starts_of(diagram):
        due: datetime | None = None
        left: int | None = None
        if element.trigger.kind == "timer":
            due, left = _first(session, element, timing_of(element, decisions or {}, at=at), at=at)
        found.append(
            {
                "start": f"{process}:{number}:{element.id}",
                "element": element.id,
                "kind": element.trigger.kind,
                "name": element.trigger.name,
                "due": due.isoformat() if due is not None else None,
                "left": left,
            }
        )
    return f.StartsSet(process, version, found)


def _calendar(session: Session, element: Element) -> Calendar:
    return clocks.calendar_named(office(session).calendars, element.property("calendar") or "work")


def _first(session: Session, element: Element, text: str, *, at: datetime) -> tuple[datetime | None, int | None]:
    """When a timer start first fires, and how often then still. A moment that has passed does not fire."""
    try:
        firings = next_firings(text, at=at, calendar=_calendar(session, element), most=1)
    except (LimitNotReadable, CycleNotReadable, NoWorkTime):
        return None, None
    due = firings[0] if firings else None
    if is_cycle(text):
        times = read_cycle(text).times
        return due, times - 1 if times is not None else None
    return (due if due is not None and due > at else None), 0


def begin_at(
    session: Session,
    start: Start,
    payload: Mapping[str, Any],
    *,
    sender: str | None,
    at: datetime,
    key: str | None = None,
    raiser_unit: int | None = None,
    by: Actor = CLOCK,
) -> int:
    """A case begins at this start, raised by the unit which the payload names in the field that the start's property
    `raiser_unit` says, or else by that of the sending case.
    Raises `CannotGoOn` when the process is not there; then nothing is written."""
    newest = newest_of(session, start.process_id)
    element = newest.published.diagram.elements.get(start.element) if newest is not None else None
    if newest is None or element is None:
        raise CannotGoOn(start.element, "没有这个流程，或尚未发布", "There is no such published process")
    return begin(
        session, newest, payload, form=element.form, by=by, at=at,
        raiser_unit=_named(session, payload.get(element.property("raiser_unit"))) or raiser_unit,
        cause=Cause(start=start.element, key=key, sender=sender),
    )  # fmt: skip


def _named(session: Session, code: Any) -> int | None:
    return office(session).units.get(code) if isinstance(code, str) else None


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a message stands to the processes that begin with it. `open`: the case that has its key already."""

    starts: tuple[Start, ...]
    open: int | None


def beginning_with(session: Session, name: str, key: str) -> Beginning:
    found = tuple(session.scalars(select(Start).where(Start.kind == "message", Start.name == name).order_by(Start.id)))
    already = None
    if len(found) == 1:
        same = select(Case.id).where(Case.process_id == found[0].process_id, Case.key == key, Case.ended_at.is_(None))
        already = session.scalar(same.order_by(Case.id).limit(1))
    return Beginning(found, already)


def lock_process(session: Session, process: str) -> None:
    """Two messages with one key must not both begin a case: who comes second waits here, and then sees the first. Other
    cases of the process may begin meanwhile."""
    session.execute(select(Process.id).where(Process.id == process).with_for_update(key_share=True))


def wake_due(sessions: sessionmaker[Session], *, at: datetime, limit: int = 100) -> int:
    """Begins the cases whose time has come, each in a transaction of its own. What was missed while nobody looked
    (a stopped machine) is made up for once, not as often as it was missed."""
    begun = 0
    due = select(Start.id).where(Start.kind == "timer", Start.due_at <= at).order_by(Start.due_at, Start.id)
    with reading(sessions) as session:
        found = list(session.scalars(due.limit(limit)))
    for id in found:
        with sessions() as session, session.begin():
            begun += _fire(session, id, at=at)
    return begun


def _fire(session: Session, id: str, *, at: datetime) -> bool:
    # Publishing locks the office's book before it sets starts anew; so does this.
    lock_book(session)
    start = session.scalar(
        select(Start).where(Start.id == id, Start.due_at <= at).execution_options(populate_existing=True)
    )
    if start is None:
        return False
    newest = newest_of(session, start.process_id)
    if newest is None or start.element not in newest.published.diagram.elements:
        return False
    element = newest.published.diagram.element(start.element)
    text = timing_of(element, newest.published.decisions, at=at)
    due = None
    if start.times_left != 0 and is_cycle(text) and start.set_at is not None:
        cycle, calendar = read_cycle(text), _calendar(session, element)
        due = comes_next(cycle, anchor=start.set_at, after=at, calendar=calendar)
    left = start.times_left - 1 if start.times_left is not None and due is not None else start.times_left
    opened = begin_at(session, start, {}, sender=None, at=at)
    fact = f.StartFired(start.id, start.process_id, start.element, opened, due, left)
    record_office(session, [fact], by=CLOCK, at=at)
    return True
