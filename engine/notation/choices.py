"""Which choices of a form send a case different ways, and which of them were ever made.

A connection tells that a way was taken, not by which answer: several answers may lead the same way today and part
tomorrow. So each choice that a condition or a rule of a table looks at counts by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.notation import decisions, expressions
from engine.notation.diagram import Diagram, Element, Field
from engine.words import facts as f

_LITERAL = re.compile(r'"([^"]*)"|\b(true|false)\b')


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """One choice in the form of an element: the field, and the value as text (`true`, `false` of a yes or no)."""

    element: str
    field: str
    value: str

    def __str__(self) -> str:
        return f"{self.element}: {self.field} = {self.value}"


def offered(diagram: Diagram, tables: Mapping[str, str]) -> tuple[Made, ...]:
    """The choices of officers that make a difference, in the order of the file: all of a field that the condition of a
    connection looks at, and those which a rule of a table that is asked names. `tables`: texts by file name."""
    conditions = [(flow.condition, False) for flow in diagram.flows if flow.condition]
    deciding = frozenset[str]().union(*expressions.names_of_many(conditions))
    named = set(_named(diagram, tables))
    return tuple(
        Made(element.id, field.id, value)
        for element in diagram.elements.values()
        if _is_filled_in(element)
        for field in element.form
        if not field.readonly
        for value in _values(field)
        if field.id in deciding or (field.id, value) in named
    )


def _named(diagram: Diagram, tables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Fields and the values which rules name for them: a text in quotation marks, true, false."""
    for id in dict.fromkeys(element.decision for element in diagram.elements.values() if element.decision):
        text = tables.get(f"{id}.dmn", "")
        table = decisions.read(text.encode(), [each.encode() for each in tables.values()]).table(id) if text else None
        if table is not None:
            for rule in table.rules:
                for column, cell in zip(table.inputs, rule.cells, strict=True):
                    yield from ((column.text, a or b) for a, b in _LITERAL.findall(cell or ""))


def made(diagram: Diagram, facts: Iterable[f.Fact]) -> Iterator[Made]:
    """What was chosen in one case, in any form of it. A form that is begun with says so in the opening."""
    begun = ""
    for fact in facts:
        match fact:
            case f.CaseOpened():
                begun = fact.start or (diagram.start.id if diagram.start is not None else "")
            case f.VariablesChanged() if begun:
                yield from _chosen(diagram, begun, fact.after)
                begun = ""
            case f.TaskCompleted():
                yield from _chosen(diagram, fact.element, fact.answers)
            case f.MessageReceived():
                yield from _chosen(diagram, fact.element, fact.payload)


def _is_filled_in(element: Element) -> bool:
    """By an officer: a task, a button, the form a case is raised with; what a message brings is nobody's choice."""
    if element.kind in {"userTask", "manualTask"}:
        return True
    plain_start = element.kind == "startEvent" and element.trigger.kind == "none"
    return plain_start or bool(element.property("button"))


def _values(field: Field) -> list[str]:
    if field.type == "boolean":
        return ["true", "false"]
    return [choice.id for choice in field.choices] if field.type == "enum" else []


def _chosen(diagram: Diagram, id: str, answers: object) -> Iterator[Made]:
    element = diagram.elements.get(id)
    if element is None or not isinstance(answers, dict):
        return
    for field in element.form:
        value = answers.get(field.id)
        if isinstance(value, bool):
            yield Made(id, field.id, "true" if value else "false")
        elif isinstance(value, str) and field.type == "enum":
            yield Made(id, field.id, value)
