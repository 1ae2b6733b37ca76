"""A cancel end event lies inside a transaction, and a cancel event on its border says where the case goes on.

取消结束事件画在事务里，事务边上有取消事件，说明取消后往哪里走。

Why: When something is called off, everybody must know where the case goes on; otherwise it is left in the middle.

为什么：取消之后往哪里走必须写明，否则办件停在半路。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import Element
from engine.words.errors import Finding

LAW = "transactions_cancel"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.trigger.kind != "cancel":
            continue
        if element.kind == "endEvent":
            yield from _end(drawing, element)
        elif element.kind == "boundaryEvent":
            yield from _border(drawing, element)


def _borders(drawing: Drawing, transaction: str) -> list[Element]:
    return [e for e in drawing.diagram.elements.values() if e.attached_to == transaction and e.trigger.kind == "cancel"]


def _end(drawing: Drawing, element: Element) -> Iterator[Finding]:
    around = drawing.diagram.elements.get(element.inside)
    if around is None or around.kind != "transaction":
        yield drawing.error(
            LAW,
            element,
            "{it}只能直接画在事务子流程里。请换成错误结束事件，或把外层改成事务。",
            "{it} belongs directly into a transaction. Use an error end event, or make what lies around it a "
            "transaction.",
        )
    elif not _borders(drawing, around.id):
        yield drawing.error(
            LAW,
            element,
            f"{{it}}取消事务“{around.name or around.id}”，但事务边上没有取消事件，不知道往哪里走。请画上一个。",
            f'{{it}} cancels "{around.name_en or around.name or around.id}", which has no cancel event on its border '
            "to go on from; draw one.",
        )
    elif around.repeat is not None:
        yield drawing.error(
            LAW,
            element,
            "{it}取消的事务是多实例或循环，其他各次怎么办说不清。请把事务放进一个多实例的普通子流程。",
            "{it} cancels a transaction that is repeated; what becomes of the others cannot be said. Put the "
            "transaction into a plain sub-process that is repeated.",
        )


def _border(drawing: Drawing, element: Element) -> Iterator[Finding]:
    host = drawing.diagram.elements.get(element.attached_to)
    inside = drawing.within(element.attached_to)
    if host is None or host.kind != "transaction":
        yield drawing.error(
            LAW,
            element,
            "{it}只能画在事务子流程的边上。",
            "{it} can only sit on the border of a transaction.",
        )
    elif not any(e.kind == "endEvent" and e.trigger.kind == "cancel" for e in inside):
        yield drawing.error(
            LAW,
            element,
            "{it}永远不会发生：事务里没有取消结束事件。",
            "{it} can never happen: there is no cancel end event inside the transaction.",
        )
    elif _borders(drawing, host.id)[0].id != element.id:
        yield drawing.error(
            LAW,
            element,
            "{it}是多余的：一个事务只能有一个取消事件。",
            "{it} is one too many: a transaction has one cancel event on its border.",
        )
