"""A message of another process arrives in a story: a case begins with it, or the one that waits gets it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts.casefiles import find_case, scene_of
from engine.acts.envelopes import legible
from engine.acts.exhibits import attached
from engine.acts.starts import begin_at, beginning_with
from engine.acts.story_answers import invented
from engine.notation.diagram import Element
from engine.notation.spiff import step as game
from engine.notation.story_book import Step, amount
from engine.record.journal import record
from engine.words.officers import CLOCK
from engine.words.worktime import HOME
from models import Subscription


class Unheard(Exception):
    """No case waits for the message, and none begins with it."""


def arrive(session: Session, case_id: int, step: Step, element: Element, *, at: datetime) -> int:
    """Brings the message as the outbox would; returns the case that got it or began with it. Raises `Unheard`, and
    `CannotGoOn` where the process breaks."""
    payload = _payload(session, element, step.answers, at)
    wait = select(Subscription).where(Subscription.name == step.what, Subscription.kind == "message")
    wait = wait.where(Subscription.correlation == step.key) if step.key else wait.where(Subscription.case_id == case_id)
    waits = list(session.scalars(wait))
    if len(waits) == 1:
        case = find_case(session, waits[0].case_id)
        decided = game.deliver(scene_of(session, case, by=CLOCK, at=at), case.state, waits[0].id, payload, None)
        exhibits, serial = attached(case.id, decided.serial, element.form, payload, round=case.round, task=None)
        record(
            session,
            case,
            [*exhibits, *decided.facts],
            by=CLOCK,
            at=at,
            state=decided.state,
            serial=serial,
            large=decided.large,
        )
        return case.id
    beginning = beginning_with(session, step.what, step.key)
    if waits or len(beginning.starts) != 1 or beginning.open is not None:
        raise Unheard
    return begin_at(session, beginning.starts[0], payload, sender=None, at=at, key=step.key)


def _payload(session: Session, element: Element, told: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    types = {field.id: field.type for field in element.form}
    return legible({name: _value(session, types.get(name, ""), value, at) for name, value in told.items()})


def _value(session: Session, type: str, value: Any, at: datetime) -> Any:
    if type in {"photo", "file"}:
        return [invented(session, str(name), at) for name in (value if isinstance(value, list) else [value])]
    length = amount(value)
    if length is None:
        return value
    moment = (at + length).astimezone(HOME)
    return moment.date() if type == "date" else moment
