"""Messages that have not been received, in the hands of an officer: given to a case, sent off anew, or dropped."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import letters
from engine.acts.casefiles import find_case
from engine.acts.envelopes import envelope_of
from engine.acts.repairs import reason_of
from engine.reads import sight
from engine.record.journal import CaseFile, record, record_post
from engine.words import facts as f
from engine.words.errors import Fault, NotAllowed, NotFound, NotValid, OutOfDate
from engine.words.officers import CLOCK, Actor
from models import OutgoingMessage, Subscription
from models.session import reading

ROLES = ("dispatcher", "commander", "admin")
# How long what a dropped message from outside said is kept, so that the dropping can be questioned.
KEPT_DAYS = 180


def match(session: Session, message_id: str, wait_id: str, reason: str, *, by: Actor, at: datetime) -> int:
    """Gives the message to one case that waits for a message of its name, whatever key it waits for; returns the case.
    Raises `NotValid` without a reason or a case, and for what came from outside and does not fit the form of the case;
    `OutOfDate` when the message or the wait is gone."""
    refuse_unless_postmaster(by)
    sender_id, receiver_id = _case_of(session, message_id), _case_of_wait(session, wait_id)
    concerned = {receiver_id} if sender_id is None else {sender_id, receiver_id}
    cases = {id: find_case(session, id) for id in sorted(concerned)}  # always the lower number first
    message = _waiting(session, message_id, by)
    wait = session.get(Subscription, wait_id, populate_existing=True)
    if wait is None or not sight.may_see(session, receiver_id, by):
        raise OutOfDate("该事项已不再等待这个消息。", "The case no longer waits for this message.")
    _refuse_other_kinds(message)
    if (wait.kind, wait.name) != ("message", message.name):
        raise NotValid([Fault("wait", "该事项等的不是这个消息。", "The case waits for another message.")])
    if cases[receiver_id].stuck_at is not None:
        raise NotValid([Fault("wait", "该事项停住了，请先处理故障。", "The case is stuck; it must be repaired first.")])
    said = [f.MessageMatched(message_id, message.name, receiver_id, reason_of(reason))]
    envelope = envelope_of(message, cases[sender_id] if sender_id is not None else None)
    letters.hand_over(session, envelope, cases[receiver_id], wait_id, at=at, by=by, said=said)
    return receiver_id


def resend(session: Session, message_id: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Sends it off anew, at once, with all its attempts before it. Raises `NotValid` without a reason."""
    refuse_unless_postmaster(by)
    sender = _sender_of(session, message_id)
    message = _waiting(session, message_id, by)
    fact = f.MessageResent(message_id, message.name, reason_of(reason))
    if sender is None:
        record_post(session, [fact], by=by, at=at)  # the worker finds it
        return
    record(session, sender, [fact], by=by, at=at)
    session.info.setdefault("sent", set()).add(sender.id)


def drop(session: Session, message_id: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Nobody is to get it any more. Raises `NotValid` without a reason, and for what is no message: a case would wait
    for ever."""
    refuse_unless_postmaster(by)
    sender = _sender_of(session, message_id)
    message = _waiting(session, message_id, by)
    _refuse_other_kinds(message)
    fact = f.MessageDropped(message_id, message.name, reason_of(reason))
    if sender is None:
        record_post(session, [fact], by=by, at=at)
    else:
        record(session, sender, [fact], by=by, at=at)


def erase_due(sessions: sessionmaker[Session], *, at: datetime) -> int:
    """Deletes what messages from outside said that were dropped `KEPT_DAYS` ago, with their salts; of how many. That
    they came, from whom, and why they were dropped stays written down."""
    with reading(sessions) as session:
        query = select(OutgoingMessage.id).where(*_over(at)).order_by(OutgoingMessage.dead_at, OutgoingMessage.id)
        found = list(session.scalars(query))
    done = 0
    for id in found:
        with sessions() as session, session.begin():
            still = select(OutgoingMessage).where(OutgoingMessage.id == id, *_over(at)).with_for_update()
            message = session.execute(still).scalar_one_or_none()
            if message is not None:
                record_post(session, [f.ContentErased(id, message.name, f"P{KEPT_DAYS}D")], by=CLOCK, at=at)
                done += 1
    return done


def _over(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OutgoingMessage.dead_why == "dropped",
        OutgoingMessage.content.is_not(None),
        OutgoingMessage.dead_at <= at - timedelta(days=KEPT_DAYS),
    )


def refuse_unless_postmaster(by: Actor) -> None:
    """Dispatchers, the command post and administrators; so may the machine's own keyboard. Raises `NotAllowed`."""
    if by.id is not None and not any(by.has(role) for role in ROLES):
        raise NotAllowed(
            "只有派遣员、指挥部和系统管理人员可以处理未送达的消息。",
            "Only dispatchers, the command post and administrators deal with messages that were not received.",
        )


def _refuse_other_kinds(message: OutgoingMessage) -> None:
    if message.kind != "message":
        raise NotValid([Fault("", "这不是消息，只能重新投递。", "This is no message; it can only be sent off anew.")])


def _case_of(session: Session, message_id: str) -> int | None:
    """None for a message that came from outside."""
    found = session.execute(select(OutgoingMessage.case_id).where(OutgoingMessage.id == message_id)).one_or_none()
    if found is None:
        raise NotFound("没有这条消息。", "There is no such message.")
    case_id: int | None = found.case_id
    return case_id


def _sender_of(session: Session, message_id: str) -> CaseFile | None:
    case_id = _case_of(session, message_id)
    return find_case(session, case_id) if case_id is not None else None


def _case_of_wait(session: Session, wait_id: str) -> int:
    if not wait_id:
        raise NotValid([Fault("wait", "请选择交给哪个事项。", "Choose the case that gets it.")])
    found = session.scalar(select(Subscription.case_id).where(Subscription.id == wait_id))
    if found is None:
        raise OutOfDate("该事项已不再等待这个消息。", "The case no longer waits for this message.")
    return found


def _waiting(session: Session, message_id: str, by: Actor) -> OutgoingMessage:
    """Locked after its cases, as whoever hands it on does it."""
    query = select(OutgoingMessage).where(OutgoingMessage.id == message_id).with_for_update()
    message = session.execute(query.execution_options(populate_existing=True)).scalar_one()
    if message.case_id is not None and not sight.may_see(session, message.case_id, by):
        raise NotFound("没有这条消息。", "There is no such message.")
    if message.delivered_at is not None:
        raise OutOfDate("这条消息已经送达。", "This message has been received meanwhile.")
    if message.dead_why == "dropped":
        raise OutOfDate("这条消息已经作废。", "This message has been dropped.")
    return message
