"""Units in a tree, officers in a unit, and the roles each officer holds somewhere in that tree."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UtcDateTime


class Unit(Base):
    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[str] = mapped_column(String(40), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    # "1.4.9." — own id last; a unit and all below it are the rows whose path starts with this one's.
    path: Mapped[str] = mapped_column(String(400), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Officer(Base):
    __tablename__ = "officers"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100), default="")
    post: Mapped[str] = mapped_column(String(100), default="")
    post_en: Mapped[str] = mapped_column(String(100), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(300), default="")
    locale: Mapped[str] = mapped_column(String(8), default="zh")
    # Changing it signs the officer out everywhere.
    session_key: Mapped[str] = mapped_column(String(64), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    unit: Mapped[Unit] = relationship()
    grants: Mapped[list[Grant]] = relationship(back_populates="officer", cascade="all, delete-orphan")


class Grant(Base):
    """One officer holds one role for one unit (and, for seeing, all units below it)."""

    __tablename__ = "grants"
    # The inbox asks: who holds this role for this unit, now?
    __table_args__ = (Index("ix_grants_role_unit_id", "role", "unit_id"),)

    officer_id: Mapped[int] = mapped_column(ForeignKey("officers.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)

    officer: Mapped[Officer] = relationship(back_populates="grants")
    unit: Mapped[Unit] = relationship()
