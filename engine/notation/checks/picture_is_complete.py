"""Every element has its shape and every flow its line, so that the diagram can be shown in any BPMN tool.

每个元素、每条连线都画了出来，任何 BPMN 工具都能显示。

Why: What is not drawn is not seen by those who approve the diagram, and yet it is done.

为什么：没有画出来的步骤，审图的人看不见，却照样会执行。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.xml import BPMNDI
from engine.words.errors import Finding

LAW = "picture_is_complete"


def check(drawing: Drawing) -> Iterator[Finding]:
    drawn = {node.get("bpmnElement") for node in drawing.root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")}
    if not drawn:
        yield drawing.warning(
            LAW,
            drawing.diagram.process,
            "{it}没有图形（DI），页面上画不出来。请在建模工具中排好版再保存。",
            "{it} has no picture (DI) and cannot be shown. Lay it out in a modeler and save it.",
        )
        return
    for thing in drawing.things:
        if thing.id not in drawn:
            yield drawing.warning(
                LAW,
                thing,
                "{it}没有画出来（缺少图形），请在建模工具中补上。",
                "{it} is not drawn (no shape); draw it in a modeler.",
            )
