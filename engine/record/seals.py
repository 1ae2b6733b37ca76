"""Sealing: now and then the ends of all chains are written into the office's own book, where they cannot be unsaid."""

from __future__ import annotations

from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.record.chain import OFFICE
from engine.record.journal import lock_book, record_office
from engine.words import facts as f
from engine.words.officers import CLOCK
from models import Book, Case, Entry


def seal(session: Session, *, at: datetime) -> int:
    """Seals every case, and the book of the post, that grew since the last seal; says how many. Nothing is written when
    none did."""
    lock_book(session)
    last = select(Entry.at).where(Entry.book == 0, Entry.kind == "Sealed").order_by(Entry.seq.desc()).limit(1)
    since = session.execute(last).scalar_one_or_none()
    heads: dict[str, list[object]] = {}
    for of in (Book, Case):
        query = select(of.id, of.entries, of.head).where(of.id != OFFICE)
        if since is not None:
            query = query.where(of.id.in_(select(Entry.book).where(Entry.at >= since, Entry.book != OFFICE)))
        heads |= {str(row.id): [row.entries, row.head] for row in session.execute(query) if row.entries}
    known = _last_sealed(session) if since is not None else {}
    fresh = {book: mark for book, mark in heads.items() if known.get(book) != mark}
    if fresh:
        record_office(session, [f.Sealed(fresh)], by=CLOCK, at=at)
    return len(fresh)


def _last_sealed(session: Session) -> dict[str, list[object]]:
    last = select(Entry.body).where(Entry.book == 0, Entry.kind == "Sealed").order_by(Entry.seq.desc()).limit(1)
    body = session.execute(last).scalar_one_or_none()
    heads: dict[str, list[object]] = orjson.loads(body)["heads"] if body else {}
    return heads
