"""What waits for an officer: tasks in hand, tasks of the unit, what was done lately, and the notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, load_only

from engine.reads import phrases
from engine.reads.diagrams import diagram_of
from engine.reads.names import Mentioned, Names, names_for
from engine.reads.sight import for_me, meant, not_hidden, sees_case, wanted
from engine.words.errors import NotFound
from engine.words.numbers import LARGEST
from engine.words.officers import Actor
from engine.words.terms import Term
from models import Candidate, Case, Clock, Notice, Process, Task, Unit, Version

_NOBODY = Names(None, {}, {}, {}, {}, {})
PAGE = 30
# Nobody counts further: whoever may do a hundred thousand tasks does not wait on every page until they are counted.
MOST = 999
LATELY = timedelta(days=30)
# Where a page ended: a moment (none: no deadline) and the task's id.
Key = tuple[datetime | None, str]


class Tray(StrEnum):
    MINE = "mine"  # claimed by me, or asked of me alone
    UNIT = "unit"  # open to me among others
    DONE = "done"  # done by me lately


@dataclass(frozen=True, slots=True)
class Sieve:
    """What the officer looks for; empty texts sift nothing."""

    text: str = ""
    process: str = ""
    element: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    task: Task
    case: Case
    title: Term
    unit: Unit | None
    near_at: datetime | None
    paused: bool
    about: Term  # of a repeated step: the unit or other thing this one is for


@dataclass(frozen=True, slots=True)
class Page:
    """`after` is the key of the next page: hand it back to read on; None at the end."""

    rows: Sequence[Row]
    after: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a process in which something waits for this officer: what the sieve can be set to."""

    process: str
    process_name: str
    process_name_en: str
    element: str
    name: str
    name_en: str
    waiting: int


def count(session: Session, actor: Actor) -> int:
    """Open tasks this officer could do now and nobody else has claimed; `MOST + 1` when there are more than `MOST`."""
    free = or_(Task.claimed_by.is_(None), Task.claimed_by == actor.id)
    return session.scalar(_counted(Task.done_at.is_(None), free, for_me(actor))) or 0


def counts(session: Session, actor: Actor, *, at: datetime) -> dict[Tray, int]:
    """How much lies in each tray, in one statement; `MOST + 1` when there is more than `MOST`."""
    mine, open_ = _mine(actor), and_(Task.done_at.is_(None), for_me(actor))
    lately = and_(Task.done_by == actor.id, Task.done_at >= at - LATELY)
    trays = (_counted(open_, mine), _counted(open_, ~mine), _counted(lately))
    row = session.execute(select(*(tray.scalar_subquery() for tray in trays))).one()
    return dict(zip(Tray, row, strict=True))


def _counted(*conditions: ColumnElement[bool]) -> Select[int]:
    found = select(literal(1)).select_from(Task).where(*conditions).limit(MOST + 1)
    return select(func.count()).select_from(found.subquery())


def page(
    session: Session,
    actor: Actor,
    tray: Tray,
    *,
    at: datetime,
    sieve: Sieve | None = None,
    after: str | None = None,
    size: int = PAGE,
) -> Page:
    """One page of a tray: what is overdue longest first, then what is due next, what has no deadline last; of what is
    done, the latest first. One statement, however many tasks there are; two more where steps are repeated."""
    question = (
        select(Task, Unit, Clock.near_at, Clock.paused_at, Version.id, Version.digest)
        .join(Task.case)
        .join(Version, Version.id == Case.version_id)
        .outerjoin(Unit, Unit.id == Task.unit_id)
        .outerjoin(Clock, and_(Clock.case_id == Task.case_id, Clock.round == Task.round, Clock.name == Task.clock))
        .options(
            contains_eager(Task.case).options(
                load_only(Case.title, Case.place, Case.stage, Case.level, Case.process_id, Case.round),
                joinedload(Case.lead_unit),
            ),
            joinedload(Task.claimant),
        )
        .where(*_sifted(sieve or Sieve()))
        .limit(size + 1)
    )
    key = _read_key(after)
    if tray is Tray.DONE:
        question = question.where(Task.done_by == actor.id, Task.done_at >= at - LATELY, *_before(key))
        question = question.order_by(Task.done_at.desc(), Task.id.desc())
    else:
        mine = _mine(actor)
        question = question.where(Task.done_at.is_(None), for_me(actor), mine if tray is Tray.MINE else ~mine)
        question = question.where(*_beyond(key)).order_by(Task.due_at.is_(None), Task.due_at, Task.id)
    found = session.execute(question).all()
    names = _names(session, [task.item for task, *_ in found[:size]])
    rows = [
        Row(
            task,
            task.case,
            phrases.title(diagram_of(session, version, digest), task.case.title),
            unit,
            near,
            paused is not None,
            names.instance(task.item),
        )
        for task, unit, near, paused, version, digest in found[:size]
    ]
    return Page(rows, _key(rows[-1].task, tray) if len(found) > size else None)


