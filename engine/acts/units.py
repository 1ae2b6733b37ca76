"""A unit is dissolved: whatever waits for its people passes to the unit above, at once and in every case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.acts.casefiles import find_case
from engine.acts.repairs import reason_of
from engine.record.journal import record, record_office
from engine.words import facts as f
from engine.words.errors import Fault, NotAllowed, NotFound, NotValid, OutOfDate
from engine.words.officers import Actor
from engine.words.terms import ROLES
from models import Bar, Candidate, Grant, Officer, Subscription, Task, Unit


@dataclass(frozen=True, slots=True)
class Succession:
    """What ends and who takes over; `roles`: those that open work asks for, with how many hold them above."""

    unit: Unit
    above: Unit | None
    below: int
    cases: int
    tasks: int
    officers: int
    roles: dict[str, int]


def succession(session: Session, code: str) -> Succession:
    """What would pass on if this unit ended now. Raises `NotFound`."""
    unit = _find(session, code)
    above = session.get(Unit, unit.parent_id) if unit.parent_id is not None else None
    while above is not None and above.ended_at is not None:
        above = session.get(Unit, above.parent_id) if above.parent_id is not None else None
    owned = _owned(session, unit.id)
    wanted = select(Candidate.role).where(Candidate.unit_id == unit.id, Candidate.owner.in_(list(owned)))
    roles = sorted({role for role in session.scalars(wanted) if role})
    held = select(Grant.role, func.count()).where(Grant.unit_id == (above.id if above is not None else None))
    holders: dict[str, int] = dict(session.execute(held.group_by(Grant.role)).all())
    below = select(func.count()).select_from(Unit).where(Unit.parent_id == unit.id, Unit.ended_at.is_(None))
    people = select(func.count()).select_from(Officer).where(Officer.unit_id == unit.id, Officer.ended_at.is_(None))
    return Succession(
        unit=unit,
        above=above,
        below=session.scalar(below) or 0,
        cases=len(set(owned.values())),
        tasks=session.scalar(select(func.count()).select_from(Task).where(Task.id.in_(list(owned)))) or 0,
        officers=session.scalar(people) or 0,
        roles={role: holders.get(role, 0) for role in roles},
    )


def end(session: Session, code: str, reason: str, *, by: Actor, at: datetime) -> Succession:
    """Ends a unit; its open tasks, buttons and claims pass to the unit above, whose people are told. What later steps
    mean for it goes there, too. Raises `NotAllowed`, `NotValid` (no unit above, units below, nobody above who could
    do the work, no reason), `OutOfDate` when it has ended already."""
    if by.id is not None and not by.has("admin"):
        raise NotAllowed("只有系统管理人员可以撤并单位。", "Only administrators dissolve units.")
    found = succession(session, code)
    unit, above = found.unit, found.above
    if unit.ended_at is not None:
        raise OutOfDate(f"{unit.name}已经撤并。", f"{unit.name_en or unit.name} has been dissolved already.")
    faults = list(_faults(found))
    if faults or above is None:
        raise NotValid(faults)
    why = reason_of(reason)
    owned = _owned(session, unit.id)
    record_office(session, [f.UnitEnded(unit.id, above.id, why)], by=by, at=at)
    for case_id in sorted(set(owned.values())):
        mine = [owner for owner, case in owned.items() if case == case_id]
        _pass_on(session, case_id, mine, unit, above, why, by=by, at=at)
    return found


def _faults(found: Succession) -> Iterable[Fault]:
    if found.above is None:
        yield Fault("unit", "这个单位没有上级，待办无处移交。", "There is no unit above that could take its work.")
        return
    if found.below:
        yield Fault(
            "unit",
            f"还有 {found.below} 个下级单位，请先撤并下级。",
            f"It has {found.below} units below; end them first.",
        )
    for role, holders in found.roles.items():
        if not holders:
            zh, en = ROLES[role].zh if role in ROLES else role, ROLES[role].en if role in ROLES else role
            yield Fault(
                "unit",
                f"上级“{found.above.name}”没有人担任“{zh}”，请先授予，否则待办无人可办。",
                f"Nobody holds “{en}” for “{found.above.name_en or found.above.name}”; grant it first, or nobody "
                "could do the work.",
            )


def _pass_on(
    session: Session, case_id: int, owners: list[str], unit: Unit, above: Unit, why: str, *, by: Actor, at: datetime
) -> None:
    case = find_case(session, case_id)
    wanted: dict[str, list[f.Wanted]] = {owner: [] for owner in owners}
    for row in session.scalars(select(Candidate).where(Candidate.owner.in_(owners)).order_by(Candidate.id)):
        place = above.id if row.unit_id == unit.id else row.unit_id
        wish: f.Wanted = (
            {"officer": row.officer_id} if row.officer_id is not None else {"role": row.role, "unit": place}
        )
        if wish not in wanted[row.owner]:
            wanted[row.owner].append(wish)
    home = select(Officer.id).where(Officer.unit_id == unit.id)
    tasks = list(session.execute(select(Task.id, Task.unit_id, Task.claimed_by).where(Task.id.in_(owners))))
    claims = set(session.scalars(select(Task.id).where(Task.id.in_(owners), Task.claimed_by.in_(home))))
    barred = select(Bar.task_id).where(Bar.task_id.in_(owners), Bar.unit_id == unit.id)
    passed = f.WorkPassed(
        unit=unit.id,
        to=above.id,
        reason=why,
        wanted=wanted,
        tasks=[id for id, place, _claimant in tasks if place == unit.id],
        claims=sorted(claims),
        bars=sorted(set(session.scalars(barred))),
    )
    roles = sorted({str(wish["role"]) for all_ in wanted.values() for wish in all_ if wish.get("unit") == above.id})
    notice = f.NoticeSent(
        f"{case_id}-{case.serial + 1}",
        f"{unit.name}已撤并，其在本事项的待办转由{above.name}办理：{why}",
        f"{unit.name_en or unit.name} was dissolved; what waited for it here passes to "
        f"{above.name_en or above.name}: {why}",
        [{"role": role, "unit": above.id} for role in roles],
    )
    record(session, case, [passed, notice], by=by, at=at, serial=case.serial + 1)


def _owned(session: Session, unit: int) -> dict[str, int]:
    """Open tasks and buttons meant for people of this unit, with their cases."""
    meant = select(Candidate.owner).where(Candidate.unit_id == unit)
    tasks = select(Task.id, Task.case_id).where(Task.done_at.is_(None), or_(Task.id.in_(meant), Task.unit_id == unit))
    waits = select(Subscription.id, Subscription.case_id).where(Subscription.id.in_(meant))
    return {owner: case for query in (tasks, waits) for owner, case in session.execute(query)}


def _find(session: Session, code: str) -> Unit:
    found = session.scalar(select(Unit).where(Unit.code == code))
    if found is None:
        raise NotFound(f"没有单位 {code}。", f"There is no unit {code}.")
    return found
