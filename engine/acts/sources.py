"""Sources outside raise issues and bring messages: a hotline, a device, another city's system, each for an officer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.acts import brought, cases, desk
from engine.acts.beginnings import newest_of
from engine.acts.casefiles import find_case, scene_of
from engine.acts.envelopes import waiting_for
from engine.acts.messages import tell
from engine.acts.permits import refuse_reader, refuse_unless_may_begin
from engine.acts.starts import begin_at, beginning_with, lock_process
from engine.notation.correlation import key_of
from engine.reads.sight import not_hidden
from engine.record.chain import POST
from engine.record.journal import lock_book, record_post
from engine.words import facts as f
from engine.words.errors import CannotGoOn, NotValid, OutOfDate
from engine.words.officers import Actor
from engine.words.personal import digest_of, text_of
from models import Case, OutgoingMessage, Subscription, WorkerToken

# So many messages of one key may lie in the post: a device that has gone mad does not bury those of the others.
MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a message: `began` a case, was `delivered` to one that waited, or is `kept`, as `message`,
    because nobody waits for it, a case with its key is open, or who waits is stuck (`why`)."""

    state: str
    case: int | None = None
    message: str = ""
    why: str = ""


def raise_case(session: Session, process: str, variables: Mapping[str, Any], *, by: Actor, at: datetime) -> int:
    """A case begins by the start form, as if the officer had filled it in: a field that is left out gets its default.
    `variables`: plain values by field (text, number, true or false, a list of texts; a file as {"sha", "name"}).
    Raises as `cases.open`, and `NotValid` for names that the form does not ask for."""
    refuse_reader(by)
    _process, laid = desk.at_start(session, process, by=by)
    refuse_unless_may_begin(laid.element, by)
    form, names = laid.element.form, laid.diagram.blank
    answers = brought.answers(form, variables, names=names, at=at)
    return cases.open(session, process, answers, by=by, at=at)


def bring(
    session: Session,
    name: str,
    correlation: Any,
    payload: Mapping[str, Any],
    *,
    token: WorkerToken,
    by: Actor,
    at: datetime,
) -> Brought:
    """A message for the one case that waits for it, or else for the process that begins with it; one that finds neither
    is kept, and handed on when its time comes, as between cases. `correlation`: the value, or the values by name, that
    both sides know; None for a message that has no key. Raises `OutOfDate` when several cases wait for it, or several
    processes begin with it; `NotValid` for what the payload may not hold."""
    refuse_reader(by)
    faults = brought.strange("correlation", "correlation", correlation, 1)
    if faults:
        raise NotValid(faults)
    letter = _Letter(name, key_of(correlation), payload, token)
    waits = waiting_for(session, name, letter.key)
    if len(waits) > 1:
        raise _for_several(session, waits, by)
    if not waits:
        return _begin(session, letter, by=by, at=at)
    case = find_case(session, int(waits[0].partition("-")[0]))
    wait = session.get(Subscription, waits[0], populate_existing=True)
    if wait is None:  # somebody was quicker
        return _keep(session, letter, "nobody", by=by, at=at)
    scene = scene_of(session, case, by=by, at=at)
    diagram = scene.published.diagram
    form = diagram.element(wait.element).pressed.form
    told = brought.told(session, form, payload, names=diagram.blank, at=at)
    if case.stuck_at is not None:
        return _keep(session, letter, "stuck", by=by, at=at)
    tell(session, case, scene, wait, told, form=form)
    return Brought("delivered", case.id)


@dataclass(frozen=True, slots=True)
class _Letter:
    """As it was brought, with the key of the program that brought it."""

    name: str
    key: str
    payload: Mapping[str, Any]
    token: WorkerToken


def _begin(session: Session, letter: _Letter, *, by: Actor, at: datetime) -> Brought:
    starts = beginning_with(session, letter.name, letter.key).starts
    if not starts:
        brought.refuse_strange(letter.payload)
        return _keep(session, letter, "nobody", by=by, at=at)
    if len(starts) > 1:
        which = ", ".join(start.process_id for start in starts)
        raise OutOfDate(
            f"有几个流程都由这个消息开始（{which}），没有收下。",
            f"Several processes begin with this message ({which}); it was not taken.",
        )
    lock_process(session, starts[0].process_id)
    newest = newest_of(session, starts[0].process_id)
    drawn = newest.published.diagram.elements.get(starts[0].element) if newest is not None else None
    names = newest.published.diagram.blank if newest is not None else {}
    told = brought.told(session, drawn.form if drawn is not None else (), letter.payload, names=names, at=at)
    if letter.key and beginning_with(session, letter.name, letter.key).open is not None:
        return _keep(session, letter, "open", by=by, at=at)
    try:
        begun = begin_at(
            session, starts[0], told, sender=None, at=at, key=letter.key or None, raiser_unit=by.unit_id, by=by
        )
    except CannotGoOn as stuck:
        raise OutOfDate(stuck.zh, stuck.en) from None
    return Brought("began", begun)


def _keep(session: Session, letter: _Letter, why: str, *, by: Actor, at: datetime) -> Brought:
    """Puts it into the post; the worker tries it at once, and again and again. Raises `OutOfDate` when too many of this
    key lie there already."""
    entries, _head = lock_book(session, POST)
    lying = select(func.count()).where(
        OutgoingMessage.token_id == letter.token.id,
        OutgoingMessage.delivered_at.is_(None),
        OutgoingMessage.content.is_not(None),
        func.coalesce(OutgoingMessage.dead_why, "") != "dropped",
    )
    if (session.scalar(lying) or 0) >= MOST_KEPT:
        raise OutOfDate(
            f"这个密钥送来的消息已有 {MOST_KEPT} 条没有事项接收，请先请办理人员处理；这一条没有收下。",
            f"{MOST_KEPT} messages brought with this token lie unreceived and have to be settled first; "
            "this one was not taken.",
        )
    id, salt, content = f"{POST}-{entries + 1}", secrets.token_hex(16), text_of(letter.payload)
    kept = f.MessageKept(id, letter.name, letter.key, letter.token.id, letter.token.name, digest_of(salt, content), why)
    record_post(session, [kept], by=by, at=at, enclosed={id: (content, salt)})
    return Brought("kept", message=id, why=why)


def _for_several(session: Session, waits: list[str], by: Actor) -> OutOfDate:
    """Names the cases, but for those that are to be hidden from the officer."""
    ids = sorted({int(wait.partition("-")[0]) for wait in waits})
    shown = session.scalars(select(Case.id).where(Case.id.in_(ids), not_hidden(Case.id, by)).order_by(Case.id))
    numbers = [Case(id=id).number for id in shown]
    zh, en = "、".join(numbers), ", ".join(numbers)
    return OutOfDate(
        f"有几件事项都在等这个消息（{zh}），没有收下；请写明只属于其中一件的 correlation。",
        f"Several cases wait for this message ({en}); it was not taken. Its correlation must name one of them.",
    )
