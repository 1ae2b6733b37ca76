"""A multi-instance step says over which list it runs and how each member is called, or how often it runs.

多实例写明按哪个集合逐一办理、每个成员叫什么，或写明次数。

Why: Each unit of the list gets a task of its own; without the name of the list or of its member nobody knows which
one he answers for.

为什么：集合里每个单位各得一项任务；没有集合或成员的名称，谁也不知道自己答的是哪一项。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "repeats_are_complete"
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        repeat = element.repeat
        if repeat is None:
            if element.property("collect"):
                yield drawing.error(
                    LAW,
                    element,
                    "{it}不是多实例，属性 collect 不起作用，请删掉或改成多实例。",
                    "{it} is not multi-instance, so its property collect has no effect; remove it or make "
                    "the step repeat.",
                )
            continue
        if repeat.loop:
            written = next(
                (child.get("loopMaximum") for child in drawing.nodes[element.id] if child.get("loopMaximum")), ""
            )
            if (written and repeat.maximum is None) or not (repeat.condition or repeat.maximum is not None):
                yield drawing.error(
                    LAW,
                    element,
                    "{it}是循环，请写循环条件，或写最多次数（loopMaximum，整数），否则会永远重复。",
                    "{it} is a loop; write a condition, or a maximum (loopMaximum, a whole number), or it would repeat "
                    "for ever.",
                )
            if element.property("collect"):
                yield drawing.error(
                    LAW,
                    element,
                    "{it}是循环，不是多实例，属性 collect 不起作用，请删掉。",
                    "{it} is a loop, not multi-instance; its property collect has no effect, remove it.",
                )
            continue
        collection, cardinality = (repeat.collection or "").strip(), (repeat.cardinality or "").strip()
        if not collection and not cardinality:
            yield drawing.error(
                LAW,
                element,
                "{it}是多实例，但没有写集合，也没有写次数，请填写 Collection。",
                "{it} is multi-instance, but has neither a collection nor a cardinality; fill in the collection.",
            )
        if collection and not _ID.fullmatch(repeat.variable or ""):
            yield drawing.error(
                LAW,
                element,
                "{it}是多实例，请填写元素变量（Element variable，英文字母、数字、“_”），每个实例靠它知道自己是谁。",
                '{it} is multi-instance; fill in the element variable (letters, digits, "_"), by which each '
                "instance knows "
                "what it is about.",
            )
        if (target := element.property("collect")) and not _ID.fullmatch(target):
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的 collect“{target}”不是字段名。",
                f'The collect "{target}" of {{it}} is no field name.',
            )
