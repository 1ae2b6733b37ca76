"""Builds SpiffWorkflow's specs straight from our reading of the diagram, with its own node classes mended.

Its parser is not used: it loses flows without an id, orders branches by their height on the canvas, hangs on some data
objects, and cannot say where an error is. What a node does when a token comes or goes is told to the play
(`engine/notation/spiff/play.py`), which stands in for its script engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition

from engine.notation.diagram import Diagram, Element
from engine.notation.spiff.events import catching, throwing


class _Told:
    """Tells the play when a token has come to this node and when it leaves."""

    def _on_ready_hook(self, my_task: Any) -> None:
        my_task.workflow.script_engine.entered(my_task)
        super()._on_ready_hook(my_task)  # type: ignore[misc]

    def _on_complete_hook(self, my_task: Any) -> None:
        super()._on_complete_hook(my_task)  # type: ignore[misc]
        my_task.workflow.script_engine.left(my_task)

    def _on_cancel(self, my_task: Any) -> None:
        super()._on_cancel(my_task)  # type: ignore[misc]
        my_task.workflow.script_engine.cancelled(my_task)


class UserTask(_Told, stock.UserTask):  # type: ignore[misc]
    pass


class EngineTask(_Told, stock.ScriptTask):  # type: ignore[misc]
    """Script, service and business rule tasks: the play does them."""

    def _execute(self, task: Any) -> bool:
        task.workflow.script_engine.perform(task)
        return True


class PlainTask(_Told, stock.NoneTask):  # type: ignore[misc]
    pass


class ExclusiveGateway(_Told, stock.ExclusiveGateway):  # type: ignore[misc]
    pass


class InclusiveGateway(_Told, stock.InclusiveGateway):  # type: ignore[misc]
    pass


class ParallelGateway(_Told, stock.ParallelGateway):  # type: ignore[misc]
    pass


class EventBasedGateway(_Told, stock.EventBasedGateway):  # type: ignore[misc]
    def _run_hook(self, my_task: Any) -> Any:
        done = super()._run_hook(my_task)
        my_task.internal_data.pop("seen_events", None)  # stock keeps the event itself, which is no value
        return done


class StartEvent(_Told, stock.StartEvent):  # type: ignore[misc]
    pass


class EndEvent(_Told, stock.EndEvent):  # type: ignore[misc]
    pass


class CatchEvent(_Told, stock.IntermediateCatchEvent):  # type: ignore[misc]
    pass


class ThrowEvent(_Told, stock.IntermediateThrowEvent):  # type: ignore[misc]
    pass


class ReceiveTask(_Told, stock.ReceiveTask):  # type: ignore[misc]
    pass


class SendTask(_Told, stock.SendTask):  # type: ignore[misc]
    pass


class BoundaryEvent(_Told, stock.BoundaryEvent):  # type: ignore[misc]
    pass


class SubProcess(stock.SubWorkflowTask):  # type: ignore[misc]
    """A sub-process. Case data lives in one place, so nothing but the local scope is copied in, and nothing out."""

    def start_workflow(self, my_task: Any) -> None:
        my_task.workflow.script_engine.entered(my_task)
        super().start_workflow(my_task)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """What happened inside is in the case already."""

    def _on_complete_hook(self, my_task: Any) -> None:
        super()._on_complete_hook(my_task)
        my_task.workflow.script_engine.left(my_task)

    def _on_cancel(self, my_task: Any) -> None:
        super()._on_cancel(my_task)
        my_task.workflow.script_engine.cancelled(my_task)


class _Collection:
    """The members a multi-instance step is repeated for, asked of the play when the token comes."""

    def __init__(self, expression: str) -> None:
        self.bpmn_id = expression
        self.expression = expression

    def exists(self, my_task: Any) -> bool:
        return True

    def get(self, my_task: Any) -> list[Any]:
        members: list[Any] = my_task.workflow.script_engine.members(my_task, self.expression)
        return members


class _Item:
    """Where an instance keeps its member: in its own, local scope."""

    def __init__(self, variable: str) -> None:
        self.bpmn_id = variable

    def exists(self, my_task: Any) -> bool:
        return False

    def set(self, my_task: Any, value: Any) -> None:
        my_task.data = {**my_task.data, self.bpmn_id: value, "$local": True}


class _Repeated:
    """Instances keep what they know to themselves; the play collects their results in the order of the members."""

    def merge_child(self, workflow: Any, child: Any) -> None:
        my_task = child.parent
        merged = my_task.internal_data["merged"]
        if str(child.id) in merged:
            return
        my_task.workflow.script_engine.finished_instance(my_task, child)
        # The stock way merges the instance's data upwards; here only the counting is left to it.
        local, child.data = child.data, {}
        super().merge_child(workflow, child)  # type: ignore[misc]
        child.data = local

    def _on_complete_hook(self, my_task: Any) -> None:
        super()._on_complete_hook(my_task)  # type: ignore[misc]
        my_task.workflow.script_engine.left(my_task)

    def _update_hook(self, my_task: Any) -> Any:
        if "merged" in my_task.internal_data:
            return None
        my_task.workflow.script_engine.entered(my_task)
        return super()._update_hook(my_task)  # type: ignore[misc]


class ParallelRepeat(_Repeated, stock.ParallelMultiInstanceTask):  # type: ignore[misc]
    pass


class SequentialRepeat(_Repeated, stock.SequentialMultiInstanceTask):  # type: ignore[misc]
    pass


_PLAIN: Mapping[str, type[Any]] = {
    "userTask": UserTask,
    "manualTask": UserTask,
    "task": PlainTask,
    "serviceTask": EngineTask,
    "scriptTask": EngineTask,
    "businessRuleTask": EngineTask,
    "exclusiveGateway": ExclusiveGateway,
    "inclusiveGateway": InclusiveGateway,
    "parallelGateway": ParallelGateway,
}
_EVENTS: Mapping[str, tuple[type[Any], Any]] = {
    "startEvent": (StartEvent, catching),
    "endEvent": (EndEvent, throwing),
    "intermediateCatchEvent": (CatchEvent, catching),
    "intermediateThrowEvent": (ThrowEvent, throwing),
    "receiveTask": (ReceiveTask, catching),
    "sendTask": (SendTask, throwing),
}


@dataclass(frozen=True)
class Specs:
    """The specs of one published version: shared by all its cases, never changed by a step."""

    process: BpmnProcessSpec
    inner: Mapping[str, BpmnProcessSpec]


def build(diagram: Diagram) -> Specs:
    """Specs for a diagram that the laws have passed."""
    inner = {e.id: _scope(diagram, e.id) for e in diagram.elements.values() if e.kind == "subProcess"}
    return Specs(_scope(diagram, diagram.process), inner)


def _scope(diagram: Diagram, scope: str) -> BpmnProcessSpec:
    spec = BpmnProcessSpec(name=scope)
    mine = [e for e in diagram.elements.values() if e.inside == scope]
    ways_in: dict[str, Any] = {}
    ways_out: dict[str, Any] = {}
    joins: dict[str, Any] = {}
    for element in mine:
        if element.kind != "boundaryEvent":
            node = _node(spec, element)
            ways_in[element.id] = ways_out[element.id] = node
    for element in mine:
        if element.kind == "boundaryEvent":
            _attach(spec, element, ways_in, ways_out, joins)
    for element in mine:
        _connect(diagram, spec, element, ways_in, ways_out[element.id])
    for element in mine:
        if element.kind == "boundaryEvent":
            ways_out[element.id].connect(joins[element.attached_to])
    return spec


def _node(spec: BpmnProcessSpec, element: Element) -> Any:
    name = f"{element.id} [child]" if element.repeat is not None else element.id
    described = {"bpmn_name": element.name, "lane": element.lane or None}
    if element.kind == "subProcess":
        node = SubProcess(spec, name, subworkflow_spec=element.id, **described)
    elif element.kind == "eventBasedGateway":
        node = EventBasedGateway(spec, name, event_definition=MultipleEventDefinition(), **described)
    elif element.kind in _EVENTS:
        kind, definition = _EVENTS[element.kind]
        node = kind(spec, name, event_definition=definition(element), **described)
    elif issubclass(_PLAIN[element.kind], EngineTask):
        node = EngineTask(spec, name, script="", **described)
    else:
        node = _PLAIN[element.kind](spec, name, **described)
    node.bpmn_id = element.id
    return node if element.repeat is None else _repeat(spec, element, node)


def _repeat(spec: BpmnProcessSpec, element: Element, child: Any) -> Any:
    repeat = element.repeat
    assert repeat is not None
    kind = SequentialRepeat if repeat.sequential else ParallelRepeat
    node = kind(
        spec,
        element.id,
        task_spec=child.name,
        cardinality=None if repeat.collection else repeat.cardinality,
        data_input=_Collection(repeat.collection) if repeat.collection else None,
        input_item=_Item(repeat.variable or "item"),
        condition=repeat.until,
        bpmn_name=element.name,
        lane=element.lane or None,
    )
    child.inputs = [node]
    # Once, here: a case restored in another process must find the connection made.
    child.completed_event.connect(node.merge_child)
    return node


def _attach(
    spec: BpmnProcessSpec,
    element: Element,
    ways_in: dict[str, Any],
    ways_out: dict[str, Any],
    joins: dict[str, Any],
) -> None:
    """Boundary events sit on a split before their host and a join after it, as SpiffWorkflow wants it."""
    host = ways_out[element.attached_to]
    if element.attached_to not in joins:
        split = BoundaryEventSplit(spec, f"{element.attached_to}.BoundaryEventSplit", lane=host.lane)
        join = BoundaryEventJoin(
            spec, f"{element.attached_to}.BoundaryEventJoin", lane=host.lane, split_task=split.name, cancel=True
        )
        split.connect(host)
        host.connect(join)
        ways_in[element.attached_to] = split
        joins[element.attached_to] = join
    node = BoundaryEvent(
        spec,
        element.id,
        event_definition=catching(element),
        cancel_activity=element.interrupting,
        bpmn_name=element.name,
        lane=element.lane or None,
    )
    node.bpmn_id = element.id
    ways_in[element.attached_to].connect(node)
    ways_out[element.id] = node


def _connect(diagram: Diagram, spec: BpmnProcessSpec, element: Element, ways_in: Mapping[str, Any], node: Any) -> None:
    flows = diagram.outgoing(element.id)
    if element.kind == "startEvent":
        spec.start.connect(node)
    choosing = element.kind in {"exclusiveGateway", "inclusiveGateway"}
    for flow in flows:
        target = ways_in[flow.target]
        if choosing and flow.condition is not None and not flow.default:
            node.connect_outgoing_if(flow.condition, target)
        else:
            node.connect(target)
    if not flows:
        node.connect(spec.end)
