"""What a case waits to be told, what it has told others, and the starts of processes that wait to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonValue, UtcDateTime, index_where


class Subscription(Base):
    """A case waits for a message of this name and key. With a button, an officer may send it from the case page."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_name_correlation", "name", "correlation"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    element: Mapped[str] = mapped_column(String(100))
    token: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(100))
    correlation: Mapped[str] = mapped_column(String(200))
    # message · signal
    kind: Mapped[str] = mapped_column(String(20), default="message", server_default="message")
    button: Mapped[str | None] = mapped_column(String(100))
    button_en: Mapped[str | None] = mapped_column(String(100))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OutgoingMessage(Base):
    """A message on its way: retried later (`due_at`), delivered, or put aside for repair (`dead_at`). One that a
    program outside brought has no sending case; it says whose key brought it, for which officer and unit."""

    __tablename__ = "outbox"
    # What has not been received is looked up on every page of whoever watches over it.
    __table_args__ = (
        index_where("ix_outbox_unreceived", "sent_at", where="delivered_at IS NULL"),
        index_where("ix_outbox_token_id", "token_id", where="token_id IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    token_id: Mapped[int | None] = mapped_column(ForeignKey("worker_tokens.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    element: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    correlation: Mapped[str] = mapped_column(String(200))
    # message · call (a process is asked to begin) · answer (of a called case) · cancel (a called case is to stop) ·
    # signal (to be spread) · heard (a signal on its way to one case or start)
    kind: Mapped[str] = mapped_column(String(20), default="message", server_default="message")
    # Of a message from outside: the digest only. Nobody knows yet what of it is personal, so what it says lies beside
    # (`content`, canonical JSON, with its salt), and is gone when it has been handed over or its time is over.
    payload: Mapped[Any] = mapped_column(JsonValue)
    content: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(32))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_to: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    dead_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why it was put aside: nobody · several · open · unfit (for the form of whoever waits) · broken · dropped (by an
    # officer).
    dead_why: Mapped[str | None] = mapped_column(String(20))
    # A call whose caller no longer waits.
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Start(Base):
    """A start of the newest version of a process that waits for a message, a signal or the clock."""

    __tablename__ = "starts"
    __table_args__ = (Index("ix_starts_kind_name", "kind", "name"),)

    # process:version:element
    id: Mapped[str] = mapped_column(String(220), primary_key=True)
    process_id: Mapped[str] = mapped_column(ForeignKey("processes.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"))
    element: Mapped[str] = mapped_column(String(100))
    # message · signal · timer
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100), default="")
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # How many more times it fires; null: without end.
    times_left: Mapped[int | None]
