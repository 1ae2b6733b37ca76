"""What an expression compares or reckons with is of types that go together, and choices are compared with their values.

表达式里相比、相算的值类型相合；选择项只与它的选项相比。

Why: Comparing a number with a text is no error in FEEL but never true: the case quietly takes the other way.

为什么：数字和文字相比，在 FEEL 里不报错，只是永远不成立：办件悄悄走了另一条路。
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import LONGEST_EXPRESSION, Place, without_sign
from engine.notation.diagram import Element
from engine.notation.dmn import Table
from engine.notation.variables.kinds import ANY, COLUMNS, WORDS, Pair, fits, of_operand, of_path, of_text, pairs
from engine.words.errors import Finding

LAW = "types_go_together"


def check(drawing: Drawing) -> Iterator[Finding]:
    types = drawing.variables.types
    for place, _ in drawing.expressions:
        if len(place.text) > LONGEST_EXPRESSION:
            continue
        for pair in pairs(place.text):
            if not fits(pair, types):
                yield _apart(drawing, place, pair)
            elif pair.sign in {"=", "!="}:
                yield from _never(drawing, place, pair.left, pair.right)
                yield from _never(drawing, place, pair.right, pair.left)
    for element in drawing.diagram.elements.values():
        over = without_sign(element.repeat.collection or "") if element.repeat is not None else ""
        kind = of_text(over, types) if over else ANY
        if kind in WORDS and kind != "list":
            yield drawing.error(
                LAW,
                element,
                f"{{it}}要逐一办理“{over}”，但它是{WORDS[kind][0]}，不是列表。",
                f'{{it}} runs over "{over}", which is {WORDS[kind][1]} and no list.',
            )
        if element.kind == "businessRuleTask" and element.decision in drawing.decisions:
            yield from _inputs(drawing, element)


def _apart(drawing: Drawing, place: Place, pair: Pair) -> Finding:
    (left_zh, left_en), (right_zh, right_en) = (
        WORDS[of_operand(side, drawing.variables.types)] for side in (pair.left, pair.right)
    )
    return drawing.error(
        LAW,
        place.thing,
        f"{{it}}的{place.zh}中“{pair.text}”类型不合：“{pair.left}”是{left_zh}，“{pair.right}”是{right_zh}，"
        "结果总是空值。",
        f'In the {place.en} of {{it}}, "{pair.text}" cannot be worked out: {pair.left} is {left_en}, {pair.right} is '
        f"{right_en}, so it is always null.",
        place.line,
    )


def _never(drawing: Drawing, place: Place, variable: str, literal: str) -> Iterator[Finding]:
    values = drawing.variables.values.get(variable)
    text = literal[1:-1]
    if not values or literal[:1] != '"' or text in values:
        return
    near = get_close_matches(text, values, n=1, cutoff=0.6)
    some = "、".join(sorted(values)[:8]) + ("……" if len(values) > 8 else "")
    yield drawing.error(
        LAW,
        place.thing,
        f"{{it}}的{place.zh}把“{variable}”与“{text}”相比，但它只会是：{some}。"
        + (f"也许想写“{near[0]}”。" if near else ""),
        f'The {place.en} of {{it}} compares "{variable}" with "{text}", but it can only be: '
        f"{some.replace('、', ', ').replace('……', ' …')}." + (f' Perhaps "{near[0]}" is meant.' if near else ""),
        place.line,
    )


def _inputs(drawing: Drawing, element: Element) -> Iterator[Finding]:
    logic = drawing.decisions[element.decision].logic(element.decision)
    for column in logic.inputs if isinstance(logic, Table) else ():
        asked, given = COLUMNS.get(column.type, ANY), of_path(column.text.strip(), drawing.variables.types)
        if ANY not in {asked, given} and given in WORDS and asked != given:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的决策表列“{column.label}”要{WORDS[asked][0]}，而“{column.text.strip()}”是{WORDS[given][0]}。",
                f'The column "{column.label}" of the table of {{it}} wants {WORDS[asked][1]}, but '
                f'"{column.text.strip()}" is {WORDS[given][1]}.',
            )
