"""Reads what lies inside one element of a BPMN file: documentation, camunda:properties, form fields, repetition."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from engine.notation.associations import collection
from engine.notation.elements import Choice, DataObject, Field, Handed, Repeat
from engine.notation.xml import BPMN, CAMUNDA, line_of, local

_B = f"{{{BPMN}}}"
_C = f"{{{CAMUNDA}}}"


def documentation(node: etree._Element) -> str:
    return (node.findtext(f"{_B}documentation") or "").strip()


# What an import left to do stands among the properties, and is none of the step's own: `engine/notation/todos.py`.
TODO = re.compile(r"todo\.(\d{1,5})(?:\.(en|what|was|until|settled|by))?")


def properties(node: etree._Element) -> dict[str, str]:
    """camunda:properties of just this element: those of its children and of its form fields are theirs."""
    return {name: value for name, value in every_property(node).items() if not TODO.fullmatch(name)}


def every_property(node: etree._Element) -> dict[str, str]:
    """As `properties`, with the to-dos of an import."""
    found: dict[str, str] = {}
    for extensions in node.findall(f"{_B}extensionElements"):
        for group in extensions.findall(f"{_C}properties"):
            for prop in group.findall(f"{_C}property"):
                found[prop.get("name", "")] = prop.get("value", "")
    return found


def form(node: etree._Element) -> tuple[Field, ...]:
    fields = node.findall(f"{_B}extensionElements/{_C}formData/{_C}formField")
    return tuple(_field(field) for field in fields)


def _field(node: etree._Element) -> Field:
    properties = {p.get("id", ""): p.get("value", "") for p in node.findall(f"{_C}properties/{_C}property")}
    return Field(
        id=node.get("id", ""),
        type=node.get("type", "string"),
        label=node.get("label", node.get("id", "")),
        label_en=properties.get("label.en", ""),
        default=node.get("defaultValue"),
        choices=tuple(
            Choice(v.get("id", ""), v.get("name", v.get("id", "")), properties.get(f"name.{v.get('id', '')}.en", ""))
            for v in node.findall(f"{_C}value")
        ),
        constraints={
            c.get("name", ""): c.get("config", "true") or "true" for c in node.findall(f"{_C}validation/{_C}constraint")
        },
        properties=properties,
        line=line_of(node),
    )


def handed(node: etree._Element, way: str) -> tuple[Handed, ...]:
    """camunda:in or camunda:out of a call activity, in the order of the file."""
    found = node.findall(f"{_B}extensionElements/{_C}{way}")
    return tuple(
        Handed(
            target=one.get("target", ""),
            source=one.get("source", ""),
            expression=one.get("sourceExpression", "").strip().removeprefix("=").strip(),
        )
        for one in found
        if one.get("businessKey") is None
    )


def repeat(node: etree._Element, items: Mapping[str, str]) -> Repeat | None:
    loop = node.find(f"{_B}multiInstanceLoopCharacteristics")
    if loop is None:
        return _loop(node)
    return Repeat(
        sequential=loop.get("isSequential", "false") in {"true", "1"},
        collection=loop.get(f"{_C}collection") or collection(node, items),
        variable=loop.get(f"{_C}elementVariable") or _member(loop, items),
        cardinality=loop.findtext(f"{_B}loopCardinality"),
        until=loop.findtext(f"{_B}completionCondition"),
    )


def _member(loop: etree._Element, items: Mapping[str, str]) -> str | None:
    node = loop.find(f"{_B}inputDataItem")
    return items.get(node.get("id", "")) if node is not None else None


def _loop(node: etree._Element) -> Repeat | None:
    loop = node.find(f"{_B}standardLoopCharacteristics")
    if loop is None:
        return None
    maximum = loop.get("loopMaximum", "")
    return Repeat(
        sequential=True,
        collection=None,
        variable=None,
        cardinality=None,
        until=None,
        loop=True,
        condition=(loop.findtext(f"{_B}loopCondition") or "").strip() or None,
        maximum=int(maximum) if maximum.isdigit() else None,
        test_before=loop.get("testBefore", "false") in {"true", "1"},
    )


def refs(node: etree._Element, association: str, end: str) -> list[str]:
    """What the data associations of an element lead from, or to."""
    found = [ref.text for drawn in node.findall(f"{_B}{association}") for ref in drawn.findall(f"{_B}{end}")]
    return [text.strip() for text in found if text and text.strip()]


def objects(process: etree._Element) -> tuple[DataObject, ...]:
    """A data object is drawn by any number of references to it; its name for expressions is the property `variable` of
    one of them or its own, or else its id."""
    references: dict[str, list[etree._Element]] = {}
    for reference in process.iter(f"{_B}dataObjectReference"):
        references.setdefault(reference.get("dataObjectRef", ""), []).append(reference)
    found = []
    for node in process.iter(f"{_B}dataObject"):
        id, around = node.get("id", ""), node.getparent()
        drawn = [node, *references.get(id, ())]
        named = [properties(one)["variable"] for one in drawn if properties(one).get("variable")]
        labels = [one.get("name", "") for one in drawn if one.get("name")]
        shown = frozenset(one.get("id", "") for one in drawn)
        inside = around.get("id", "") if around is not None and local(around) != "definitions" else ""
        found.append(DataObject(id, (labels or [id])[0], (named or [id])[0], inside, shown, line_of(drawn[-1])))
    return tuple(found)
