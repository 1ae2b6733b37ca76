"""What identifies a person, beside the case and not in it, until its retention time is over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, index_where


class PersonalValue(Base):
    """One value of one field. The chain holds only its salted digest; after deletion neither salt nor value is here."""

    __tablename__ = "personal_values"
    __table_args__ = (
        # The nightly look for what is still kept.
        index_where("ix_personal_values_kept", "case_id", where="deleted_at IS NULL"),
        Index("ix_personal_values_case_id", "case_id"),
    )

    # As the reference in the case calls it.
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    field: Mapped[str] = mapped_column(String(100))
    # Canonical JSON.
    value: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(32))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
