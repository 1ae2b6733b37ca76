"""What may be asked of the ledger, and the conditions it becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, and_, or_, select

from engine.reads.kept import mentions
from engine.reads.sight import seen_cases
from engine.words.numbers import case_id_of
from engine.words.officers import Actor
from models import Case, Unit

_SERIAL = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the officer asked for; empty means anything. `unit` counts with all units below it, `since` and `until` are
    days of raising (both included), `again` wants issues that went through more than one round, `parent`
    those called by that case."""

    text: str = ""
    stages: tuple[str, ...] = ()
    unit: int | None = None
    category: str = ""
    severity: str = ""
    level: int | None = None
    source: str = ""
    process: str = ""
    parent: int | None = None
    overdue: bool = False
    again: bool = False
    since: date | None = None
    until: date | None = None
    sort: str = "newest"


def conditions(
    filters: Filters, actor: Actor, at: datetime, zone: tzinfo, *, stages: bool = True
) -> list[ColumnElement[bool]]:
    """What a case must be to be listed; with `stages=False` whatever stage was asked for."""
    wanted: list[ColumnElement[bool]] = [seen_cases(actor)]
    if stages and filters.stages:
        wanted.append(Case.stage.in_(filters.stages))
    if filters.text:
        wanted.append(_mentions(filters.text))
    if filters.unit is not None:
        path = select(Unit.path).where(Unit.id == filters.unit).scalar_subquery()
        below = select(Unit.id).where(Unit.path.like(path + "%"))
        wanted.append(Case.lead_unit_id.in_(below))
    for column, value in (
        (Case.category, filters.category),
        (Case.severity, filters.severity),
        (Case.source, filters.source),
        (Case.process_id, filters.process),
    ):
        if value:
            wanted.append(column == value)
    if filters.parent is not None:
        wanted.append(Case.parent_id == filters.parent)
    if filters.level is not None:
        wanted.append(Case.level == filters.level)
    if filters.overdue:
        wanted.append(overdue(at))
    if filters.again:
        wanted.append(Case.round > 1)
    if filters.since:
        wanted.append(Case.opened_at >= _midnight(filters.since, zone))
    if filters.until:
        wanted.append(Case.opened_at < _midnight(filters.until + timedelta(days=1), zone))
    return wanted


def overdue(at: datetime) -> ColumnElement[bool]:
    return and_(Case.closed_at.is_(None), Case.due_at.is_not(None), Case.due_at <= at)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _mentions(text: str) -> ColumnElement[bool]:
    """Number, title, place or description. Words are looked for one by one: each must occur somewhere."""
    return and_(*(_mentions_word(word) for word in text.split()[:8]))


def _mentions_word(word: str) -> ColumnElement[bool]:
    places: list[ColumnElement[bool]] = [
        Case.title.icontains(word, autoescape=True),
        Case.place.icontains(word, autoescape=True),
        mentions("description", word),
    ]
    if (found := case_id_of(word)) is not None:
        places.append(Case.id == found)
    elif _SERIAL.fullmatch(word):
        places.append(Case.id % 1_000_000 == int(word))
    return or_(*places)
