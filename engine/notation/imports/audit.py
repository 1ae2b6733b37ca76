"""Reads a stranger's file a second time, by other eyes, and names every word with meaning of which nothing became.

This reader shares nothing with the import or the laws but the finished diagram. What it names is a fault of ours: a
word of the standard that makes a process run differently, and stands neither in the draft nor in the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from engine.notation import diagram as diagrams
from engine.notation.diagram import Element, Flow
from engine.notation.xml import BPMN, local, open_xml
from engine.words.errors import NotPublishable

_B = f"{{{BPMN}}}"
_STEPS = frozenset(
    {
        "task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask",
        "callActivity", "subProcess", "adHocSubProcess", "transaction", "exclusiveGateway", "parallelGateway",
        "inclusiveGateway", "eventBasedGateway", "complexGateway", "startEvent", "endEvent", "boundaryEvent",
        "intermediateCatchEvent", "intermediateThrowEvent",
    }
)  # fmt: skip
_TRIGGERS = {
    "timerEventDefinition": "timer", "messageEventDefinition": "message", "signalEventDefinition": "signal",
    "errorEventDefinition": "error", "escalationEventDefinition": "escalation", "cancelEventDefinition": "cancel",
    "conditionalEventDefinition": "conditional", "terminateEventDefinition": "terminate",
    "linkEventDefinition": "link", "compensateEventDefinition": "compensate",
}  # fmt: skip
_REPEATS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
_YES = frozenset({"true", "1"})
# Of these each is unusual enough that it is either read, or told.
_COUNTS = {"startQuantity": "1", "completionQuantity": "1", "behavior": "All", "instantiate": "false",
           "parallelMultiple": "false", "eventGatewayType": "Exclusive"}  # fmt: skip


def losses(content: bytes, drafts: Sequence[bytes], told: frozenset[str]) -> tuple[str, ...]:
    """`drafts`: what became of the file; `told`: ids of all elements of which the report or a law speaks. Gives a line
    for each loss: element, line and word. A file that cannot be read at all has lost nothing: it was refused."""
    try:
        root = open_xml(content)
        read = [diagrams.read(draft) for draft in drafts]
    except NotPublishable:
        return ()
    elements = {id: element for diagram in read for id, element in diagram.elements.items()}
    flows = {flow.id: flow for diagram in read for flow in diagram.flows}
    defaults = {node.get("default") for node in root.iter(f"{_B}*") if node.get("default")}
    names = {process for diagram in read for process in (diagram.process, *diagram.elements)}
    found = []
    for process in root.iter(f"{_B}process"):
        id = process.get("id", "")
        steps = [node for node in process.iter() if local(node) in _STEPS]
        if id in names or any(node.get("id") in elements for node in steps):  # ids of processes may be written anew
            inside = told - {id}
            for node in process.iter(f"{_B}*"):
                if node.get("id", "") not in told and not _around(node, inside):
                    found += [
                        f"{node.get('id')} ({node.sourceline}): {word}"
                        for word in _lost(node, elements, flows, defaults)
                    ]
        elif id and id not in told and steps:
            found.append(f"{id} ({process.sourceline}): process")
    return tuple(found)


def _around(node: etree._Element, told: frozenset[str]) -> bool:
    """A word inside an element of which is told: events have their definitions, tasks their repeats."""
    return local(node) not in _STEPS | {"sequenceFlow"} and any(
        each.get("id", "") in told for each in node.iterancestors() if local(each) in _STEPS | {"sequenceFlow"}
    )


def _lost(
    node: etree._Element, elements: Mapping[str, Element], flows: Mapping[str, Flow], defaults: set[str | None]
) -> Iterator[str]:
    kind, id = local(node), node.get("id", "")
    if kind in _STEPS and id:
        element = elements.get(id)
        if element is None:
            yield kind
        else:
            yield from _of_step(node, kind, element)
    elif kind == "sequenceFlow" and id:
        yield from _of_flow(node, flows.get(id), is_default=id in defaults)


def _of_step(node: etree._Element, kind: str, element: Element) -> Iterator[str]:
    if element.kind != kind:
        yield f"{kind} became {element.kind}"
    parts = {local(child): child for child in node if isinstance(child.tag, str)}
    defined = [_TRIGGERS[name] for name in (local(child) for child in node) if name in _TRIGGERS]
    if defined and element.trigger.kind != (defined[0] if len(defined) == 1 else "multiple"):
        yield f"{defined} became {element.trigger.kind}"
    yield from _of_trigger(parts, element)
    if parts.keys() & _REPEATS and element.repeat is None:
        yield "repeat"
    loop = parts.get("multiInstanceLoopCharacteristics")
    if loop is not None and element.repeat is not None:
        if (loop.get("isSequential") in _YES) != element.repeat.sequential:
            yield "isSequential"
        if _text(loop.find(f"{_B}completionCondition")) and not element.repeat.until:
            yield "completionCondition"
        if _text(loop.find(f"{_B}loopCardinality")) and not element.repeat.cardinality:
            yield "loopCardinality"
    if _text(parts.get("script")) and not element.script:
        yield "script"
    if kind == "callActivity" and node.get("calledElement") and not element.calls:
        yield "calledElement"
    if kind == "boundaryEvent" and node.get("attachedToRef") and not element.attached_to:
        yield "attachedToRef"
    if kind == "boundaryEvent" and node.get("cancelActivity") in {"false", "0"} and element.interrupting:
        yield "cancelActivity"
    if kind == "startEvent" and node.get("isInterrupting") in {"false", "0"} and element.interrupting:
        yield "isInterrupting"
    if node.get("triggeredByEvent") in _YES and not element.by_event:
        yield "triggeredByEvent"
    if node.get("isForCompensation") in _YES and not element.undoes:
        yield "isForCompensation"
    yield from (key for key, usual in _COUNTS.items() if node.get(key, usual) not in {usual, "0"})
    yield from (name for name in ("dataInputAssociation", "dataOutputAssociation") if _moves(parts, name, element))
    yield from (name for name in ("potentialOwner", "humanPerformer", "performer") if name in parts)


def _of_trigger(parts: Mapping[str, etree._Element], element: Element) -> Iterator[str]:
    timer = parts.get("timerEventDefinition")
    if timer is not None and any(_text(each) for each in timer) and not element.trigger.text:
        yield "time"
    condition = parts.get("conditionalEventDefinition")
    if condition is not None and _text(condition.find(f"{_B}condition")) and not element.trigger.text:
        yield "condition"
    for word in ("message", "signal", "error", "escalation"):
        definition = parts.get(f"{word}EventDefinition")
        if definition is not None and definition.get(f"{word}Ref") and not element.trigger.name:
            yield f"{word}Ref"


def _moves(parts: Mapping[str, etree._Element], name: str, element: Element) -> bool:
    """A data association that leads somewhere, of which the step knows nothing."""
    if name not in parts:
        return False
    ends = "sourceRef" if name == "dataInputAssociation" else "targetRef"
    known = element.reads if name == "dataInputAssociation" else element.writes
    wanted = _text(parts[name].find(f"{_B}{ends}"))
    return bool(wanted) and wanted not in known


def _of_flow(node: etree._Element, flow: Flow | None, *, is_default: bool) -> Iterator[str]:
    if flow is None:
        yield "sequenceFlow"
        return
    if (flow.source, flow.target) != (node.get("sourceRef"), node.get("targetRef")):
        yield "sourceRef, targetRef"
    if _text(node.find(f"{_B}conditionExpression")) and not flow.condition:
        yield "conditionExpression"
    if is_default and not flow.default:
        yield "default"


def _text(node: etree._Element | None) -> str:
    return (node.text or "").strip() if node is not None and isinstance(node.tag, str) else ""
