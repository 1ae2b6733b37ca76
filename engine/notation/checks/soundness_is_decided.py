"""The diagram is small enough to be followed through every course a case can take; otherwise that is said.

图不至于过大，办件可能的每一种走法都推演得完；推演不完时明说。

Why: What could not be followed to its end has not been proved; that is said rather than kept quiet.

为什么：没有推演完的就没有证实；明说，不隐瞒。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "soundness_is_decided"


def check(drawing: Drawing) -> Iterator[Finding]:
    for flaw in drawing.verdict.flaws:
        if flaw.kind == "undecided":
            yield drawing.warning(
                LAW,
                drawing.diagram.elements.get(flaw.element, flaw.element),
                "{it}的走法太多，没有推演完：看过的都办得完，其余未能判定。请减少并行的分支，或把一部分放进子流程。",
                "A case can take too many courses through {it} to follow them all: those looked at come to an end, the "
                "others are not decided. Draw fewer branches side by side, or put some into a sub-process.",
            )
