"""A message, signal, error or escalation that is thrown or caught exists and has a name.

收发的消息、信号、错误、升级都存在，并且有名称。

Why: A message is matched by its name; without one the case waits for something nobody can send.

为什么：消息按名称对上；没有名称，办件等的就是谁也发不出来的东西。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.naming import TRIGGERS
from engine.words.errors import Finding

LAW = "messages_have_names"
NAMED = frozenset({"message", "signal", "error", "escalation", "link"})


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.kind == "sendTask" and element.topic:
            continue  # a program outside does it: topics_are_known
        kind = element.trigger.kind
        if element.kind in {"sendTask", "receiveTask"} and kind == "none":
            kind = "message"
        if kind not in NAMED or element.trigger.name.strip():
            continue
        # An error or escalation that is caught without a name is caught whatever it is.
        if (
            kind in {"error", "escalation"}
            and element.kind in {"boundaryEvent", "startEvent"}
            and not _refers(drawing, element.id, kind)
        ):
            continue
        word_zh, word_en = TRIGGERS[kind]
        yield drawing.error(
            LAW,
            element,
            f"{{it}}没有指明{word_zh}，或者所指的{word_zh}没有名称。请选择或新建一个有名称的{word_zh}。",
            f"{{it}} names no {word_en}, or one without a name. Choose or create a {word_en} that has a name.",
        )


def _refers(drawing: Drawing, id: str, kind: str) -> bool:
    return any(child.get(f"{kind}Ref") for child in drawing.nodes[id])
