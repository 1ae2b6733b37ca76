"""The journal: one entry a fact, each sealed to the one before, so that a changed byte is noticed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Entry(Base):
    """One fact. `book` is the case's id, or 0 for the office itself (units, officers, published processes)."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("book", "seq"),
        # No entry has two successors: the chain cannot fork.
        UniqueConstraint("book", "previous"),
        Index("ix_entries_at", "at"),
        Index("ix_entries_kind_at", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    book: Mapped[int]
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(60))
    officer_id: Mapped[int | None] = mapped_column(index=True)
    unit_id: Mapped[int | None]
    # The fact as canonical JSON. May be erased after its retention time: the chain is made over `digest`.
    body: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Book(Base):
    """The end of a chain that belongs to no case."""

    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="")


class Counter(Base):
    """Running numbers without gaps (case numbers by year, document numbers by kind and year)."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
