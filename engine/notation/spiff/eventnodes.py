"""Nodes that catch and throw: start, end and intermediate events, boundary events, what stands behind event gateways,
sub-processes and those that begin by an event."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.notation.diagram import Element
from engine.notation.spiff import undoing
from engine.notation.spiff.events import throw
from engine.notation.spiff.nodes import Node, Way


class _Catching(Node):
    """Waits until it happens."""

    def _update_hook(self, token: Any) -> bool:
        if token.internal_data.pop("happened", False) or not self.waits:
            return True
        self.arm(token)
        token._set_state(TaskState.WAITING)
        return False

    def happen(self, token: Any, element: str, *, again: bool = False) -> None:
        token._ready()


class Throwing(Node):
    element: Element

    def _run_hook(self, token: Any) -> bool | None:
        thrown = throw(token, self.element)
        if thrown is None and not self.element.trigger.waits:
            for way in self.choose(token):
                self.go(token, way)
            token.internal_data["gone"] = True
        return thrown

    def closed(self, token: Any) -> None:
        """What it had undone is undone; perhaps there is more to undo, further out."""
        if not undoing.begin(token, self.element.trigger.name):
            token.complete()

    def choose(self, token: Any) -> list[Way]:
        return [] if token.internal_data.get("gone") else super().choose(token)


class StartEvent(Node, stock.StartEvent):  # type: ignore[misc]
    pass


class EndEvent(Throwing, stock.EndEvent):  # type: ignore[misc]
    pass


class CancelEnd(EndEvent):
    """Ends a transaction: what goes on inside is taken back, what was completed is undone, the last first; then the way
    goes on at the cancel event on its border."""

    def _run_hook(self, token: Any) -> bool | None:
        token.workflow.script_engine.cancels(token.workflow.host)
        token.workflow.clear(but=token)
        return None if undoing.begin(token, "") else True

    def closed(self, token: Any) -> None:
        token.complete()

    def _on_complete(self, token: Any) -> None:
        host = token.workflow.host
        next(event for event in host.task_spec.boundary if event.catches("cancel", "")).begin(host)


class CatchEvent(_Catching, stock.IntermediateCatchEvent):  # type: ignore[misc]
    pass


class ReceiveTask(_Catching, stock.ReceiveTask):  # type: ignore[misc]
    pass


class ThrowEvent(Throwing, stock.IntermediateThrowEvent):  # type: ignore[misc]
    pass


class SendTask(Throwing, stock.SendTask):  # type: ignore[misc]
    pass


class EventBasedGateway(_Catching, stock.EventBasedGateway):  # type: ignore[misc]
    """Waits for all the events behind it at once; the first takes the token."""

    decides = True

    def connect(self, node: Any) -> None:
        """Stock takes the events away from the nodes behind it; ours keep them, and it waits for the same."""
        TaskSpec.connect(self, node)
        self.waits += node.waits

    def happen(self, token: Any, element: str, *, again: bool = False) -> None:
        token.internal_data["chosen"] = element
        token._ready()

    def choose(self, token: Any) -> list[Way]:
        return [way for way in self.ways if way.node.bpmn_id == token.internal_data["chosen"]]

    def go(self, token: Any, way: Way, **known: Any) -> None:
        super().go(token, way, happened=True, **known)


class _Attached(Node):
    """What happens to something else: a boundary event to its host, an event sub-process to its scope. A message, a
    signal, a condition or a cycle that does not interrupt can happen again."""

    trigger: tuple[str, str]  # kind, name
    interrupting: bool

    def catches(self, kind: str, name: str) -> bool:
        return self.trigger == (kind, name)


class BoundaryEvent(_Attached, stock.BoundaryEvent):  # type: ignore[misc]
    def keeps_open(self, token: Any) -> bool:
        """While it only waits, its host decides."""
        return bool(token.state != TaskState.WAITING)

    def _update_hook(self, token: Any) -> bool:
        return True

    def begin(self, host: Any) -> None:
        if self.interrupting or self.trigger[0] == "error":
            self.interrupt(host)
        else:
            host.workflow.enter(self)

    def interrupt(self, host: Any) -> None:
        host.workflow.take_back(host)
        host.workflow.enter(self)

    def happen(self, token: Any, element: str, *, again: bool = True) -> None:
        host = token.parent
        if not self.interrupting and not again:
            token.workflow.take_back(token)
        self.begin(host)


class SubProcess(Node, stock.SubWorkflowTask):  # type: ignore[misc]
    """Its token stays while tokens are inside. Case data lives in one place: nothing is copied in, nothing out."""

    def _update_hook(self, token: Any) -> bool:
        self.arm(token)
        token.workflow.script_engine.entered(token)
        token._set_state(TaskState.STARTED)
        token.workflow.script_engine.empty(token)
        self.begin_inside(token.workflow.top_workflow.open(token, self.bpmn_id))
        return False

    def begin_inside(self, part: Any) -> None:
        part.begin()


class EventSubProcess(_Attached, SubProcess):
    """Waits beside what goes on in its scope, and begins when its start event happens."""

    def keeps_open(self, token: Any) -> bool:
        return bool(token.state == TaskState.STARTED)

    def replaces(self, token: Any) -> bool:
        return self.interrupting and bool(token.state == TaskState.STARTED)

    def begin(self, scope: Any) -> None:
        if self.interrupting:
            scope.clear()
        scope.enter(self)

    def happen(self, token: Any, element: str, *, again: bool = True) -> None:
        scope = token.workflow
        if not self.interrupting and not again:
            scope.take_back(token)
        self.begin(scope)
