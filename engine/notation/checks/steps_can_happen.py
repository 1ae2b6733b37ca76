"""Every step that is drawn can happen in some case; none stands behind a join that never goes on.

画出的每一步都有可能发生，不会有步骤被永远等不齐的汇聚挡住。

Why: A step that can never happen is a duty on paper: verification would be drawn and never done.

为什么：永远不会发生的步骤只是纸上的责任：画了核查，却从不核查。
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.naming import short
from engine.notation.diagram import SCOPES, TASKS
from engine.words.errors import Finding

LAW = "steps_can_happen"
MOST_NAMED = 4
ACTIVITIES = TASKS | SCOPES | {"callActivity"}


def check(drawing: Drawing) -> Iterator[Finding]:
    elements = drawing.diagram.elements
    for flaw in drawing.verdict.flaws:
        dead = (
            [id for id in (flaw.element, *flaw.missing) if elements[id].kind in ACTIVITIES]
            if flaw.kind == "dead"
            else []
        )
        if not dead:
            continue  # of a join or end that is not reached, the law about joins tells
        names = [short(drawing.diagram, id) for id in dead[1:]]
        more_zh = "、".join(zh for zh, _ in names[:MOST_NAMED]) + ("等" if len(names) > MOST_NAMED else "")
        more_en = ", ".join(en for _, en in names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
        finding = drawing.error(
            LAW,
            elements[dead[0]],
            "{it}永远不会发生：它前面的汇聚等不齐" + (f"，{more_zh}也一样" if names else "") + "。请检查前面的网关。",
            "{it} can never happen: a join before it never goes on"
            + (f"; neither can {more_en}" if names else "")
            + ". Look at the gateways before it.",
        )
        yield replace(finding, path=(flaw.element, *flaw.missing))
