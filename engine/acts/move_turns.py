"""The turn of one case in a move: found, locked, decided, recorded; or told why it stays; or brought back."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from engine.acts.casefiles import find_case, published_version, scene_of
from engine.notation.moving import CannotMove, Holders, Order, Plan, Refused, Rows, Wishes
from engine.notation.spiff import moved
from engine.reads.office import END
from engine.record.journal import CaseFile, record
from engine.words import facts as f
from engine.words import written
from engine.words.officers import Actor
from models import Bar, Candidate, Grant, Move, MovedCase, Officer, ServiceJob, Subscription, Task, Timer, Unit, Version


def waiting() -> ColumnElement[bool]:
    """A condition on a case of an order, with the order: it has not had its turn."""
    going = and_(Move.taken_back_at.is_(None), MovedCase.outcome.is_(None))
    return or_(going, and_(Move.taken_back_at.is_not(None), MovedCase.outcome == "moved"))


def take(session: Session, *, at: datetime, move: int | None = None) -> bool:
    """The next case that waits its turn, in the transaction of the caller; False when there is none to be had."""
    query = (
        select(MovedCase, Move)
        .join(Move, Move.id == MovedCase.move_id)
        .where(Move.finished_at.is_(None), waiting())
        .order_by(MovedCase.move_id, MovedCase.case_id)
        .limit(1)
        .with_for_update(of=MovedCase, skip_locked=True)
    )
    if move is not None:
        query = query.where(Move.id == move)
    found = session.execute(query).one_or_none()
    if found is None:
        return False
    row, order = found
    case = find_case(session, row.case_id)
    if order.taken_back_at is not None:
        _bring_back(session, order, row, case, at=at)
    else:
        _move(session, order, row, case, at=at)
    return True


def _move(session: Session, order: Move, row: MovedCase, case: CaseFile, *, at: datetime) -> None:
    target = session.get_one(Version, order.to_version_id)
    by = _actor(session, order.ordered_by)
    if case.ended_at is not None or case.version_id != row.from_version_id:
        zh, en = "它在此期间已经结束或换了版本", "It has ended meanwhile, or is on another version"
        _settle(row, "refused", at, reasons=[Refused("ended", "", zh, en)])
        return
    if case.stuck_at is not None:
        zh, en = "事项的流程停住了，须先排除故障", "The case is stuck; it must be repaired first"
        _settle(row, "refused", at, reasons=[Refused("stuck", "", zh, en)])
        return
    scene = scene_of(session, case, by=by, at=at)
    new = published_version(session, target.id, target.digest, target.number)
    kept = order.wishes
    wishes = Wishes(dict(kept["mapping"]), dict(kept["timers"]), str(kept["dues"]))
    plan = Plan(scene.published, new, _for(scene.published.diagram.elements, wishes))
    try:
        done = moved.move(
            scene, plan, case.state, rows_of(session, case.id), holders(session),
            Order(order.id, case.version_id, target.id, order.reason),
        )  # fmt: skip
    except CannotMove as refusal:
        _settle(row, "refused", at, reasons=list(refusal.reasons))
        return
    if order.trial:
        _settle(row, "moves", at, report=done.report)
        return
    record(
        session,
        case,
        done.step.facts,
        by=by,
        at=at,
        state=done.step.state,
        serial=done.step.serial,
        large=done.step.large,
    )
    _settle(row, "moved", at, report=done.report)
    row.digest = done.after
    if done.back is not None:
        row.state = case.state
        row.undoing = [[type(fact).__name__, written.body_of(fact)] for fact in done.back]


def _for(elements: Mapping[str, Any], wishes: Wishes) -> Wishes:
    """Of a mapping over several old versions, what this one has."""
    mapping = {id: to for id, to in wishes.mapping.items() if id in elements}
    return Wishes(mapping, wishes.timers, wishes.dues)


def _bring_back(session: Session, order: Move, row: MovedCase, case: CaseFile, *, at: datetime) -> None:
    """Back to the very state it had. Who has taken a task that is meant for others there puts it back."""
    if row.state is None or not row.undoing:
        zh, en = "迁移时它就继续往下走了，不能退回", "It went on in the move itself and cannot go back"
        _settle(row, "kept", at, reasons=[Refused("went_on", "", zh, en)], report=row.report)
        return
    if case.version_id != order.to_version_id or moved.digest_of(case.state) != row.digest:
        zh, en = "迁移之后它又往下办了，不能退回", "It has gone on since the move and cannot go back"
        _settle(row, "kept", at, reasons=[Refused("went_on", "", zh, en)], report=row.report)
        return
    by = _actor(session, order.taken_back_by)
    facts: list[Any] = []
    for kind, body in row.undoing:
        fact = written.fact_of(kind, body)
        if isinstance(fact, f.CaseMoved):
            fact = f.CaseMoved(
                fact.move, fact.before, fact.after, fact.before_number, fact.after_number, fact.mapping,
                order.taken_back_why, fact.held, back=True,
            )  # fmt: skip
        facts.append(fact)
    record(session, case, [*facts, *_put_back(session, case.id, facts)], by=by, at=at, state=row.state)
    _settle(row, "back", at, report=row.report)
    row.state = None


def _put_back(session: Session, case_id: int, facts: list[Any]) -> list[f.CaseFact]:
    known, could = rows_of(session, case_id), holders(session)
    released: list[f.CaseFact] = []
    for fact in facts:
        if isinstance(fact, f.TaskRedrawn) and known.tasks[fact.task]["claimed_by"] is not None:
            row = {**known.tasks[fact.task], **fact.after}
            if not could.fits(row["claimed_by"], row["wanted"], row["bars"]):
                released.append(f.TaskReleased(fact.task, fact.element))
    return released


def _settle(
    row: MovedCase, outcome: str, at: datetime, *, reasons: list[Refused] | None = None,
    report: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    row.outcome, row.at = outcome, at
    row.reasons = [{"why": r.why, "element": r.element, "zh": r.zh, "en": r.en} for r in reasons or []]
    row.report = dict(report or {})


def rows_of(session: Session, case_id: int) -> Rows:
    """What is open in a case, as the rows have it."""
    open_tasks = list(session.scalars(select(Task).where(Task.case_id == case_id, Task.done_at.is_(None))))
    waits = list(session.scalars(select(Subscription).where(Subscription.case_id == case_id)))
    timers = session.scalars(select(Timer).where(Timer.case_id == case_id))
    wanted: dict[str, list[dict[str, Any]]] = {}
    owners = [task.id for task in open_tasks] + [wait.id for wait in waits]
    for one in session.scalars(select(Candidate).where(Candidate.owner.in_(owners)).order_by(Candidate.id)):
        wish = {"officer": one.officer_id} if one.officer_id else {"role": one.role, "unit": one.unit_id}
        wanted.setdefault(one.owner, []).append(wish)
    bars: dict[str, list[dict[str, Any]]] = {}
    for bar in session.scalars(select(Bar).where(Bar.task_id.in_(owners)).order_by(Bar.id)):
        who = {"officer": bar.officer_id} if bar.officer_id else {"unit": bar.unit_id}
        bars.setdefault(bar.task_id, []).append({**who, "because": bar.because})
    return Rows(
        tasks={
            task.id: {
                "element": task.element, "name": task.name, "name_en": task.name_en, "unit": task.unit_id,
                "wanted": wanted.get(task.id, []), "bars": bars.get(task.id, []), "priority": task.priority,
                "clock": task.clock, "opened_at": task.opened_at, "claimed_by": task.claimed_by,
            }
            for task in open_tasks
        },
        waits={
            wait.id: {
                "element": wait.element, "token": wait.token, "name": wait.name, "correlation": wait.correlation,
                "button": wait.button, "button_en": wait.button_en, "wanted": wanted.get(wait.id, []),
            }
            for wait in waits
        },
        timers={
            timer.id: {"element": timer.element, "token": timer.token, "due": timer.due_at} for timer in timers
        },
        jobs={
            job.id: {
                "element": job.element, "token": job.token, "topic": job.topic, "inputs": job.inputs,
                "retries": job.retries, "backoff": job.backoff, "leases": job.leases,
            }
            for job in session.scalars(select(ServiceJob).where(ServiceJob.case_id == case_id))
        },
    )  # fmt: skip


_known: OrderedDict[str, Holders] = OrderedDict()


def holders(session: Session) -> Holders:
    """Who holds what today. The office changes only by facts of its own book, so its end tells whether this still
    holds."""
    head = session.execute(END).scalar_one_or_none() or ""
    if head not in _known:
        roles: dict[str, set[int]] = {}
        held: dict[int, set[tuple[str, int]]] = {}
        officers = session.execute(select(Officer.id, Officer.unit_id).where(Officer.ended_at.is_(None)))
        units = {officer.id: officer.unit_id for officer in officers}
        for grant in session.scalars(select(Grant).where(Grant.officer_id.in_(units))):
            roles.setdefault(grant.role, set()).add(grant.unit_id)
            held.setdefault(grant.officer_id, set()).add((grant.role, grant.unit_id))
        known = {id: (unit, frozenset(held.get(id, set()))) for id, unit in units.items()}
        _known[head] = Holders({role: frozenset(places) for role, places in roles.items()}, known)
        while len(_known) > 4:
            _known.popitem(last=False)
    return _known[head]


def _actor(session: Session, officer_id: int | None) -> Actor:
    """Whoever ordered it: named in every case's book, though it is the worker who does it."""
    if officer_id is None:
        return Actor(id=None, login="machine", name="系统", unit_id=None)
    login, name, unit, path, code = session.execute(
        select(Officer.login, Officer.name, Officer.unit_id, Unit.path, Unit.code)
        .join(Unit, Unit.id == Officer.unit_id)
        .where(Officer.id == officer_id)
    ).one()
    return Actor(id=officer_id, login=login, name=name, unit_id=unit, unit_path=path, unit_code=code)
