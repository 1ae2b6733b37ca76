"""A boundary event sits on a task or sub-process of the same level, and waits for something.

边界事件附着在同一层的任务或子流程上，并说明等待什么。

Why: An event on the border of something that is over at once, or of nothing, never happens: the reminder everybody
counts on does not come.

为什么：附着在一瞬间就完成的步骤上，或什么也没附着，事件永远不会发生：大家指望的催办、超时处理不会来。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import SCOPES, TASKS
from engine.words.errors import Finding

LAW = "boundary_events_cling"
# These run through at once: nothing could happen to them meanwhile.
AT_ONCE = frozenset({"scriptTask", "businessRuleTask", "task", "sendTask"})


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.kind != "boundaryEvent":
            continue
        if element.trigger.kind == "none":
            yield drawing.error(
                LAW,
                element,
                "{it}没有说明等待什么，请选择定时、消息、条件等类型。",
                "{it} does not say what it waits for; choose timer, message, condition ….",
            )
        host = drawing.diagram.elements.get(element.attached_to)
        if host is None or host.inside != element.inside or host.kind not in TASKS | SCOPES | {"callActivity"}:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}要附着的任务“{element.attached_to}”不在同一层，请拖到任务或子流程的边上。",
                f'{{it}} is attached to "{element.attached_to}", which is no task or sub-process of this level; '
                "drag it onto the border of one.",
            )
        elif host.kind in AT_ONCE and element.trigger.kind in {"timer", "message", "signal", "conditional"}:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}附着在“{host.name or host.id}”上，而那一步一瞬间就完成，事件永远不会发生。"
                "请移到等人办理的任务上。",
                f'{{it}} sits on "{host.name_en or host.name or host.id}", which is over at once, so it can '
                "never happen. "
                "Move it to a task that waits.",
            )
