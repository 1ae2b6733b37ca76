"""What a process calls the values that no form asks for: its papers, lists and tables speak of them by these words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.notation.elements import Choice, Element, Field

LABEL, TYPE, WORD, EN = "label.", "type.", "word.", ".en"
# `percent`: a share of 1 is printed as 100%; `hidden`: never shown, though a template may ask for it.
TYPES = frozenset({"unit", "units", "officer", "percent", "hidden"})
# An entry of a paper that hands one field on under another name: goal: plan_goal.
_HANDED_ON = re.compile(r"(\w+)\s*:\s*([A-Za-z_]\w*)\s*(?=[,}])")
ISSUES = "document.issue"
# Where something else stands in a text that a diagram puts together: 症状处置 {place} {number}.
HOLE = re.compile(r"\{([^\W\d]\w*)\}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text with holes: how it is found again, and how it is said in both languages, holes by name."""

    text: str
    found: re.Pattern[str]
    zh: str
    en: str

    def read(self, text: str) -> Mapping[str, str] | None:
        """What fills the holes of this text; None when it is no such text."""
        match = self.found.fullmatch(text)
        return match.groupdict() if match else None


def called(properties: Mapping[str, str]) -> dict[str, Field]:
    """Name (`days`, or `lots.rooms` for an entry of the records in `lots`) → its label, type and choices, from the
    process properties `label.NAME`, `type.NAME` and `word.NAME.CODE`."""
    return {name: _field(properties, name) for name in _names(properties)}


def phrases(known: Mapping[str, Field]) -> dict[str, tuple[Phrase, ...]]:
    """Field → those of its words that are texts with holes (`word.NAME.TEXT {hole} …`). A hole that is called like a
    field with words takes only one of these; any other takes anything."""
    read = {name: tuple(_phrase(choice, known) for choice in field.choices if HOLE.search(choice.id))
            for name, field in known.items()}  # fmt: skip
    return {name: found for name, found in read.items() if found}


def _phrase(choice: Choice, known: Mapping[str, Field]) -> Phrase:
    parts, named = [], set()
    for n, part in enumerate(HOLE.split(choice.id)):
        if n % 2 == 0:
            parts.append(re.escape(part))
            continue
        words = [re.escape(word.id) for word in known[part].choices if "{" not in word.id] if part in known else []
        parts.append(f"(?P={part})" if part in named else f"(?P<{part}>{'|'.join(words) or '.+'})")
        named.add(part)
    return Phrase(choice.id, re.compile("".join(parts), re.DOTALL), choice.name, choice.name_en)


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
