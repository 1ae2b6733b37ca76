"""What officers read has a Chinese label (required on user tasks) and an English one (`name.en`).

人员看到的名称有中文（用户任务必填），也有英文（name.en）。

Why: Officers read these names on their tasks, in Chinese or in English; an id is no name.

为什么：人员在待办里看到的就是这些名称，中文或英文；id 不是名称。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "labels_are_bilingual"
_HAN = re.compile(r"[\u3400-\u9fff]")


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.user_tasks:
        if not _HAN.search(element.name):
            yield drawing.error(
                LAW,
                element,
                "{it}没有中文名称，请填写。",
                "{it} has no Chinese name; officers read it in their inbox. Fill it in.",
            )
        if not element.name_en:
            yield drawing.warning(
                LAW,
                element,
                "{it}没有英文名称（扩展属性 name.en），英文界面会显示中文。",
                "{it} has no English name (extension property name.en); the English pages would show the Chinese one.",
            )
    for element in drawing.diagram.elements.values():
        if element.property("button") and not _HAN.search(element.property("button")):
            yield drawing.error(
                LAW, element, "{it}的按钮没有中文文字，请填写。", "The button of {it} has no Chinese label; fill it in."
            )
        for field in element.form:
            if not _HAN.search(field.label):
                yield drawing.error(
                    LAW,
                    element,
                    f"{{it}}的表单字段“{field.id}”没有中文标签，请填写。",
                    f'The form field "{field.id}" of {{it}} has no Chinese label; fill it in.',
                    field.line,
                )
            elif not field.label_en:
                yield drawing.warning(
                    LAW,
                    element,
                    f"{{it}}的表单字段“{field.label}”没有英文标签（属性 label.en）。",
                    f'The form field "{field.id}" of {{it}} has no English label (property label.en).',
                    field.line,
                )
