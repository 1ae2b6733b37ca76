"""What was sent and has not been received: by age, from whom, and why it waits. Every such message is in one group.

Messages of cases are seen by whoever sees the case; what programs outside brought, by all who watch over the post.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from engine.reads import brought, enclosed, phrases
from engine.reads.diagrams import diagram_of
from engine.reads.sentences.course import case_number
from engine.reads.sight import not_hidden, seen_cases
from engine.reads.tongues import named
from engine.words.errors import NotFound
from engine.words.officers import Actor
from engine.words.terms import Term
from models import Case, Officer, OutgoingMessage, Process, Start, Subscription, Unit, Version, WorkerToken

MOST = 200
WATCH = ("dispatcher", "commander", "admin", "auditor")
# Those from outside which an officer has dropped, while what they say is still kept: no age, and not unreceived.
DROPPED = "dropped"
# Each group begins where the one before it ends; the last has no end.
AGES: Mapping[str, timedelta | None] = {
    "hour": timedelta(hours=1), "day": timedelta(days=1), "days": timedelta(days=3), "older": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unreceived:
    """`called`: what its sender's diagram calls it, else its `name`. `kind` as in the outbox; `why`: way (on its way) ·
    nobody · several · open · unfit · broken · stuck · dropped. `blocked`: the case that has to be repaired, or has the
    key already. `next_at`: None when it is no longer tried. No case has sent (`case` None) what a program brought
    (`source`)."""

    id: str
    kind: str
    name: str
    called: Term
    correlation: str
    payload: Any
    case: int | None
    title: str
    title_en: str
    process: Term
    source: brought.Source | None
    sent_at: datetime
    age: str
    why: str
    attempts: int
    next_at: datetime | None
    blocked: int | None

    @property
    def number(self) -> str:
        return case_number(self.case) if self.case is not None else ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for a message of this name. `fits`: the message's key is the one it waits for."""

    wait: str
    case: int
    number: str
    title: str
    title_en: str
    process: Term
    element: str
    correlation: str
    opened_at: datetime
    stuck: bool
    fits: bool


def _here(actor: Actor) -> ColumnElement[bool]:
    dropped = and_(OutgoingMessage.dead_why.is_not(None), OutgoingMessage.dead_why == "dropped")
    return and_(OutgoingMessage.delivered_at.is_(None), ~dropped, or_(_from_outside(actor), seen_cases(actor)))


def _from_outside(actor: Actor) -> ColumnElement[bool]:
    watches = any(actor.has(role) for role in WATCH)
    return and_(OutgoingMessage.case_id.is_(None), true() if watches else false())


def _dropped(actor: Actor) -> ColumnElement[bool]:
    still = OutgoingMessage.content.is_not(None)
    return and_(_from_outside(actor), OutgoingMessage.dead_why == "dropped", still)


def _aged(age: str, at: datetime) -> ColumnElement[bool]:
    names, ends = list(AGES), list(AGES.values())
    place = names.index(age)
    younger, older = ends[place - 1] if place else None, ends[place]
    bounds = []
    if younger is not None:
        bounds.append(OutgoingMessage.sent_at <= at - younger)
    if older is not None:
        bounds.append(OutgoingMessage.sent_at > at - older)
    return and_(*bounds)


def age_of(sent_at: datetime, at: datetime) -> str:
    return next(name for name, end in AGES.items() if end is None or sent_at > at - end)


def count(session: Session, actor: Actor) -> int:
    query = select(func.count()).select_from(OutgoingMessage).outerjoin(Case, Case.id == OutgoingMessage.case_id)
    return session.scalar(query.where(_here(actor))) or 0


def count_dropped(session: Session, actor: Actor) -> int:
    return session.scalar(select(func.count()).select_from(OutgoingMessage).where(_dropped(actor))) or 0


def counts(session: Session, actor: Actor, *, at: datetime) -> dict[str, int]:
    """How many there are of each age; together they are all."""
    columns = [func.count().filter(_aged(age, at)) for age in AGES]
    query = select(*columns).select_from(OutgoingMessage).outerjoin(Case, Case.id == OutgoingMessage.case_id)
    row = session.execute(query.where(_here(actor))).one()
    return dict(zip(AGES, row, strict=True))


def listed(session: Session, actor: Actor, *, at: datetime, age: str = "") -> list[Unreceived]:
    """The oldest first, at most `MOST`; of one age, or those `DROPPED`."""
    wanted = _dropped(actor) if age == DROPPED else _here(actor)
    query = _rows().where(wanted).order_by(OutgoingMessage.sent_at, OutgoingMessage.id).limit(MOST)
    if age in AGES:
        query = query.where(_aged(age, at))
    rows = session.execute(query).all()
    receivers = _receivers(session, [row[0] for row in rows], actor)
    return [_one(session, row, receivers.get(row[0].id), at) for row in rows]


