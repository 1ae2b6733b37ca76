"""Reads a BPMN diagram into elements an officer could name: their labels, forms, roles, clocks and expressions.

This is our own index of the XML, beside the engine's: what the camunda: namespace and our camunda:properties say about
an element stands here and nowhere else. `processes/NOTATION.md` says what each means.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.notation.xml import BPMN, CAMUNDA, line_of, local, open_xml, refuse

_B = f"{{{BPMN}}}"
_C = f"{{{CAMUNDA}}}"

TASKS = frozenset(
    {"userTask", "manualTask", "task", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"}
)
SCOPES = frozenset({"subProcess", "adHocSubProcess", "transaction"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
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
    the message, signal, error, escalation or link."""

    kind: str
    name: str = ""
    timing: str = ""
    text: str = ""


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

    def property(self, name: str) -> str:
        return self.properties.get(name, "")

    @builtins.property
    def by_event(self) -> bool:
        """An event sub-process: no flow leads to it, its start event begins it."""
        return self.kind == "subProcess" and self.attributes.get("triggeredByEvent", "false") in {"true", "1"}


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


@dataclass(frozen=True)
class Diagram:
    """One executable process, read. `elements` and `flows` are in the order of the file."""

    process: str
    name: str
    name_en: str
    documentation: str
    executable: bool
    properties: Mapping[str, str]
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]
    lanes: tuple[str, ...]
    content: bytes = field(repr=False)

    def element(self, id: str) -> Element:
        return self.elements[id]

    @cached_property
    def start(self) -> Element | None:
        """The plain start event of the process itself: where an officer raises a case."""
        for element in self.elements.values():
            if element.kind == "startEvent" and element.inside == self.process and element.trigger.kind == "none":
                return element
        return None

    @cached_property
    def user_tasks(self) -> tuple[Element, ...]:
        return tuple(e for e in self.elements.values() if e.kind in {"userTask", "manualTask"})

    @cached_property
    def blank(self) -> Mapping[str, None]:
        """Every field the process knows, as null: one that nobody has filled in yet is nothing, not a stranger (and not
        the function of FEEL that has the same name, as `mode` has)."""
        fields = [field.id for element in self.elements.values() for field in element.form]
        results = [e.result or e.decision for e in self.elements.values() if e.result or e.decision]
        collected = [e.property("collect") for e in self.elements.values() if e.property("collect")]
        return dict.fromkeys([*fields, *results, *collected])

    def outgoing(self, id: str) -> tuple[Flow, ...]:
        return self._outgoing.get(id, ())

    def incoming(self, id: str) -> tuple[Flow, ...]:
        return self._incoming.get(id, ())

    @cached_property
    def _outgoing(self) -> dict[str, tuple[Flow, ...]]:
        return _grouped(self.flows, by="source")

    @cached_property
    def _incoming(self) -> dict[str, tuple[Flow, ...]]:
        return _grouped(self.flows, by="target")

    def scopes_of(self, id: str) -> Iterator[Element]:
        """The sub-processes around an element, innermost first."""
        inside = self.elements[id].inside
        while inside in self.elements:
            yield self.elements[inside]
            inside = self.elements[inside].inside


def _grouped(flows: tuple[Flow, ...], *, by: str) -> dict[str, tuple[Flow, ...]]:
    grouped: dict[str, list[Flow]] = {}
    for flow in flows:
        grouped.setdefault(getattr(flow, by), []).append(flow)
    return {end: tuple(group) for end, group in grouped.items()}


