"""Who may see what, and who may do what: asked of today's roles every time, never copied when a task opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, literal_column, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from engine.words.officers import Actor
from models import Bar, Candidate, Case, Notice, Officer, Party, Subscription, Task, Unit


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this officer may not do this task now. `kind`: done · role · barred · claimed · stuck."""

    kind: Literal["done", "role", "barred", "claimed", "stuck"]
    zh: str
    en: str


def wanted(actor: Actor) -> ColumnElement[bool]:
    """A condition on Candidate: these words mean this officer, by login or by a role held for just that unit."""
    held: dict[str, list[int]] = {}
    for grant in actor.held:
        held.setdefault(grant.role, []).append(grant.unit_id)
    roles = [
        and_(Candidate.role == role, or_(Candidate.unit_id.is_(None), Candidate.unit_id.in_(sorted(units))))
        for role, units in sorted(held.items())
    ]
    return or_(Candidate.officer_id == actor.id, *roles) if actor.id is not None else false()


def meant(owner: InstrumentedAttribute[str], actor: Actor) -> ColumnElement[bool]:
    """A condition on a task, notice or button (by its id): it is meant for this officer."""
    return owner.in_(select(Candidate.owner).where(wanted(actor)))


def for_me(actor: Actor) -> ColumnElement[bool]:
    """A condition on Task: this officer is among its candidates and nothing bars him. Open or done, claimed or not."""
    barred = exists().where(Bar.task_id == Task.id, or_(Bar.officer_id == actor.id, Bar.unit_id == actor.unit_id))
    return and_(meant(Task.id, actor), ~barred, not_hidden(Task.case_id, actor))


def not_hidden(
    case_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], actor: Actor
) -> ColumnElement[bool]:
    """A condition on the id of a case: nothing keeps it from this officer's unit (an unannounced visit that has not
    begun). It stands above every other way of seeing; only auditors and administrators look behind it."""
    units = sorted({int(id) for path in (actor.unit_path, *(grant.path for grant in actor.held)) for id in _ids(path)})
    if actor.sees_all or not units:
        return true()
    # In the very words of the index that holds the few that are hidden: asked for each case, it is never searched for.
    kept = aliased(Party)
    return ~exists().where(kept.case_id == case_id, kept.part == literal_column("'hidden'"), kept.unit_id.in_(units))


def _ids(path: str | None) -> list[str]:
    """Of a unit and all above it: what is kept from a unit is kept from those below it."""
    return [id for id in (path or "").split(".") if id]


def seen_cases(actor: Actor) -> ColumnElement[bool]:
    """A condition on Case: own unit and below, units of one's roles and below, what one raised, handled, or is asked
    to do. Auditors and administrators see all."""
    if actor.sees_all:
        return true()
    units = _units(actor)
    ways = [
        *_by_its_row(actor, units),
        Case.id.in_(select(Party.case_id).where(Party.officer_id == actor.id)),
        Case.id.in_(select(Task.case_id).where(meant(Task.id, actor))),
        Case.id.in_(select(Subscription.case_id).where(meant(Subscription.id, actor))),
        Case.id.in_(select(Notice.case_id).where(meant(Notice.id, actor))),
    ]
    if units is not None:
        ways.append(Case.id.in_(select(Party.case_id).where(Party.unit_id.in_(units), Party.part != "hidden")))
    return and_(or_(*ways), not_hidden(Case.id, actor))


def sees_case(actor: Actor) -> ColumnElement[bool]:
    """The same as `seen_cases` where one case is asked for: each way is looked up for that case alone, however many
    others there are."""
    if actor.sees_all:
        return true()
    party, task, wait, notice = aliased(Party), aliased(Task), aliased(Subscription), aliased(Notice)
    units = _units(actor)
    ways = [
        *_by_its_row(actor, units),
        exists().where(party.case_id == Case.id, party.officer_id == actor.id),
        *(
            exists().where(of.case_id == Case.id, exists().where(Candidate.owner == of.id, wanted(actor)))
            for of in (task, wait, notice)
        ),
    ]
    if units is not None:
        ways.append(exists().where(party.case_id == Case.id, party.unit_id.in_(units), party.part != "hidden"))
    return and_(or_(*ways), not_hidden(Case.id, actor))


