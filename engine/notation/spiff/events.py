"""What an event waits for or throws. Nothing here asks the clock: a timer fires because it is told to."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition, TerminateEventDefinition

from engine.notation.diagram import Element


class Waiting(EventDefinition):  # type: ignore[misc]
    """A timer or message of one element of the diagram. Stock SpiffWorkflow compares timers by class and label, and so
    mixes up two timers behind one gateway; ours are the same only if they are the same element."""

    def __init__(self, element: Element) -> None:
        super().__init__(element.trigger.name or element.id)
        self.element = element.id
        self.kind = element.trigger.kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Waiting) and other.element == self.element

    def __hash__(self) -> int:
        return hash(self.element)


class Thrown(EventDefinition):  # type: ignore[misc]
    """A message that leaves the case: it is handed to the play, which makes a fact of it."""

    def __init__(self, element: Element) -> None:
        super().__init__(element.trigger.name)
        self.element = element.id

    def throw(self, my_task: Any) -> None:
        my_task.workflow.script_engine.throw(my_task, self.element)


def catching(element: Element) -> EventDefinition:
    if element.trigger.kind in {"timer", "message"}:
        return Waiting(element)
    return NoneEventDefinition()


def throwing(element: Element) -> EventDefinition:
    if element.trigger.kind == "message":
        return Thrown(element)
    if element.trigger.kind == "terminate":
        return TerminateEventDefinition()
    return NoneEventDefinition()
