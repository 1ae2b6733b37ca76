"""What one process means to the others: the messages it sends and awaits, and what must be given to begin it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.notation.diagram import Diagram, Element

SENDERS = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})
AWAITING = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})


@dataclass(frozen=True, slots=True)
class Neighbour:
    """`sends`, `awaits`: names of messages; `asks`: what its start form or ioSpecification requires of whoever begins
    it."""

    sends: frozenset[str]
    awaits: frozenset[str]
    asks: frozenset[str]


def neighbour(diagram: Diagram) -> Neighbour:
    elements = diagram.elements.values()
    sends = frozenset(each.trigger.name.strip() for each in elements if is_sender(each))
    awaits = frozenset(each.trigger.name.strip() for each in elements if is_awaiting(each))
    start = diagram.start
    asks = frozenset(
        field.id
        for field in (start.form if start is not None else ())
        if field.required and not field.default and not field.properties.get("show") and field.type != "note"
    )
    return Neighbour(sends - {""}, awaits - {""}, asks | diagram.asks)


def is_sender(element: Element) -> bool:
    return element.trigger.kind == "message" and element.kind in SENDERS


def is_awaiting(element: Element) -> bool:
    return element.trigger.kind == "message" and element.kind in AWAITING
