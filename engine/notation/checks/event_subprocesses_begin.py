"""An event sub-process begins at one event that can happen, stands by itself, and is not repeated.

事件子流程从恰好一个会发生的事件开始，不与其他元素连线，也不重复。

Why: It is set off by its event alone; without one that can happen it is never done.

为什么：事件子流程只由事件触发；没有会发生的事件，它永远不会开始。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import Element
from engine.words.errors import Finding

LAW = "event_subprocesses_begin"
TRIGGERS = frozenset({"message", "timer", "signal", "conditional", "error", "escalation", "compensate"})


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.by_event:
            yield from _of(drawing, element)


def _of(drawing: Drawing, element: Element) -> Iterator[Finding]:
    diagram = drawing.diagram
    starts = [e for e in drawing.within(element.id) if e.kind == "startEvent"]
    if len(starts) != 1 or starts[0].trigger.kind not in TRIGGERS:
        yield drawing.error(
            LAW,
            element,
            "{it}是事件子流程，里面必须有恰好一个开始事件，并由消息、定时、信号、条件、错误、升级或补偿触发。",
            "{it} is an event sub-process; it needs exactly one start event, triggered by a message, timer, signal, "
            "condition, error, escalation or compensation.",
        )
    clinging = [e for e in diagram.elements.values() if e.attached_to == element.id]
    if diagram.incoming(element.id) or diagram.outgoing(element.id) or clinging:
        yield drawing.error(
            LAW,
            element,
            "{it}是事件子流程，由事件触发：请去掉进出它的连线和附着的边界事件。",
            "{it} is an event sub-process and begins by its event: remove the flows to and from it, and the boundary "
            "events on it.",
        )
    if element.repeat is not None:
        yield drawing.error(
            LAW,
            element,
            "{it}是事件子流程，不能设为多实例或循环。",
            "{it} is an event sub-process; it cannot be multi-instance or a loop.",
        )
