"""A script task holds a FEEL context, or JavaScript that returns an object; its entries become fields of the case.

脚本任务写一个 FEEL 上下文，或返回一个对象的 JavaScript，其中各项成为办件的字段。

Why: A script that gives no named values changes nothing, though the picture says that something is worked out here.

为什么：脚本不给出有名称的值，就什么也没算，而图上说这里要算。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.naming import clip
from engine.notation.checks.places import without_sign
from engine.notation.feel import script
from engine.words.errors import Finding

LAW = "scripts_have_text"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.kind != "scriptTask":
            continue
        if not element.script:
            yield drawing.error(
                LAW,
                element,
                "{it}没有脚本。请写一个 FEEL 上下文，例如 { 次数: 次数 + 1 }。",
                "{it} has no script. Write a FEEL context, for example { attempts: attempts + 1 }.",
            )
            continue
        if element.script_format == "":
            yield drawing.error(
                LAW,
                element,
                "{it}没有写脚本语言，请把 Script format 填为 feel。",
                "{it} does not say its language; set the script format to feel.",
            )
        elif element.script_format.lower() in script.LANGUAGES:
            wrong = script.problem(element.script)
            if wrong is not None:
                yield drawing.error(
                    LAW,
                    element,
                    f"{{it}}的 JavaScript 看不懂：{clip(wrong)}。",
                    f"The JavaScript of {{it}} cannot be read: {clip(wrong)}.",
                )
        elif element.script_format.lower() == "feel" and not without_sign(element.script).startswith("{"):
            yield drawing.error(
                LAW,
                element,
                "{it}的脚本不是上下文：要写成 { 字段: 值, … }，结果才能存进办件。",
                "The script of {it} is no context; write { field: value, … }, so that there is something to keep.",
            )
