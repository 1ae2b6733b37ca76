"""Facts about work: tasks, messages, papers, notices and evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# A wish for somebody: {"role": …, "unit": id | None} or {"officer": id}.
Wanted = dict[str, Any]


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
class StepChosen:
    """An officer chose which step of an ad-hoc sub-process comes next."""

    wait: str
    element: str


@dataclass(frozen=True, slots=True)
class StepUndone:
    """A completed step is being compensated: by the step drawn for it, or (`handler` "") by what lies inside it."""

    element: str
    handler: str


@dataclass(frozen=True, slots=True)
class TransactionCancelled:
    """A transaction ended by a cancel event: what went on in it is taken back, what was done is being undone."""

    element: str


@dataclass(frozen=True, slots=True)
class TaskDueChanged:
    task: str
    element: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class TaskRedrawn:
    """The open task is as another version draws it. `before` and `after` hold what differs, of: element name name_en
    wanted bars unit priority clock."""

    task: str
    element: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WorkPassed:
    """A unit was dissolved and what waited for it passes to the unit above. `wanted`: whom each open task or button is
    meant for now; `tasks`: those whose unit it was; `claims`: those its people held; `bars`: those it was barred
    from, as the unit above is now."""

    unit: int
    to: int
    reason: str
    wanted: dict[str, list[Wanted]]
    tasks: list[str]
    claims: list[str]
    bars: list[str]


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
    kind: str = "message"  # or signal


@dataclass(frozen=True, slots=True)
class WaitDropped:
    wait: str
    element: str


@dataclass(frozen=True, slots=True)
class WaitRedrawn:
    """The case waits as another version draws it. What differs, of: element name correlation button button_en
    wanted."""

    wait: str
    element: str
    before: dict[str, Any]
    after: dict[str, Any]


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
    """`why`: nobody (waits for it) · several (cases do) · open (a case with its key is open already) ·
    broken (the program failed on it)."""

    message: str
    name: str
    attempts: int
    why: str = "nobody"


@dataclass(frozen=True, slots=True)
class DocumentIssued:
    """`number` is given when it is written down: the next of its kind in that year. `template`: the version of the
    template that was newest then; `to_units`: all it is addressed to, the first of them `to_unit`."""

    document: str
    kind: str
    number: str
    title: str
    fields: dict[str, Any]
    to_unit: int | None
    round: int
    level: int
    template: int | None = None
    to_units: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PaperMade:
    """The paper as a file, made once and for ever: `sha` is the SHA-256 of its bytes."""

    document: str
    template: int
    sha: str
    size: int


@dataclass(frozen=True, slots=True)
class PaperRead:
    """Somebody of a unit the paper is addressed to has opened it, the first of that unit."""

    document: str
    unit: int


@dataclass(frozen=True, slots=True)
class NoticeSent:
    notice: str
    text: str
    text_en: str
    wanted: list[Wanted]


@dataclass(frozen=True, slots=True)
class EvidenceAttached:
    attachment: str
    sha: str
    name: str
    kind: str  # before · after · document
    field: str
    task: str | None
    round: int
