"""Working calendars: the hours of a normal week, and the days that are different (holidays, make-up working days)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, JsonValue


class WorkCalendar(Base):
    __tablename__ = "calendars"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    title_en: Mapped[str] = mapped_column(String(100), default="")
    zone: Mapped[str] = mapped_column(String(60))
    # {"1": [["08:30","12:00"],["14:30","18:00"]], …} by ISO weekday; a weekday that is missing is free.
    hours: Mapped[dict[str, Any]] = mapped_column(JsonValue)

    days: Mapped[list[CalendarDay]] = relationship(cascade="all, delete-orphan", order_by="CalendarDay.day")


class CalendarDay(Base):
    __tablename__ = "calendar_days"

    calendar: Mapped[str] = mapped_column(ForeignKey("calendars.name"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    # work · rest
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(100), default="")
