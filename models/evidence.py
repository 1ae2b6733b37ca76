"""A photo or file, known by the hash of its content; the bytes lie in the evidence folder."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Evidence(Base):
    __tablename__ = "evidence"

    sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media: Mapped[str] = mapped_column(String(100))
    width: Mapped[int | None]
    height: Mapped[int | None]
    # What the camera wrote (EXIF), as told by it: not proof, but shown.
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    camera: Mapped[str | None] = mapped_column(String(100))
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
