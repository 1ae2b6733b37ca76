"""What a form asks for comes to be used or shown: it stays in the case, and the field can be seen and filled in.

表单问到的内容总有人用到或看到：它留在办件里，字段看得见、填得上。

Why: Officers are asked for this again and again; an answer nobody reads is work for nothing, and a wrong one is never
noticed.

为什么：人员一次次填写；没有人看的答案是白费工夫，填错了也没有人发现。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import without_sign
from engine.notation.diagram import Element, Field
from engine.words.errors import Finding

LAW = "fields_are_used"
_WORD = re.compile(r"[A-Za-z_]\w*")


def check(drawing: Drawing) -> Iterator[Finding]:
    read: set[str] | None = None
    for element in drawing.diagram.elements.values():
        for field in element.form:
            if field.type == "note":
                continue
            if without_sign(field.properties.get("show", "")) == "false":
                zh = "的显示条件总是 false，谁也看不到它。请删掉字段或改正条件。"
                en = "has a show condition that is always false, so nobody sees it. Take it or the condition away."
                yield _said(drawing, element, field, zh, en)
            elif field.readonly and not field.default and _nobody_gives(drawing, element, field):
                zh = "只读、没有默认值，也没有别处给出它，总是空的。请写默认值或允许填写。"
                en = "is read only and given nowhere, so it is always empty. Give it a default, or let it be filled in."
                yield _said(drawing, element, field, zh, en)
            elif (repeated := _leaves_with(drawing, element)) is not None:
                read = _all_read(drawing) if read is None else read
                if field.id not in read:
                    zh = f"的答案只留在多实例“{repeated.name or repeated.id}”里，办完就看不到，也没有人用。"
                    zh += "请写属性 collect 收集，或删掉字段。"
                    en = f'stays inside the repeated "{repeated.name_en or repeated.name or repeated.id}", and nobody '
                    en += "sees or uses it afterwards. Gather the answers with the property collect, or take it away."
                    yield _said(drawing, element, field, zh, en)


def _said(drawing: Drawing, element: Element, field: Field, zh: str, en: str) -> Finding:
    label, label_en = field.label or field.id, field.label_en or field.label or field.id
    return drawing.warning(
        LAW, element, f"{{it}}的表单字段“{label}”{zh}", f'The form field "{label_en}" of {{it}} {en}', field.line
    )


def _nobody_gives(drawing: Drawing, element: Element, field: Field) -> bool:
    """Nothing but this form knows the name, and nothing brings names that are not written down."""
    givers = {given.element for given in drawing.variables.given if given.name == field.id}
    return givers <= {element.id} and not drawing.variables.open


def _leaves_with(drawing: Drawing, element: Element) -> Element | None:
    """The repeated step whose instances keep their answers to themselves."""
    for each in (element, *drawing.diagram.scopes_of(element.id)):
        if each.repeat is not None and not each.repeat.loop:
            return None if each.property("collect") else each
    return None


def _all_read(drawing: Drawing) -> set[str]:
    """Every name an expression, a script or a decision table reads; rather one too many than one too few."""
    texts = [*drawing.tables.values(), *(e.script for e in drawing.diagram.elements.values())]
    drawn = {one.variable for one in drawing.diagram.objects}
    return drawn.union(*(names for _place, names in drawing.expressions), *(_WORD.findall(text) for text in texts))
