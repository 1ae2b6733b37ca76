"""The journal: one entry a fact, each sealed to the one before, so that a changed byte is noticed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Index, Integer, String, Text, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, index_where

# Facts that nearly every step leaves. Read backwards, a page of these is found at once; an index with all of them would
# have to be changed in as many places as a step has facts. The words of the index, as a question must repeat them.
EVERYDAY = (
    "CaseDueChanged", "ClockStarted", "ClockStopped", "DecisionMade", "NoticeSent", "PartyJoined", "StageChanged",
    "TaskCompleted", "TaskOpened", "TimerDropped", "TimerSet", "TokensMoved", "VariablesChanged",
)  # fmt: skip
_RARE = f"kind NOT IN ({', '.join(repr(kind) for kind in EVERYDAY)})"
RARE: ColumnElement[Any] = literal_column(f"entries.{_RARE}")


class Entry(Base):
    """One fact. `book` is the case's id, or 0 for the office itself (units, officers, published processes)."""

    __tablename__ = "entries"
    __table_args__ = (
        # No entry has two successors: the chain cannot fork.
        UniqueConstraint("book", "seq"),
        Index("ix_entries_at", "at"),
        index_where("ix_entries_rare_kind", "kind", "id", where=_RARE),
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
