"""A large value of a case (a text, a list), kept once under the digest of its JSON."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class KeptValue(Base):
    """Never changed. It goes when the data of its case are deleted, or all that spoke of it was erased; not before: an
    old fact may still refer to it."""

    __tablename__ = "kept_values"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    # SHA-256 of the body.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    # JSON, byte for byte as it was digested.
    body: Mapped[str] = mapped_column(Text)