def read(content: bytes) -> Diagram:
    """Reads the one executable process of a file. Raises `NotPublishable` when there is none that can be read at all;
    what is wrong inside it is said by the laws of `engine/notation/checks`."""
    root = open_xml(content)
    if root.tag != f"{_B}definitions":
        raise refuse(
            "file_is_bpmn",
            "不是 BPMN 2.0 文件：根元素不是 definitions",
            "Not a BPMN 2.0 file: no <definitions>",
            line=1,
        )
    processes = [p for p in root.iter(f"{_B}process") if p.get("isExecutable", "false") in {"true", "1"}]
    if not processes:
        raise refuse(
            "process_is_executable",
            "文件中没有可执行的流程（isExecutable）",
            "No process in the file is marked as executable",
            line=1,
        )
    if len(processes) > 1:
        raise refuse(
            "one_process_a_file",
            "一个文件只能有一个可执行流程",
            "A file may hold only one executable process",
            element=processes[1].get("id", ""),
            line=line_of(processes[1]),
        )
    return _Reader(root, processes[0]).diagram(content)


class _Reader:
    def __init__(self, root: etree._Element, process: etree._Element) -> None:
        self.process = process
        self.names = {
            node.get("id", ""): node.get("name", "")
            for tag in ("message", "signal", "error", "escalation")
            for node in root.iter(f"{_B}{tag}")
        }
        self.lane_of = {
            (ref.text or "").strip(): lane.get("name", "")
            for lane in root.iter(f"{_B}lane")
            for ref in lane.findall(f"{_B}flowNodeRef")
        }

    def diagram(self, content: bytes) -> Diagram:
        elements: dict[str, Element] = {}
        flows: list[Flow] = []
        self._collect(self.process, self.process.get("id", ""), "", elements, flows)
        properties = _properties(self.process)
        return Diagram(
            process=self.process.get("id", ""),
            name=self.process.get("name", self.process.get("id", "")),
            name_en=properties.get("name.en", ""),
            documentation=_documentation(self.process),
            executable=True,
            properties=properties,
            elements=elements,
            flows=tuple(flows),
            lanes=tuple(lane.get("name", "") for lane in self.process.iter(f"{_B}lane")),
            content=content,
        )

    def _collect(
        self, scope: etree._Element, inside: str, lane: str, elements: dict[str, Element], flows: list[Flow]
    ) -> None:
        defaults = {node.get("default") for node in scope if node.get("default")}
        for node in scope:
            kind = local(node)
            if kind == "sequenceFlow":
                flows.append(_flow(node, inside, defaults))
            elif kind in NODES and node.get("id"):
                own_lane = self.lane_of.get(node.get("id", ""), lane)
                elements[node.get("id", "")] = self._element(node, kind, inside, own_lane)
                if kind in SCOPES:
                    self._collect(node, node.get("id", ""), own_lane, elements, flows)

    def _element(self, node: etree._Element, kind: str, inside: str, lane: str) -> Element:
        properties = _properties(node)
        return Element(
            id=node.get("id", ""),
            kind=kind,
            name=(node.get("name") or "").replace("\n", " ").strip(),
            name_en=properties.get("name.en", ""),
            documentation=_documentation(node),
            lane=lane,
            inside=inside,
            line=line_of(node),
            attributes={etree.QName(str(key)).localname: str(value) for key, value in node.attrib.items()},
            properties=properties,
            form=_form(node),
            groups=node.get(f"{_C}candidateGroups", ""),
            assignee=node.get(f"{_C}assignee", ""),
            due=node.get(f"{_C}dueDate", ""),
            priority=node.get(f"{_C}priority", ""),
            repeat=_repeat(node),
            trigger=self._trigger(node),
            attached_to=node.get("attachedToRef", ""),
            interrupting=not {node.get("cancelActivity", "true"), node.get("isInterrupting", "true")} & {"false", "0"},
            decision=node.get(f"{_C}decisionRef", ""),
            result=node.get(f"{_C}resultVariable", ""),
            topic=node.get(f"{_C}topic", ""),
            script=(node.findtext(f"{_B}script") or "").strip(),
            script_format=node.get("scriptFormat", ""),
            calls=node.get("calledElement", ""),
        )

    def _trigger(self, node: etree._Element) -> Trigger:
        definitions = [child for child in node if local(child).endswith("EventDefinition")]
        if local(node) in {"sendTask", "receiveTask"} and node.get("messageRef"):
            return Trigger("message", self.names.get(node.get("messageRef", ""), ""))
        if not definitions:
            return Trigger("none")
        if len(definitions) > 1:
            return Trigger("multiple")
        definition = definitions[0]
        kind = local(definition).removesuffix("EventDefinition")
        if kind == "timer":
            for timing, tag in (("date", "timeDate"), ("duration", "timeDuration"), ("cycle", "timeCycle")):
                body = definition.find(f"{_B}{tag}")
                if body is not None:
                    return Trigger("timer", timing=timing, text=(body.text or "").strip())
            return Trigger("timer")
        if kind == "conditional":
            return Trigger(kind, text=(definition.findtext(f"{_B}condition") or "").strip())
        ref = definition.get(f"{kind}Ref", "")
        return Trigger(kind, name=self.names.get(ref, definition.get("name", "")))


