"""A sequence flow joins two elements that exist in the same process or sub-process.

连线两端的元素都存在，并且在同一个流程或子流程里。

Why: A line that leads nowhere is a way on which a case would vanish.

为什么：通向不存在之处的连线，办件走上去就不见了。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "flows_join_neighbours"


def check(drawing: Drawing) -> Iterator[Finding]:
    elements = drawing.diagram.elements
    for flow in drawing.diagram.flows:
        for id, word_zh, word_en in ((flow.source, "起点", "source"), (flow.target, "终点", "target")):
            if id not in elements:
                yield drawing.error(
                    LAW,
                    flow,
                    f"{{it}}的{word_zh}“{id}”不存在，请重新连接。" if id else f"{{it}}没有{word_zh}，请重新连接。",
                    f'The {word_en} "{id}" of {{it}} does not exist; draw the flow again.'
                    if id
                    else f"{{it}} has no {word_en}; draw it again.",
                )
            elif elements[id].inside != flow.inside:
                yield drawing.error(
                    LAW,
                    flow,
                    f"{{it}}跨越了子流程的边界（{word_zh}“{elements[id].name or id}”在另一层），请在同一层内连接。",
                    f"{{it}} crosses the border of a sub-process (its {word_en} "
                    f'"{elements[id].name_en or id}" lies elsewhere); '
                    "flows stay within one level.",
                )
        if flow.target in elements and elements[flow.target].kind in {"startEvent", "boundaryEvent"}:
            yield drawing.error(
                LAW,
                flow,
                "{it}指向了开始事件或边界事件，这两种事件不能有流入的连线。",
                "{it} leads into a start or boundary event; nothing may flow into those.",
            )
        if flow.source in elements and elements[flow.source].kind == "endEvent":
            yield drawing.error(
                LAW,
                flow,
                "{it}从结束事件流出；结束之后不能再有步骤。",
                "{it} leaves an end event; nothing follows an end.",
            )
