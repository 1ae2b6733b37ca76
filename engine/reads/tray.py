"""The tray: papers addressed to an officer's units, those nobody there has opened first, turned page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from engine.reads import sight, spoken
from engine.reads.diagrams import diagram_of
from engine.reads.documents import title_in_english, units_of
from engine.reads.tongues import named
from engine.words.numbers import LARGEST
from engine.words.officers import Actor
from engine.words.terms import Term
from models import Addressee, Case, Document, Receipt, Unit, Version

PAGE = 50


@dataclass(frozen=True, slots=True)
class Letter:
    """A paper as it lies in the tray of a unit it is addressed to."""

    id: str
    kind: str
    number: str
    title: str
    title_en: str
    to: Term
    issued_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tray:
    """One page. `after`: pass it on for the next page; None on the last one. `total` and `unread` count all pages; a
    paper addressed to two units of the officer lies there twice, as each opens it for itself."""

    letters: tuple[Letter, ...]
    after: str | None
    total: int
    unread: int


def received(session: Session, actor: Actor, *, after: str | None = None, limit: int = PAGE) -> Tray:
    """In two statements. The order is kept while papers are opened: what was turned over does not come again, unless
    it was opened meanwhile and lies among the opened ones."""
    rows = _rows(actor)
    query = rows.add_columns(
        Unit.name, Unit.name_en, Document.kind, Document.number, Document.title, Document.fields,
        Case.version_id, Version.digest,
    )  # fmt: skip
    order = (Document.issued_at, Document.id, Unit.id)
    opened = Receipt.read_at.is_not(None)
    if key := _cursor(after):
        turned = [literal(part, column.type) for part, column in zip(key[1:], order, strict=True)]
        further = tuple_(*order) < tuple_(*turned)
        query = query.where(and_(opened, further) if key[0] else or_(opened, further))
    query = query.order_by(opened, *(column.desc() for column in order)).limit(limit + 1)
    found = session.execute(query).all()
    shown = found[:limit]
    everything = rows.subquery()
    counted = select(func.count(), func.count(everything.c.read_at))
    total, read = session.execute(counted.select_from(everything)).one()
    return Tray(
        letters=tuple(
            Letter(
                id=row.id,
                kind=row.kind,
                number=row.number,
                title=spoken.days_in(row.title),
                title_en=title_in_english(
                    row.kind, row.title, row.fields, diagram_of(session, row.version_id, row.digest)
                ),
                to=named(row.name, row.name_en),
                issued_at=row.issued_at,
                read_at=row.read_at,
            )
            for row in shown
        ),
        after=_key(shown[-1]) if len(found) > limit else None,
        total=total,
        unread=total - read,
    )


def _rows(actor: Actor) -> Any:
    mine = units_of(actor)
    first = select(Document.id.label("paper"), Document.to_unit_id.label("unit")).where(Document.to_unit_id.in_(mine))
    more = select(Addressee.document_id, Addressee.unit_id).where(Addressee.unit_id.in_(mine))
    sent = first.union_all(more).subquery()
    return (
        select(Document.id, Document.issued_at, Unit.id.label("unit"), Receipt.read_at)
        .join(sent, sent.c.paper == Document.id)
        .join(Unit, Unit.id == sent.c.unit)
        .join(Case, Case.id == Document.case_id)
        .join(Version, Version.id == Case.version_id)
        .outerjoin(Receipt, (Receipt.document_id == Document.id) & (Receipt.unit_id == sent.c.unit))
        .where(sight.not_hidden(Document.case_id, actor))
    )


def _key(row: Any) -> str:
    return f"{int(row.read_at is not None)}~{row.issued_at.isoformat()}~{row.id}~{row.unit}"


def _cursor(after: str | None) -> tuple[bool, datetime, str, int] | None:
    """What `_key` wrote; a key that somebody typed starts at the first page."""
    parts = (after or "").split("~")
    if len(parts) != 4:
        return None
    try:
        moment, unit = datetime.fromisoformat(parts[1]), int(parts[3])
    except ValueError:
        return None
    return (parts[0] == "1", moment, parts[2], unit) if moment.tzinfo is not None and unit <= LARGEST else None