def _flow(node: etree._Element, inside: str, defaults: set[str | None]) -> Flow:
    condition = node.findtext(f"{_B}conditionExpression")
    return Flow(
        id=node.get("id", ""),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        name=node.get("name", ""),
        name_en=_properties(node).get("name.en", ""),
        condition=condition.strip() if condition is not None else None,
        default=node.get("id") in defaults,
        inside=inside,
        line=line_of(node),
    )


def _documentation(node: etree._Element) -> str:
    return (node.findtext(f"{_B}documentation") or "").strip()


def _properties(node: etree._Element) -> dict[str, str]:
    """camunda:properties of just this element: those of its children and of its form fields are theirs."""
    found: dict[str, str] = {}
    for extensions in node.findall(f"{_B}extensionElements"):
        for group in extensions.findall(f"{_C}properties"):
            for prop in group.findall(f"{_C}property"):
                found[prop.get("name", "")] = prop.get("value", "")
    return found


def _form(node: etree._Element) -> tuple[Field, ...]:
    fields = node.findall(f"{_B}extensionElements/{_C}formData/{_C}formField")
    return tuple(_field(field) for field in fields)


def _field(node: etree._Element) -> Field:
    properties = {p.get("id", ""): p.get("value", "") for p in node.findall(f"{_C}properties/{_C}property")}
    return Field(
        id=node.get("id", ""),
        type=node.get("type", "string"),
        label=node.get("label", node.get("id", "")),
        label_en=properties.get("label.en", ""),
        default=node.get("defaultValue"),
        choices=tuple(
            Choice(v.get("id", ""), v.get("name", v.get("id", "")), properties.get(f"name.{v.get('id', '')}.en", ""))
            for v in node.findall(f"{_C}value")
        ),
        constraints={
            c.get("name", ""): c.get("config", "true") or "true" for c in node.findall(f"{_C}validation/{_C}constraint")
        },
        properties=properties,
        line=line_of(node),
    )


def _repeat(node: etree._Element) -> Repeat | None:
    loop = node.find(f"{_B}multiInstanceLoopCharacteristics")
    if loop is None:
        return _loop(node)
    return Repeat(
        sequential=loop.get("isSequential", "false") in {"true", "1"},
        collection=loop.get(f"{_C}collection") or loop.findtext(f"{_B}loopDataInputRef"),
        variable=loop.get(f"{_C}elementVariable"),
        cardinality=loop.findtext(f"{_B}loopCardinality"),
        until=loop.findtext(f"{_B}completionCondition"),
    )


def _loop(node: etree._Element) -> Repeat | None:
    loop = node.find(f"{_B}standardLoopCharacteristics")
    if loop is None:
        return None
    maximum = loop.get("loopMaximum", "")
    return Repeat(
        sequential=True,
        collection=None,
        variable=None,
        cardinality=None,
        until=None,
        loop=True,
        condition=(loop.findtext(f"{_B}loopCondition") or "").strip() or None,
        maximum=int(maximum) if maximum.isdigit() else None,
        test_before=loop.get("testBefore", "false") in {"true", "1"},
    )
