"""The page of what lies beside a case: personal values as everybody may read them, and who has read them in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.reads.names import NOBODY, Names
from engine.reads.personal import mask_of
from engine.reads.tongues import joined, named
from engine.words.terms import Term
from models import Entry, Officer, PersonalValue


@dataclass(frozen=True, slots=True)
class Row:
    label: Term
    mask: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What is still kept, in the order it came; how many are deleted, and when the last of them went."""

    rows: tuple[Row, ...]
    deleted: int
    deleted_at: datetime | None


def kept(session: Session, case_id: int, names: Names) -> Kept:
    query = select(PersonalValue).where(PersonalValue.case_id == case_id)
    found = session.scalars(query.order_by(PersonalValue.kept_at, PersonalValue.id)).all()
    gone = [row.deleted_at for row in found if row.deleted_at is not None]
    rows = tuple(Row(names.label(row.field), mask_of(row.value), row.kept_at) for row in found if row.value is not None)
    return Kept(rows, len(gone), max(gone, default=None))


@dataclass(frozen=True, slots=True)
class Reading:
    at: datetime
    who: Term
    reason: str
    what: Term
    way: str


def readings(session: Session, case_id: int, names: Names) -> tuple[Reading, ...]:
    """Newest first."""
    query = (
        select(Entry.at, Entry.body, Officer.name, Officer.name_en)
        .outerjoin(Officer, Officer.id == Entry.officer_id)
        .where(Entry.book == case_id, Entry.kind == "PersonalRead", Entry.body.is_not(None))
        .order_by(Entry.seq.desc())
    )
    found = []
    for at, body, who, who_en in session.execute(query):
        said = orjson.loads(body or "{}")
        fields = joined(names.label(id) for id in said["fields"])
        found.append(Reading(at, named(who, who_en) if who else NOBODY, said["reason"], fields, said["way"]))
    return tuple(found)
