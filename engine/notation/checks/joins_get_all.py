"""No case is stuck at a join: a token comes by every way that a parallel or inclusive gateway waits for.

办件不会卡在汇聚处：并行、包容网关等待的每一条路，都会有令牌走来。

Why: A join that waits for a token that never comes holds the case for ever, without a word.

为什么：汇聚处等不到的令牌，会让办件不声不响地永远卡住。
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.naming import short
from engine.words.errors import Finding

LAW = "joins_get_all"
MOST_NAMED = 4


def check(drawing: Drawing) -> Iterator[Finding]:
    source = {flow.id: flow.source for flow in drawing.diagram.flows}
    for flaw in drawing.verdict.flaws:
        if flaw.kind != "stuck":
            continue
        names = [short(drawing.diagram, source[flow]) for flow in flaw.missing[:MOST_NAMED] if flow in source]
        zh, en = "、".join(name for name, _ in names), ", ".join(name for _, name in names)
        finding = drawing.error(
            LAW,
            drawing.diagram.elements[flaw.element],
            f"办件会永远卡在{{it}}：令牌已从一条路到达，而{zh}那条路上不会再有令牌来。"
            "请让分流和汇聚用同一种网关，或去掉到不了的那条路。",
            f"A case can be stuck at {{it}} for ever: a token has come by one way, and none will come from {en}. "
            "Split and join with the same kind of gateway, or take the way out that nobody comes by.",
        )
        yield replace(finding, path=flaw.path, there=flaw.there)
