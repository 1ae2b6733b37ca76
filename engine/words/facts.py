"""Every fact that can be written into the journal: one closed union, frozen, in the past tense.

Rows are only ever changed by applying a fact (`engine/record/rows.py`), so a fact carries all that its row needs;
who did it, when, and in which case stands on the entry around it. Ids of tasks, timers and papers are the case's
number and a running number ("2026000001-7"), decided before recording, so that a replay gives the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# A wish for somebody: {"role": …, "unit": id | None} or {"officer": id}.
Wanted = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseOpened:
    process: str
    version: int  # the version's row id
    number: int  # the version's number, for people
    raiser_unit: int | None
    external_id: str | None = None


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
class TaskOpened:
    task: str
    element: str
    name: str
    name_en: str
    token: str
    wanted: list[Wanted]
    bars: list[dict[str, Any]]  # {"officer": id, "because": element} or {"unit": id, "because": "unit"}
    unit: int | None
    item: Any
    due: datetime | None
    clock: str | None
    round: int
    priority: int = 0


@dataclass(frozen=True, slots=True)
class TaskClaimed:
    task: str
    element: str


@dataclass(frozen=True, slots=True)
class TaskReleased:
    task: str
    element: str


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    task: str
    element: str
    answers: dict[str, Any]
    late: bool = False


@dataclass(frozen=True, slots=True)
class TaskCancelled:
    """The diagram took the task away (a timer interrupted it, its scope ended)."""

    task: str
    element: str


@dataclass(frozen=True, slots=True)
class TaskDueChanged:
    task: str
    element: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class TimerSet:
    timer: str
    element: str
    token: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class TimerMoved:
    timer: str
    element: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class TimerFired:
    timer: str
    element: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class TimerDropped:
    timer: str
    element: str


@dataclass(frozen=True, slots=True)
class WaitOpened:
    """The case now waits for a message; with a button, an officer may send it."""

    wait: str
    element: str
    token: str
    name: str
    correlation: str
    button: str | None
    button_en: str | None
    wanted: list[Wanted]


@dataclass(frozen=True, slots=True)
class WaitDropped:
    wait: str
    element: str


@dataclass(frozen=True, slots=True)
class MessageReceived:
    wait: str
    element: str
    name: str
    payload: dict[str, Any]
    sender: str | None = None  # id in the outbox, or None when an officer pressed the button


@dataclass(frozen=True, slots=True)
class MessageSent:
    message: str
    element: str
    name: str
    correlation: str
    payload: Any


@dataclass(frozen=True, slots=True)
class MessageDelivered:
    message: str
    name: str
    to: int | None


@dataclass(frozen=True, slots=True)
class MessagePutAside:
    message: str
    name: str
    attempts: int


@dataclass(frozen=True, slots=True)
class ClockStarted:
    clock: str
    round: int
    limit: str
    calendar: str
    original: datetime
    near: datetime
    again: bool = False  # a dispatcher's error: the clock of this round begins anew


@dataclass(frozen=True, slots=True)
class ClockStopped:
    clock: str
    round: int
    remaining: float  # seconds left on the clock's calendar; when overdue, plain seconds below zero


@dataclass(frozen=True, slots=True)
class ClockResumed:
    clock: str
    round: int
    effective: datetime
    near: datetime


@dataclass(frozen=True, slots=True)
class ClockPaused:
    clock: str
    round: int
    remaining: float


@dataclass(frozen=True, slots=True)
class DeadlineExtended:
    clock: str
    round: int
    before: datetime
    after: datetime
    near: datetime
    reason: str
    times: int = 1  # how often this clock has been moved in this round, this time included


@dataclass(frozen=True, slots=True)
class CaseDueChanged:
    """The deadline the case as a whole now lives by: of its running clocks the one that ends last."""

    clock: str | None
    before: datetime | None
    after: datetime | None


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
class DocumentIssued:
    document: str
    kind: str
    number: str
    title: str
    fields: dict[str, Any]
    to_unit: int | None
    round: int
    level: int


@dataclass(frozen=True, slots=True)
class NoticeSent:
    notice: str
    text: str
    text_en: str
    wanted: list[Wanted]


@dataclass(frozen=True, slots=True)
class Counted:
    """One more of something that indicators count: rework, shuffle, error_dispatch …"""

    name: str


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A decision table was asked: what went in, which rules fired, what came out."""

    element: str
    decision: str
    inputs: dict[str, Any]
    rules: list[Any]
    outcome: Any


@dataclass(frozen=True, slots=True)
class EvidenceAttached:
    attachment: str
    sha: str
    name: str
    kind: str  # before · after · document
    field: str
    task: str | None
    round: int


@dataclass(frozen=True, slots=True)
class CaseMerged:
    into: int


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


# --- facts of the office itself (book 0) ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitAdded:
    unit: int
    code: str
    name: str
    name_en: str
    kind: str
    parent: int | None
    path: str


@dataclass(frozen=True, slots=True)
class OfficerAdded:
    officer: int
    login: str
    name: str
    name_en: str
    post: str
    post_en: str
    unit: int


@dataclass(frozen=True, slots=True)
class RoleGranted:
    officer: int
    role: str
    unit: int


@dataclass(frozen=True, slots=True)
class RoleTakenBack:
    officer: int
    role: str
    unit: int


@dataclass(frozen=True, slots=True)
class CalendarSet:
    """The hours of a normal week and the days that differ: {"2026-10-01": ["rest", "国庆节"]}."""

    calendar: str
    title: str
    title_en: str
    zone: str
    hours: dict[str, Any]
    days: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class VersionPublished:
    process: str
    version: int
    number: int
    name: str
    name_en: str
    digest: str
    note: str
    changes: list[dict[str, Any]]  # {"element", "what", "before", "after"}


@dataclass(frozen=True, slots=True)
class Sealed:
    """The ends of all chains that grew since the last seal: a case that vanishes whole is noticed too."""

    heads: dict[str, list[Any]]  # book -> [seq, hash]


CaseFact = (
    CaseOpened
    | TokensMoved
    | VariablesChanged
    | StageChanged
    | LeadUnitChanged
    | PartyJoined
    | PartyLeft
    | TaskOpened
    | TaskClaimed
    | TaskReleased
    | TaskCompleted
    | TaskCancelled
    | TaskDueChanged
    | TimerSet
    | TimerMoved
    | TimerFired
    | TimerDropped
    | WaitOpened
    | WaitDropped
    | MessageReceived
    | MessageSent
    | MessageDelivered
    | MessagePutAside
    | ClockStarted
    | ClockStopped
    | ClockResumed
    | ClockPaused
    | DeadlineExtended
    | CaseDueChanged
    | RoundOpened
    | LevelRaised
    | DocumentIssued
    | NoticeSent
    | Counted
    | DecisionMade
    | EvidenceAttached
    | CaseMerged
    | CaseClosed
    | CaseReopened
    | CaseEnded
    | CaseStuck
    | CaseFreed
)
OfficeFact = UnitAdded | OfficerAdded | RoleGranted | RoleTakenBack | CalendarSet | VersionPublished | Sealed
Fact = CaseFact | OfficeFact
