"""Whom a case has to do with: the cases that called it, those it has called, and what it wrote and got."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.reads import phrases
from engine.reads.case_page import Head
from engine.reads.diagrams import diagram_of
from engine.reads.sentences.course import case_number
from engine.reads.sight import may_see, seen_cases, sees_case
from engine.reads.tongues import named
from engine.words.officers import Actor
from engine.words.terms import Term
from models import Case, Entry, OutgoingMessage, Process, Version, WorkerToken

Visible = Callable[[int | None], int | None]
DEEPEST = 30
MOST = 200


@dataclass(frozen=True, slots=True)
class Kin:
    """`element`: the call activity in the calling case, "" for a case above."""

    id: int
    number: str
    title: str
    title_en: str
    process: Term
    stage: str
    outcome: str | None
    ended: bool
    element: str


@dataclass(frozen=True, slots=True)
class Slip:
    """One message, call or signal. `sent`: by this case, else it was received. `fate`: received · waits · aside ·
    dropped. `other`: the case at the other end, where it is known and may be seen; `source`: the program outside that
    brought it. `answered_at`: of a call."""

    id: str
    sent: bool
    kind: str
    name: Term
    at: datetime
    received_at: datetime | None
    answered_at: datetime | None
    answer: str
    fate: str
    other: int | None
    source: str = ""


def above(session: Session, case_id: int, actor: Actor) -> list[Kin]:
    """The case that called this one, who called that one …; the outermost first. What may not be seen ends the row."""
    found: list[Kin] = []
    parent = session.scalar(select(Case.parent_id).where(Case.id == case_id))
    while parent is not None and len(found) < DEEPEST:
        row = session.execute(_kin().where(Case.id == parent, sees_case(actor))).one_or_none()
        if row is None:
            break
        found.insert(0, _one(session, row, ""))
        parent = row.parent_id
    return found


def below(session: Session, case_id: int, actor: Actor) -> list[Kin]:
    """The cases this one has called, in their order, at most `MOST`."""
    query = _kin().join(OutgoingMessage, OutgoingMessage.id == Case.call_id).add_columns(OutgoingMessage.element)
    query = query.where(Case.parent_id == case_id, seen_cases(actor)).order_by(Case.id).limit(MOST)
    return [_one(session, row, row.element) for row in session.execute(query)]


def slips(session: Session, head: Head, actor: Actor) -> list[Slip]:
    """What the case has sent and received, in order of time, at most `MOST` of either."""
    seen: dict[int, bool] = {}

    def visible(case_id: int | None) -> int | None:
        if case_id is None:
            return None
        if case_id not in seen:
            seen[case_id] = may_see(session, case_id, actor)
        return case_id if seen[case_id] else None

    found = [*_sent(session, head, visible), *_received(session, head, visible)]
    return sorted(found, key=lambda slip: (slip.at, slip.id))


def _sent(session: Session, head: Head, visible: Visible) -> Iterator[Slip]:
    answers: dict[str, tuple[datetime, str]] = {}
    told = select(Entry.at, Entry.body).where(Entry.book == head.id, Entry.kind == "CallAnswered")
    for at, body in session.execute(told.where(Entry.body.is_not(None)).order_by(Entry.seq)):
        said = orjson.loads(body or "{}")
        answers[said["call"]] = (at, said["kind"])
    query = select(OutgoingMessage).where(
        OutgoingMessage.case_id == head.id, OutgoingMessage.kind.in_(("message", "call", "signal", "answer"))
    )
    for one in session.scalars(query.order_by(OutgoingMessage.sent_at.desc(), OutgoingMessage.id.desc()).limit(MOST)):
        answered_at, answer = answers.get(one.id, (None, ""))
        fate = "received" if one.delivered_at is not None else "waits"
        if one.dead_at is not None:
            fate = "dropped" if one.dead_why == "dropped" else "aside"
        name = _called(head, one.kind, one.element, one.name)
        yield Slip(
            one.id, True, one.kind, name, one.sent_at, one.delivered_at, answered_at, answer, fate,
            visible(one.delivered_to),
        )  # fmt: skip


def _received(session: Session, head: Head, visible: Visible) -> Iterator[Slip]:
    query = select(Entry.seq, Entry.kind, Entry.at, Entry.body).where(
        Entry.book == head.id,
        Entry.kind.in_(("MessageReceived", "SignalReceived", "CaseOpened")),
        Entry.body.is_not(None),
    )
    got: list[tuple[str, str, str, str, datetime]] = []
    for seq, kind, at, body in session.execute(query.order_by(Entry.seq.desc()).limit(MOST)):
        told = orjson.loads(body or "{}")
        sender = told.get("message") if kind == "SignalReceived" else told.get("sender")
        if sender and not (kind == "CaseOpened" and told.get("call")):
            element = told.get("start") if kind == "CaseOpened" else told.get("element")
            got.append((str(sender), f"{head.id}-got-{seq}", str(element or ""), str(told.get("name") or ""), at))
    letters = select(OutgoingMessage, WorkerToken.name).outerjoin(
        WorkerToken, WorkerToken.id == OutgoingMessage.token_id
    )
    wanted = OutgoingMessage.id.in_([id for id, *_ in got])
    origins = {one.id: (one, source) for one, source in session.execute(letters.where(wanted))}
    for sender, id, element, name, at in got:
        if sender in origins:
            origin, source = origins[sender]
            kind = "signal" if origin.kind == "heard" else origin.kind
            yield Slip(
                id, False, kind, _called(head, kind, element, name or origin.name), origin.sent_at, at, None, "",
                "received", visible(origin.case_id), source or "",
            )  # fmt: skip


def _called(head: Head, kind: str, element: str, name: str) -> Term:
    """After the step that sent or received it; an answer is what its own word says."""
    drawn = head.diagram.elements.get(element)
    return named(drawn.name, drawn.name_en) if kind != "answer" and drawn and drawn.name else Term(name, name)


def _kin() -> Any:
    return select(
        Case.id, Case.title, Case.stage, Case.outcome, Case.ended_at, Case.parent_id, Process.name, Process.name_en,
        Case.version_id, Version.digest,
    ).join(Process, Process.id == Case.process_id).join(Version, Version.id == Case.version_id)  # fmt: skip


def _one(session: Session, row: Any, element: str) -> Kin:
    diagram = diagram_of(session, row.version_id, row.digest)
    return Kin(
        row.id, case_number(row.id), row.title, phrases.title(diagram, row.title).en,
        named(row.name, row.name_en), row.stage, row.outcome,
        row.ended_at is not None, element,
    )  # fmt: skip
