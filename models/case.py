"""A case: where it stands, what is known of it, its clocks, papers, evidence and who takes part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, JsonValue, UtcDateTime, index_on_sqlite, index_where, written_at_each_step
from models.definition import Version
from models.officer import Officer, Unit


class Case(Base):
    """One issue (or one run of another process). Its id is year × 1,000,000 + running number, without gaps."""

    __tablename__ = "cases"
    __table_args__ = (
        # The ledger pages by (opened_at, id), newest first, within a stage or a unit.
        Index("ix_cases_opened_at_id", "opened_at", "id"),
        index_on_sqlite("ix_cases_stage_opened_at", "stage", "opened_at"),
        Index("ix_cases_lead_unit_id_opened_at", "lead_unit_id", "opened_at"),
        Index("ix_cases_due_at", "due_at"),
        Index("ix_cases_stuck_at", "stuck_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    process_id: Mapped[str] = mapped_column(String(100), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"), index=True)
    raiser_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)

    stage: Mapped[str] = mapped_column(String(40), default="registered")
    round: Mapped[int] = mapped_column(default=1)
    level: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(40))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    # The case whose call activity began this one; one call never begins two.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    call_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    depth: Mapped[int] = mapped_column(default=0, server_default="0")
    # The correlation of the message that began it: a second one with the same key begins no second case.
    key: Mapped[str | None] = mapped_column(String(200), index=True)

    # Copies of variables the ledger filters and sorts by; the truth is the chain of facts.
    title: Mapped[str] = mapped_column(String(300), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    category: Mapped[str] = mapped_column(String(100), default="", index=True)
    severity: Mapped[str] = mapped_column(String(40), default="")
    mode: Mapped[str] = mapped_column(String(40), default="")
    source: Mapped[str] = mapped_column(String(100), default="")
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    variables: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    # The engine's own snapshot; opaque here.
    state: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    revision: Mapped[int] = mapped_column(default=0)
    # The end of this case's chain: how many entries, and the hash of the last.
    entries: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="")
    # The last running number given to a task, timer, wait or paper of this case.
    serial: Mapped[int] = mapped_column(default=0)

    stuck_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stuck_why: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)

    version: Mapped[Version] = relationship()
    lead_unit: Mapped[Unit | None] = relationship(foreign_keys=[lead_unit_id])
    raiser_unit: Mapped[Unit | None] = relationship(foreign_keys=[raiser_unit_id])
    opener: Mapped[Officer | None] = relationship(foreign_keys=[opened_by])

    @property
    def number(self) -> str:
        return f"{self.id // 1_000_000}-{self.id % 1_000_000:06d}"


class Clock(Base):
    """One named deadline of one round: what was first set, what holds now, and how often it was moved."""

    __tablename__ = "clocks"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    limit_text: Mapped[str] = mapped_column(String(100))
    calendar: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    original_at: Mapped[datetime] = mapped_column(UtcDateTime)
    effective_at: Mapped[datetime] = mapped_column(UtcDateTime)
    near_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Seconds of calendar time left when it was stopped or paused; negative when already overdue.
    remaining: Mapped[float | None]
    extended: Mapped[int] = mapped_column(default=0)


class Document(Base):
    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(300))
    fields: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    round: Mapped[int]
    level: Mapped[int]
    # The version of the template it is written by; None where there was none when it was issued.
    template: Mapped[int | None]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))


class Attachment(Base):
    """One piece of evidence as it hangs on a case: under which name, for which field, by whom."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    task_id: Mapped[str | None] = mapped_column(String(40))
    sha: Mapped[str] = mapped_column(ForeignKey("evidence.sha"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(20))
    field: Mapped[str] = mapped_column(String(100))
    round: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))


class Notice(Base):
    """A sentence put before officers; who they are stands in `candidates` under this id."""

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


@written_at_each_step
class Party(Base):
    """Who takes part in a case, and so may see it: a unit (lead, co, raiser) or an officer (raised, handled)."""

    __tablename__ = "parties"
    __table_args__ = (
        index_where("ix_parties_unit_id_case_id", "unit_id", "case_id", where="unit_id IS NOT NULL"),
        index_where("ix_parties_hidden", "case_id", "unit_id", where="part = 'hidden'"),
        index_where("ix_parties_officer_id_case_id", "officer_id", "case_id", where="officer_id IS NOT NULL"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    # "unit:12:lead", "officer:4:handler": makes a second identical row impossible.
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    part: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
