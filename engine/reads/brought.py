"""What programs outside brought and nobody has received yet: from whom, what it says, and what has become of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.neighbours import neighbour
from engine.reads.enclosed import drawn
from engine.words.errors import NotFound
from engine.words.personal import masked
from engine.words.terms import Term
from models import OutgoingMessage

# Of a telephone, an identity card, a bank account.
_LONG_NUMBER = re.compile(r"\d[\d \-]{5,}[\dXx]")


@dataclass(frozen=True, slots=True)
class Source:
    """The name of its key, and the officer and unit it acts for."""

    name: str
    officer: Term
    unit: Term


@dataclass(frozen=True, slots=True)
class Fate:
    """`state`: kept (and tried again) · aside (an officer has to look at it) · delivered · dropped. `case`: who got it,
    or began with it."""

    id: str
    name: str
    state: str
    sent_at: datetime
    case: int | None
    at: datetime | None


def content(session: Session, message_id: str) -> list[tuple[str, Any]]:
    """Names and values as they were brought, plain JSON; masked what is personal to those who could receive it. Where
    nobody is drawn to, every long number is, and what is personal to anybody. Empty once it has been handed over, or
    its time is over."""
    message = session.get_one(OutgoingMessage, message_id)
    said = orjson.loads(message.content) if message.content else {}
    masks = _masks(session, message.name)
    return [(name, masks.shown(name, value)) for name, value in said.items()]


@dataclass(frozen=True, slots=True)
class _Masks:
    """`known`: somebody is drawn to wait for the message, so that his forms say all that is personal in it."""

    personal: frozenset[str]
    known: bool

    def shown(self, name: str, value: Any) -> Any:
        """Also of what lies deeper: names and values."""
        if name in self.personal and value not in (None, ""):
            return masked(value) if isinstance(value, str | int | float) else "＊＊"
        if isinstance(value, Mapping):
            return {key: self.shown(key, part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.shown("", part) for part in value]
        if self.known or isinstance(value, bool) or not isinstance(value, str | int):
            return value
        hidden = _LONG_NUMBER.sub(lambda found: masked(found[0]), str(value))
        return hidden if hidden != str(value) else value


def _masks(session: Session, message: str) -> _Masks:
    drawings = drawn(session, message)
    awaiting = [diagram for diagram in drawings if message in neighbour(diagram).awaits]
    return _Masks(frozenset(name for diagram in awaiting or drawings for name in diagram.personal), bool(awaiting))


def fate(session: Session, message_id: str, *, officer: int) -> Fate:
    """Of a message that was brought for this officer. Raises `NotFound`."""
    query = select(OutgoingMessage).where(
        OutgoingMessage.id == message_id, OutgoingMessage.case_id.is_(None), OutgoingMessage.officer_id == officer
    )
    one = session.scalars(query).one_or_none()
    if one is None:
        raise NotFound("没有这条消息。", "There is no such message.")
    state, at = "kept", None
    if one.delivered_at is not None:
        state, at = "delivered", one.delivered_at
    elif one.dead_at is not None:
        state, at = ("dropped" if one.dead_why == "dropped" else "aside"), one.dead_at
    return Fate(one.id, one.name, state, one.sent_at, one.delivered_to, at)
