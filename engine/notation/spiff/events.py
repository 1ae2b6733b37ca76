"""What an event waits for, and where what is thrown goes. Nothing here asks the clock: a timer fires because it is told
to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.notation.diagram import Element
from engine.notation.spiff import undoing
from engine.words.errors import CannotGoOn

# These wait; errors and escalations are looked for when they are thrown.
WAITED_FOR = frozenset({"timer", "message", "signal", "conditional"})


@dataclass(frozen=True)
class Waiting:
    """What one element of the diagram waits for. Stock SpiffWorkflow compares timers by class and label, and so mixes
    up two timers behind one gateway; ours are the same only if they are the same element."""

    element: str
    kind: str
    name: str
    text: str

    def came_true(self, token: Any) -> bool:
        """Whether a condition holds now and did not when it was last asked."""
        holds = token.workflow.script_engine.holds(token, self.element, self.text)
        if holds == token.internal_data.get("held", {}).get(self.element, False):
            return False
        token.internal_data["held"] = {**token.internal_data.get("held", {}), self.element: holds}
        return bool(holds)


def waiting(element: Element) -> tuple[Waiting, ...]:
    trigger = element.trigger
    return (Waiting(element.id, trigger.kind, trigger.name, trigger.text),) if trigger.kind in WAITED_FOR else ()


def throw(token: Any, element: Element) -> bool | None:
    """What a throwing event, send task or end event does. None: its token stays until all is undone."""
    kind, name = element.trigger.kind, element.trigger.name
    if kind == "compensate":
        return None if undoing.begin(token, name) else True
    if kind == "message":
        token.workflow.script_engine.throw(token, element.id)
    elif kind == "signal":
        broadcast(token.workflow.top_workflow, name)
        token.workflow.script_engine.signals(token, element.id)
    elif kind == "terminate":
        token.workflow.clear(but=token)
    elif kind == "escalation":
        # One that nobody catches is no fault; it goes on to the case that called this one.
        if not _outwards(token, kind, name):
            token.workflow.script_engine.tell_caller(kind, name)
    elif kind == "error" and not _outwards(token, kind, name):
        if token.workflow.script_engine.tell_caller(kind, name):
            token.workflow.top_workflow.clear(but=token)
            return True
        raise CannotGoOn(
            element.id,
            f"“{element.name or element.id}”抛出的错误“{name}”没有任何错误事件接住",
            f"Nothing catches the error {name} thrown by {element.name_en or element.name or element.id}",
        )
    return True


def broadcast(whole: Any, name: str) -> bool:
    """A signal reaches all who wait for it at this moment, anywhere in the case."""
    heard = [
        (token, one.element)
        for token in whole.tokens if token.state == TaskState.WAITING
        for one in token.task_spec.waits if one.kind == "signal" and one.name == name
    ]  # fmt: skip
    for token, element in heard:
        if token.id in token.workflow.tasks and token.state == TaskState.WAITING:
            token.task_spec.happen(token, element)
    return bool(heard)


def rise(host: Any, kind: str, name: str) -> bool:
    """An error or escalation of a called case comes out of its call activity, as out of a sub-process."""
    return _at_the_border(host, kind, name) or _outwards(host, kind, name)


def _at_the_border(host: Any, kind: str, name: str) -> bool:
    for place in (host, host.parent) if "index" in host.internal_data else (host,):
        for event in _catchers(place.task_spec.boundary, kind, name):
            event.begin(place)
            return True
    return False


def _outwards(token: Any, kind: str, name: str) -> bool:
    """An error or escalation goes from scope to scope, outwards, to the first that catches it: by name, or all."""
    scope, handled = token.workflow, False
    while True:
        # What happens in an event sub-process is not caught by another of the same scope.
        # And where something is undone, what was drawn for doing it catches nothing.
        if not handled and not scope.taken_over and scope.undoing is None:
            for handler in _catchers(scope.spec.handlers, kind, name):
                handler.begin(scope)
                return True
        host = scope.host
        if host is None:
            return False
        if host.workflow.undoing is None and _at_the_border(host, kind, name):
            return True
        scope, handled = host.workflow, host.task_spec in host.workflow.spec.handlers


def _catchers(events: list[Any], kind: str, name: str) -> list[Any]:
    return [e for e in events if e.catches(kind, name)] or [e for e in events if e.catches(kind, "")]
