"""Facts about a case as a whole: opened, changed, closed, stuck, and who takes part."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from engine.words.fixed import fixed


@fixed
class CaseOpened:
    process: str
    version: int  # the version's row id
    number: int  # the version's number, for people
    raiser_unit: int | None
    external_id: str | None = None
    parent: int | None = None  # the case that called this one, by which call, and how many calls deep
    call: str | None = None
    depth: int = 0
    start: str | None = None  # the start event, when it was not the plain one
    key: str | None = None  # the correlation of the message that began it
    sender: str | None = None  # that message, or signal


@fixed
class TokensMoved:
    """The way the token took in this step, element by element; for the picture and for the replay."""

    passed: list[str]


@fixed
class VariablesChanged:
    """Fields of the case before and after; a field that was not there before has no entry in `before`."""

    before: dict[str, Any]
    after: dict[str, Any]


@fixed
class StageChanged:
    before: str
    after: str


@fixed
class LeadUnitChanged:
    before: int | None
    after: int | None


@fixed
class PartyJoined:
    part: str  # raiser · lead · co · handler
    unit: int | None = None
    officer: int | None = None


@fixed
class PartyLeft:
    part: str
    unit: int | None = None
    officer: int | None = None


@fixed
class RoundOpened:
    round: int
    reason: str


@fixed
class LevelRaised:
    before: int
    after: int
    reason: str


@fixed
class Counted:
    """One more of something that indicators count: rework, shuffle, error_dispatch …"""

    name: str


@fixed
class SampleDrawn:
    """Lots were drawn (双随机). Whoever has `seed` and `members` draws the same again; `digest` is that of the members,
    `method` the way of drawing (engine/words/draws.py)."""

    element: str
    result: str
    method: str
    seed: str
    members: list[Any]
    digest: str
    count: int
    drawn: list[Any]


@fixed
class DecisionMade:
    """A decision table was asked: what went in, which rules fired, what came out."""

    element: str
    decision: str
    inputs: dict[str, Any]
    rules: list[Any]
    outcome: Any


@fixed
class BooksAsked:
    """The diagram looked something up: which question, what it asked for, and the answer (of cases, their numbers)."""

    element: str
    topic: str
    asked: dict[str, Any]
    answer: Any


@fixed
class CaseMerged:
    into: int


@fixed
class CaseMoved:
    """The case goes on by another version of its process. `mapping`: elements that have another id there; `back`: the
    move `move` was taken back; `held`: the digest of the state the case had before, which is kept with the move."""

    move: int
    before: int  # the versions' row ids
    after: int
    before_number: int
    after_number: int
    mapping: dict[str, str]
    reason: str
    held: str
    back: bool = False


@fixed
class CaseClosed:
    outcome: str


@fixed
class CaseReopened:
    reason: str


@fixed
class CaseEnded:
    """The diagram has run out: nothing waits any more."""


@fixed
class CaseStuck:
    """The case cannot go on by itself; nothing of the failed step was kept."""

    element: str
    zh: str
    en: str
    trigger: dict[str, Any] = field(default_factory=dict)


@fixed
class CaseFreed:
    reason: str


@fixed
class ElementSkipped:
    """Whoever repaired the case let the token pass over one element; what it would have done was not done."""

    element: str
    reason: str


@fixed
class FieldsCorrected:
    """Fields of a stuck case, set right by hand; a field that was not there before has no entry in `before`."""

    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
