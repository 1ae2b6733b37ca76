"""A task that waits for a person, who may take it, and who may not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, JsonValue, UtcDateTime, index_where, written_at_each_step
from models.case import Case
from models.officer import Officer


@written_at_each_step
class Task(Base):
    """Its id is the case's number and its own: "2026000001-7"."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_case_id_element", "case_id", "element"),
        # The inbox reads open tasks by due date. Each index holds only what is looked for by it: a step pays for every
        # one that it changes.
        index_where("ix_tasks_open_due_at", "due_at", where="done_at IS NULL"),
        index_where("ix_tasks_claimed_by", "claimed_by", where="claimed_by IS NOT NULL"),
        index_where("ix_tasks_done_by_done_at", "done_by", "done_at", where="done_by IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    element: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    # The engine's own name for this token; opaque.
    token: Mapped[str] = mapped_column(String(40))
    round: Mapped[int] = mapped_column(default=1)
    # What this instance of a multi-instance step is about, else null.
    item: Mapped[Any] = mapped_column(JsonValue, nullable=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    priority: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The clock whose deadline this task's due date follows, if any.
    clock: Mapped[str | None] = mapped_column(String(40))
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    # completed · cancelled
    outcome: Mapped[str | None] = mapped_column(String(20))

    case: Mapped[Case] = relationship()
    claimant: Mapped[Officer | None] = relationship(foreign_keys=[claimed_by])


@written_at_each_step
class Candidate(Base):
    """A role (for a unit, or anywhere) or one officer, for whom a task, a button or a notice is meant.

    Roles are compared with today's grants whenever somebody asks, never copied to names when the task opens.
    """

    __tablename__ = "candidates"
    __table_args__ = (
        index_where("ix_candidates_role_unit_id", "role", "unit_id", where="role IS NOT NULL"),
        index_where("ix_candidates_officer_id", "officer_id", where="officer_id IS NOT NULL"),
        Index("ix_candidates_owner", "owner"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner: Mapped[str] = mapped_column(String(40))
    role: Mapped[str | None] = mapped_column(String(40))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))


@written_at_each_step
class Bar(Base):
    """Who must not do a task although his role would let him: the author is not the reviewer, nor the closer."""

    __tablename__ = "bars"
    __table_args__ = (Index("ix_bars_task_id", "task_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    task_id: Mapped[str] = mapped_column(String(40))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    # The element whose doer is barred, or "unit": so that the refusal can say why.
    because: Mapped[str] = mapped_column(String(100))
