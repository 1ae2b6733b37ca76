"""Only gateways split the way, and only exclusive and inclusive ones by conditions; all else has one way out.

只有网关可以分流，只有排他、包容网关的流出连线可以写条件；其他元素只有一条出路。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import GATEWAYS
from engine.words.errors import Finding

LAW = "only_gateways_split"
DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway"})


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        ways = drawing.diagram.outgoing(element.id)
        if element.kind not in GATEWAYS and len(ways) > 1:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}有 {len(ways)} 条流出的连线。请在它后面画一个网关（排他或并行），由网关分流。",
                f"{len(ways)} flows leave {{it}}. Put a gateway (exclusive or parallel) behind it and let "
                "that split the way.",
            )
        for way in ways:
            if way.condition and element.kind not in DECIDING:
                yield drawing.error(
                    LAW,
                    way,
                    "{it}上的条件不会起作用：条件只能写在排他或包容网关的流出连线上。",
                    "The condition on {it} would have no effect: conditions belong behind an exclusive or "
                    "inclusive gateway.",
                )
        if element.attributes.get("default") and element.kind not in DECIDING:
            yield drawing.error(
                LAW,
                element,
                "{it}设了默认连线，但只有排他或包容网关才会用到它，请去掉。",
                "{it} has a default flow, which only exclusive and inclusive gateways use; remove it.",
            )
