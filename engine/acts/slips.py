"""Hand-over slips: whatever a case is told may be the answer to something it has handed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.words import facts as f
from models import OutgoingMessage, Slip

_LONGEST = 1000


def answered(
    session: Session, case_id: int, name: str, key: str, payload: Mapping[str, Any], by: str | None
) -> list[f.SlipAnswered]:
    """The fact that the newest open slip of this case with this key is accepted or returned by a message of this name;
    nothing, when no slip waits for it. `by`: the message, None when an officer pressed a button."""
    query = (
        select(Slip.id, Slip.title, Slip.title_en, Slip.accepts, Slip.returns)
        .join(OutgoingMessage, OutgoingMessage.id == Slip.id)
        .where(Slip.case_id == case_id, Slip.answered_at.is_(None), OutgoingMessage.correlation == key)
        .order_by(OutgoingMessage.sent_at.desc(), Slip.id.desc())
    )
    for id, title, title_en, accepts, returns in session.execute(query):
        if name in accepts or name in returns:
            said = payload.get("reason") or payload.get("text") or ""
            return [f.SlipAnswered(id, title, title_en, name in accepts, str(said)[:_LONGEST], by)]
    return []
