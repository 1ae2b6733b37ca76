"""What a process calls the values that no form asks for: its papers, lists and tables speak of them by these words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.notation.elements import Choice, Element, Field

LABEL, TYPE, WORD, EN = "label.", "type.", "word.", ".en"
# `percent`: a share of 1 is printed as 100%; `hidden`: never shown, though a template may ask for it.
TYPES = frozenset({"unit", "units", "officer", "percent", "hidden"})
# An entry of a paper that hands one field on under another name: goal: plan_goal.
_HANDED_ON = re.compile(r"(\w+)\s*:\s*([A-Za-z_]\w*)\s*(?=[,}])")
ISSUES = "document.issue"


def called(properties: Mapping[str, str]) -> dict[str, Field]:
    """Name (`days`, or `lots.rooms` for an entry of the records in `lots`) → its label, type and choices, from the
    process properties `label.NAME`, `type.NAME` and `word.NAME.CODE`."""
    return {name: _field(properties, name) for name in _names(properties)}


def handed_on(elements: Iterable[Element], known: Mapping[str, Field]) -> dict[str, Field]:
    """Entries of papers that are a field under another name (`goal: plan_goal`) → that field."""
    listed = list(elements)
    asked = {field.id: field for element in reversed(listed) for field in reversed(element.form)}
    found: dict[str, Field] = {}
    for element in listed:
        if element.topic == ISSUES:
            for name, source in _HANDED_ON.findall(element.property("fields")):
                field = known.get(source) or asked.get(source)
                if name != source and field is not None:
                    found.setdefault(name, field)
    return found


def _names(properties: Mapping[str, str]) -> list[str]:
    names: dict[str, None] = {}
    for key in properties:
        if key.startswith((LABEL, TYPE)):
            names[key.partition(".")[2].removesuffix(EN)] = None
        elif key.startswith(WORD):
            names[key.removeprefix(WORD).removesuffix(EN).rpartition(".")[0]] = None
    return [name for name in names if name]


def _field(properties: Mapping[str, str], name: str) -> Field:
    start = f"{WORD}{name}."
    codes = dict.fromkeys(key.removeprefix(start).removesuffix(EN) for key in properties if key.startswith(start))
    choices = tuple(
        Choice(code, properties.get(start + code, code), properties.get(start + code + EN, ""))
        for code in codes
        if "." not in code
    )
    return Field(
        id=name,
        type=properties.get(TYPE + name, "enum" if choices else "string"),
        label=properties.get(LABEL + name, ""),
        label_en=properties.get(LABEL + name + EN, ""),
        default=None,
        choices=choices,
        constraints={},
        properties={},
        line=None,
    )
