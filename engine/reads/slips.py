"""Hand-overs between cases as slips: sent, received, accepted, returned or overdue; nothing falls between groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.reads import enclosed
from engine.reads.diagrams import diagram_of
from engine.reads.sentences.course import case_number
from engine.reads.sight import not_hidden, seen_cases
from engine.reads.tongues import named
from engine.words.errors import NotFound
from engine.words.officers import Actor
from engine.words.terms import Term
from models import Case, OutgoingMessage, Process, Slip, Unit, Version

MOST = 200
# In the order of the work they ask for; every slip is in exactly one state.
STATES = ("overdue", "sent", "received", "returned", "accepted", "dropped")
OPEN = ("overdue", "sent", "received")


@dataclass(frozen=True, slots=True)
class End:
    """One end of a hand-over, as far as this officer may know of it."""

    case: int
    number: str
    title: str
    process: Term
    process_id: str
    unit: Term | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """`state`: one of `STATES`. `due_at` None: no answer was asked for. `sender`/`receiver` None: not to be seen, or
    nobody has it yet."""

    id: str
    title: Term
    name: str
    key: str
    state: str
    sent_at: datetime
    received_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    reason: str
    asks: bool
    sender: End | None
    receiver: End | None
    payload: Any

    @property
    def number(self) -> str:
        """The number of the case that handed over, and which of its hand-overs this is."""
        case_id, _, serial = self.id.partition("-")
        return f"{case_number(int(case_id))}-{serial}" if case_id.isdigit() else self.id


def _state(at: datetime) -> Mapping[str, ColumnElement[bool]]:
    """A condition for each state; each begins where those before it end."""
    gone = and_(OutgoingMessage.dead_why.is_not(None), OutgoingMessage.dead_why == "dropped")
    silent = or_(Slip.id.is_(None), and_(~Slip.asks, Slip.answered_at.is_(None)))
    done = or_(Slip.answered_at.is_not(None), and_(silent, OutgoingMessage.delivered_at.is_not(None)), gone)
    late = and_(~done, Slip.due_at.is_not(None), Slip.due_at < at)
    here = OutgoingMessage.delivered_at.is_not(None)
    returned = and_(Slip.answer.is_not(None), Slip.answer == "returned")
    return {
        "overdue": late,
        "sent": and_(~done, ~here, or_(Slip.due_at.is_(None), Slip.due_at >= at)),
        "received": and_(~done, here, or_(Slip.due_at.is_(None), Slip.due_at >= at)),
        "returned": and_(returned, ~gone),
        "accepted": and_(done, ~gone, or_(Slip.answer.is_(None), Slip.answer == "accepted")),
        "dropped": and_(gone, Slip.answered_at.is_(None)),
    }


def counts(session: Session, actor: Actor, *, at: datetime, process: str = "") -> dict[str, int]:
    """How many there are in each state; together they are all."""
    columns = [func.count().filter(condition).label(name) for name, condition in _state(at).items()]
    row = session.execute(_from(select(*columns), actor, process)).one()
    return dict(zip(STATES, row, strict=True))


def listed(session: Session, actor: Actor, *, at: datetime, state: str = "", process: str = "") -> list[HandOver]:
    """Of one state, or (`open`) all that are not settled; the oldest first, at most `MOST`. Settled ones, and all
    together: the newest first. What is overdue comes before everything else. `process`: either end belongs to it."""
    conditions = _state(at)
    query = _rows(actor, at, process).limit(MOST)
    if state in conditions:
        query = query.where(conditions[state])
    elif state == "open":
        query = query.where(or_(*(conditions[name] for name in OPEN)))
    oldest = state in OPEN or state == "open"
    order = (OutgoingMessage.sent_at, OutgoingMessage.id)
    late = case((conditions["overdue"], 0), else_=1)
    query = query.order_by(late, *(order if oldest else (column.desc() for column in order)))
    return [_one(session, row) for row in session.execute(query)]


def processes(session: Session, actor: Actor) -> list[tuple[str, Term]]:
    """Processes that have handed something over which this officer may see, by name."""
    sent = select(Case.process_id).join(OutgoingMessage, OutgoingMessage.case_id == Case.id)
    query = select(Process.id, Process.name, Process.name_en).where(
        Process.id.in_(sent.where(OutgoingMessage.kind == "message", visible(actor)))
    )
    return [(id, named(name, name_en)) for id, name, name_en in session.execute(query.order_by(Process.name))]


def unsettled(session: Session, actor: Actor, *, at: datetime) -> dict[tuple[str, str], tuple[int, int]]:
    """How many hand-overs of each sending process and message are not settled, and of them overdue."""
    conditions = _state(at)
    columns = (_Sender.process_id, OutgoingMessage.name, func.count(), func.count().filter(conditions["overdue"]))
    query = _from(select(*columns), actor, "").where(or_(*(conditions[name] for name in OPEN)))
    rows = session.execute(query.group_by(_Sender.process_id, OutgoingMessage.name))
    return {(process, name): (number, late) for process, name, number, late in rows}


def find(session: Session, id: str, actor: Actor, *, at: datetime) -> HandOver:
    """Raises `NotFound`, also for a hand-over that is not for this officer to see."""
    row = session.execute(_rows(actor, at).where(OutgoingMessage.id == id)).one_or_none()
    if row is None:
        raise NotFound("没有这张移交单。", "There is no such hand-over slip.")
    return _one(session, row)


_Sender, _Receiver = aliased(Case), aliased(Case)
_SenderProcess, _ReceiverProcess = aliased(Process), aliased(Process)


def visible(actor: Actor) -> ColumnElement[bool]:
    """A condition on `OutgoingMessage`: one end is the officer's to see, and neither is kept from his unit."""
    seen = _seen(actor)
    return and_(
        or_(OutgoingMessage.case_id.in_(seen), OutgoingMessage.delivered_to.in_(seen)),
        not_hidden(OutgoingMessage.case_id, actor),
        not_hidden(OutgoingMessage.delivered_to, actor),
    )


