"""Cases on their way to another version: what was ordered, and what became of each of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonValue, UtcDateTime


class Move(Base):
    """One order. A trial (`trial`) only says what would become of each case. `taken_back_at`: the order to undo it."""

    __tablename__ = "moves"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    process_id: Mapped[str] = mapped_column(ForeignKey("processes.id"), index=True)
    # The version the cases leave; null: every version but the one they go to.
    from_number: Mapped[int | None]
    to_version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    trial: Mapped[bool]
    # {"mapping": {old id: new id}, "timers": {new id: keep|restart|recount}, "dues": keep|recount}
    wishes: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    # {"stage": code} or {"cases": [id]}: which of the open cases were chosen.
    sieve: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    reason: Mapped[str] = mapped_column(Text, default="")
    cases: Mapped[int] = mapped_column(default=0)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ordered_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    taken_back_why: Mapped[str] = mapped_column(Text, default="")


class MovedCase(Base):
    """One case of a move. `outcome`: null (waits its turn) · moves (in a trial) · moved · refused · back · kept (it had
    gone on, so it could not go back)."""

    __tablename__ = "moved_cases"
    __table_args__ = (
        # The next case of a move that waits its turn; how many there are of each outcome.
        Index("ix_moved_cases_move_id_outcome_case_id", "move_id", "outcome", "case_id"),
        Index("ix_moved_cases_case_id", "case_id"),
    )

    move_id: Mapped[int] = mapped_column(ForeignKey("moves.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    outcome: Mapped[str | None] = mapped_column(String(20))
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Reasons [{why, element, zh, en}], or what became of tasks, timers, waits and clocks.
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue, default=list)
    report: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    # To go back: the state before, the facts that undo the move ([kind, body]; none: it cannot be undone), and the
    # digest of the state after, by which one sees whether the case has gone on.
    state: Mapped[bytes | None] = mapped_column(LargeBinary)
    undoing: Mapped[list[list[str]]] = mapped_column(JsonValue, default=list)
    digest: Mapped[str] = mapped_column(String(64), default="")
