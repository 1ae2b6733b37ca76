"""A business rule task names a decision that stands in one of the tables, and the field its answer goes to.

决策任务引用的决策在某个决策表中，并写明结果存到哪个字段。

Why: A missing table is found out by the first case that needs it, in the middle of its way.

为什么：决策表缺了，要等到第一件办件走到这里才会发现。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.tables import decisions_in
from engine.words.errors import Finding

LAW = "decisions_exist"
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def check(drawing: Drawing) -> Iterator[Finding]:
    there = decisions_in(drawing.tables)
    names_zh, names_en = "、".join(sorted(there)) or "（没有决策表）", ", ".join(sorted(there)) or "(no tables)"
    coloured = drawing.diagram.properties.get("areas", "")
    if coloured and (coloured not in there or f"{coloured}.dmn" not in drawing.tables):
        yield drawing.error(
            LAW,
            drawing.process,
            f"{{it}}的属性 areas 写的决策“{coloured}”不在文件 {coloured}.dmn 中。现有：{names_zh}。",
            f'The property areas of {{it}}: no decision "{coloured}" in {coloured}.dmn. There are: {names_en}.',
        )
    for element in drawing.diagram.elements.values():
        if element.kind != "businessRuleTask":
            continue
        if not element.decision:
            yield drawing.error(
                LAW,
                element,
                "{it}没有指明决策表，请填写 Decision reference。",
                "{it} names no decision; fill in the decision reference.",
            )
        elif element.decision not in there:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}引用的决策“{element.decision}”不在本流程的决策表中。现有：{names_zh}。",
                f'The decision "{element.decision}" of {{it}} is in none of the tables. There are: {names_en}.',
            )
        if not _ID.fullmatch(element.result):
            yield drawing.error(
                LAW,
                element,
                "{it}没有写结果存到哪个字段，请填写 Result variable（英文字母、数字、“_”）。",
                '{it} does not say where the answer goes; fill in the result variable (letters, digits, "_").',
            )
