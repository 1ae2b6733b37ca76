"""Decision tables and the decisions they need: which rules match a case at one moment, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from engine.notation import expressions
from engine.notation.dmn import Decision, DecisionsNotReadable, File, Table
from engine.notation.dmn_files import read_file
from engine.notation.expressions import ExpressionFailed, Names, Problem
from engine.notation.feel import values
from engine.notation.hits import DecisionFailed, by_policy, output_of, refuse_unlisted, shown, without_hit
from engine.words.worktime import HOME

__all__ = ["DecisionFailed", "Decisions", "DecisionsNotReadable", "Needed", "Outcome", "Summary", "read"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision came to, and why.

    `value`: of one output its value, of several a context, of the hit policies C, R, O a list. `rules`: ids of the
    rules that made it (those without id are #1, #2 …). `inputs`: value by input expression. `outputs`: one entry for
    each of `rules`. `before`: outcomes of the decisions it requires, by id.
    """

    value: Any
    rules: list[str] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: list[Any] = field(default_factory=list)
    before: dict[str, Outcome] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Needed:
    """A column for the checks: an input's `expression`, an output's `name`, and its declared type ("" = any)."""

    label: str
    type: str
    expression: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """One decision in a line. `policy`: U A P F R O C C+ C< C> C#, empty where the decision is an expression."""

    id: str
    name: str
    policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: int
    requires: tuple[str, ...]


def read(xml: bytes) -> Decisions:
    """The decisions of a DMN file (1.1 to 1.5). Raises DecisionsNotReadable with everything that cannot be run."""
    return Decisions(read_file(xml))


class Decisions:
    """The decisions of one file, ready to be taken; immutable."""

    def __init__(self, file: File) -> None:
        self._decisions: Mapping[str, Decision] = file.decisions
        self._models = file.models

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._decisions)

    @property
    def summary(self) -> tuple[Summary, ...]:
        return tuple(self._summarize(decision) for decision in self._decisions.values())

    def inputs(self, decision_id: str) -> list[Needed]:
        """The input columns of a table; none for an expression (see `names_used`). Raises KeyError."""
        logic = self._decisions[decision_id].logic
        columns = logic.inputs if isinstance(logic, Table) else ()
        return [Needed(column.label, column.type, column.text) for column in columns]

    def outputs(self, decision_id: str) -> list[Needed]:
        """The output columns of a table, or the one value of an expression. Raises KeyError."""
        decision = self._decisions[decision_id]
        if isinstance(decision.logic, Table):
            return [Needed(column.label, column.type, name=column.name) for column in decision.logic.outputs]
        return [Needed(decision.name, decision.type, name=decision.variable)]

    def logic(self, decision_id: str) -> Table | str:
        """The table of a decision, or its FEEL text. Raises KeyError."""
        return self._decisions[decision_id].logic

    def names_used(self, decision_id: str) -> frozenset[str]:
        """The variables of the case that a decision, its cells and the decisions it requires may read."""
        decision = self._decisions[decision_id]
        used = set().union(*(expressions.names_used(text, unary=unary) for text, unary in _texts(decision.logic)))
        known = {name for id in decision.functions for name in (self._models[id][0],)}
        for id in decision.requires:
            known |= {id, self._decisions[id].name, self._decisions[id].variable}
        if isinstance(decision.logic, Table):
            known |= {column.alias for column in decision.logic.inputs}
        return frozenset(used - known).union(*(self.names_used(id) for id in decision.requires))

    def decide(self, decision_id: str, names: Names, *, at: datetime, zone: tzinfo = HOME) -> Outcome:
        """Takes a decision and first those it requires. Raises DecisionFailed, and KeyError for an unknown decision.

        Each required decision is seen under its variable's name, its own name and its id.
        """
        return self._decide(self._decisions[decision_id], names, at, zone, {})

    def _decide(
        self, decision: Decision, names: Names, at: datetime, zone: tzinfo, taken: dict[str, Outcome]
    ) -> Outcome:
        seen, before = dict(names), {}
        for id in decision.requires:
            required = self._decisions[id]
            if id not in taken:
                taken[id] = self._decide(required, names, at, zone, taken)
            before[id] = taken[id]
            seen |= dict.fromkeys((id, required.name, required.variable), taken[id].value)
        functions = self._functions(decision.functions)
        seen = dict.fromkeys((name for name, _ in functions), None) | seen
        take = _take_table if isinstance(decision.logic, Table) else _take_expression
        try:
            return take(decision, seen, functions, before, lambda asked: expressions.put(asked, [seen], at, zone))
        except ExpressionFailed as failed:
            raise DecisionFailed(decision.name, failed.zh, failed.en) from failed

    def _functions(self, ids: tuple[str, ...]) -> list[tuple[str, str]]:
        """Business knowledge models as (name, FEEL), each after those it calls."""
        found: dict[str, str] = {}
        for id in ids:
            name, text, needs = self._models[id]
            found |= dict(self._functions(needs))
            found[name] = text
        return list(found.items())

    def _summarize(self, decision: Decision) -> Summary:
        logic, requires = decision.logic, decision.requires
        if not isinstance(logic, Table):
            return Summary(decision.id, decision.name, "", (), (decision.variable,), 0, requires)
        inputs = tuple(column.label for column in logic.inputs)
        outputs = tuple(column.label for column in logic.outputs)
        return Summary(decision.id, decision.name, logic.policy, inputs, outputs, len(logic.rules), requires)


