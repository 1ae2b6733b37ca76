"""Ways that run side by side meet in a parallel or inclusive join, so that what follows is done once.

并行的几条路在并行或包容网关汇聚，后面的步骤才只办一次。

Why: Two tokens that meet without a join both go on: everything behind is done twice.

为什么：两个令牌没有汇聚就相遇，会各走各的：后面的步骤全部办两遍。
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "ways_meet_in_joins"


def check(drawing: Drawing) -> Iterator[Finding]:
    for flaw in drawing.verdict.flaws:
        if flaw.kind != "twice":
            continue
        element = drawing.diagram.elements[flaw.element]
        if element.kind == "endEvent":
            zh = (
                "并行的两条路都走到{it}，没有先汇聚，它会到达两次。"
                "若要等齐，请在前面画并行网关；若不必等，各画一个结束事件。"
            )
            en = (
                "Two ways that run side by side both lead to {it}, which so is reached twice. Join them before it, or "
                "give each an end event of its own."
            )
        else:
            zh = (
                "并行的两条路在{it}相遇，却没有汇聚，后面的步骤会各办一次。若只应办一次，请改用并行（或包容）网关汇聚。"
            )
            en = (
                "Two ways that run side by side meet at {it} without a join, so what follows is done twice. If once is "
                "meant, join them with a parallel (or inclusive) gateway."
            )
        yield replace(drawing.warning(LAW, element, zh, en), path=flaw.path, there=flaw.there)
