"""The ledger (问题台账): every case an officer may see, filtered, sorted and turned page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache, partial
from typing import Any

from sqlalchemy import and_, case, false, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from engine.reads.codes import codes_of
from engine.reads.diagrams import diagram_of
from engine.reads.filters import Filters, conditions, overdue
from engine.reads.names import ZONE, Names
from engine.reads.sight import seen_cases
from engine.reads.tongues import named
from engine.words.numbers import number_of
from engine.words.officers import Actor
from engine.words.terms import Term
from models import NEWEST, Case, Clock, Process, Unit, Version

SORTS = ("newest", "due", "level")
PAGE = 50
_LEAD, _RAISER = aliased(Unit), aliased(Unit)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ledger. `due_at` is the deadline that runs now, `near_at` when its light turns."""

    id: int
    number: str
    title: str
    title_en: str
    place: str
    category: Term
    severity: Term
    severity_code: str
    source: Term
    stage: str
    round: int
    level: int
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    near_at: datetime | None
    lead_unit: Term | None
    raiser_unit: Term | None
    stuck: bool
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`after`: pass it on for the next page; None on the last one."""

    rows: tuple[Row, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: only what occurs among the cases this officer sees."""

    categories: tuple[tuple[str, Term], ...]
    sources: tuple[tuple[str, Term], ...]
    severities: tuple[tuple[str, Term], ...]
    processes: tuple[tuple[str, Term], ...]
    # id, name, how deep in the tree
    units: tuple[tuple[int, Term, int], ...]


def page(
    session: Session,
    filters: Filters,
    *,
    actor: Actor,
    at: datetime,
    after: str | None = None,
    limit: int = PAGE,
    zone: tzinfo = ZONE,
) -> Page:
    """One page of rows, in a fixed number of statements."""
    query = _rows(filters, actor, at, zone)
    if filters.sort == "due":
        found = _by_due(session, query, after, limit + 1)
    else:
        found = list(session.execute(_ordered(query, filters.sort, after).limit(limit + 1)))
    near = _near(session, [row.id for row in found[:limit]])
    words = _words(session, {(row.version_id, row.digest) for row in found})
    rows = tuple(_row(row, near.get(row.id), words[row.version_id]) for row in found[:limit])
    return Page(rows, _key(filters.sort, found[limit - 1]) if len(found) > limit else None)


def counts(
    session: Session, filters: Filters, *, actor: Actor, at: datetime, zone: tzinfo = ZONE
) -> dict[str, tuple[int, int]]:
    """Per stage: how many cases, how many of them overdue; by the same filters, whatever stage they ask for."""
    late = func.sum(case((overdue(at), 1), else_=0))
    query = select(Case.stage, func.count(), late).where(*conditions(filters, actor, at, zone, stages=False))
    return {stage: (number, int(over)) for stage, number, over in session.execute(query.group_by(Case.stage))}


def choices(session: Session, *, actor: Actor) -> Choices:
    """What the filters offer; codes are called as the newest version that knows them calls them."""
    processes = session.execute(
        select(Process.id, Process.name, Process.name_en, Version.id.label("version"), Version.digest)
        .join(Version, NEWEST)
        .order_by(Process.name)
    ).all()
    # Each by itself: whoever knows a code names it.
    words = [Names(diagram_of(session, one.version, one.digest), {}, {}, {}, {}, {}) for one in processes]
    occurring = {
        field: tuple((code, _called(words, field, code)) for code in codes)
        for field, codes in _occurring(session, actor).items()
    }
    return Choices(
        categories=occurring["category"],
        sources=occurring["source"],
        severities=occurring["severity"],
        processes=tuple((process.id, named(process.name, process.name_en)) for process in processes),
        units=_units(session, actor),
    )


def _occurring(session: Session, actor: Actor) -> dict[str, list[str]]:
    """The codes by which cases can be chosen, as they occur among those this officer sees: one walk over the cases."""
    found = select(Case.category, Case.source, Case.severity).where(seen_cases(actor)).cte("found")
    each = [
        select(literal(field.key).label("field"), field.label("code")).distinct().where(field != "").order_by(field)
        for field in found.c
    ]
    offered = union_all(*(select(codes.limit(500).subquery()) for codes in each))
    occurring: dict[str, list[str]] = {field.key: [] for field in found.c}
    for field, code in session.execute(offered.order_by("field", "code")):
        occurring[field].append(code)
    return occurring


def _called(words: list[Names], field: str, code: str) -> Term:
    told = (names.value(field, code) for names in words)
    return next((term for term in told if term.zh != code), Term(code, code))


def _units(session: Session, actor: Actor) -> tuple[tuple[int, Term, int], ...]:
    """The part of the tree this officer looks after, in the order of the tree."""
    query = select(Unit.id, Unit.name, Unit.name_en, Unit.path).order_by(Unit.path)
    if not actor.sees_all:
        query = query.where(or_(false(), *(Unit.path.startswith(path, autoescape=True) for path in actor.sight)))
    listed = session.execute(query).all()
    least = min((unit.path.count(".") for unit in listed), default=1)
    return tuple((unit.id, named(unit.name, unit.name_en), unit.path.count(".") - least) for unit in listed)


