"""The papers of a case, and one of them as it was issued: head, number, addressee, what it says, who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.notation.diagram import Diagram
from engine.reads import phrases, sight, spoken
from engine.reads.case_page import Head
from engine.reads.codes import codes_of
from engine.reads.drawn import drawings
from engine.reads.kept import whole
from engine.reads.names import NOBODY, ZONE, Mentioned, names_for
from engine.reads.shown import Shown, filled
from engine.reads.tongues import named
from engine.words.errors import NotFound
from engine.words.officers import Actor
from engine.words.terms import DOCUMENTS, Term
from models import Addressee, Case, Document, Officer, PaperCopy, Receipt, Unit


@dataclass(frozen=True, slots=True)
class Paper:
    id: str
    kind: str
    number: str
    title: str
    title_en: str
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
    title_en: str
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
            title=spoken.days_in(paper.title),
            title_en=title_in_english(paper.kind, paper.title, paper.fields, head.diagram),
            to=named(unit, unit_en) if unit else None,
            round=paper.round,
            level=paper.level,
            issued_at=paper.issued_at,
            who=named(who, who_en) if who else NOBODY,
        )
        for paper, unit, unit_en, who, who_en in session.execute(query)
    )


def title_in_english(kind: str, title: str, fields: Mapping[str, Any], drawn: Diagram | None = None) -> str:
    """What an English page calls a paper whose title is in the language of the office: as the process says it
    (`word.title.…`), else by its kind and what officers wrote, as they wrote it."""
    own, name = fields.get("title"), DOCUMENTS[kind].en if kind in DOCUMENTS else ""
    said = phrases.title(drawn, title).en if drawn is not None else title
    if said != title or not name or title == own:
        return said
    if isinstance(own, str) and own and title.endswith(own):
        return f"{name}: {phrases.title(drawn, own).en if drawn is not None else own}"
    day = spoken.day_in(title)
    return f"{name}, {spoken.day(day).en}" if day else name if title == DOCUMENTS[kind].zh else title


def of(session: Session, head: Head, document_id: str, *, zone: tzinfo = ZONE) -> Sheet:
    """Raises `NotFound` for a paper that is not of this case."""
    paper = session.get(Document, document_id)
    if paper is None or paper.case_id != head.id:
        raise NotFound("没有这份文书。", "There is no such paper.")
    return _sheet(session, paper, zone)


def open(
    session: Session, document_id: str, *, actor: Actor, zone: tzinfo = ZONE, persons: Mapping[str, str] | None = None
) -> tuple[Document, Sheet]:
    """A paper for whoever may see its case, or belongs to a unit it is addressed to. `persons`: personal values in
    full, for whom they were shown to; else they are masked. Raises `NotFound`."""
    paper = session.get(Document, document_id)
    if paper is None or not (sight.may_see(session, paper.case_id, actor) or _is_addressed(session, paper, actor)):
        raise NotFound("没有这份文书，或不在您的查看范围内。", "There is no such paper, or it is not yours to see.")
    return paper, _sheet(session, paper, zone, persons)


def _is_addressed(session: Session, paper: Document, actor: Actor) -> bool:
    mine = units_of(actor)
    if not any(unit in mine for unit in addressed(session, paper)):
        return False
    return session.scalar(select(Case.id).where(Case.id == paper.case_id, sight.not_hidden(Case.id, actor))) is not None


def units_of(actor: Actor) -> set[int]:
    """The units an officer opens papers for: his own, and those he holds a role for."""
    return {unit for unit in (actor.unit_id, *(grant.unit_id for grant in actor.held)) if unit is not None}


def addressed(session: Session, paper: Document) -> list[int]:
    further = select(Addressee.unit_id).where(Addressee.document_id == paper.id).order_by(Addressee.unit_id)
    return [*([paper.to_unit_id] if paper.to_unit_id is not None else []), *session.scalars(further)]


@dataclass(frozen=True, slots=True)
class Reader:
    """A unit a paper is addressed to; `read_at` None: nobody there has opened it yet."""

    unit: Term
    read_at: datetime | None
    who: Term | None


def readers(session: Session, paper: Document) -> tuple[Reader, ...]:
    wanted = addressed(session, paper)
    query = (
        select(Unit.id, Unit.name, Unit.name_en, Receipt.read_at, Officer.name, Officer.name_en)
        .outerjoin(Receipt, (Receipt.unit_id == Unit.id) & (Receipt.document_id == paper.id))
        .outerjoin(Officer, Officer.id == Receipt.read_by)
        .where(Unit.id.in_(wanted))
        .order_by(Receipt.read_at.is_(None), Receipt.read_at, Unit.path)
    )
    return tuple(
        Reader(named(name, name_en), read_at, named(who, who_en) if who else None)
        for _id, name, name_en, read_at, who, who_en in session.execute(query)
    )


def owes_reading(session: Session, document_id: str, actor: Actor) -> bool:
    """Whether a unit of this officer is addressed and nobody there has opened the paper yet."""
    paper = session.get(Document, document_id)
    owing = set(addressed(session, paper)) & units_of(actor) if paper is not None else set()
    there = set(session.scalars(select(Receipt.unit_id).where(Receipt.document_id == document_id)))
    return bool(owing - there) and not actor.reads_only


def copy_of(session: Session, document_id: str) -> PaperCopy | None:
    return session.get(PaperCopy, document_id)


def _sheet(session: Session, paper: Document, zone: tzinfo, persons: Mapping[str, str] | None = None) -> Sheet:
    to, own = aliased(Unit), aliased(Unit)
    query: Any = (
        select(to.name, to.name_en, Officer.name, Officer.name_en, own.name, own.name_en)
        .select_from(Document)
        .outerjoin(to, to.id == Document.to_unit_id)
        .outerjoin(Officer, Officer.id == Document.issued_by)
        .outerjoin(own, own.id == Officer.unit_id)
        .where(Document.id == paper.id)
    )
    unit, unit_en, who, who_en, office, office_en = session.execute(query).one()
    if office is None:
        top = select(Unit.name, Unit.name_en).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
        office, office_en = session.execute(top).one()
    said = whole(session, paper.case_id, paper.fields)
    mentioned = Mentioned()
    mentioned.read(said)
    then = drawings(session, [paper.case_id]).at(paper.case_id, paper.issued_at)
    names = replace(names_for(session, then, mentioned, zone=zone), codes=codes_of(session))
    names = replace(names, masks={**names.masks, **(persons or {})})
    return Sheet(
        id=paper.id,
        kind=paper.kind,
        number=paper.number,
        title=spoken.days_in(paper.title),
        title_en=title_in_english(paper.kind, paper.title, paper.fields, then),
        office=named(office, office_en),
        to=named(unit, unit_en) if unit else None,
        who=named(who, who_en) if who else None,
        round=paper.round,
        level=paper.level,
        issued_at=paper.issued_at,
        # The title stands above; it is not said twice.
        fields=tuple(field for field in filled(names, said) if field.id != "title"),
    )
