"""The evidence on a case: photos before and after, papers, each with who brought it and what the camera noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.reads.sight import seen_cases
from engine.words.officers import Actor
from models import Attachment, Case, Evidence


@dataclass(frozen=True, slots=True)
class Exhibit:
    """`kind`: before · after · document. Place and time are what the camera wrote: shown, not proof."""

    sha: str
    name: str
    kind: str
    field: str
    round: int
    media: str
    size: int
    added_at: datetime
    added_by: int | None
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    camera: str | None

    @property
    def is_picture(self) -> bool:
        return self.media.startswith("image/")


def of(session: Session, case_id: int) -> Sequence[Exhibit]:
    """All evidence of a case, oldest first. One statement."""
    rows = session.execute(
        select(Attachment, Evidence)
        .join(Evidence, Evidence.sha == Attachment.sha)
        .where(Attachment.case_id == case_id)
        .order_by(Attachment.added_at, Attachment.id)
    )
    return [
        Exhibit(
            hung.sha, hung.name, hung.kind, hung.field, hung.round, kept.media, kept.size, hung.added_at, hung.added_by,
            kept.taken_at, kept.latitude, kept.longitude, kept.camera,
        )
        for hung, kept in rows
    ]  # fmt: skip


def name_for(session: Session, sha: str, actor: Actor) -> str | None:
    """The name under which this content hangs on a case that the officer may see; None when it hangs on none."""
    hung = select(Attachment.name).join(Case, Case.id == Attachment.case_id)
    return session.scalar(hung.where(Attachment.sha == sha, seen_cases(actor)).order_by(Attachment.id).limit(1))


def kept(session: Session, shas: Sequence[str]) -> dict[str, Evidence]:
    """What is known of these contents, by hash."""
    if not shas:
        return {}
    return {found.sha: found for found in session.scalars(select(Evidence).where(Evidence.sha.in_(shas)))}
