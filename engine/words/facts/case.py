"""Facts about a case as a whole: opened, changed, closed, stuck, and who takes part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class TokensMoved:
    """The way the token took in this step, element by element; for the picture and for the replay."""

    passed: list[str]


@dataclass(frozen=True, slots=True)
class VariablesChanged:
    """Fields of the case before and after; a field that was not there before has no entry in `before`."""

    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StageChanged:
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LeadUnitChanged:
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class PartyJoined:
    part: str  # raiser · lead · co · handler
    unit: int | None = None
    officer: int | None = None


@dataclass(frozen=True, slots=True)
class PartyLeft:
    part: str
    unit: int | None = None
    officer: int | None = None


@dataclass(frozen=True, slots=True)
class RoundOpened:
    round: int
    reason: str


@dataclass(frozen=True, slots=True)
class LevelRaised:
    before: int
    after: int
    reason: str


@dataclass(frozen=True, slots=True)
class Counted:
    """One more of something that indicators count: rework, shuffle, error_dispatch …"""

    name: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision table was asked: what went in, which rules fired, what came out."""

    element: str
    decision: str
    inputs: dict[str, Any]
    rules: list[Any]
    outcome: Any


@dataclass(frozen=True, slots=True)
class BooksAsked:
    """The diagram looked something up: which question, what it asked for, and the answer (of cases, their numbers)."""

    element: str
    topic: str
    asked: dict[str, Any]
    answer: Any


@dataclass(frozen=True, slots=True)
class CaseMerged:
    into: int


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class CaseClosed:
    outcome: str


@dataclass(frozen=True, slots=True)
class CaseReopened:
    reason: str


@dataclass(frozen=True, slots=True)
class CaseEnded:
    """The diagram has run out: nothing waits any more."""


@dataclass(frozen=True, slots=True)
class CaseStuck:
    """The case cannot go on by itself; nothing of the failed step was kept."""

    element: str
    zh: str
    en: str
    trigger: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseFreed:
    reason: str


@dataclass(frozen=True, slots=True)
class ElementSkipped:
    """Whoever repaired the case let the token pass over one element; what it would have done was not done."""

    element: str
    reason: str


@dataclass(frozen=True, slots=True)
class FieldsCorrected:
    """Fields of a stuck case, set right by hand; a field that was not there before has no entry in `before`."""

    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