def every(
    session: Session, filters: Filters, *, actor: Actor, at: datetime, zone: tzinfo = ZONE, batch: int = 500
) -> Iterator[tuple[Row, ...]]:
    """All rows, batch by batch, in the order of the page; nothing is held but one batch."""
    after: str | None = None
    while True:
        found = page(session, filters, actor=actor, at=at, after=after, limit=batch, zone=zone)
        if found.rows:
            yield found.rows
        after = found.after
        if after is None:
            return


def _rows(filters: Filters, actor: Actor, at: datetime, zone: tzinfo) -> Any:
    query: Any = (
        select(
            Case.id, Case.title, Case.place, Case.category, Case.severity, Case.source, Case.stage, Case.round,
            Case.level, Case.opened_at, Case.closed_at, Case.due_at, Case.stuck_at, Case.parent_id,
            Case.version_id, Version.digest,
            _LEAD.name.label("lead"), _LEAD.name_en.label("lead_en"),
            _RAISER.name.label("raiser"), _RAISER.name_en.label("raiser_en"),
        )
        .join(Version, Version.id == Case.version_id)
        .outerjoin(_LEAD, _LEAD.id == Case.lead_unit_id)
        .outerjoin(_RAISER, _RAISER.id == Case.raiser_unit_id)
        .where(*conditions(filters, actor, at, zone))
    )  # fmt: skip
    return query


def _ordered(query: Any, sort: str, after: str | None) -> Any:
    if sort == "level":
        if key := _cursor(after, int, _moment):
            query = query.where(tuple_(Case.level, Case.opened_at, Case.id) < tuple(key))
        return query.order_by(Case.level.desc(), Case.opened_at.desc(), Case.id.desc())
    if key := _cursor(after, _moment):
        query = query.where(tuple_(Case.opened_at, Case.id) < tuple(key))
    return query.order_by(Case.opened_at.desc(), Case.id.desc())


def _by_due(session: Session, query: Any, after: str | None, limit: int) -> list[Any]:
    """Whatever has a deadline by that deadline (one index), then what has none, newest first."""
    found: list[Any] = []
    undated = _cursor(after, _nothing)
    if undated is None:
        dated = query.where(Case.due_at.is_not(None)).order_by(Case.due_at, Case.id)
        if key := _cursor(after, _moment):
            dated = dated.where(tuple_(Case.due_at, Case.id) > tuple(key))
        found = list(session.execute(dated.limit(limit)))
    if len(found) < limit:
        rest = query.where(Case.due_at.is_(None)).order_by(Case.id.desc())
        if undated:
            rest = rest.where(Case.id < undated[1])
        found += session.execute(rest.limit(limit - len(found)))
    return found


def _key(sort: str, row: Any) -> str:
    if sort == "due":
        return f"{row.due_at.isoformat() if row.due_at else ''}~{row.id}"
    if sort == "level":
        return f"{row.level}~{row.opened_at.isoformat()}~{row.id}"
    return f"{row.opened_at.isoformat()}~{row.id}"


def _cursor(after: str | None, *parts: Callable[[str], Any]) -> list[Any] | None:
    """What `_key` wrote; a key that somebody typed or that belongs to another sort starts at the first page."""
    texts = (after or "").split("~")
    if len(texts) != len(parts) + 1:
        return None
    try:
        return [*(part(text) for part, text in zip(parts, texts, strict=False)), int(texts[-1])]
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _nothing(text: str) -> None:
    if text:
        raise ValueError(text)


def _near(session: Session, case_ids: list[int]) -> dict[int, datetime]:
    query = (
        select(Clock.case_id, Clock.near_at)
        .join(Case, and_(Case.id == Clock.case_id, Case.round == Clock.round, Case.due_at == Clock.effective_at))
        .where(Clock.case_id.in_(case_ids), Clock.stopped_at.is_(None))
    )
    return {row.case_id: row.near_at for row in session.execute(query)}


def _words(session: Session, versions: set[tuple[int, str]]) -> dict[int, Names]:
    """How each version calls its codes; the drawings are kept, so mostly without a statement."""
    find = cache(partial(codes_of, session))
    return {id: Names(diagram_of(session, id, digest), {}, {}, {}, {}, {}, find=find) for id, digest in versions}


def _row(row: Any, near: datetime | None, words: Names) -> Row:
    return Row(
        id=row.id,
        number=number_of(row.id),
        title=row.title,
        title_en=words.title(row.title).en,
        place=row.place,
        category=words.value("category", row.category),
        severity=words.value("severity", row.severity),
        severity_code=row.severity,
        source=words.value("source", row.source),
        stage=row.stage,
        round=row.round,
        level=row.level,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        due_at=row.due_at,
        near_at=near,
        lead_unit=named(row.lead, row.lead_en) if row.lead else None,
        raiser_unit=named(row.raiser, row.raiser_en) if row.raiser else None,
        stuck=row.stuck_at is not None,
        parent=row.parent_id,
    )
