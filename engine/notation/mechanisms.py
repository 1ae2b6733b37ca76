"""Where the mechanisms of the source documents are carried: read from the diagrams and tables themselves, so that the
list of what is there cannot say more than is there.

The list of mechanisms is `processes/mechanisms.yaml`; its head says how it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.notation.diagram import Diagram
from engine.notation.xml import local, open_xml
from engine.words.terms import Term

_CODE = re.compile(r"\bM\d{2,3}\b")
_TAGGED = re.compile(r"[(（]\s*M\d{2,3}(?:\s*[,，、]\s*M\d{2,3})*\s*[)）]")
# The last of the core; what comes after supports it.
CORE = 79
# Up to here the source documents have rows; those after the listed ones are detail that diagrams may name, not counted.
LAST = 316
KINDS = ("page", "command", "paper", "step", "table")


@dataclass(frozen=True, slots=True)
class Also:
    """What no diagram says. `kind` page: `name` is an endpoint of the web pages; command: one of the command line;
    paper: a kind of document; step, table: “process/element”, “process/file”. `said`: what one finds there."""

    kind: str
    name: str
    said: Term


@dataclass(frozen=True, slots=True)
class Mechanism:
    id: str
    name: Term
    also: tuple[Also, ...] = ()

    @property
    def core(self) -> bool:
        return int(self.id[1:]) <= CORE


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is carried. `kind`: process, element, field, table, rule. `element`: id of the element or the file of
    the table; `part`: of the field or rule."""

    kind: str
    process: str
    element: str
    said: Term
    part: str = ""


@dataclass(slots=True)
class Carried:
    """By mechanism, every place that names it; `unknown`: codes that no source document has."""

    places: dict[str, list[Place]] = field(default_factory=dict)
    unknown: dict[str, list[Place]] = field(default_factory=dict)


def listed(raw: Mapping[str, Any]) -> dict[str, Mechanism]:
    """The list, as YAML gives it. Raises `KeyError` for a line without a name."""
    return {
        id: Mechanism(
            id,
            Term(line["zh"], line["en"]),
            tuple(
                Also(kind, one[kind], Term(one["zh"], one["en"]))
                for one in line.get("also", ())
                for kind in KINDS
                if kind in one
            ),
        )
        for id, line in raw.items()
    }


def gather(mechanisms: Mapping[str, Mechanism], places: Iterator[tuple[str, Place]]) -> Carried:
    carried = Carried()
    for id, place in places:
        if id in mechanisms:
            carried.places.setdefault(id, []).append(place)
        elif int(id[1:]) > LAST:
            carried.unknown.setdefault(id, []).append(place)
    return carried


def in_diagram(diagram: Diagram) -> Iterator[tuple[str, Place]]:
    """What the process, its elements and the fields of their forms name in the property `mechanism`."""
    whole = Place("process", diagram.process, "", Term(diagram.name, diagram.name_en))
    for id in _CODE.findall(diagram.properties.get("mechanism", "")):
        yield id, whole
    for element in diagram.elements.values():
        said = Term(element.name or element.id, element.name_en or element.id)
        for id in _CODE.findall(element.property("mechanism") or ""):
            yield id, Place("element", diagram.process, element.id, said)
        for asked in element.form:
            label = Term(asked.label or asked.id, asked.label_en or asked.id)
            for id in _CODE.findall(asked.properties.get("mechanism", "")):
                yield id, Place("field", diagram.process, element.id, label, asked.id)


def in_tables(process: str, tables: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
    """What descriptions of decisions and rules name in brackets: “卡口至少两人在岗 (M65)”."""
    for file, text in tables.items():
        for node in open_xml(text.encode()).iter():
            if local(node) not in {"decision", "rule"}:
                continue
            told = next((part.text or "" for part in node if local(part) == "description"), "")
            ids = [id for tag in _TAGGED.findall(told) for id in _CODE.findall(tag)]
            if ids:
                kind = "table" if local(node) == "decision" else "rule"
                said = Term(node.get("name", file), file) if kind == "table" else _in_words(told)
                for id in ids:
                    yield id, Place(kind, process, file, said, node.get("id", ""))


def _in_words(told: str) -> Term:
    """A rule's description is “中文 · English (M65)”."""
    zh, _, en = _TAGGED.sub("", told).partition("·")
    return Term(zh.strip(), en.strip() or zh.strip())
