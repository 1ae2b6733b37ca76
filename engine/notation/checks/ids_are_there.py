"""Every element and every sequence flow has an id, by which cases, facts and differences know it.

每个元素、每条连线都有 id，办件、事实和版本对比都靠它认出是哪一步。

Why: Without an id nobody can say later which step was done: neither the record, nor the ledger, nor the comparison of
versions.

为什么：没有 id，以后谁也说不清办的是哪一步：记录、台账、版本对比都不行。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import NODES
from engine.notation.xml import line_of
from engine.words.errors import Finding

LAW = "ids_are_there"


def check(drawing: Drawing) -> Iterator[Finding]:
    if not drawing.process.get("id"):
        yield drawing.error(
            LAW,
            drawing.process,
            "流程没有 id，请填写流程 id。",
            "The process has no id; give it one.",
            line_of(drawing.process),
        )
    for node in drawing.inside(*sorted(NODES), "sequenceFlow"):
        if not node.get("id"):
            yield drawing.error(
                LAW,
                node,
                "{it}没有 id，引擎会丢掉它。请在任意建模工具中重新保存，或补上 id。",
                "{it} has no id, so it would be lost. Save it again in a modeler, or add an id.",
            )
