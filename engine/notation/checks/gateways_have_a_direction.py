"""A gateway either splits or joins, as its direction says; one that does neither, or both at once, is pointed out.

网关要么分流、要么汇聚，与写明的方向一致；既不分也不合、或又分又合的，会提示。

Why: Whoever reads the picture must see at once whether ways part or come together here.

为什么：看图的人要一眼看出这里是分还是合。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import GATEWAYS
from engine.words.errors import Finding

LAW = "gateways_have_a_direction"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.kind not in GATEWAYS:
            continue
        comes, goes = len(drawing.diagram.incoming(element.id)), len(drawing.diagram.outgoing(element.id))
        direction = element.attributes.get("gatewayDirection", "Unspecified")
        wrong = {"Converging": goes > 1, "Diverging": comes > 1, "Mixed": comes < 2 or goes < 2}.get(direction, False)
        if wrong:
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}写明的方向是 {direction}，却有 {comes} 条流入、{goes} 条流出。请改方向或改连线。",
                f"{{it}} says it is {direction}, but {comes} flows come in and {goes} go out. Correct the direction or "
                "the flows.",
            )
        elif comes > 1 and goes > 1:
            yield drawing.warning(
                LAW,
                element,
                "{it}既汇聚又分流，看图的人容易误会。请画成两个网关：先汇聚，再分流。",
                "{it} joins and splits at once, which is easily misread. Draw two gateways: first the join, then the "
                "split.",
            )
        elif comes == 1 and goes == 1:
            yield drawing.warning(
                LAW,
                element,
                "{it}只有一条流入、一条流出，不起作用，请删掉。",
                "{it} has one way in and one way out and does nothing; remove it.",
            )
