"""The papers of a case, and one of them as it was issued: head, number, addressee, what it says, who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.reads.case_page import Head
from engine.reads.drawn import drawings
from engine.reads.names import NOBODY, ZONE, Mentioned, named, names_for
from engine.reads.shown import Shown, filled
from engine.words.errors import NotFound
from engine.words.terms import Term
from models import Document, Officer, Unit


@dataclass(frozen=True, slots=True)
class Paper:
    id: str
    kind: str
    number: str
    title: str
    to: Term | None
    round: int
    level: int
    issued_at: datetime
    who: Term


@dataclass(frozen=True, slots=True)
class Sheet:
    """`office`: the unit whose paper it is (of whoever issued it, else the office at the top of the tree)."""

    id: str
    kind: str
    number: str
    title: str
    office: Term
    to: Term | None
    who: Term | None
    round: int
    level: int
    issued_at: datetime
    fields: tuple[Shown, ...]


def listed(session: Session, head: Head) -> tuple[Paper, ...]:
    """Newest first."""
    query = (
        select(Document, Unit.name, Unit.name_en, Officer.name, Officer.name_en)
        .outerjoin(Unit, Unit.id == Document.to_unit_id)
        .outerjoin(Officer, Officer.id == Document.issued_by)
        .where(Document.case_id == head.id)
        .order_by(Document.issued_at.desc(), Document.number.desc())
    )
    return tuple(
        Paper(
            id=paper.id,
            kind=paper.kind,
            number=paper.number,
            title=paper.title,
            to=named(unit, unit_en) if unit else None,
            round=paper.round,
            level=paper.level,
            issued_at=paper.issued_at,
            who=named(who, who_en) if who else NOBODY,
        )
        for paper, unit, unit_en, who, who_en in session.execute(query)
    )


def of(session: Session, head: Head, document_id: str, *, zone: tzinfo = ZONE) -> Sheet:
    """Raises `NotFound` for a paper that is not of this case."""
    to, own = aliased(Unit), aliased(Unit)
    query: Any = (
        select(Document, to.name, to.name_en, Officer.name, Officer.name_en, own.name, own.name_en)
        .outerjoin(to, to.id == Document.to_unit_id)
        .outerjoin(Officer, Officer.id == Document.issued_by)
        .outerjoin(own, own.id == Officer.unit_id)
        .where(Document.id == document_id, Document.case_id == head.id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("没有这份文书。", "There is no such paper.")
    paper, unit, unit_en, who, who_en, office, office_en = row
    if office is None:
        top = select(Unit.name, Unit.name_en).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
        office, office_en = session.execute(top).one()
    mentioned = Mentioned()
    mentioned.read(paper.fields)
    then = drawings(session, [head.id]).at(head.id, paper.issued_at)
    names = names_for(session, then, mentioned, zone=zone)
    return Sheet(
        id=paper.id,
        kind=paper.kind,
        number=paper.number,
        title=paper.title,
        office=named(office, office_en),
        to=named(unit, unit_en) if unit else None,
        who=named(who, who_en) if who else None,
        round=paper.round,
        level=paper.level,
        issued_at=paper.issued_at,
        # The title stands above; it is not said twice.
        fields=tuple(field for field in filled(names, paper.fields) if field.id != "title"),
    )
