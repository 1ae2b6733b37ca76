"""Facts between cases: processes called and what they answered, signals sent and heard, starts that wait."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.words.fixed import fixed


@fixed
class CallMade:
    """A call activity asks for a case of another process; it is on its way like a message. `call` names both."""

    call: str
    element: str
    token: str
    process: str
    values: dict[str, Any]
    depth: int  # how many calls deep the new case will be


@fixed
class CallWithdrawn:
    """The diagram no longer waits for the called case; `message` tells that case to stop."""

    call: str
    element: str
    message: str


@fixed
class CallAnswered:
    """The called case has said something: done · error · escalation. `values` is what came back."""

    call: str
    element: str
    child: int
    kind: str
    code: str
    values: dict[str, Any]


@fixed
class AnswerSent:
    """A called case tells its caller that it is done, has failed with an error, or escalates and goes on."""

    message: str
    call: str
    kind: str
    code: str


@fixed
class CaseCancelled:
    """The caller needs this case no longer."""

    call: str


@fixed
class SignalSent:
    """A signal leaves the case, for all other cases that wait for it and processes that begin with it."""

    message: str
    element: str
    name: str
    payload: dict[str, Any]


@fixed
class SignalSpread:
    """Who is to hear a signal, found when it was handed on: {"message", "case"} or {"message", "start"}."""

    message: str
    name: str
    payload: dict[str, Any]
    to: list[dict[str, Any]]


@fixed
class SignalReceived:
    message: str
    name: str
    payload: dict[str, Any]


@fixed
class MessageKept:
    """A program outside has brought a message that nobody waits for. `token`: the key it showed, `source` its name.
    `content` is the SHA-256 of a salt and of what the message says, which lies beside: nobody knows yet what of it
    identifies a person. `why`: nobody (waits for it) · open (a case with its key is open) · stuck (who waits is)."""

    message: str
    name: str
    correlation: str
    token: int
    source: str
    content: str
    why: str = "nobody"


@fixed
class ContentErased:
    """What a message from outside said, and its salt, are gone from the post: a case has it now (`kept_for` empty), or
    it was dropped so long ago."""

    message: str
    name: str
    kept_for: str


@fixed
class MessageMatched:
    """An officer has said which case a message is for; `to` is that case."""

    message: str
    name: str
    to: int
    reason: str


@fixed
class MessageDropped:
    """An officer has said that nobody needs a message any more. It stays written down, and is never handed on."""

    message: str
    name: str
    reason: str


@fixed
class MessageResent:
    """An officer sends a message off anew; it has all its attempts before it."""

    message: str
    name: str
    reason: str


@fixed
class SlipLaid:
    """A message is a hand-over: what for, by when it is to be answered, and which messages accept or return it."""

    message: str
    element: str
    title: str
    title_en: str
    accepts: list[str]
    returns: list[str]
    due: datetime | None


@fixed
class SlipAnswered:
    """What was handed over has been accepted, or was returned with a reason; `by`: the message that said so."""

    message: str
    title: str
    title_en: str
    accepted: bool
    reason: str
    by: str | None


@fixed
class StartsSet:
    """The starts of the newest version of a process that wait for a message, a signal or the clock:
    {"start", "element", "kind", "name", "due", "left"}; those of earlier versions wait no longer."""

    process: str
    version: int
    starts: list[dict[str, Any]]


@fixed
class StartFired:
    """A timer start has opened a case; `due` is the next time, None when it was the last."""

    start: str
    process: str
    element: str
    case: int
    due: datetime | None
    left: int | None