Put = Callable[[list[dict[str, Any]]], list[Any]]


def _take_expression(
    decision: Decision, seen: Names, functions: list[tuple[str, str]], before: dict[str, Outcome], put: Put
) -> Outcome:
    text = str(decision.logic)
    (answer,) = put([{"kind": "expression", "context": 0, "text": text, "functions": functions}])
    if "error" in answer:
        raise expressions.failure(text, answer["error"])
    inputs = {name: seen.get(name) for name in sorted(expressions.names_used(text)) if name in seen}
    warnings = expressions.warned(text, answer["warnings"])
    return Outcome(values.decode(answer["value"]), inputs=inputs, before=before, warnings=warnings)


def _take_table(
    decision: Decision, seen: Names, functions: list[tuple[str, str]], before: dict[str, Outcome], put: Put
) -> Outcome:
    table = decision.logic
    assert isinstance(table, Table)
    asked = {
        "kind": "table",
        "context": 0,
        "functions": functions,
        "inputs": [{"text": each.text, "alias": each.alias, "allowed": each.allowed} for each in table.inputs],
        "rules": [{"cells": rule.cells, "outputs": rule.outputs} for rule in table.rules],
        "fallbacks": [column.default or "null" for column in table.outputs],
    }
    listed = [f"[{column.allowed}]" if column.allowed else "[]" for column in table.outputs]
    answer, *lists = put([asked, *({"kind": "expression", "context": 0, "text": text} for text in listed)])
    if "error" in answer:
        raise _failed_at(table, answer["error"])
    found = answer["table"]
    given = [values.decode(value) for value in found["inputs"]]
    for column, value, allowed in zip(table.inputs, given, found["allowed"], strict=True):
        if not allowed and value is not None:
            zh = f"“{column.label}”的值 {shown(value)} 不在可选值 {column.allowed} 之中"
            en = f'the value {shown(value)} of "{column.label}" is none of {column.allowed}'
            raise DecisionFailed(decision.name, zh, en)
    hits = [(table.rules[hit["row"]], [values.decode(each) for each in hit["outputs"]]) for hit in found["matched"]]
    ranks = [values.decode(each.get("value")) or [] for each in lists]
    refuse_unlisted(decision, table, hits, ranks)
    inputs = {column.text.strip(): value for column, value in zip(table.inputs, given, strict=True)}
    warnings = _warnings(table, answer["warnings"])
    if not hits:
        value = without_hit(table, [values.decode(each) for each in found["defaults"]])
        return Outcome(value, [], inputs, [], before, warnings)
    hits, value = by_policy(decision, table, hits, ranks)
    outputs = [output_of(table, row) for _, row in hits]
    return Outcome(value, [rule.id for rule, _ in hits], inputs, outputs, before, warnings)


def _failed_at(table: Table, error: Mapping[str, Any]) -> ExpressionFailed:
    """The failure of one cell, with its place before the sentence."""
    place, row, column = error["place"] or ("", 0, 0)
    text, zh, en = _place(table, place, row, column)
    failed = expressions.failure(text, error)
    return ExpressionFailed(text, f"{zh}“{text.strip()}”：{failed.zh}", f'{en}, "{text.strip()}": {failed.en}')


def _warnings(table: Table, warnings: list[Mapping[str, Any]]) -> tuple[Problem, ...]:
    found = []
    for each in warnings:
        text, zh, en = _place(table, *each["place"])
        for problem in expressions.warned(text, [each]):
            found.append(Problem(problem.start, problem.end, f"{zh}：{problem.zh}", f"{en}: {problem.en}"))
    return tuple(dict.fromkeys(found))


def _place(table: Table, kind: str, row: int, column: int) -> tuple[str, str, str]:
    """The text at a place of the table, and the place in both languages."""
    if kind in ("input", "allowed"):
        at = table.inputs[column]
        return (at.text if kind == "input" else at.allowed or ""), f"输入列“{at.label}”", f'The input "{at.label}"'
    if kind == "cell":
        text = table.rules[row].cells[column] or ""
        return text, f"第 {row + 1} 行“{table.inputs[column].label}”", f'Row {row + 1}, "{table.inputs[column].label}"'
    if kind == "output":
        text = table.rules[row].outputs[column]
        return (
            text,
            f"第 {row + 1} 行“{table.outputs[column].label}”",
            f'Row {row + 1}, "{table.outputs[column].label}"',
        )
    if kind == "default":
        label = table.outputs[column].label
        return table.outputs[column].default or "", f"“{label}”的默认值", f'The default of "{label}"'
    return "", "决策表", "The table"


def _texts(logic: Table | str) -> list[tuple[str, bool]]:
    """Every FEEL text of a decision, and whether it is a cell."""
    if isinstance(logic, str):
        return [(logic, False)]
    columns = [(each.text, False) for each in logic.inputs]
    columns += [(each.allowed, True) for each in (*logic.inputs, *logic.outputs) if each.allowed]
    columns += [(each.default, False) for each in logic.outputs if each.default]
    cells = [(cell, True) for rule in logic.rules for cell in rule.cells if cell]
    return columns + cells + [(text, False) for rule in logic.rules for text in rule.outputs]
