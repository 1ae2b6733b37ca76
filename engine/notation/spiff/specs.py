"""Builds SpiffWorkflow's specs straight from our reading of the diagram, with its own node classes mended.

Its parser is not used: it loses flows without an id, orders branches by their height on the canvas, hangs on some data
objects, and cannot say where an error is. What a node does when a token comes or goes is told to the play
(`engine/notation/spiff/play.py`), which stands in for its script engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition

from engine.notation.clocks import named_in, scope_clock
from engine.notation.diagram import SCOPES, TASKS, Diagram, Element
from engine.notation.spiff import eventnodes as ev
from engine.notation.spiff import nodes
from engine.notation.spiff.adhoc import AdHoc
from engine.notation.spiff.calling import CallActivity
from engine.notation.spiff.events import waiting
from engine.notation.spiff.repeats import Repeated
from engine.notation.spiff.scopes import ScopeSpec
from engine.notation.spiff.serving import Outside

_PLAIN: Mapping[str, type[Any]] = {
    "userTask": nodes.UserTask,
    "manualTask": nodes.UserTask,
    "task": nodes.PlainTask,
    "serviceTask": nodes.EngineTask,
    "scriptTask": nodes.EngineTask,
    "businessRuleTask": nodes.EngineTask,
    "exclusiveGateway": nodes.ExclusiveGateway,
    "inclusiveGateway": nodes.InclusiveGateway,
    "parallelGateway": nodes.ParallelGateway,
}
_EVENTS: Mapping[str, type[Any]] = {
    "startEvent": ev.StartEvent,
    "endEvent": ev.EndEvent,
    "intermediateCatchEvent": ev.CatchEvent,
    "intermediateThrowEvent": ev.ThrowEvent,
    "receiveTask": ev.ReceiveTask,
    "sendTask": ev.SendTask,
    "eventBasedGateway": ev.EventBasedGateway,
}
_WAITING = frozenset({"intermediateCatchEvent", "receiveTask", "boundaryEvent"})


@dataclass(frozen=True)
class Specs:
    """The specs of one published version: shared by all its cases, never changed by a step."""

    process: ScopeSpec
    inner: Mapping[str, ScopeSpec]


def build(diagram: Diagram) -> Specs:
    """Specs for a diagram that the laws have passed."""
    inner = {e.id: _scope(diagram, e.id) for e in diagram.elements.values() if e.kind in SCOPES}
    return Specs(_scope(diagram, diagram.process), inner)


def _scope(diagram: Diagram, scope: str) -> ScopeSpec:
    spec = ScopeSpec(scope)
    mine = [e for e in diagram.elements.values() if e.inside == scope]
    # Where flows lead in, by element; a repeated step is entered as a whole.
    found = {element.id: _node(diagram, spec, element) for element in mine}
    for element in mine:
        if element.attached_to:
            found[element.attached_to].boundary.append(found[element.id])
        if can_be_undone(diagram, element):
            done = getattr(found[element.id], "child", found[element.id])  # each instance of a repeated step by itself
            done.undoable = True
            done.undone_by = found.get(diagram.handlers.get(element.id, ""))
            done.undoes_itself = any(_undoes(diagram, e) for e in diagram.elements.values() if e.inside == element.id)
        _connect(diagram, element, found, {e.trigger.name: e for e in mine if _is_link(e, "intermediateCatchEvent")})
    _begin(diagram, spec, mine, found)
    for element in mine:
        if element.kind in {"parallelGateway", "inclusiveGateway"}:
            found[element.id].arriving = frozenset(flow.id for flow in diagram.incoming(element.id))
        if element.kind == "inclusiveGateway" and len(diagram.incoming(element.id)) > 1:
            found[element.id].near = {
                f.id: _reaching(found, f.source, element.id) for f in diagram.incoming(element.id)
            }
            spec.joins.append(found[element.id])
    waits = (one for node in spec.task_specs.values() if isinstance(node, nodes.Node) for one in node.waits)
    spec.conditional = any(one.kind == "conditional" for one in waits)
    return spec


def _node(diagram: Diagram, spec: ScopeSpec, element: Element) -> Any:
    name = f"{element.id} [instance]" if element.repeat is not None else element.id
    described = {"bpmn_name": element.name, "lane": element.lane or None}
    if element.kind in SCOPES:
        kind = ev.EventSubProcess if element.by_event else ev.SubProcess
        kind = AdHoc if element.kind == "adHocSubProcess" else kind
        node = kind(spec, name, subworkflow_spec=element.id, **described)
    elif element.kind == "callActivity":
        node = CallActivity(spec, name, subworkflow_spec=element.calls, **described)
    elif element.outside:
        node = Outside(spec, name, **described)
    elif element.kind == "boundaryEvent":
        cancels = element.interrupting
        node = ev.BoundaryEvent(spec, name, NoneEventDefinition(), cancels, **described)
    elif element.kind == "endEvent" and element.trigger.kind == "cancel":
        node = ev.CancelEnd(spec, name, NoneEventDefinition(), **described)
    elif element.kind in _EVENTS:
        # Stock asks its event definitions; ours says itself what it waits for or throws.
        node = _EVENTS[element.kind](spec, name, NoneEventDefinition(), **described)
    elif issubclass(_PLAIN[element.kind], nodes.EngineTask):
        node = nodes.EngineTask(spec, name, script="", **described)
    else:
        node = _PLAIN[element.kind](spec, name, **described)
    _describe(diagram, node, element)
    if element.by_event:
        begins = [e for e in diagram.elements.values() if e.inside == element.id and e.kind == "startEvent"]
        _attach(node, begins[0], interrupting=begins[0].interrupting)
    elif element.kind == "boundaryEvent":
        _attach(node, element, interrupting=element.interrupting)
    elif element.kind in _WAITING and element.trigger.kind != "link":
        node.waits = waiting(element)
    elif isinstance(node, ev.Throwing | AdHoc):
        node.element = element
    if element.repeat is None:
        return node
    whole = Repeated(spec, element.id, **described)
    _describe(diagram, whole, element)
    whole.child, whole.repeat = node, element.repeat
    return whole


def can_be_undone(diagram: Diagram, element: Element) -> bool:
    """Whether something is drawn that compensates this step, or what is done inside it."""
    inside = [e for e in diagram.elements.values() if e.inside == element.id]
    return element.id in diagram.handlers or any(_undoes(diagram, e) or can_be_undone(diagram, e) for e in inside)


def _undoes(diagram: Diagram, element: Element) -> bool:
    """An event sub-process that compensates the sub-process around it."""
    starts = [e for e in diagram.elements.values() if e.inside == element.id and e.kind == "startEvent"]
    return element.by_event and any(e.trigger.kind == "compensate" for e in starts)


def _followed(diagram: Diagram, element: Element) -> str | None:
    """The clock a task's due date follows: the one its due date names, its own, or that of the scope around it."""
    if element.due:
        return named_in(element.due)
    return next(filter(None, map(scope_clock, (element, *diagram.scopes_of(element.id)))), None)


