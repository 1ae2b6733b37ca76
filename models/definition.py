"""A process, its numbered and immutable versions, and the draft a designer is working on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, JsonValue, UtcDateTime


class Process(Base):
    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    newest: Mapped[int] = mapped_column(default=0)


class Version(Base):
    __tablename__ = "versions"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[str] = mapped_column(ForeignKey("processes.id"))
    number: Mapped[int]
    diagram: Mapped[bytes] = mapped_column(LargeBinary)
    # file name -> DMN text
    tables: Mapped[dict[str, str]] = mapped_column(JsonValue, default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))

    process: Mapped[Process] = relationship()


# Joins a process with the newest of its versions.
NEWEST = and_(Version.process_id == Process.id, Version.number == Process.newest)


class Draft(Base):
    """The one working copy of a process; `revision` lets two designers notice each other."""

    __tablename__ = "drafts"

    process_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    diagram: Mapped[bytes] = mapped_column(LargeBinary)
    tables: Mapped[dict[str, str]] = mapped_column(JsonValue, default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    based_on: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
