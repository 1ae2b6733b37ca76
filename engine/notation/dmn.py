"""What a decision file says once it is read: tables, FEEL texts, and every finding about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.notation import expressions
from engine.notation.boxed import Box
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
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    line: int | None = None

    def box(self) -> Box:
        """As the evaluator reads it."""
        inputs = [
            {"label": each.label, "text": each.text, "alias": each.alias, "allowed": each.allowed}
            for each in self.inputs
        ]
        outputs = [
            {"label": each.label, "name": each.name, "type": each.type or None, "allowed": each.allowed,
             "default": each.default}
            for each in self.outputs
        ]  # fmt: skip
        rules = [{"cells": list(rule.cells), "outputs": list(rule.outputs)} for rule in self.rules]
        return {"policy": self.policy, "inputs": inputs, "outputs": outputs, "rules": rules}


Reference = tuple[str, str]  # the namespace of a file ("" = this one) and an id


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: `logic` is a table or another boxed expression; `needs` is all it requires, in the file's order;
    `requires` and `functions` name what of it stands in the same file: decisions, and models or services."""

    id: str
    name: str
    variable: str
    logic: Table | Box
    needs: tuple[Reference, ...] = ()
    requires: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    type: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """Business knowledge: a function that decisions call by its name."""

    id: str
    name: str
    logic: Box
    needs: tuple[Reference, ...] = ()
    type: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """Decisions that are asked together, from given inputs and given results of other decisions."""

    id: str
    name: str
    inputs: tuple[Reference, ...]
    decisions: tuple[Reference, ...]
    outputs: tuple[Reference, ...]
    type: str = ""


@dataclass(slots=True)
class File:
    """What a decision file says, by id, and all findings about it. `inputs`: id → (name, type); `types`: item
    definitions as the evaluator reads them; `imports`: prefix → namespace; `beside`: files by namespace; `lenient`:
    what cannot be run is null, as the standard has it, and not refused."""

    namespace: str = ""
    decisions: dict[str, Decision] = field(default_factory=dict)
    models: dict[str, Model] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    inputs: dict[str, tuple[str, str]] = field(default_factory=dict)
    types: dict[str, Box] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    beside: dict[str, File] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    texts: list[tuple[str, bool, str, int | None, str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    lenient: bool = False

    def has(self, reference: Reference) -> bool:
        """Whether what is referred to stands in this file or one it imports."""
        namespace, id = reference
        file = self.beside.get(namespace) if namespace else self
        return file is not None and any(
            id in kind for kind in (file.decisions, file.models, file.services, file.inputs)
        )

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
