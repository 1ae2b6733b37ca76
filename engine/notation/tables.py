"""What stands in a decision table file, row by row and cell by cell, for people to read (it decides nothing)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.notation.xml import local, open_xml
from engine.words.errors import NotPublishable

COLUMNS = frozenset({"input", "output", "annotation"})
CELLS = frozenset({"inputEntry", "outputEntry", "annotationEntry"})


@dataclass(frozen=True, slots=True)
class Table:
    """One decision of a file. `columns`: id → label; `kinds`: id → input, output or annotation; `expressions`: id →
    what
    an input asks, or an output's name; `rules`: id → cells by column id; `other`: the text of what is no table."""

    name: str
    policy: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    expressions: dict[str, str] = field(default_factory=dict)
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    other: str = ""


def tables_in(text: str) -> dict[str, Table]:
    """Decision id → what stands there. Raises `NotPublishable` when the text is no XML."""
    found: dict[str, Table] = {}
    for node in open_xml(text.encode()):
        if local(node) in {"decision", "businessKnowledgeModel"}:
            found[node.get("id") or ""] = _read(node)
    return found


def decisions_in(tables: Mapping[str, str]) -> dict[str, str]:
    """Decision id → file name, of every file that can be read (`tables_are_readable` tells of the others)."""
    found: dict[str, str] = {}
    for name, text in tables.items():
        try:
            root = open_xml(text.encode())
        except NotPublishable:
            continue
        for node in root:
            if local(node) == "decision" and node.get("id"):
                found.setdefault(node.get("id") or "", name)
    return found


def _read(node: etree._Element) -> Table:
    name = node.get("name") or node.get("id") or ""
    table = next((child for child in node if local(child) == "decisionTable"), None)
    if table is None:
        logic = [child for child in node if local(child) not in {"variable", "extensionElements", "description", ""}]
        return Table(name, other="\n".join(_text(child) for child in logic))
    policy = " ".join(filter(None, (table.get("hitPolicy", "UNIQUE"), table.get("aggregation"))))
    columns: dict[str, str] = {}
    kinds: dict[str, str] = {}
    expressions: dict[str, str] = {}
    for place, column in enumerate(child for child in table if local(child) in COLUMNS):
        id = column.get("id") or f"column {place + 1}"
        asked = _text(next((part for part in column if local(part) == "inputExpression"), None))
        columns[id] = column.get("label") or column.get("name") or asked or id
        kinds[id] = local(column)
        expressions[id] = asked or column.get("name") or ""
    order = list(columns)
    rules: dict[str, dict[str, str]] = {}
    for place, rule in enumerate(child for child in table if local(child) == "rule"):
        entries = [part for part in rule if local(part) in CELLS]
        rules[rule.get("id") or f"row {place + 1}"] = {
            column: _text(entry) for column, entry in zip(order, entries, strict=False)
        }
    return Table(name, policy, columns, kinds, expressions, rules)


def _text(node: etree._Element | None) -> str:
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()
