"""The office as diagrams need it: units and officers by code and login, and the working calendars."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, time
from threading import Lock
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.notation.scene import Office
from engine.words.calendar import ALWAYS, Calendar
from models import Book, CalendarDay, Officer, PaperTemplate, Unit, WorkCalendar

# The office changes only by facts of its own book; the end of that chain tells whether what we remember still holds.
_remembered: OrderedDict[str, Office] = OrderedDict()
_lock = Lock()
END = select(Book.head).where(Book.id == 0)
_NEWEST = select(PaperTemplate.kind, func.max(PaperTemplate.number)).group_by(PaperTemplate.kind)


def office(session: Session, head: str | None = None) -> Office:
    """The office as it is now. One statement when nothing changed since it was last read in this process, none when
    the caller has asked for the end of its chain (`head`) already."""
    if head is None:
        head = session.connection().execute(END).scalar_one_or_none() or ""
    with _lock:
        found = _remembered.get(head)
    if found is not None and head:
        return found
    found = _read(session)
    with _lock:
        _remembered[head] = found
        while len(_remembered) > 8:
            _remembered.popitem(last=False)
    return found


def _read(session: Session) -> Office:
    rows = {row.id: row for row in session.execute(select(Unit.id, Unit.code, Unit.parent_id, Unit.ended_at))}
    units = {row.code: _living(row, rows).id for row in rows.values()}
    officers = {row.login: row.id for row in session.execute(select(Officer.login, Officer.id))}
    return Office(
        units=units,
        codes={row.id: row.code for row in rows.values()},
        officers=officers,
        logins={id: login for login, id in officers.items()},
        calendars=calendars(session),
        templates={row.kind: row[1] for row in session.execute(_NEWEST)},
    )


def _living(unit: Any, rows: Mapping[int, Any]) -> Any:
    """The unit itself, or, where it was dissolved, the next one above that was not."""
    while unit.ended_at is not None and unit.parent_id in rows:
        unit = rows[unit.parent_id]
    return unit


def calendars(session: Session) -> dict[str, Calendar]:
    days: dict[str, dict[date, Literal["work", "rest"]]] = {}
    for row in session.execute(select(CalendarDay.calendar, CalendarDay.day, CalendarDay.kind)):
        days.setdefault(row.calendar, {})[row.day] = "work" if row.kind == "work" else "rest"
    kept = session.execute(select(WorkCalendar.name, WorkCalendar.zone, WorkCalendar.hours))
    found = {row.name: calendar_from(row.name, row.zone, row.hours, days.get(row.name, {})) for row in kept}
    return {"always": ALWAYS, **found}


def calendar_from(
    name: str, zone: str, hours: Mapping[str, Any], days: Mapping[date, Literal["work", "rest"]]
) -> Calendar:
    """A calendar from what is kept: hours by ISO weekday ("1" is Monday) as pairs of "HH:MM"; "24:00" ends a day."""
    shifts = {
        int(weekday) - 1: tuple((_time(start), _time(end)) for start, end in pairs) for weekday, pairs in hours.items()
    }
    return Calendar(name, ZoneInfo(zone), shifts, dict(days))


def _time(text: str) -> time:
    return time(0) if text == "24:00" else time.fromisoformat(text)
