"""The diagram has no element that Bihuan cannot run; each says what to draw instead.

图中没有闭环不能执行的元素；遇到时说明改画什么。

Why: What cannot be run must not be published: the case would stop there, and it would be too late.

为什么：不能执行的元素不许发布：办件走到那里停住，就晚了。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import Element
from engine.notation.xml import line_of, local
from engine.words.errors import Finding

LAW = "nothing_unsupported"
ELEMENTS: dict[str, tuple[str, str]] = {
    "complexGateway": ("请用排他或包容网关加条件。", "Use an exclusive or inclusive gateway with conditions."),
}
TRIGGERS: dict[str, tuple[str, str]] = {
    "compensate": (
        "补偿不能在这里等待，只能由活动边上的事件或事件子流程接住。",
        "Compensation cannot be waited for here; an event on the border of a step, or an event sub-process, takes it.",
    ),
    "cancel": (
        "取消只能是事务里的结束事件，或事务边上的事件。",
        "Cancelling is an end event inside a transaction, or an event on the border of one.",
    ),
    "multiple": ("一个事件只能有一种触发方式，请拆开。", "An event may have one trigger only; split it."),
}
# Which triggers can be run on which kind of event.
RUNNABLE: dict[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message", "timer", "signal"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "terminate", "compensate", "cancel"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal", "conditional", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link", "compensate"}),
    "boundaryEvent": frozenset(
        {"none", "timer", "message", "signal", "error", "escalation", "conditional", "compensate", "cancel"}
    ),
}


def check(drawing: Drawing) -> Iterator[Finding]:
    for node in drawing.inside(*ELEMENTS):
        zh, en = ELEMENTS[local(node)]
        yield drawing.error(
            LAW,
            node,
            f"{{it}}不能执行。{zh}",
            f"{{it}} cannot be run. {en}",
            line_of(node),
        )
    for element in drawing.diagram.elements.values():
        yield from _element(drawing, element)


def _element(drawing: Drawing, element: Element) -> Iterator[Finding]:
    kind = element.trigger.kind
    if element.kind in RUNNABLE and kind not in RUNNABLE[element.kind] and element.kind != "startEvent":
        zh, en = TRIGGERS.get(
            kind, ("这里不能用这种触发方式，请换一种。", "This trigger cannot be run here; choose another.")
        )
        if element.kind == "intermediateCatchEvent" and kind == "none":
            zh, en = (
                "没有说明等待什么，请选择定时、消息或条件。",
                "It does not say what it waits for; choose timer, message or condition.",
            )
        yield drawing.error(LAW, element, f"{{it}}：{zh}", f"{{it}}: {en}")
    if element.kind == "task":
        yield drawing.warning(
            LAW,
            element,
            "{it}没有类型，会一闪而过，不做任何事。请选择用户任务、脚本任务等类型。",
            "{it} has no type and does nothing. Make it a user task, script task ….",
        )
