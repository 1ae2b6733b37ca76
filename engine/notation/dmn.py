"""What a decision file says once it is read: tables, FEEL texts, and every finding about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.notation import expressions
from engine.notation.xml import line_of, local
from engine.words.errors import Finding, NotPublishable

LAW = "tables_are_readable"
FEEL = re.compile(r"(?:s-)?feel|https?://www\.omg\.org/spec/(?:DMN/\d+/FEEL|FEEL/\d+)/?", re.IGNORECASE)


class DecisionsNotReadable(NotPublishable):
    """A decision file that cannot be run as it is; one finding per cell, row or element, all of them at once."""


@dataclass(frozen=True, slots=True)
class Column:
    """An input (`text`: its expression, `alias`: the name its cells may use) or output (`name`) of a table.

    `allowed`: the tests an input must pass, or an output's values in order of priority; `default`: an output's.
    """

    label: str
    type: str
    name: str = ""
    text: str = ""
    alias: str = ""
    allowed: str | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row. Cells are None where everything passes; outputs are FEEL. `number` counts from 1."""

    id: str
    number: int
    cells: tuple[str | None, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: `logic` is a table or FEEL text; `requires`: ids of decisions; `functions`: names of models."""

    id: str
    name: str
    variable: str
    logic: Table | str
    requires: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    type: str = ""


@dataclass(slots=True)
class File:
    """What a decision file says: decisions by id, business knowledge models as FEEL functions by id, all findings."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    models: dict[str, tuple[str, str, tuple[str, ...]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    texts: list[tuple[str, bool, str, int | None, str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def refuse(self, node: etree._Element, element: str, zh: str, en: str) -> None:
        self.findings.append(Finding(LAW, "error", element, line_of(node), zh, en))

    def check(self, node: etree._Element, element: str, place: tuple[str, str], text: str, *, unary: bool) -> str:
        """Remembers a text to be checked with all others, and gives it back without the leading "="."""
        language = node.get("expressionLanguage") or ""
        if language and not FEEL.fullmatch(language):
            zh = f"{place[0]}用“{language}”书写；决策表只能用 FEEL"
            self.refuse(node, element, zh, f'{place[1]} is written in "{language}"; decision tables are FEEL only')
        self.texts.append((text, unary, element, line_of(node), *place))
        return expressions.plain(text)


def child(node: etree._Element, name: str) -> etree._Element | None:
    return next(children(node, name), None)


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in node if local(child) == name)


def text_in(node: etree._Element | None) -> str:
    text = child(node, "text") if node is not None else None
    return "".join(str(part) for part in text.itertext()) if text is not None else ""
