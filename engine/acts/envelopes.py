"""One message in the hand of whoever delivers it: the cases it concerns are locked, then the message itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.acts.casefiles import find_free_case
from engine.acts.incidents import stop
from engine.record.journal import CaseFile, record, record_post
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from engine.words.officers import CLOCK, Actor
from engine.words.values import from_json
from models import Case, OutgoingMessage, Subscription

# After so many attempts a message is put aside for a person to look at; each wait is twice the one before.
MAX_ATTEMPTS = 12
FIRST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of it. `reached` somebody; `left` as it was; `cases` were moved by it and may have sent more."""

    reached: int = 0
    left: bool = False
    cases: frozenset[int] = frozenset()

    LEFT: ClassVar[Delivery]
    LATER: ClassVar[Delivery]


Delivery.LEFT = Delivery(left=True)
Delivery.LATER = Delivery()


@dataclass(slots=True)
class Envelope:
    """A message that is due, locked, with the cases it concerns, locked before it. No case has sent (`sender` None)
    what a program outside brought, for an officer of the unit `unit`."""

    id: str
    kind: str
    name: str
    element: str
    correlation: str
    payload: dict[str, Any]
    attempts: int
    withdrawn: bool
    sender: CaseFile | None
    unit: int | None = None
    others: dict[int, CaseFile] = field(default_factory=dict)
    waits: tuple[str, ...] = ()

    @property
    def case(self) -> CaseFile:
        """The case that sent it: calls, answers and signals come from cases only."""
        assert self.sender is not None, f"no case has sent {self.id}"
        return self.sender


def take(session: Session, id: str, *, at: datetime) -> Envelope | None:
    """None when it has been delivered meanwhile, or somebody works on one of its cases now."""
    seen = session.execute(
        select(OutgoingMessage.case_id, OutgoingMessage.kind, OutgoingMessage.name, OutgoingMessage.correlation).where(
            OutgoingMessage.id == id
        )
    ).one_or_none()
    if seen is None:
        return None
    concerned = set(_concerned(session, seen.kind, seen.name, seen.correlation))
    found: dict[int, CaseFile] = {}
    # Always the lower number first, and the message last: nobody who holds a message waits for a case.
    for case_id in sorted({*concerned} | ({seen.case_id} if seen.case_id is not None else set())):
        case = find_free_case(session, case_id)
        if case is None:
            return None
        found[case_id] = case
    query = (
        select(OutgoingMessage)
        .where(OutgoingMessage.id == id, OutgoingMessage.due_at <= at)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    message = session.execute(query).scalars().one_or_none()
    if message is None or set(_concerned(session, seen.kind, seen.name, seen.correlation)) != concerned:
        return None
    envelope = envelope_of(message, found[message.case_id] if message.case_id is not None else None)
    envelope.payload = legible(envelope.payload) if message.case_id is not None else envelope.payload
    envelope.others = {case_id: found[case_id] for case_id in sorted(concerned)}
    if message.kind == "message":
        envelope.waits = tuple(waiting_for(session, message.name, message.correlation))
    return envelope


def envelope_of(message: OutgoingMessage, sender: CaseFile | None) -> Envelope:
    """With what it says: of a message from outside just as it was brought, plain JSON."""
    payload = from_json(message.payload) if message.case_id is not None else orjson.loads(message.content or "{}")
    return Envelope(
        message.id, message.kind, message.name, message.element, message.correlation,
        payload if isinstance(payload, dict) else {}, message.attempts, message.withdrawn_at is not None, sender,
        message.unit_id,
    )  # fmt: skip


def legible(payload: dict[str, Any]) -> dict[str, Any]:
    """In a case, `case` is the case itself: the one a message speaks of is `from_case` there."""
    return {"from_case": payload["case"], **payload} if "case" in payload else payload


def waiting_for(session: Session, name: str, correlation: str) -> list[str]:
    """The waits a message of this name and key would reach."""
    query = select(Subscription.id).where(
        Subscription.name == name, Subscription.correlation == correlation, Subscription.kind == "message"
    )
    return list(session.scalars(query.order_by(Subscription.id)))


def _concerned(session: Session, kind: str, name: str, correlation: str) -> Iterable[int]:
    """The cases that would be moved by it, besides its sender."""
    match kind:
        case "message":
            return [int(wait.partition("-")[0]) for wait in waiting_for(session, name, correlation)]
        case "answer":
            return session.scalars(select(OutgoingMessage.case_id).where(OutgoingMessage.id == correlation))
        case "cancel":
            return session.scalars(select(Case.id).where(Case.call_id == correlation))
        case "heard" if correlation.isdigit():
            return [int(correlation)]
    return []


def delivered(
    session: Session,
    envelope: Envelope,
    to: int | None,
    *,
    at: datetime,
    by: Actor = CLOCK,
    said: Sequence[f.MessageMatched] = (),
) -> Delivery:
    """The sender's own fact: it has arrived; `to` None when nobody needed it any more. What came from outside is the
    receiver's now, and is kept nowhere else. `said` comes before it."""
    arrived = f.MessageDelivered(envelope.id, envelope.name, to)
    if envelope.sender is None:
        gone = f.ContentErased(envelope.id, envelope.name, "")
        record_post(session, [*said, arrived, gone], by=by, at=at)
        return Delivery(reached=int(to is not None), cases=frozenset() if to is None else frozenset({to}))
    sender = find_free_case(session, envelope.sender.id)  # as it is now: it may be the receiver as well
    assert sender is not None  # ours already
    record(session, sender, [*said, arrived], by=by, at=at)
    moved = frozenset({sender.id} if to is None else {sender.id, to})
    return Delivery(reached=int(to is not None), cases=moved)


def later(session: Session, envelope: Envelope, *, at: datetime, attempts: int | None = None) -> Delivery:
    """How often it was tried is no fact of the case, only a note on the envelope."""
    tried = attempts if attempts is not None else envelope.attempts
    wait = FIRST_WAIT * 2 ** max(tried - 1, 0)
    change = update(OutgoingMessage).where(OutgoingMessage.id == envelope.id)
    session.execute(change.values(attempts=tried, due_at=at + wait))
    return Delivery.LATER


def try_again(session: Session, envelope: Envelope, why: str, *, at: datetime) -> Delivery:
    """One more attempt has failed; the last one puts it aside."""
    attempts = envelope.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        return aside(session, envelope, why, at=at)
    return later(session, envelope, at=at, attempts=attempts)


def aside(session: Session, envelope: Envelope, why: str, *, at: datetime) -> Delivery:
    fact = f.MessagePutAside(envelope.id, envelope.name, envelope.attempts + 1, why)
    if envelope.sender is None:
        record_post(session, [fact], by=CLOCK, at=at)
    else:
        record(session, envelope.sender, [fact], by=CLOCK, at=at)
    return Delivery.LATER


def stuck(session: Session, envelope: Envelope, case: CaseFile, why: CannotGoOn, *, at: datetime) -> Delivery:
    """The case cannot take it and waits for an administrator; when it is free again, the message comes again."""
    if case.stuck_at is None:
        stop(session, case, why, {"message": envelope.id}, by=CLOCK, at=at)
    return later(session, envelope, at=at)
