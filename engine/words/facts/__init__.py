"""Every fact that can be written into the journal: one closed union, frozen, in the past tense.

Rows are only ever changed by applying a fact (`engine/record/rows/`), so a fact carries all that its row needs;
who did it, when, and in which case stands on the entry around it. Ids of tasks, timers and papers are the case's
number and a running number ("2026000001-7"), decided before recording, so that a replay gives the same rows.
"""

from __future__ import annotations

from engine.words.facts.between import (
    AnswerSent,
    CallAnswered,
    CallMade,
    CallWithdrawn,
    CaseCancelled,
    ContentErased,
    MessageDropped,
    MessageKept,
    MessageMatched,
    MessageResent,
    SignalReceived,
    SignalSent,
    SignalSpread,
    SlipAnswered,
    SlipLaid,
    StartFired,
    StartsSet,
)
from engine.words.facts.case import (
    BooksAsked,
    CaseClosed,
    CaseEnded,
    CaseFreed,
    CaseMerged,
    CaseMoved,
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
    SampleDrawn,
    StageChanged,
    TokensMoved,
    VariablesChanged,
)
from engine.words.facts.office import (
    CalendarSet,
    HostsAllowed,
    MoveOrdered,
    MoveTakenBack,
    OfficerAdded,
    RoleGranted,
    RoleTakenBack,
    Sealed,
    TemplatePublished,
    UnitAdded,
    UnitEnded,
    VersionPublished,
    WorkerTokenEnded,
    WorkerTokenMade,
)
from engine.words.facts.personal import PersonalDeleted, PersonalKept, PersonalRead
from engine.words.facts.service import (
    JobAnswered,
    JobDropped,
    JobFailed,
    JobMade,
    JobRedrawn,
    JobRetried,
)
from engine.words.facts.time import (
    CaseDueChanged,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    ClockTakenBack,
    DeadlineExtended,
    TimerDropped,
    TimerFired,
    TimerMoved,
    TimerRedrawn,
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
    PaperMade,
    PaperRead,
    StepChosen,
    StepUndone,
    TaskCancelled,
    TaskClaimed,
    TaskCompleted,
    TaskDueChanged,
    TaskOpened,
    TaskRedrawn,
    TaskReleased,
    TransactionCancelled,
    WaitDropped,
    WaitOpened,
    WaitRedrawn,
    Wanted,
    WorkPassed,
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
    | SampleDrawn
    | DecisionMade
    | BooksAsked
    | CaseMerged
    | CaseMoved
    | CaseClosed
    | CaseReopened
    | CaseEnded
    | CaseStuck
    | CaseFreed
    | ElementSkipped
    | FieldsCorrected
    | TaskOpened
    | TaskRedrawn
    | TaskClaimed
    | TaskReleased
    | TaskCompleted
    | TaskCancelled
    | TaskDueChanged
    | StepChosen
    | StepUndone
    | TransactionCancelled
    | WaitOpened
    | WaitRedrawn
    | WaitDropped
    | WorkPassed
    | MessageReceived
    | MessageSent
    | MessageDelivered
    | MessagePutAside
    | DocumentIssued
    | PaperMade
    | PaperRead
    | NoticeSent
    | EvidenceAttached
    | TimerSet
    | TimerMoved
    | TimerRedrawn
    | TimerFired
    | TimerDropped
    | ClockStarted
    | ClockStopped
    | ClockResumed
    | ClockPaused
    | ClockTakenBack
    | DeadlineExtended
    | CaseDueChanged
    | CallMade
    | CallWithdrawn
    | CallAnswered
    | AnswerSent
    | CaseCancelled
    | MessageDropped
    | MessageMatched
    | MessageResent
    | SignalSent
    | SignalSpread
    | SignalReceived
    | JobMade
    | JobAnswered
    | JobFailed
    | JobRetried
    | JobDropped
    | JobRedrawn
    | SlipLaid
    | SlipAnswered
    | PersonalKept
    | PersonalRead
    | PersonalDeleted
)
OfficeFact = (
    UnitAdded
    | UnitEnded
    | OfficerAdded
    | RoleGranted
    | RoleTakenBack
    | CalendarSet
    | VersionPublished
    | MoveOrdered
    | MoveTakenBack
    | TemplatePublished
    | Sealed
    | StartsSet
    | StartFired
    | WorkerTokenMade
    | WorkerTokenEnded
    | HostsAllowed
)
# Of messages that no case sent.
PostFact = (
    MessageKept | MessageDelivered | MessagePutAside | MessageMatched | MessageResent | MessageDropped | ContentErased
)
Fact = CaseFact | OfficeFact | PostFact

__all__ = [
    "AnswerSent",
    "BooksAsked",
    "CalendarSet",
    "CallAnswered",
    "CallMade",
    "CallWithdrawn",
    "CaseCancelled",
    "CaseClosed",
    "CaseDueChanged",
    "CaseEnded",
    "CaseFact",
    "CaseFreed",
    "CaseMerged",
    "CaseMoved",
    "CaseOpened",
    "CaseReopened",
    "CaseStuck",
    "ClockPaused",
    "ClockResumed",
    "ClockStarted",
    "ClockStopped",
    "ClockTakenBack",
    "ContentErased",
    "Counted",
    "DeadlineExtended",
    "DecisionMade",
    "DocumentIssued",
    "ElementSkipped",
    "EvidenceAttached",
    "Fact",
    "FieldsCorrected",
    "HostsAllowed",
    "JobAnswered",
    "JobDropped",
    "JobFailed",
    "JobMade",
    "JobRedrawn",
    "JobRetried",
    "LeadUnitChanged",
    "LevelRaised",
    "MessageDelivered",
    "MessageDropped",
    "MessageKept",
    "MessageMatched",
    "MessagePutAside",
    "MessageReceived",
    "MessageResent",
    "MessageSent",
    "MoveOrdered",
    "MoveTakenBack",
    "NoticeSent",
    "OfficeFact",
    "OfficerAdded",
    "PaperMade",
    "PaperRead",
    "PartyJoined",
    "PartyLeft",
    "PersonalDeleted",
    "PersonalKept",
    "PersonalRead",
    "PostFact",
    "RoleGranted",
    "RoleTakenBack",
    "RoundOpened",
    "SampleDrawn",
    "Sealed",
    "SignalReceived",
    "SignalSent",
    "SignalSpread",
    "SlipAnswered",
    "SlipLaid",
    "StageChanged",
    "StartFired",
    "StartsSet",
    "StepChosen",
    "StepUndone",
    "TaskCancelled",
    "TaskClaimed",
    "TaskCompleted",
    "TaskDueChanged",
    "TaskOpened",
    "TaskRedrawn",
    "TaskReleased",
    "TemplatePublished",
    "TimerDropped",
    "TimerFired",
    "TimerMoved",
    "TimerRedrawn",
    "TimerSet",
    "TokensMoved",
    "TransactionCancelled",
    "UnitAdded",
    "UnitEnded",
    "VariablesChanged",
    "VersionPublished",
    "WaitDropped",
    "WaitOpened",
    "WaitRedrawn",
    "Wanted",
    "WorkPassed",
    "WorkerTokenEnded",
    "WorkerTokenMade",
]
