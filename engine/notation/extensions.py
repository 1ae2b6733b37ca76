"""Reads what lies inside one element of a BPMN file: documentation, camunda:properties, form fields, repetition."""

from __future__ import annotations

from lxml import etree

from engine.notation.elements import Choice, Field, Repeat
from engine.notation.xml import BPMN, CAMUNDA, line_of

_B = f"{{{BPMN}}}"
_C = f"{{{CAMUNDA}}}"


def documentation(node: etree._Element) -> str:
    return (node.findtext(f"{_B}documentation") or "").strip()


def properties(node: etree._Element) -> dict[str, str]:
    """camunda:properties of just this element: those of its children and of its form fields are theirs."""
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


def repeat(node: etree._Element) -> Repeat | None:
    loop = node.find(f"{_B}multiInstanceLoopCharacteristics")
    if loop is None:
        return _loop(node)
    return Repeat(
        sequential=loop.get("isSequential", "false") in {"true", "1"},
        collection=loop.get(f"{_C}collection") or loop.findtext(f"{_B}loopDataInputRef"),
        variable=loop.get(f"{_C}elementVariable"),
        cardinality=loop.findtext(f"{_B}loopCardinality"),
        until=loop.findtext(f"{_B}completionCondition"),
    )


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
