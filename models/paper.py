"""Papers as files: the templates they are written by, the bytes that were made once, and which unit has opened them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class PaperTemplate(Base):
    """One version of the template of one kind of paper; versions never change."""

    __tablename__ = "paper_templates"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))


class PaperDraft(Base):
    """What a designer has sent in for one kind and not published yet."""

    __tablename__ = "paper_drafts"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(String(255))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))


class PaperCopy(Base):
    """The file of an issued paper: made once, the same bytes ever after. `sha` stands in the chain of the case."""

    __tablename__ = "paper_copies"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    template: Mapped[int]
    sha: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Addressee(Base):
    """A further unit an issued paper is addressed to; the first stands in the paper itself."""

    __tablename__ = "addressees"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)


class Receipt(Base):
    """Somebody of a unit the paper is addressed to has opened it, the first of that unit."""

    __tablename__ = "receipts"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