def steps(session: Session, actor: Actor) -> Sequence[Step]:
    """The steps in which something waits for this officer, busiest first."""
    waiting = func.count(Task.id)
    rows = session.execute(
        select(Case.process_id, Process.name, Process.name_en, Task.element, Task.name, Task.name_en, waiting)
        .join(Task.case)
        .join(Process, Process.id == Case.process_id)
        .where(Task.done_at.is_(None), for_me(actor))
        .group_by(Case.process_id, Process.name, Process.name_en, Task.element, Task.name, Task.name_en)
        .order_by(waiting.desc(), Task.name)
    )
    return [Step(*row) for row in rows]


def notices(session: Session, actor: Actor, *, at: datetime, size: int = 8) -> Sequence[tuple[Notice, Case]]:
    """What the officer was told in the last thirty days, latest first."""
    rows = session.execute(
        select(Notice, Case)
        .join(Case, Case.id == Notice.case_id)
        .options(defer(Case.state), defer(Case.variables))
        .where(meant(Notice.id, actor), not_hidden(Notice.case_id, actor), Notice.sent_at >= at - LATELY)
        .order_by(Notice.sent_at.desc(), Notice.id.desc())
        .limit(size)
    )
    return [(notice, case) for notice, case in rows]


def task(session: Session, task_id: str, actor: Actor) -> Task:
    """One task with its case. Raises NotFound when there is none, or when the officer may not know of its case."""
    found = session.execute(
        select(Task)
        .join(Task.case)
        .options(contains_eager(Task.case).defer(Case.state), joinedload(Task.claimant))
        .where(Task.id == task_id, sees_case(actor))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(
            "没有找到这项任务：它可能不存在，或不在您的查看范围内。",
            "There is no such task, or it is not for you to see.",
        )
    return found


def _names(session: Session, items: Sequence[Any]) -> Names:
    mentioned = Mentioned()
    for item in items:
        mentioned.read(item)
    return names_for(session, None, mentioned) if any(item is not None for item in items) else _NOBODY


def _mine(actor: Actor) -> ColumnElement[bool]:
    alone = select(Candidate.owner).where(wanted(actor), Candidate.officer_id == actor.id)
    return or_(
        and_(Task.claimed_by.is_not(None), Task.claimed_by == actor.id),
        and_(Task.claimed_by.is_(None), Task.id.in_(alone)),
    )


def _sifted(sieve: Sieve) -> list[ColumnElement[bool]]:
    wanted_only: list[ColumnElement[bool]] = []
    text = sieve.text.strip()
    if text:
        columns = (Case.title, Case.place, Task.name, Task.name_en)
        like: list[ColumnElement[bool]] = [column.icontains(text, autoescape=True) for column in columns]
        digits = text.replace("-", "")
        if digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= LARGEST:
            # "2026-000123" and "123" both find it.
            like += [Case.id == int(digits), Case.id % 1_000_000 == int(digits)]
        wanted_only.append(or_(*like))
    if sieve.process:
        wanted_only.append(Case.process_id == sieve.process)
    if sieve.element:
        wanted_only.append(Task.element == sieve.element)
    return wanted_only


def _beyond(key: Key | None) -> list[ColumnElement[bool]]:
    if key is None:
        return []
    due, id = key
    if due is None:
        return [and_(Task.due_at.is_(None), Task.id > id)]
    return [or_(Task.due_at > due, and_(Task.due_at == due, Task.id > id), Task.due_at.is_(None))]


def _before(key: Key | None) -> list[ColumnElement[bool]]:
    if key is None or key[0] is None:
        return []
    done, id = key
    return [or_(Task.done_at < done, and_(Task.done_at == done, Task.id < id))]


def _key(task: Task, tray: Tray) -> str:
    moment = task.done_at if tray is Tray.DONE else task.due_at
    return f"{moment.astimezone(UTC).isoformat() if moment is not None else ''}_{task.id}"


def _read_key(after: str | None) -> Key | None:
    """None when there is none, or when somebody has written his own: then the list starts at its top."""
    if not after or "_" not in after:
        return None
    moment, _, id = after.partition("_")
    try:
        return (datetime.fromisoformat(moment) if moment else None), id
    except ValueError:
        return None
