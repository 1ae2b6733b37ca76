"""The evidence of a case: photos before and after, side by side for each round, and all other files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.reads.case_page import Head
from engine.reads.names import NOBODY, Names
from engine.reads.tongues import named
from engine.words.terms import Term
from models import Attachment, Evidence, Officer


@dataclass(frozen=True, slots=True)
class Photo:
    sha: str
    name: str
    media: str
    size: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    camera: str | None
    added_at: datetime
    who: Term
    field: Term


@dataclass(frozen=True, slots=True)
class Pictures:
    """The evidence of one round."""

    round: int
    before: tuple[Photo, ...]
    after: tuple[Photo, ...]
    others: tuple[Photo, ...]


def of(session: Session, head: Head) -> tuple[Pictures, ...]:
    """Newest round first. One statement."""
    query = (
        select(Attachment, Evidence, Officer.name, Officer.name_en)
        .join(Evidence, Evidence.sha == Attachment.sha)
        .outerjoin(Officer, Officer.id == Attachment.added_by)
        .where(Attachment.case_id == head.id)
        .order_by(Attachment.round.desc(), Attachment.added_at, Attachment.id)
    )
    names = Names(head.diagram, {}, {}, {}, {}, {})
    rounds: dict[int, dict[str, list[Photo]]] = {}
    for attached, file, who, who_en in session.execute(query):
        photo = Photo(
            sha=file.sha,
            name=attached.name,
            media=file.media,
            size=file.size,
            taken_at=file.taken_at,
            latitude=file.latitude,
            longitude=file.longitude,
            camera=file.camera,
            added_at=attached.added_at,
            who=named(who, who_en) if who else NOBODY,
            field=names.label(attached.field),
        )
        side = attached.kind if attached.kind in {"before", "after"} and file.media.startswith("image/") else "others"
        rounds.setdefault(attached.round, {"before": [], "after": [], "others": []})[side].append(photo)
    return tuple(
        Pictures(round, tuple(sides["before"]), tuple(sides["after"]), tuple(sides["others"]))
        for round, sides in rounds.items()
    )