def _describe(diagram: Diagram, node: Any, element: Element) -> None:
    optional = element.property("optional") == "true"
    node.draw(
        id=element.id, label=element.name, label_en=element.name_en, optional=optional,
        stage=element.property("stage"), clock=scope_clock(element), pauses=element.property("clock.pauses"),
        follows=_followed(diagram, element),
    )  # fmt: skip
    node.activity = element.kind in TASKS | SCOPES | {"callActivity"}
    node.finishes, node.again = element.property("finishes") == "true", element.property("again") == "true"


def _attach(node: Any, event: Element, *, interrupting: bool) -> None:
    node.trigger = (event.trigger.kind, event.trigger.name)
    node.interrupting = interrupting or event.trigger.kind == "error"
    node.waits = waiting(event)


def _connect(diagram: Diagram, element: Element, found: Mapping[str, Any], links: Mapping[str, Element]) -> None:
    node = found[element.id]
    for flow in diagram.outgoing(element.id):
        node.connect(found[flow.target])
        node.ways.append(nodes.Way(flow.id, found[flow.target], flow.condition, flow.default))
    if _is_link(element, "intermediateThrowEvent") and element.trigger.name in links:
        target = found[links[element.trigger.name].id]
        node.connect(target)
        node.ways.append(nodes.Way(f"{element.id} → {target.name}", target))


def _is_link(element: Element, kind: str) -> bool:
    return element.kind == kind and element.trigger.kind == "link"


def _begin(diagram: Diagram, spec: ScopeSpec, mine: list[Element], found: Mapping[str, Any]) -> None:
    """A scope begins at its start event; one that has none, at all that nothing leads to."""
    around = diagram.elements.get(spec.name)
    starts = [e for e in mine if e.kind == "startEvent"]
    if around is None or not around.by_event:
        starts = [e for e in starts if e.trigger.kind == "none"]
    if not starts:
        starts = [e for e in mine if not (diagram.incoming(e.id) or e.attached_to or e.by_event or e.undoes)]
        starts = [e for e in starts if e.kind != "startEvent" and e.trigger.kind != "link"]
    spec.begins = [found[e.id] for e in starts]
    spec.handlers = [found[e.id] for e in mine if e.by_event]
    for node in spec.begins:
        spec.start.connect(node)


def _reaching(found: Mapping[str, Any], source: str, gateway: str) -> frozenset[str]:
    """The nodes from which this flow of a join can be reached without passing the join itself."""
    before: dict[str, set[str]] = {}
    for id, node in found.items():
        for way in node.ways:
            before.setdefault(way.node.bpmn_id, set()).add(id)
        for event in node.boundary:
            before.setdefault(event.bpmn_id, set()).add(id)
    reached: set[str] = set()
    ahead = [source]
    while ahead:
        id = ahead.pop()
        if id not in reached and id != gateway:
            reached.add(id)
            ahead.extend(before.get(id, ()))
    return frozenset(reached)
