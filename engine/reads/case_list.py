"""Cases as programs outside ask for them: those their officer may see, the newest first, a handful at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from engine.reads.filters import Filters, conditions, overdue
from engine.reads.names import ZONE
from engine.words.officers import Actor
from models import Case

Status = Literal["open", "stopped", "ended"]
_STATUS: dict[str, ColumnElement[bool]] = {
    "open": and_(Case.ended_at.is_(None), Case.stuck_at.is_(None)),
    "stopped": and_(Case.ended_at.is_(None), Case.stuck_at.is_not(None)),
    "ended": Case.ended_at.is_not(None),
}
STATUSES = tuple(_STATUS)


@dataclass(frozen=True, slots=True)
class Row:
    """What the ledger shows of a case: nothing that is personal. `due_at`: the deadline that runs now."""

    id: int
    process: str
    title: str
    place: str
    status: Status
    stage: str
    round: int
    level: int
    outcome: str | None
    opened_at: datetime
    due_at: datetime | None
    overdue: bool
    ended_at: datetime | None


def status(ended_at: datetime | None, stuck_at: datetime | None) -> Status:
    return "ended" if ended_at is not None else "stopped" if stuck_at is not None else "open"


def listed(
    session: Session,
    filters: Filters,
    *,
    actor: Actor,
    at: datetime,
    most: int,
    being: str = "",
    after: int | None = None,
    zone: tzinfo = ZONE,
) -> tuple[list[Row], bool]:
    """At most `most`, and whether there are more behind them. `being`: one of `STATUSES`; `after`: the last case of the
    page before."""
    columns = (
        Case.id, Case.process_id, Case.title, Case.place, Case.stage, Case.round, Case.level, Case.outcome,
        Case.opened_at, Case.due_at, Case.ended_at, Case.stuck_at, overdue(at).label("late"),
    )  # fmt: skip
    query = select(*columns).where(*conditions(filters, actor, at, zone)).order_by(Case.id.desc()).limit(most + 1)
    if being:
        query = query.where(_STATUS[being])
    if after is not None:
        query = query.where(Case.id < after)
    found = session.execute(query).all()
    rows = [
        Row(
            row.id, row.process_id, row.title, row.place, status(row.ended_at, row.stuck_at), row.stage, row.round,
            row.level, row.outcome, row.opened_at, row.due_at, bool(row.late), row.ended_at,
        )
        for row in found[:most]
    ]  # fmt: skip
    return rows, len(found) > most
