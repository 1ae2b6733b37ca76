"""The stories of a process as they are written: beside its draft, and beside each version published with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class StoryFile(Base):
    """`number`: of the version; 0 is the working copy. `text`: the YAML of `stories.yaml`."""

    __tablename__ = "story_files"

    process_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
