"""Hand-over slips: whatever a case is told may be the answer to something it has handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.words import facts as f
from models import OutgoingMessage, Slip

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Answerer:
    """The message that came, and the case that sent it; none has sent what a program outside brought."""

    message: str
    case: int | None


def answered(
    session: Session, case_id: int, name: str, key: str, payload: Mapping[str, Any], by: Answerer | None
) -> list[f.SlipAnswered]:
    """The fact that an open slip of this case is accepted or returned by a message of this name; nothing, when none
    waits for it. It is the slip that the answering case was handed, else the newest with this key. `by`: None when an
    officer pressed a button."""
    sender = by.case if by is not None else None
    hers = OutgoingMessage.delivered_to == sender if sender is not None else None
    query = (
        select(Slip.id, Slip.title, Slip.title_en, Slip.accepts, Slip.returns, OutgoingMessage.delivered_to)
        .join(OutgoingMessage, OutgoingMessage.id == Slip.id)
        .where(Slip.case_id == case_id, Slip.answered_at.is_(None))
        .where(
            or_(OutgoingMessage.correlation == key, hers) if hers is not None else OutgoingMessage.correlation == key
        )
        .order_by(OutgoingMessage.sent_at.desc(), Slip.id.desc())
    )
    rows = [row for row in session.execute(query) if name in row.accepts or name in row.returns]
    if not rows:
        return []
    slip = next((row for row in rows if sender is not None and row.delivered_to == sender), rows[0])
    said = str(payload.get("reason") or payload.get("text") or "")[:_LONGEST]
    message = by.message if by is not None else None
    return [f.SlipAnswered(slip.id, slip.title, slip.title_en, name in slip.accepts, said, message)]
