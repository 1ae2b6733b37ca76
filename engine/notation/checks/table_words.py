"""How findings speak of the rules of a decision table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.notation import decisions
from engine.notation.checks.naming import clip
from engine.notation.decisions import Decisions
from engine.notation.dmn import Rule, Table
from engine.notation.expressions import ExpressionFailed
from engine.notation.table_rules import Verdict, judge


def judged(tables: Mapping[str, str]) -> Iterator[tuple[str, str, str, Table, Verdict]]:
    """(file, decision id, name, table, verdict) of every table that can be read; of the others another law tells."""
    for file, text in sorted(tables.items()):
        beside = [other.encode() for other in tables.values()]
        try:
            read: Decisions = decisions.read(text.encode(), beside)
        except decisions.DecisionsNotReadable:
            continue
        for id in read.ids:
            table = read.table(id)
            if table is None or not table.rules:
                continue
            try:
                yield file, id, read.name(id), table, judge(table)
            except ExpressionFailed:
                continue


def example(given: Mapping[str, str]) -> tuple[str, str]:
    """An input in both languages."""
    shown = [f"{clip(label)} = {clip(value)}" for label, value in given.items()]
    return "，".join(shown) or "任何输入", ", ".join(shown) or "any input"


def rows(rules: tuple[Rule, ...]) -> tuple[str, str]:
    numbers = [str(rule.number) for rule in rules[:10]]
    return "、".join(numbers), ", ".join(numbers)
