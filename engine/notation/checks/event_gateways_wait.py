"""Behind an event-based gateway stand at least two things to wait for.

事件网关后面至少有两个等待的事件。

Why: The gateway waits for whichever event comes first; a step that does not wait would begin at once and decide the
race.

为什么：事件网关等最先到来的事件；后面若是不等待的步骤，一到就开始，谈不上谁先来。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "event_gateways_wait"
WAITS = frozenset({"timer", "message", "signal", "conditional"})


def check(drawing: Drawing) -> Iterator[Finding]:
    elements = drawing.diagram.elements
    for gateway in elements.values():
        if gateway.kind != "eventBasedGateway":
            continue
        targets = [elements[flow.target] for flow in drawing.diagram.outgoing(gateway.id) if flow.target in elements]
        if len(targets) < 2:
            yield drawing.error(
                LAW,
                gateway,
                "{it}后面至少要有两个等待的事件。",
                "At least two events to wait for must follow {it}.",
            )
        for target in targets:
            waits = target.kind == "intermediateCatchEvent" and target.trigger.kind in WAITS
            if not waits and target.kind != "receiveTask":
                yield drawing.error(
                    LAW,
                    target,
                    "{it}紧跟在事件网关之后，但它不是等待消息、信号、条件或时间的事件，请改成捕获事件。",
                    "{it} follows an event-based gateway but waits for no message, signal, condition or time; "
                    "make it a catch event.",
                )
            if len(drawing.diagram.incoming(target.id)) > 1:
                yield drawing.error(
                    LAW,
                    target,
                    "{it}紧跟在事件网关之后，只能有这一条流入的连线。",
                    "{it} follows an event-based gateway and may have no other way in.",
                )