def _seen(actor: Actor) -> Any:
    return select(Case.id).where(seen_cases(actor))


def _from(query: Any, actor: Actor, process: str) -> Any:
    query = (
        query.select_from(OutgoingMessage)
        .outerjoin(Slip, Slip.id == OutgoingMessage.id)
        .join(_Sender, _Sender.id == OutgoingMessage.case_id)
        .outerjoin(_Receiver, _Receiver.id == OutgoingMessage.delivered_to)
        .where(OutgoingMessage.kind == "message", visible(actor))
    )
    if process:
        query = query.where(or_(_Sender.process_id == process, _Receiver.process_id == process))
    return query


def _rows(actor: Actor, at: datetime, process: str = "") -> Any:
    sender_unit, receiver_unit = aliased(Unit), aliased(Unit)
    state = case(*((condition, name) for name, condition in _state(at).items()), else_="received")
    columns = select(
        OutgoingMessage, Slip, state.label("state"), Version.digest, _Sender.version_id,
        _Sender.id.label("from_id"), _Sender.id.in_(_seen(actor)).label("from_seen"),
        _Sender.title.label("from_title"), _Sender.process_id.label("from_process"),
        _SenderProcess.name.label("from_name"), _SenderProcess.name_en.label("from_name_en"),
        sender_unit.name.label("from_unit"), sender_unit.name_en.label("from_unit_en"),
        _Receiver.id.label("to_id"), _Receiver.id.in_(_seen(actor)).label("to_seen"),
        _Receiver.title.label("to_title"), _Receiver.process_id.label("to_process"),
        _ReceiverProcess.name.label("to_name"), _ReceiverProcess.name_en.label("to_name_en"),
        receiver_unit.name.label("to_unit"), receiver_unit.name_en.label("to_unit_en"),
        )  # fmt: skip
    return (
        _from(columns, actor, process)
        .join(Version, Version.id == _Sender.version_id)
        .join(_SenderProcess, _SenderProcess.id == _Sender.process_id)
        .outerjoin(_ReceiverProcess, _ReceiverProcess.id == _Receiver.process_id)
        .outerjoin(sender_unit, sender_unit.id == func.coalesce(_Sender.lead_unit_id, _Sender.raiser_unit_id))
        .outerjoin(receiver_unit, receiver_unit.id == _Receiver.lead_unit_id)
    )


def _one(session: Session, row: Any) -> HandOver:
    message, slip = row.OutgoingMessage, row.Slip
    if slip is not None:
        title = Term(slip.title, slip.title_en or slip.title)
    else:
        title = enclosed.called(diagram_of(session, row.version_id, row.digest), message)
    return HandOver(
        id=message.id,
        title=title,
        name=message.name,
        key=message.correlation,
        state=row.state,
        sent_at=message.sent_at,
        received_at=message.delivered_at,
        due_at=slip.due_at if slip is not None else None,
        answered_at=slip.answered_at if slip is not None else None,
        reason=slip.reason if slip is not None else "",
        asks=slip is not None and slip.asks,
        sender=_end(row, "from"),
        receiver=_end(row, "to"),
        payload=message.payload,
    )


def _end(row: Any, side: str) -> End | None:
    id = getattr(row, f"{side}_id")
    if id is None or not getattr(row, f"{side}_seen"):
        return None
    unit = getattr(row, f"{side}_unit")
    return End(
        case=id,
        number=case_number(id),
        title=getattr(row, f"{side}_title"),
        process=named(getattr(row, f"{side}_name"), getattr(row, f"{side}_name_en")),
        process_id=getattr(row, f"{side}_process"),
        unit=named(unit, getattr(row, f"{side}_unit_en")) if unit else None,
    )
