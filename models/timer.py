"""A timer that waits in a case; the row is deleted when it has fired or its scope has ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Timer(Base):
    __tablename__ = "timers"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    element: Mapped[str] = mapped_column(String(100))
    token: Mapped[str] = mapped_column(String(40))
    # Null while the clock it follows is paused.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
