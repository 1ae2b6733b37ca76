"""What a diagram is made of: tasks, gateways, events, sub-processes, the flows between them, fields of forms."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass, replace

TASKS = frozenset(
    {"userTask", "manualTask", "task", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"}
)
SCOPES = frozenset({"subProcess", "adHocSubProcess", "transaction"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
# Topics of service tasks that Bihuan works off itself, in the way other programs do.
CONNECTORS = frozenset({"http", "mail"})
NODES = TASKS | SCOPES | GATEWAYS | EVENTS | {"callActivity"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an enum field."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `type`: string text long number date datetime boolean enum multi unit units officer photo
    file issue note. Constraints: required readonly min max minlength maxlength mincount future (name → text)."""

    id: str
    type: str
    label: str
    label_en: str
    default: str | None
    choices: tuple[Choice, ...]
    constraints: Mapping[str, str]
    properties: Mapping[str, str]
    line: int | None

    @property
    def required(self) -> bool:
        return self.constraints.get("required", "false") != "false"

    @property
    def readonly(self) -> bool:
        return self.constraints.get("readonly", "false") != "false"

    @property
    def personal(self) -> bool:
        """Whether it says who somebody is: then its value lies beside the case, for those on the case only."""
        return self.properties.get("personal", "false") == "true"


@dataclass(frozen=True, slots=True)
class Repeat:
    """Multi-instance: one instance per member of a collection (FEEL), or so many times. A `loop` instead goes on as
    long as its condition holds, at most `maximum` times."""

    sequential: bool
    collection: str | None
    variable: str | None
    cardinality: str | None
    until: str | None
    loop: bool = False
    condition: str | None = None
    maximum: int | None = None
    test_before: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """What an event waits for or throws. `kind`: none timer message signal error escalation conditional terminate
    cancel link compensate multiple. `timing`: date | duration | cycle. `text`: timer body or condition; `name`: of
    the message, signal, error, escalation or link; of the step that alone is to be compensated ("" for all).
    `waits`: whether a compensation must be over before its token goes on."""

    kind: str
    name: str = ""
    timing: str = ""
    text: str = ""
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed over to a called process, or comes back from it: the variable `source`, or an `expression`, under
    the name `target`; without either, all variables."""

    target: str = ""
    source: str = ""
    expression: str = ""

    @property
    def everything(self) -> bool:
        return not (self.source or self.expression)


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the diagram. `inside` is the id of the sub-process (or process) it lies in."""

    id: str
    kind: str
    name: str
    name_en: str
    documentation: str
    lane: str
    inside: str
    line: int | None
    attributes: Mapping[str, str]
    properties: Mapping[str, str]
    form: tuple[Field, ...]
    groups: str
    assignee: str
    due: str
    priority: str
    repeat: Repeat | None
    trigger: Trigger
    attached_to: str
    interrupting: bool
    decision: str
    result: str
    topic: str
    script: str
    script_format: str
    calls: str
    until: str = ""  # of an ad-hoc sub-process: when it is finished
    # Data objects (or references to them) that an association leads from and to.
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    hands_in: tuple[Handed, ...] = ()
    hands_out: tuple[Handed, ...] = ()

    def property(self, name: str) -> str:
        return self.properties.get(name, "")

    @builtins.property
    def by_event(self) -> bool:
        """An event sub-process: no flow leads to it, its start event begins it."""
        return self.kind == "subProcess" and self.attributes.get("triggeredByEvent", "false") in {"true", "1"}

    @builtins.property
    def undoes(self) -> bool:
        """A compensation handler: no flow leads to it, what it compensates calls it."""
        return self.attributes.get("isForCompensation", "false") in {"true", "1"}

    @builtins.property
    def outside(self) -> bool:
        """A program outside does it: it says so, or its topic is one of those that reach outside."""
        named = self.attributes.get("type") == "external" and bool(self.topic)
        wants = self.property("worker") == "external" or self.topic in CONNECTORS
        return self.kind in {"serviceTask", "sendTask"} and named and wants

    @builtins.property
    def pressed(self) -> Element:
        """What an officer fills in who presses its button: a step that is only being chosen asks nothing yet."""
        return replace(self, form=()) if self.kind in {"userTask", "manualTask"} else self

    @builtins.property
    def in_turn(self) -> bool:
        """An ad-hoc sub-process in which one step at a time is chosen."""
        return self.attributes.get("ordering", "Parallel") == "Sequential"

    @builtins.property
    def drops_the_rest(self) -> bool:
        """An ad-hoc sub-process that takes back what is still open once it is finished."""
        return self.attributes.get("cancelRemainingInstances", "true") in {"true", "1"}


@dataclass(frozen=True, slots=True)
class DataObject:
    """A field of the case that is drawn. `inside`: the process or sub-process it lives in; `drawn`: the ids by which
    associations speak of it; `variable`: the name by which expressions do."""

    id: str
    name: str
    variable: str
    inside: str
    drawn: frozenset[str]
    line: int | None


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    name: str
    name_en: str
    condition: str | None
    default: bool
    inside: str
    line: int | None
