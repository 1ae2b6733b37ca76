"""Every error that is thrown is caught: by an error event on a sub-process around it, or by an event sub-process.

抛出的错误都有人接：外层子流程边上的错误事件，或错误事件子流程。

Why: An error nobody catches stops the case until somebody repairs it by hand.

为什么：没有人接的错误会让办件停住，要人工修复。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import SCOPES, Element
from engine.words.errors import Finding

LAW = "errors_are_caught"
# These may fail, and an error event without a name on them catches it.
FAILING = frozenset({"scriptTask", "serviceTask", "businessRuleTask"})


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        thrown = element.kind == "endEvent" and element.trigger.kind == "error"
        if thrown and not _called(drawing) and not _caught(drawing, element):
            yield drawing.error(
                LAW,
                element,
                f"{{it}}抛出错误“{element.trigger.name}”，但没有任何错误事件接住，办件会卡住。"
                "请在外层子流程的边上画错误事件。",
                f'{{it}} throws the error "{element.trigger.name}", which nothing catches: a case would be stuck. '
                "Put an error event on a sub-process around it.",
            )
        if element.kind == "boundaryEvent" and element.trigger.kind in {"error", "escalation"}:
            yield from _never(drawing, element)


def _called(drawing: Drawing) -> bool:
    """Other processes call this one (property `called`): what nothing here catches comes out of their call activity."""
    return drawing.diagram.properties.get("called") == "true"


def _caught(drawing: Drawing, element: Element) -> bool:
    handled = False  # what happens in an event sub-process is not caught by another of the same scope
    inside = element.inside
    while True:
        here = drawing.within(inside)
        if not handled and any(_catches(start, element) for e in here if e.by_event for start in drawing.within(e.id)):
            return True
        around = drawing.diagram.elements.get(inside)
        if around is None:
            return False
        if any(_catches(e, element) for e in drawing.diagram.elements.values() if e.attached_to == around.id):
            return True
        handled, inside = around.by_event, around.inside


def _catches(event: Element, thrown: Element) -> bool:
    return (
        event.kind in {"boundaryEvent", "startEvent"}
        and event.trigger.kind == "error"
        and event.trigger.name in {"", thrown.trigger.name}
    )


def _never(drawing: Drawing, event: Element) -> Iterator[Finding]:
    host = drawing.diagram.elements.get(event.attached_to)
    if host is None or host.kind in SCOPES | {"callActivity"}:
        return
    if event.trigger.kind == "error" and (host.outside or (host.kind in FAILING and not event.trigger.name)):
        return
    yield drawing.error(
        LAW,
        event,
        "{it}永远不会发生：错误和升级只从子流程、被调用的流程里抛出，错误还可由外部程序报告；"
        "脚本、服务、决策任务出错由不写名称的错误事件接住。",
        "{it} can never happen: errors and escalations are thrown inside sub-processes and called processes, errors "
        "also by programs outside; when a script, service or decision fails, an error event without a name catches "
        "it.",
    )
