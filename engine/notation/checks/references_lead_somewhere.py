"""The steps named in `not_by` and `before` exist, and are ones that officers complete.

not_by 和 before 中写到的步骤存在，并且由人办理。

Why: These names keep the four-eyes rule and the order of steps; one that leads nowhere keeps nothing.

为什么：回避和先后次序靠这些名字；指向不存在的步骤，就什么也管不住。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "references_lead_somewhere"


def check(drawing: Drawing) -> Iterator[Finding]:
    people = {task.id for task in drawing.diagram.user_tasks}
    start = drawing.diagram.start
    for element in drawing.diagram.elements.values():
        for name in ("not_by", "before"):
            for id in (part.strip() for part in element.property(name).split(",")):
                if not id or id in people or (name == "not_by" and (id == "*raiser" or (start and id == start.id))):
                    continue
                exists = id in drawing.diagram.elements
                yield drawing.error(
                    LAW,
                    element,
                    f"{{it}}的属性 {name} 指向“{id}”，"
                    + ("但它不是由人办理的任务。" if exists else "但图中没有这个 id，请改正。"),
                    f'The property {name} of {{it}} names "{id}", '
                    + (
                        "which is no task that officers complete."
                        if exists
                        else "but no element has that id; correct it."
                    ),
                )
