"""A call gives the called process every field that its start form requires.

调用活动把被调用流程开始表单的必填项都传过去。

Why: Nobody fills in the start form of a called case; what is not handed over is missing there from its first step on.

为什么：被调用的事项没有人填开始表单；没有传过去的内容，从第一步起就缺着。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import Element
from engine.notation.neighbours import Neighbour, neighbour
from engine.words.errors import Finding

LAW = "calls_give_what_is_asked"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.kind == "callActivity" and (called := _called(drawing, element)) is not None:
            missing = sorted(called.asks - _given(drawing, element))
            if missing:
                zh, en = "、".join(missing[:10]), ", ".join(missing[:10])
                yield drawing.warning(
                    LAW,
                    element,
                    f"{{it}}没有把流程“{element.calls}”开始表单的必填项传过去：{zh}。请在传入映射中补上。",
                    f'{{it}} does not hand over what the start form of "{element.calls}" requires: {en}. Add it to '
                    "what is handed in.",
                )


def _called(drawing: Drawing, element: Element) -> Neighbour | None:
    if element.calls == drawing.diagram.process:
        return neighbour(drawing.diagram)
    return (drawing.known.others or {}).get(element.calls)


def _given(drawing: Drawing, element: Element) -> frozenset[str]:
    given = {one.target for one in element.hands_in if not one.everything}
    if any(one.everything for one in element.hands_in):
        given |= drawing.variables.names
    return frozenset(given)
