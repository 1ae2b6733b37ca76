"""Units, officers, roles and calendars: what changes in the office is a fact like any other."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from engine.acts.casefiles import find_case
from engine.reads import sight
from engine.reads.office import calendar_from
from engine.record.journal import record, record_office
from engine.words import facts as f
from engine.words.errors import Fault, NotFound, NotValid
from engine.words.officers import Actor, Held
from engine.words.terms import ROLES
from models import Grant, Officer, Task, Unit

_HASHER = PasswordHasher()


def actor(session: Session, officer_id: int, *, at: datetime) -> Actor:
    """The officer with unit and today's roles. Raises `NotFound` when there is none or the account has ended."""
    query = (
        select(Officer)
        .where(Officer.id == officer_id)
        .options(selectinload(Officer.unit), selectinload(Officer.grants).selectinload(Grant.unit))
    )
    officer = session.execute(query).scalar_one_or_none()
    if officer is None or (officer.ended_at is not None and officer.ended_at <= at):
        raise NotFound("没有这个账号，或已停用", "There is no such account, or it has ended")
    return actor_of(officer)


def actor_of(officer: Officer) -> Actor:
    """Who acts, from an officer that has been loaded."""
    return Actor(
        id=officer.id,
        login=officer.login,
        name=officer.name,
        unit_id=officer.unit_id,
        unit_path=officer.unit.path,
        unit_code=officer.unit.code,
        held=tuple(Held(grant.role, grant.unit_id, grant.unit.path) for grant in officer.grants),
    )


def add_unit(
    session: Session,
    code: str,
    name: str,
    *,
    by: Actor,
    at: datetime,
    name_en: str = "",
    kind: str = "",
    parent: int | None = None,
) -> int:
    """Adds a unit below `parent` (a unit's id) and returns its id."""
    if not code.strip() or not name.strip():
        raise NotValid([Fault("code", "单位须有代码和名称", "A unit needs a code and a name")])
    if session.execute(select(Unit.id).where(Unit.code == code)).first() is not None:
        raise NotValid([Fault("code", f"单位代码 {code} 已存在", f"There is already a unit {code}")])
    above = session.get(Unit, parent) if parent is not None else None
    if parent is not None and above is None:
        raise NotFound("没有上级单位", "There is no such parent unit")
    id = (session.execute(select(func.max(Unit.id))).scalar() or 0) + 1
    path = f"{above.path if above is not None else ''}{id}."
    record_office(session, [f.UnitAdded(id, code, name, name_en, kind, parent, path)], by=by, at=at)
    return id


def add_officer(
    session: Session,
    login: str,
    name: str,
    *,
    unit: int,
    password: str,
    by: Actor,
    at: datetime,
    name_en: str = "",
    post: str = "",
    post_en: str = "",
    roles: Sequence[tuple[str, int]] = (),
) -> int:
    """Adds an officer of a unit with roles as (role, unit id), and returns the id."""
    if session.execute(select(Officer.id).where(Officer.login == login)).first() is not None:
        raise NotValid([Fault("login", f"账号 {login} 已存在", f"There is already an account {login}")])
    if session.get(Unit, unit) is None:
        raise NotFound("没有这个单位", "There is no such unit")
    for role, _unit in roles:
        _refuse_role(role)
    id = (session.execute(select(func.max(Officer.id))).scalar() or 0) + 1
    added = f.OfficerAdded(id, login, name, name_en, post, post_en, unit)
    granted = [f.RoleGranted(id, role, place) for role, place in roles]
    record_office(session, [added, *granted], by=by, at=at, enclosed={login: _HASHER.hash(password)})
    return id


def grant(session: Session, officer_id: int, role: str, unit_id: int, *, by: Actor, at: datetime) -> None:
    """Gives an officer a role for a unit; nothing happens when he holds it already."""
    _refuse_role(role)
    if session.get(Grant, (officer_id, role, unit_id)) is None:
        record_office(session, [f.RoleGranted(officer_id, role, unit_id)], by=by, at=at)


def take_back(session: Session, officer_id: int, role: str, unit_id: int, *, by: Actor, at: datetime) -> None:
    """Takes a role back; open tasks follow at once, because roles are asked for when somebody looks. A task the
    officer holds and may no longer do is released, so that another can take it."""
    if session.get(Grant, (officer_id, role, unit_id)) is None:
        return
    record_office(session, [f.RoleTakenBack(officer_id, role, unit_id)], by=by, at=at)
    session.expire_all()
    left = actor(session, officer_id, at=at)
    held = select(Task.id, Task.element, Task.case_id).where(
        Task.claimed_by == officer_id, Task.done_at.is_(None), ~sight.for_me(left)
    )
    for task, element, case_id in session.execute(held.order_by(Task.case_id, Task.id)).all():
        case = find_case(session, case_id)
        record(session, case, [f.TaskReleased(task, element)], by=by, at=at)


def _refuse_role(role: str) -> None:
    if role not in ROLES:
        raise NotValid([Fault("role", f"没有角色 {role}", f"There is no role {role}")])


def set_password(session: Session, officer_id: int, password: str) -> None:
    """Sets the password and signs the officer out everywhere. The secret is no fact: it never enters the journal."""
    session.execute(
        update(Officer)
        .where(Officer.id == officer_id)
        .values(password_hash=_HASHER.hash(password), session_key=secrets.token_hex(16))
    )


def set_calendar(
    session: Session,
    name: str,
    *,
    title: str,
    zone: str,
    hours: Mapping[str, Any],
    days: Mapping[date, tuple[str, str]],
    by: Actor,
    at: datetime,
    title_en: str = "",
) -> None:
    """Sets a working calendar: `hours` by ISO weekday as pairs of "HH:MM", `days` that differ as (work|rest, title)."""
    try:
        calendar_from(name, zone, hours, {day: "work" if kind == "work" else "rest" for day, (kind, _) in days.items()})
    except (ValueError, KeyError) as error:
        raise NotValid([Fault("hours", f"日历 {name} 无法读取：{error}", f"Calendar {name}: {error}")]) from error
    kept = {day.isoformat(): [kind, note] for day, (kind, note) in sorted(days.items())}
    fact = f.CalendarSet(name, title, title_en, zone, {k: [list(p) for p in v] for k, v in hours.items()}, kept)
    record_office(session, [fact], by=by, at=at)
