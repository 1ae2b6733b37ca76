"""Conditions stand where they count: behind exclusive and inclusive gateways, tasks and sub-processes.

条件写在起作用的地方：排他、包容网关，以及任务、子流程之后的连线上。

Why: A condition that is not read looks like a rule and is none: the case goes both ways.

为什么：不起作用的条件看上去像规矩，其实不是：办件会两条路都走。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import SCOPES, TASKS
from engine.words.errors import Finding

LAW = "conditions_count"
ACTIVITIES = TASKS | SCOPES | {"callActivity"}
DECIDING = ACTIVITIES | {"exclusiveGateway", "inclusiveGateway"}


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        ways = drawing.diagram.outgoing(element.id)
        plain = [way for way in ways if not way.condition and not way.default]
        if element.kind in ACTIVITIES and len(plain) > 1:
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}之后有 {len(plain)} 条无条件的连线，会同时走。如果只应走其中一条，请在它后面画排他网关。",
                f"{len(plain)} flows without a condition leave {{it}}; all are taken at once. If only one is meant, "
                "put an exclusive gateway behind it.",
            )
        for way in ways:
            if way.condition and element.kind not in DECIDING:
                yield drawing.error(
                    LAW,
                    way,
                    "{it}上的条件不会起作用：条件只能写在排他、包容网关或任务、子流程流出的连线上。",
                    "The condition on {it} would have no effect: conditions belong behind an exclusive or "
                    "inclusive gateway, a task or a sub-process.",
                )
        if element.attributes.get("default") and element.kind not in DECIDING:
            yield drawing.error(
                LAW,
                element,
                "{it}设了默认连线，但它不会用到，请去掉。",
                "{it} has a default flow, but never uses it; remove it.",
            )
