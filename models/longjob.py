"""Work that takes longer than a page may: who asked for it, how far it is, where its result lies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonValue, UtcDateTime


class LongJob(Base):
    """`state`: waiting, running, done, failed, cancelled. `key`: asked for again under the same key, it is the same
    job. `done` of `total` parts; `total` is known once it has been planned."""

    __tablename__ = "long_jobs"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    args: Mapped[Any] = mapped_column(JsonValue)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What came of it: for a file its name, media type and size.
    result: Mapped[Any] = mapped_column(JsonValue, nullable=True)
    trouble: Mapped[str | None] = mapped_column(String(500))
    trouble_en: Mapped[str | None] = mapped_column(String(500))


class Pulse(Base):
    """One minute in the life of a worker: when it was last heard, how late the latest timer fired, what it did, and how
    much was still due when it looked. `lag` in seconds."""

    __tablename__ = "pulses"

    worker: Mapped[str] = mapped_column(String(80), primary_key=True)
    minute: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True, index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lag: Mapped[float]
    waiting: Mapped[int]
    things: Mapped[int]
