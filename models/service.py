"""Work that other programs do for a case, and the keys by which such programs are let in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonValue, UtcDateTime


class ServiceJob(Base):
    """One service task that waits for its work to be done; gone when it has been, or its scope has ended. Who does it
    holds it on a lease (`worker`, `lease`, `leased_until`) and may lose it to another when that runs out."""

    __tablename__ = "service_jobs"
    __table_args__ = (Index("ix_service_jobs_topic_due_at", "topic", "due_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    element: Mapped[str] = mapped_column(String(100))
    token: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(100))
    inputs: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    # Waits between tries: "PT1M", each twice the one before; or several, "PT10S, PT1M".
    backoff: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When it may be taken (while somebody holds it: when the lease runs out); null once it has failed for good, or was
    # answered in a way the diagram cannot take, and lies with an incident of its case.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    # How many more tries there are after this one.
    retries: Mapped[int]
    worker: Mapped[str | None] = mapped_column(String(100))
    lease: Mapped[str | None] = mapped_column(String(40))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Leases in a row that ran out without a word, and how many may.
    lost: Mapped[int] = mapped_column(default=0, server_default="0")
    leases: Mapped[int] = mapped_column(default=5, server_default="5")
    trouble: Mapped[str | None] = mapped_column(Text)


class WorkerToken(Base):
    """A key for a program: it works for service tasks, or raises issues for an officer. Only its hash is kept."""

    __tablename__ = "worker_tokens"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    # Topics it may work for; empty: all.
    topics: Mapped[list[str]] = mapped_column(JsonValue)
    # For whom it raises issues, as a source (a hotline, a device); null: a key of a program that works for tasks.
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    # Messages it may bring; empty: none.
    messages: Mapped[list[str]] = mapped_column(JsonValue, default=list, server_default="[]")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AllowedHost(Base):
    """A host that service tasks of the topic http may speak to, perhaps with a port: "permits.example.org:8443"."""

    __tablename__ = "allowed_hosts"

    host: Mapped[str] = mapped_column(String(260), primary_key=True)
    allowed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    allowed_by: Mapped[int | None] = mapped_column(ForeignKey("officers.id"))
