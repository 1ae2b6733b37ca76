"""What was handed in once: the key of a form that was sent, and what came of it; sent again, it does nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonValue, UtcDateTime


class Submission(Base):
    """Written in the very transaction of the act; swept away after some days."""

    __tablename__ = "submissions"

    # The officer's id and the key that was drawn with the form.
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    path: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # Null while the act is under way: {"code", "location", "body", "said"}.
    answer: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
