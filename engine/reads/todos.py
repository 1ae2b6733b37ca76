"""What designers still have to do about a diagram that was brought in from another tool, and what they have settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.notation import todos
from engine.notation.checks.naming import called
from engine.notation.diagram import read
from engine.notation.todos import ToDo
from engine.notation.xml import BPMN, open_xml
from engine.words.errors import NotPublishable
from engine.words.terms import Term


@dataclass(frozen=True, slots=True)
class Standing:
    """One to-do with what its element is called. `state`: open, done (something of ours stands there now), settled."""

    todo: ToDo
    thing: Term
    state: str


OPEN, DONE, SETTLED = "open", "done", "settled"


def standing(diagram: bytes) -> Sequence[Standing]:
    """The open ones first, each group in the order of the file."""
    try:
        drawing = read(diagram)
    except NotPublishable:
        return ()  # the findings say why it cannot be read
    found = []
    things = {flow.id: flow for flow in drawing.flows} | dict(drawing.elements)
    process = next(node for node in open_xml(diagram).iter(f"{{{BPMN}}}process") if node.get("id") == drawing.process)
    for node in process.iter(f"{{{BPMN}}}*"):
        for todo in todos.of(node):
            thing = Term(*called(drawing, things.get(todo.element, todo.element)))
            if todo.settled:
                found.append(Standing(todo, thing, SETTLED))
            else:
                found.append(Standing(todo, thing, OPEN if todos.is_open(todo, node, drawing) else DONE))
    return sorted(found, key=lambda each: (OPEN, SETTLED, DONE).index(each.state))


def open_in(diagram: bytes) -> int:
    """How many are open."""
    return sum(each.state == OPEN for each in standing(diagram))
