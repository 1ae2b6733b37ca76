"""The stage an element moves the case to is one of the stages of the loop (登记、派发、整改 …).

元素要把办件带到的阶段，是闭环的阶段之一（登记、派发、整改……）。

Why: Ledgers, lists and indicators are made by stages; an unknown one falls out of all of them.

为什么：台账、列表、指标都按阶段；不认识的阶段，哪里都查不到。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding
from engine.words.terms import STAGES

LAW = "stages_are_known"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        stage = element.property("stage")
        if stage and stage not in STAGES:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的阶段“{stage}”不存在。可用："
                f"{'、'.join(f'{code}（{term.zh}）' for code, term in STAGES.items())}。",
                f'There is no stage "{stage}", which {{it}} sets. The stages are: {", ".join(STAGES)}.',
            )
