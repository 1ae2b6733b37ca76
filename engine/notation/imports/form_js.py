"""A form drawn with form-js (Camunda 8, Camunda 7.20, bpmn.io) as fields of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.notation import expressions
from engine.notation.imports import manifest as m
from engine.notation.imports import pieces
from engine.notation.imports.pieces import NotCertain
from engine.notation.imports.work import Work

TYPES = {
    "textfield": "string", "textarea": "text", "number": "number", "checkbox": "boolean", "radio": "enum",
    "select": "enum", "checklist": "multi", "taglist": "multi", "datetime": "date", "text": "note",
    "filepicker": "file",
}  # fmt: skip
_LIMITS = {"min": "min", "max": "max", "minLength": "minlength", "maxLength": "maxlength"}


def fields(work: Work, node: etree._Element, where: etree._Element, text: str) -> int:
    """Writes the form's fields onto a task or start event (`where`); `node` is what is said to hold the form. Gives how
    many. Every component is either mapped or left by name."""
    try:
        form = json.loads(text)
    except (ValueError, RecursionError):
        form = None
    if not isinstance(form, dict) or not isinstance(form.get("components"), list):
        work.warn(
            node, "form-js", text, "表单不是能读懂的 form-js", "the form is no form-js that can be read", m.BINDING
        )
        return 0
    found = 0
    for component in _flat(form["components"], 0):
        found += _component(work, node, where, component)
    return found


def _flat(components: list[Any], depth: int) -> Iterator[dict[str, Any]]:
    for component in components:
        if not isinstance(component, dict):
            continue
        inner = component.get("components")
        if component.get("type") == "group" and isinstance(inner, list) and depth < 20:
            yield from _flat(inner, depth + 1)
        else:
            yield component


def _component(work: Work, node: etree._Element, where: etree._Element, component: dict[str, Any]) -> int:
    kind, id = str(component.get("type", "")), str(component.get("key") or component.get("id") or "")
    type = TYPES.get(kind)
    try:
        if type is None or not id:
            raise NotCertain(f"表单组件“{kind}”本系统没有", f'there is no "{kind}" among the fields here')
        if type != "note":
            pieces.name(id)
        properties = _properties(component)
    except NotCertain as reason:
        weight = m.NOTHING if kind in {"separator", "spacer", "button"} else m.BINDING
        work.warn(node, f"form-js {kind}", id, reason.zh, reason.en, weight)
        return 0
    if kind == "datetime" and component.get("subtype") != "date":
        type = "datetime" if component.get("subtype") == "datetime" else "string"
    checks = component.get("validate")
    checks = checks if isinstance(checks, dict) else {}
    constraints = {
        ours: str(checks[theirs]) for theirs, ours in _LIMITS.items() if checks.get(theirs) not in (None, "")
    }
    if checks.get("required") is True:
        constraints = {"required": "true", **constraints}
    if component.get("readonly") is True or component.get("disabled") is True:
        constraints["readonly"] = "true"
    values = component.get("values", component.get("data"))
    choices = {
        str(value.get("value", "")): str(value.get("label") or value.get("value", ""))
        for value in (values if isinstance(values, list) else [])
        if isinstance(value, dict)
    }
    default = component.get("text") if type == "note" else component.get("defaultValue")
    written = None if default is None or isinstance(default, list | dict) else _written(default)
    work.field(
        where, id, type, str(component.get("label") or id), default=written, choices=choices, constraints=constraints,
        properties=properties,
    )  # fmt: skip
    work.note(node, f"form-js {kind}", id, f"{id}: {type}", "改为表单字段", "now a field of the form")
    unread = sorted(set(component) & {"valuesKey", "valuesExpression", "url", "html", "expression", "columns"})
    if unread or set(checks) - {*_LIMITS, "required", "validationType"}:
        told = ", ".join([*unread, *sorted(set(checks) - {*_LIMITS, "required", "validationType"})])
        work.warn(
            node,
            f"form-js {kind} {told}"[:80],
            id,
            "这些设置没有带来，请在字段上重新设置",
            "these settings are not taken along; set them anew on the field",
            m.BINDING,
        )
    return 1


def _written(value: object) -> str:
    return "true" if value is True else "false" if value is False else str(value)


def _properties(component: dict[str, Any]) -> dict[str, str]:
    found = {}
    if isinstance(component.get("description"), str) and component["description"].strip():
        found["help"] = component["description"].strip()
    conditional = component.get("conditional")
    hide = conditional.get("hide") if isinstance(conditional, dict) else None
    if isinstance(hide, str) and hide.strip():
        text = expressions.plain(hide).strip()
        if expressions.problems(text):
            raise NotCertain("隐藏条件不是能读懂的 FEEL", "the condition for hiding it is no FEEL that can be read")
        found["show"] = f"not(({text}) = true)"
    return found
