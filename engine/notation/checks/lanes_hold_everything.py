"""Where a diagram has lanes, every element lies in one, so that everybody sees whose turn it is.

图中有泳道时，每个元素都在某个泳道里，轮到谁一目了然。

Why: Lanes say whose turn it is; a step outside all of them belongs to nobody on the picture.

为什么：泳道说明轮到谁；不在任何泳道里的步骤，图上就没有人负责。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "lanes_hold_everything"


def check(drawing: Drawing) -> Iterator[Finding]:
    if not drawing.diagram.lanes:
        return
    held = {(ref.text or "").strip() for ref in drawing.inside("flowNodeRef")}
    for element in drawing.within(drawing.diagram.process):
        # A boundary event lies where its task lies; few tools write it down.
        if element.id not in held and element.attached_to not in held:
            yield drawing.warning(
                LAW, element, "{it}不在任何泳道里，请拖到它的泳道中。", "{it} lies in no lane; drag it into its lane."
            )
