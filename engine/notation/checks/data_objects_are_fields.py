"""A data object stands for a field of the case, and steps read and write it where they can see it.

数据对象代表事项的一个字段，步骤只读写看得见的数据对象。

Why: A drawn document that is no field of the case promises a record that is never kept.

为什么：画出来的资料若不是办件的字段，就是答应了记录却没有记录。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import DataObject, Element
from engine.words.errors import Finding

LAW = "data_objects_are_fields"
_NAME = re.compile(r"[^\W\d]\w*")
TAKEN = frozenset({"case", "clocks", "now", "officer", "item"})


def check(drawing: Drawing) -> Iterator[Finding]:
    yield from _drawn(drawing)
    known = {id: drawn for drawn in drawing.diagram.objects for id in drawn.drawn}
    stores = {node.get("id", "") for node in drawing.inside("dataStoreReference")}
    for element in drawing.diagram.elements.values():
        yield from _associations(drawing, element, known, stores)


def _drawn(drawing: Drawing) -> Iterator[Finding]:
    objects = {drawn.id: drawn for drawn in drawing.diagram.objects}
    for node in drawing.inside("dataObjectReference"):
        if node.get("dataObjectRef", "") not in objects:
            yield drawing.error(
                LAW,
                node,
                "{it}没有指向任何数据对象（dataObjectRef），请删掉重画。",
                "{it} refers to no data object (dataObjectRef); delete it and draw it anew.",
            )
    for node in drawing.inside("dataStoreReference"):
        yield drawing.warning(
            LAW,
            node,
            "{it}只作说明，不会读写：事项的字段用数据对象表示，台账由系统自己保存。",
            "{it} is documentation only, nothing is read or written: fields of the case are data objects, and the "
            "ledger is kept by itself.",
        )
    seen: dict[str, DataObject] = {}
    for drawn in objects.values():
        node = drawing.nodes[drawn.id]
        if not _NAME.fullmatch(drawn.variable) or drawn.variable in TAKEN:
            yield drawing.error(
                LAW,
                node,
                f"{{it}}的字段名“{drawn.variable}”不能用。请给数据对象加属性 variable，用字母开头、不含空格和短横。",
                f'The field name "{drawn.variable}" of {{it}} cannot be used. Give the data object the property '
                "variable: a name without spaces and dashes.",
                drawn.line,
            )
        if drawn.variable in seen:
            yield drawing.error(
                LAW,
                node,
                f"{{it}}和另一个数据对象用了同一个字段名“{drawn.variable}”，请改名。",
                f'{{it}} and another data object share the field name "{drawn.variable}"; rename one.',
                drawn.line,
            )
        seen[drawn.variable] = drawn


def _associations(
    drawing: Drawing, element: Element, known: dict[str, DataObject], stores: set[str]
) -> Iterator[Finding]:
    seen = {drawing.diagram.process, element.id, *(scope.id for scope in drawing.diagram.scopes_of(element.id))}
    for id in (*element.reads, *element.writes):
        declared = id in stores or (id in drawing.diagram.items and id not in known)
        if not declared and (id not in known or known[id].inside not in seen):
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的数据关联连到“{id}”，但在它所在的层看不到这个数据对象。",
                f'A data association of {{it}} leads to "{id}", and no such data object can be seen from there.',
            )
    for name, drawn in drawing.diagram.written(element).items():
        if not _gives(element, name):
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}连到数据对象“{drawn.name}”，但这一步不产生字段 {name}，什么也不会写入。",
                f'{{it}} leads to the data object "{drawn.name}", but gives no field {name}: nothing is written.',
            )


def _gives(element: Element, name: str) -> bool:
    if element.kind == "scriptTask":
        return name in element.script
    given = {field.id for field in element.form} | {element.property("collect")}
    given |= {one.target for one in element.hands_out}
    if any(one.everything for one in element.hands_out):
        return True
    return name in given | {element.result or element.decision} or element.trigger.kind == "message"