def find(session: Session, id: str, actor: Actor, *, at: datetime) -> Unreceived:
    """Raises `NotFound`, also for a message that was received meanwhile or is not for this officer to see."""
    wanted = or_(_here(actor), _dropped(actor))
    row = session.execute(_rows().where(wanted, OutgoingMessage.id == id)).one_or_none()
    if row is None:
        raise NotFound(
            "没有这条未送达的消息，它可能已经送达。", "No such message is waiting; it may have been received meanwhile."
        )
    return _one(session, row, _receivers(session, [row[0]], actor).get(id), at)


def candidates(session: Session, message: Unreceived, actor: Actor) -> list[Waiting]:
    """Cases this officer may see which wait for a message of this name, those with its key first."""
    query = (
        select(Subscription, Case.title, Case.stuck_at, Process.name, Process.name_en, Version.id, Version.digest)
        .join(Case, Case.id == Subscription.case_id)
        .join(Version, Version.id == Case.version_id)
        .join(Process, Process.id == Case.process_id)
        .where(Subscription.kind == "message", Subscription.name == message.name, seen_cases(actor))
        .order_by((Subscription.correlation == message.correlation).desc(), Subscription.opened_at, Subscription.id)
        .limit(MOST)
    )
    return [
        Waiting(
            wait.id, wait.case_id, case_number(wait.case_id), title,
            phrases.title(diagram_of(session, version, digest), title).en,
            named(name, name_en), wait.element,
            wait.correlation, wait.opened_at, stuck_at is not None, wait.correlation == message.correlation,
        )
        for wait, title, stuck_at, name, name_en, version, digest in session.execute(query)
    ]  # fmt: skip


def _rows() -> Any:
    return (
        select(
            OutgoingMessage, Case.title, Case.stuck_at, Process.name, Process.name_en, WorkerToken.name.label("source"),
            Officer.name.label("who"), Officer.name_en.label("who_en"), Unit.name.label("unit"),
            Unit.name_en.label("unit_en"), Case.version_id, Version.digest,
        )
        .outerjoin(Case, Case.id == OutgoingMessage.case_id)
        .outerjoin(Version, Version.id == Case.version_id)
        .outerjoin(Process, Process.id == Case.process_id)
        .outerjoin(WorkerToken, WorkerToken.id == OutgoingMessage.token_id)
        .outerjoin(Officer, Officer.id == OutgoingMessage.officer_id)
        .outerjoin(Unit, Unit.id == OutgoingMessage.unit_id)
    )  # fmt: skip


def _receivers(session: Session, messages: Sequence[OutgoingMessage], actor: Actor) -> dict[str, tuple[str, int]]:
    """Of those that are still tried or were put aside for an open case: which case is in the way, and how. A case that
    is kept from the officer is not named."""
    plain = [one for one in messages if one.kind == "message"]
    if not plain:
        return {}
    found: dict[str, tuple[str, int]] = {}
    same = or_(*(and_(Subscription.name == m.name, Subscription.correlation == m.correlation) for m in plain[:MOST]))
    waits = (
        select(Subscription.name, Subscription.correlation, Case.id)
        .join(Case, Case.id == Subscription.case_id)
        .where(Subscription.kind == "message", Case.stuck_at.is_not(None), same, not_hidden(Case.id, actor))
    )
    stuck = {(name, key): case for name, key, case in session.execute(waits)}
    begun, start = aliased(Case), aliased(Start)
    open_ = (
        select(start.name, begun.key, begun.id)
        .join(begun, begun.process_id == start.process_id)
        .where(start.kind == "message", begun.ended_at.is_(None), start.name.in_({m.name for m in plain}))
        .where(begun.key.in_({m.correlation for m in plain}), not_hidden(begun.id, actor))
    )
    holds = {(name, key): case for name, key, case in session.execute(open_)}
    for message in plain:
        place = (message.name, message.correlation)
        if message.dead_why == "open" and place in holds:
            found[message.id] = ("open", holds[place])
        elif message.dead_at is None and place in stuck:
            found[message.id] = ("stuck", stuck[place])
    return found


def _one(session: Session, row: Any, receiver: tuple[str, int] | None, at: datetime) -> Unreceived:
    message, title, stuck_at, name, name_en = row[:5]
    source = None
    if message.case_id is None:
        source = brought.Source(
            row.source or "", named(row.who or "", row.who_en or ""), named(row.unit or "", row.unit_en or "")
        )
    drawn = diagram_of(session, row.version_id, row.digest) if message.case_id is not None else None
    blocked: int | None = None
    if message.dead_why is not None:
        why = message.dead_why
    elif stuck_at is not None and message.kind != "message":
        why, blocked = "stuck", message.case_id
    elif receiver is None:
        why = "nobody" if message.attempts else "way"
    else:
        why = receiver[0]
    if receiver is not None:
        blocked = receiver[1]
    return Unreceived(
        message.id, message.kind, message.name, enclosed.called(drawn, message), message.correlation, message.payload,
        message.case_id, title or "", phrases.title(drawn, title).en if drawn is not None else "",
        named(name or "", name_en or ""), source, message.sent_at, age_of(message.sent_at, at), why,
        message.attempts, message.due_at, blocked,
    )  # fmt: skip
