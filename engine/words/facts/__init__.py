"""Every fact that can be written into the journal: one closed union, frozen, in the past tense.

Rows are only ever changed by applying a fact (`engine/record/rows/`), so a fact carries all that its row needs;
who did it, when, and in which case stands on the entry around it. Ids of tasks, timers and papers are the case's
number and a running number ("2026000001-7"), decided before recording, so that a replay gives the same rows.
"""

from __future__ import annotations

from engine.words.facts.case import (
    CaseClosed,
    CaseEnded,
    CaseFreed,
    CaseMerged,
    CaseOpened,
    CaseReopened,
    CaseStuck,
    Counted,
    DecisionMade,
    ElementSkipped,
    FieldsCorrected,
    LeadUnitChanged,
    LevelRaised,
    PartyJoined,
    PartyLeft,
    RoundOpened,
    StageChanged,
    TokensMoved,
    VariablesChanged,
)
from engine.words.facts.office import (
    CalendarSet,
    OfficerAdded,
    RoleGranted,
    RoleTakenBack,
    Sealed,
    UnitAdded,
    VersionPublished,
)
from engine.words.facts.time import (
    CaseDueChanged,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    DeadlineExtended,
    TimerDropped,
    TimerFired,
    TimerMoved,
    TimerSet,
)
from engine.words.facts.work import (
    DocumentIssued,
    EvidenceAttached,
    MessageDelivered,
    MessagePutAside,
    MessageReceived,
    MessageSent,
    NoticeSent,
    StepChosen,
    StepUndone,
    TaskCancelled,
    TaskClaimed,
    TaskCompleted,
    TaskDueChanged,
    TaskOpened,
    TaskReleased,
    TransactionCancelled,
    WaitDropped,
    WaitOpened,
    Wanted,
)

CaseFact = (
    CaseOpened
    | TokensMoved
    | VariablesChanged
    | StageChanged
    | LeadUnitChanged
    | PartyJoined
    | PartyLeft
    | RoundOpened
    | LevelRaised
    | Counted
    | DecisionMade
    | CaseMerged
    | CaseClosed
    | CaseReopened
    | CaseEnded
    | CaseStuck
    | CaseFreed
    | ElementSkipped
    | FieldsCorrected
    | TaskOpened
    | TaskClaimed
    | TaskReleased
    | TaskCompleted
    | TaskCancelled
    | TaskDueChanged
    | StepChosen
    | StepUndone
    | TransactionCancelled
    | WaitOpened
    | WaitDropped
    | MessageReceived
    | MessageSent
    | MessageDelivered
    | MessagePutAside
    | DocumentIssued
    | NoticeSent
    | EvidenceAttached
    | TimerSet
    | TimerMoved
    | TimerFired
    | TimerDropped
    | ClockStarted
    | ClockStopped
    | ClockResumed
    | ClockPaused
    | DeadlineExtended
    | CaseDueChanged
)
OfficeFact = UnitAdded | OfficerAdded | RoleGranted | RoleTakenBack | CalendarSet | VersionPublished | Sealed
Fact = CaseFact | OfficeFact

__all__ = [
    "CalendarSet",
    "CaseClosed",
    "CaseDueChanged",
    "CaseEnded",
    "CaseFact",
    "CaseFreed",
    "CaseMerged",
    "CaseOpened",
    "CaseReopened",
    "CaseStuck",
    "ClockPaused",
    "ClockResumed",
    "ClockStarted",
    "ClockStopped",
    "Counted",
    "DeadlineExtended",
    "DecisionMade",
    "DocumentIssued",
    "ElementSkipped",
    "EvidenceAttached",
    "Fact",
    "FieldsCorrected",
    "LeadUnitChanged",
    "LevelRaised",
    "MessageDelivered",
    "MessagePutAside",
    "MessageReceived",
    "MessageSent",
    "NoticeSent",
    "OfficeFact",
    "OfficerAdded",
    "PartyJoined",
    "PartyLeft",
    "RoleGranted",
    "RoleTakenBack",
    "RoundOpened",
    "Sealed",
    "StageChanged",
    "StepChosen",
    "StepUndone",
    "TaskCancelled",
    "TaskClaimed",
    "TaskCompleted",
    "TaskDueChanged",
    "TaskOpened",
    "TaskReleased",
    "TimerDropped",
    "TimerFired",
    "TimerMoved",
    "TimerSet",
    "TokensMoved",
    "TransactionCancelled",
    "UnitAdded",
    "VariablesChanged",
    "VersionPublished",
    "WaitDropped",
    "WaitOpened",
    "Wanted",
]
