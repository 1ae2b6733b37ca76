"""Reads a BPMN diagram into elements an officer could name: their labels, forms, roles, clocks and expressions.

This is our own index of the XML, beside the engine's: what the camunda: namespace and our camunda:properties say about
an element stands here and nowhere else. `processes/NOTATION.md` says what each means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.notation.associations import asked_by, handed_over, items_of
from engine.notation.called import Phrase, called, handed_on, phrases
from engine.notation.elements import (
    CONNECTORS,
    EVENTS,
    GATEWAYS,
    NODES,
    SCOPES,
    TASKS,
    Choice,
    DataObject,
    Element,
    Field,
    Flow,
    Handed,
    Repeat,
    Trigger,
)
from engine.notation.extensions import documentation, form, handed, objects, properties, refs, repeat
from engine.notation.xml import BPMN, CAMUNDA, line_of, local, open_xml, refuse, refuse_crowd
from engine.words.commas import listed

__all__ = [
    "CONNECTORS", "EVENTS", "GATEWAYS", "NODES", "SCOPES", "TASKS", "Choice", "DataObject", "Diagram",
    "Element", "Field", "Flow", "Handed", "Repeat", "Trigger", "read",
]  # fmt: skip

_B = f"{{{BPMN}}}"
_C = f"{{{CAMUNDA}}}"


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
    associations: tuple[tuple[str, str], ...]
    objects: tuple[DataObject, ...]
    # The fields that data associations speak of, by the ids they know them by; what the process asks of a caller.
    items: Mapping[str, str]
    asks: frozenset[str]
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
    def names_unit(self) -> bool:
        """Whether it ever says which unit is responsible; a case of any other process has none."""
        written = any("lead_unit" in element.script for element in self.elements.values())
        return written or "lead_unit" in self.blank

    @cached_property
    def called(self) -> Mapping[str, Field]:
        """What values that no form asks for are called, by name (see `engine/notation/called.py`)."""
        return called(self.properties)

    @cached_property
    def phrases(self) -> Mapping[str, tuple[Phrase, ...]]:
        """Texts with holes that it puts together itself, by the name of the field they stand in."""
        return phrases(self.called)

    @cached_property
    def handed_on(self) -> Mapping[str, Field]:
        """Entries of papers that are a field under another name, with that field."""
        return handed_on(self.elements.values(), self.called)

    @cached_property
    def user_tasks(self) -> tuple[Element, ...]:
        return tuple(e for e in self.elements.values() if e.kind in {"userTask", "manualTask"})

    @cached_property
    def held_up(self) -> Mapping[str, frozenset[str]]:
        """What has to be done before a step, by the step's id."""
        found: dict[str, set[str]] = {}
        for element in self.elements.values():
            for held in listed(element.property("before")):
                found.setdefault(held, set()).add(element.id)
        return {held: frozenset(first) for held, first in found.items()}

    @cached_property
    def personal(self) -> frozenset[str]:
        """The fields which any form of it calls personal."""
        return frozenset(field.id for element in self.elements.values() for field in element.form if field.personal)

    @cached_property
    def blank(self) -> Mapping[str, None]:
        """Every field the process knows, as null: one that nobody has filled in yet is nothing, not a stranger (and not
        the function of FEEL that has the same name, as `mode` has)."""
        fields = [field.id for element in self.elements.values() for field in element.form]
        results = [e.result or e.decision for e in self.elements.values() if e.result or e.decision]
        collected = [e.property("collect") for e in self.elements.values() if e.property("collect")]
        came_back = [one.target for e in self.elements.values() for one in e.hands_out if one.target]
        return dict.fromkeys([*fields, *results, *collected, *came_back, *(drawn.variable for drawn in self.objects)])

    def written(self, element: Element) -> Mapping[str, DataObject]:
        """The data objects a step writes, by the name expressions know them by."""
        return {drawn.variable: drawn for drawn in self.objects if not drawn.drawn.isdisjoint(element.writes)}

    @cached_property
    def handlers(self) -> Mapping[str, str]:
        """What compensates a step, by the step's id: the association leads from the event on its border."""
        found: dict[str, str] = {}
        for ends in self.associations:
            for one, other in (ends, ends[::-1]):
                event, handler = self.elements.get(one), self.elements.get(other)
                if event is not None and handler is not None and handler.undoes and event.attached_to:
                    found.setdefault(event.attached_to, handler.id)
        return found

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
    refuse_crowd(root)
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

        self.objects = objects(process)
        self.items = items_of(process, self.objects)

    def diagram(self, content: bytes) -> Diagram:
        elements: dict[str, Element] = {}
        flows: list[Flow] = []
        self._collect(self.process, self.process.get("id", ""), "", elements, flows)
        own = properties(self.process)
        return Diagram(
            process=self.process.get("id", ""),
            name=self.process.get("name", self.process.get("id", "")),
            name_en=own.get("name.en", ""),
            documentation=documentation(self.process),
            executable=True,
            properties=own,
            elements=elements,
            flows=tuple(flows),
            lanes=tuple(lane.get("name", "") for lane in self.process.iter(f"{_B}lane")),
            associations=tuple(
                (node.get("sourceRef", ""), node.get("targetRef", "")) for node in self.process.iter(f"{_B}association")
            ),
            objects=self.objects,
            items=self.items,
            asks=asked_by(self.process),
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
        own = properties(node)
        return Element(
            id=node.get("id", ""),
            kind=kind,
            name=(node.get("name") or "").replace("\n", " ").strip(),
            name_en=own.get("name.en", ""),
            documentation=documentation(node),
            lane=lane,
            inside=inside,
            line=line_of(node),
            attributes={etree.QName(str(key)).localname: str(value) for key, value in node.attrib.items()},
            properties=own,
            form=form(node),
            groups=node.get(f"{_C}candidateGroups", ""),
            assignee=node.get(f"{_C}assignee", ""),
            due=node.get(f"{_C}dueDate", ""),
            priority=node.get(f"{_C}priority", ""),
            repeat=repeat(node, self.items),
            trigger=self._trigger(node),
            attached_to=node.get("attachedToRef", ""),
            interrupting=not {node.get("cancelActivity", "true"), node.get("isInterrupting", "true")} & {"false", "0"},
            decision=node.get(f"{_C}decisionRef", ""),
            result=node.get(f"{_C}resultVariable", ""),
            topic=node.get(f"{_C}topic", ""),
            script=(node.findtext(f"{_B}script") or "").strip(),
            script_format=node.get("scriptFormat", ""),
            calls=node.get("calledElement", "").strip(),
            hands_in=(*handed(node, "in"), *self._associated(node, "in")),
            hands_out=(*handed(node, "out"), *self._associated(node, "out")),
            reads=tuple(ref for ref in refs(node, "dataInputAssociation", "sourceRef")),
            writes=tuple(ref for ref in refs(node, "dataOutputAssociation", "targetRef")),
            until=(node.findtext(f"{_B}completionCondition") or "").strip(),
        )

    def _associated(self, node: etree._Element, way: str) -> tuple[Handed, ...]:
        """Calls and programs outside alone are handed something; everybody else sees the case itself."""
        if local(node) == "callActivity" or node.get(f"{_C}type") == "external":
            return handed_over(node, way, self.items)
        return ()

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
        if kind == "compensate":
            waits = definition.get("waitForCompletion", "true") in {"true", "1"}
            return Trigger(kind, name=definition.get("activityRef", ""), waits=waits)
        ref = definition.get(f"{kind}Ref", "")
        return Trigger(kind, name=self.names.get(ref, definition.get("name", "")))


def _flow(node: etree._Element, inside: str, defaults: set[str | None]) -> Flow:
    condition = node.findtext(f"{_B}conditionExpression")
    return Flow(
        id=node.get("id", ""),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        name=node.get("name", ""),
        name_en=properties(node).get("name.en", ""),
        condition=condition.strip() if condition is not None else None,
        default=node.get("id") in defaults,
        inside=inside,
        line=line_of(node),
    )
