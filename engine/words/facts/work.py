"""Facts about work: tasks, messages, papers, notices and evidence."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any

from engine.words.fixed import fixed

# A wish for somebody: {"role": …, "unit": id | None} or {"officer": id}.
Wanted = dict[str, Any]


@fixed
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


@fixed
class TaskClaimed:
    task: str
    element: str


@fixed
class TaskReleased:
    task: str
    element: str


@fixed
class TaskCompleted:
    task: str
    element: str
    answers: dict[str, Any]
    late: bool = False


@fixed
class TaskCancelled:
    """The diagram took the task away (a timer interrupted it, its scope ended)."""

    task: str
    element: str


@fixed
class StepChosen:
    """An officer chose which step of an ad-hoc sub-process comes next."""

    wait: str
    element: str


@fixed
class StepUndone:
    """A completed step is being compensated: by the step drawn for it, or (`handler` "") by what lies inside it."""

    element: str
    handler: str


@fixed
class TransactionCancelled:
    """A transaction ended by a cancel event: what went on in it is taken back, what was done is being undone."""

    element: str


@fixed
class TaskDueChanged:
    task: str
    element: str
    before: datetime | None
    after: datetime | None


@fixed
class TaskRedrawn:
    """The open task is as another version draws it. `before` and `after` hold what differs, of: element name name_en
    wanted bars unit priority clock."""

    task: str
    element: str
    before: dict[str, Any]
    after: dict[str, Any]


@fixed
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


@fixed
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


@fixed
class WaitDropped:
    wait: str
    element: str


@fixed
class WaitRedrawn:
    """The case waits as another version draws it. What differs, of: element name correlation button button_en
    wanted."""

    wait: str
    element: str
    before: dict[str, Any]
    after: dict[str, Any]


@fixed
class MessageReceived:
    wait: str
    element: str
    name: str
    payload: dict[str, Any]
    sender: str | None = None  # id in the outbox, or None when an officer pressed the button


@fixed
class MessageSent:
    message: str
    element: str
    name: str
    correlation: str
    payload: Any


@fixed
class MessageDelivered:
    message: str
    name: str
    to: int | None


@fixed
class MessagePutAside:
    """`why`: nobody (waits for it) · several (cases do) · open (a case with its key is open already) ·
    broken (the program failed on it)."""

    message: str
    name: str
    attempts: int
    why: str = "nobody"


@fixed
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


@fixed
class PaperMade:
    """The paper as a file, made once and for ever: `sha` is the SHA-256 of its bytes."""

    document: str
    template: int
    sha: str
    size: int


@fixed
class PaperRead:
    """Somebody of a unit the paper is addressed to has opened it, the first of that unit."""

    document: str
    unit: int


@fixed
class NoticeSent:
    notice: str
    text: str
    text_en: str
    wanted: list[Wanted]


@fixed
class EvidenceAttached:
    attachment: str
    sha: str
    name: str
    kind: str  # before · after · document
    field: str
    task: str | None
    round: int
