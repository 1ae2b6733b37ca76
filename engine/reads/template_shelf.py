"""Which templates of papers there are: the newest of each kind, what waits to be published, and all earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session

from engine.reads.tongues import named
from engine.words.terms import DOCUMENTS, Term
from models import Document, Officer, PaperDraft, PaperTemplate


@dataclass(frozen=True, slots=True)
class Edition:
    """One published version, without its bytes. `papers`: how many were issued while it was the newest."""

    kind: str
    number: int
    digest: str
    size: int
    note: str
    published_at: datetime
    by: Term | None
    papers: int = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of paper. `newest` None: no template yet; `waiting`: one was sent in and is not published."""

    kind: str
    name: Term
    newest: Edition | None
    waiting: bool


def shelf(session: Session) -> tuple[Shelf, ...]:
    """Every kind, in the order of the glossary."""
    last = select(PaperTemplate.kind, func.max(PaperTemplate.number).label("number")).group_by(PaperTemplate.kind)
    newest = last.subquery()
    found = {
        edition.kind: edition
        for edition in _editions(
            session, (PaperTemplate.kind == newest.c.kind) & (PaperTemplate.number == newest.c.number), newest
        )
    }
    waiting = set(session.scalars(select(PaperDraft.kind)))
    return tuple(Shelf(kind, name, found.get(kind), kind in waiting) for kind, name in DOCUMENTS.items())


def versions(session: Session, kind: str) -> tuple[Edition, ...]:
    """Newest first."""
    return tuple(sorted(_editions(session, PaperTemplate.kind == kind), key=lambda edition: -edition.number))


def _editions(session: Session, condition: ColumnElement[bool], beside: Subquery | None = None) -> list[Edition]:
    written = (
        select(func.count())
        .where(Document.kind == PaperTemplate.kind, Document.template == PaperTemplate.number)
        .correlate(PaperTemplate)
        .scalar_subquery()
    )
    query = select(
        PaperTemplate.kind, PaperTemplate.number, PaperTemplate.digest, PaperTemplate.size, PaperTemplate.note,
        PaperTemplate.published_at, Officer.name, Officer.name_en, written,
    ).outerjoin(Officer, Officer.id == PaperTemplate.published_by)  # fmt: skip
    query = query.join(beside, condition) if beside is not None else query.where(condition)
    return [
        Edition(kind, number, digest, size, note, at, named(who, who_en) if who else None, papers)
        for kind, number, digest, size, note, at, who, who_en, papers in session.execute(query)
    ]