def _units(actor: Actor) -> Select[Any] | None:
    """The units of whose cases the officer sees all; None when there are none."""
    if not actor.sight:
        return None
    return select(Unit.id).where(or_(*(Unit.path.startswith(path, autoescape=True) for path in actor.sight)))


def _by_its_row(actor: Actor, units: Select[Any] | None) -> list[ColumnElement[bool]]:
    """The ways to see a case that its own row tells."""
    led = [] if units is None else [Case.lead_unit_id.in_(units), Case.raiser_unit_id.in_(units)]
    return [Case.opened_by == actor.id, *led]


def may_see(session: Session, case_id: int, actor: Actor) -> bool:
    return session.scalar(select(Case.id).where(Case.id == case_id, sees_case(actor))) is not None


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A task as an act found it, and how one officer stands to it: `meant` for him by his roles or by name; `because`:
    what bars him (a step he did, "unit", "*raiser"), else None."""

    id: str
    case_id: int
    element: str
    claimed_by: int | None
    done_at: datetime | None
    done_by: int | None
    outcome: str | None
    meant: bool
    because: str | None


@lru_cache(maxsize=2048)
def standing(actor: Actor) -> Select[Any]:
    """The fields of `TaskFile` for the task `:task`. Built once for each officer with these roles: building a statement
    costs far more than asking."""
    for_him = exists().where(Candidate.owner == Task.id, wanted(actor))
    meant_for = and_(for_him, not_hidden(Task.case_id, actor)).label("meant")
    barred = or_(Bar.officer_id == actor.id, Bar.unit_id == actor.unit_id)
    because = select(Bar.because).where(Bar.task_id == Task.id, barred).limit(1).scalar_subquery().label("because")
    columns = (Task.id, Task.case_id, Task.element, Task.claimed_by, Task.done_at, Task.done_by, Task.outcome)
    return select(*columns, meant_for, because).where(Task.id == bindparam("task"))


def may_do(session: Session, task: Task | TaskFile, actor: Actor) -> Reason | None:
    """None when the officer may claim or complete this task now, else why not."""
    if isinstance(task, TaskFile):
        found = task
    else:
        found = TaskFile(*session.connection().execute(standing(actor), {"task": task.id}).one())
    if found.done_at is not None:
        return Reason("done", "这项任务已经办结或撤销。", "This task has been done or taken away.")
    if not found.meant:
        return Reason("role", "这项任务不属于您的岗位职责。", "This task is not among the duties of your post.")
    if found.because is not None:
        return _barred(session, found, found.because)
    if found.claimed_by is not None and found.claimed_by != actor.id:
        who = session.get(Officer, found.claimed_by)
        zh, en = (who.name, who.name_en or who.name) if who is not None else ("别人", "somebody else")
        return Reason("claimed", f"{zh}已领取这项任务。", f"{en} has claimed this task.")
    return None


def _barred(session: Session, task: TaskFile, because: str) -> Reason:
    if because == "unit":
        return Reason(
            "barred",
            "按规定，本单位不能办理自己事项的这一步，须由其他单位办理。",
            "By the rules a unit may not take this step on its own matter; another unit must.",
        )
    if because == "officer":
        return Reason(
            "barred",
            "您经办过与本事项相关的事项，按规定这一步须由他人办理。",
            "You had a hand in the matter this one is about; by the rules somebody else takes this step.",
        )
    if because == "*raiser":
        return Reason(
            "barred",
            "您是本事项的提出人，按规定这一步须由他人办理。",
            "You raised this matter; by the rules somebody else takes this step.",
        )
    earlier = session.execute(
        select(Task.name, Task.name_en).where(Task.case_id == task.case_id, Task.element == because).limit(1)
    ).first()
    zh, en = (earlier.name, earlier.name_en or earlier.name) if earlier is not None else (because, because)
    return Reason(
        "barred",
        f"您办理过“{zh}”，按规定这一步须由他人办理。",
        f"You did “{en}”; by the rules somebody else takes this step.",
    )
