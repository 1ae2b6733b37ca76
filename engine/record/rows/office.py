"""Rows of the office itself: units, officers, roles, calendars, versions."""

from __future__ import annotations

from datetime import date

from engine.record.page import Page
from engine.record.writers import leaves_only_its_entry, writes
from engine.words import facts as f
from models import CalendarDay, Grant, Officer, PaperTemplate, Process, Unit, Version, WorkCalendar

for _kind in (f.Sealed, f.MoveOrdered, f.MoveTakenBack):
    leaves_only_its_entry(_kind)


@writes(f.UnitAdded)
def unit_added(page: Page, fact: f.UnitAdded) -> None:
    page.add(
        Unit,
        id=fact.unit,
        code=fact.code,
        name=fact.name,
        name_en=fact.name_en,
        kind=fact.kind,
        parent_id=fact.parent,
        path=fact.path,
    )


@writes(f.UnitEnded)
def unit_ended(page: Page, fact: f.UnitEnded) -> None:
    page.change(Unit, fact.unit, ended_at=page.at)


@writes(f.OfficerAdded)
def officer_added(page: Page, fact: f.OfficerAdded) -> None:
    page.add(
        Officer,
        id=fact.officer,
        login=fact.login,
        name=fact.name,
        name_en=fact.name_en,
        post=fact.post,
        post_en=fact.post_en,
        unit_id=fact.unit,
        # The secret never enters the journal; who may sign in is set beside it (`acts/officers.py`).
        password_hash=page.enclosed.get(fact.login, ""),
        locale="zh",
        session_key="",
    )


@writes(f.RoleGranted)
def role_granted(page: Page, fact: f.RoleGranted) -> None:
    page.add(Grant, officer_id=fact.officer, role=fact.role, unit_id=fact.unit)


@writes(f.RoleTakenBack)
def role_taken_back(page: Page, fact: f.RoleTakenBack) -> None:
    page.remove(Grant, fact.officer, fact.role, fact.unit)


@writes(f.CalendarSet)
def calendar_set(page: Page, fact: f.CalendarSet) -> None:
    page.remove_loose(CalendarDay, "calendar", fact.calendar)
    page.remove(WorkCalendar, fact.calendar)
    page.add(
        WorkCalendar,
        name=fact.calendar,
        title=fact.title,
        title_en=fact.title_en,
        zone=fact.zone,
        hours=fact.hours,
    )
    for day, (kind, title) in fact.days.items():
        page.add(CalendarDay, calendar=fact.calendar, day=date.fromisoformat(day), kind=kind, title=title)


@writes(f.VersionPublished)
def version_published(page: Page, fact: f.VersionPublished) -> None:
    if fact.number == 1:
        page.add(Process, id=fact.process, name=fact.name, name_en=fact.name_en, newest=1)
    else:
        page.change(Process, fact.process, name=fact.name, name_en=fact.name_en, newest=fact.number)
    # The files are too large for an entry; the fact holds their digest.
    diagram, tables = page.enclosed.get(fact.digest, (b"", {}))
    page.add(
        Version,
        id=fact.version,
        process_id=fact.process,
        number=fact.number,
        diagram=diagram,
        tables=tables,
        digest=fact.digest,
        note=fact.note,
        published_at=page.at,
        published_by=page.officer,
    )


@writes(f.TemplatePublished)
def template_published(page: Page, fact: f.TemplatePublished) -> None:
    page.add(
        PaperTemplate,
        kind=fact.kind,
        number=fact.number,
        content=page.enclosed.get(fact.digest, b""),
        digest=fact.digest,
        size=fact.size,
        note=fact.note,
        published_at=page.at,
        published_by=page.officer,
    )
