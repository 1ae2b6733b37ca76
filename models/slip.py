"""A hand-over slip: what one case hands to another by a message, by when it is to be answered, and how it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonValue, UtcDateTime


class Slip(Base):
    """Its id is the message's. When it was sent and received stands on the message itself."""

    __tablename__ = "slips"
    __table_args__ = (Index("ix_slips_answered_at_due_at", "answered_at", "due_at"),)

    id: Mapped[str] = mapped_column(ForeignKey("outbox.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    # Names of the messages that say yes, and of those that give it back. No names: to receive it is to accept it.
    accepts: Mapped[list[str]] = mapped_column(JsonValue)
    returns: Mapped[list[str]] = mapped_column(JsonValue)
    # Whether anything but receiving it is an answer.
    asks: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # accepted · returned
    answer: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    # The message that was the answer; null when an officer gave it by a button.
    answered_by: Mapped[str | None] = mapped_column(String(40))
