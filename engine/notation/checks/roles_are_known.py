"""The roles (and unit codes and kinds of units) a diagram names are ones that officers can hold, and that are there.

图中写到的角色（和单位代码、单位种类）都存在。

Why: A task for a role nobody can hold waits where nobody sees it; a picker for a kind of which there is no unit is
empty.

为什么：派给没有人能担任的角色，任务就等在谁也看不见的地方；没有这一种类的单位，选择框就是空的。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import is_expression
from engine.notation.diagram import Element, Field
from engine.notation.wishes import split_wishes
from engine.words.commas import listed
from engine.words.errors import Finding

LAW = "roles_are_known"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        texts = [element.groups, element.property("role")]
        if element.topic == "notify":
            texts.append(element.property("to"))
        for text in texts:
            yield from _parties(drawing, element, text)
        for field in element.form:
            if role := field.properties.get("role", ""):
                yield from _parties(drawing, element, role)
            if kind := field.properties.get("kind", "").strip():
                yield from _kinds(drawing, element, field, kind)
        barred = element.property("not_unit")
        if barred and not is_expression(barred):
            yield from _units(drawing, element, barred)


def _parties(drawing: Drawing, element: Element, text: str) -> Iterator[Finding]:
    for party in split_wishes(text):
        if party.role and not is_expression(party.role) and party.role not in drawing.known.roles:
            known = "、".join(sorted(drawing.known.roles))
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的角色“{party.role}”不存在。可用的角色：{known}。",
                f'There is no role "{party.role}", which {{it}} names. The roles are: {known.replace("、", ", ")}.',
            )
        if party.unit and not is_expression(party.unit):
            yield from _units(drawing, element, party.unit)


def _kinds(drawing: Drawing, element: Element, field: Field, text: str) -> Iterator[Finding]:
    """Units come and go after a process is published, so this is said and no more."""
    if drawing.known.unit_kinds is None or is_expression(text):
        return
    words = listed(text)
    if not any(word in drawing.known.unit_kinds for word in words):
        kinds = "、".join(words)
        yield drawing.warning(
            LAW,
            element,
            f"{{it}}的字段“{field.label or field.id}”只能选种类为“{kinds}”的单位，现在没有这样的单位。",
            f'The field "{field.label_en or field.id}" of {{it}} offers units of the kind {kinds} only; '
            "there is none today.",
            field.line,
        )


def _units(drawing: Drawing, element: Element, code: str) -> Iterator[Finding]:
    if drawing.known.units is not None and code not in drawing.known.units:
        yield drawing.error(
            LAW,
            element,
            f"{{it}}中的单位代码“{code}”不存在。如果这是表达式，请以“=”开头。",
            f'There is no unit with the code "{code}", which {{it}} names. If it is an expression, start it with "=".',
        )
