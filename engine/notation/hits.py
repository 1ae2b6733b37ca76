"""What the matching rules of a decision table make together: the hit policies of DMN."""

from __future__ import annotations

from typing import Any

from engine.notation.dmn import Decision, Rule, Table
from engine.words.errors import Refusal


class DecisionFailed(Refusal):
    """The decision cannot be taken: rules contradict each other, a value is not allowed, an expression breaks."""

    def __init__(self, decision: str, zh: str, en: str) -> None:
        super().__init__(f"决策“{decision}”：{zh}", f'Decision "{decision}": {en}')
        self.decision = decision


Hit = tuple[Rule, list[Any]]


def by_policy(decision: Decision, table: Table, hits: list[Hit], ranks: list[list[Any]]) -> tuple[list[Hit], Any]:
    """The hits that count, in order, and the value they make."""

    def rank(hit: Hit) -> list[int]:
        return [
            listed.index(each) if each in listed else len(listed) for each, listed in zip(hit[1], ranks, strict=True)
        ]

    numbers = [rule.number for rule, _ in hits]
    rows_zh, rows_en = "、".join(map(str, numbers)), ", ".join(map(str, numbers))
    match table.policy:
        case "U" if len(hits) > 1:
            zh = f"第 {rows_zh} 行同时命中，而该表只允许命中一行"
            raise DecisionFailed(decision.name, zh, f"rows {rows_en} match, and only one row may")
        case "A" if any(row != hits[0][1] for _, row in hits):
            zh = f"同时命中的第 {rows_zh} 行结果不一致"
            raise DecisionFailed(decision.name, zh, f"rows {rows_en} match and give different results")
        case "U" | "A":
            return hits, output_of(table, hits[0][1])
        case "F":
            return hits[:1], output_of(table, hits[0][1])
        case "P":
            best = min(hits, key=rank)
            return [best], output_of(table, best[1])
        case "O":
            hits = sorted(hits, key=rank)
    outputs = [output_of(table, row) for _, row in hits]
    return hits, _aggregate(decision, table.policy[1:], outputs) if len(table.policy) > 1 else outputs


def _aggregate(decision: Decision, sign: str, outputs: list[Any]) -> Any:
    if sign == "#":
        return len(outputs)
    numbers = [each for each in outputs if isinstance(each, (int, float)) and not isinstance(each, bool)]
    if sign == "+" and len(numbers) == len(outputs):
        total = sum(numbers)
        return float(f"{total:.15g}") if isinstance(total, float) else total
    try:
        if sign in "<>" and sign:
            return min(outputs) if sign == "<" else max(outputs)
    except TypeError:
        pass
    all_shown = ", ".join(map(shown, outputs))
    zh, en = f"无法汇总这些结果：{all_shown}", f"these results cannot be aggregated: {all_shown}"
    raise DecisionFailed(decision.name, zh, en)


def without_hit(table: Table, defaults: list[Any]) -> Any:
    """The default outputs if there are any; else nothing: null, an empty list, the count nought."""
    default = output_of(table, defaults) if any(column.default for column in table.outputs) else None
    if table.policy in ("C", "R", "O"):
        return [] if default is None else [default]
    return 0 if table.policy == "C#" else default


def output_of(table: Table, row: list[Any]) -> Any:
    if len(table.outputs) == 1:
        return row[0]
    return {column.name: value for column, value in zip(table.outputs, row, strict=True)}


def refuse_unlisted(decision: Decision, table: Table, hits: list[Hit], ranks: list[list[Any]]) -> None:
    for rule, row in hits:
        for column, value, listed in zip(table.outputs, row, ranks, strict=True):
            if listed and value is not None and value not in listed:
                zh = f"第 {rule.number} 行“{column.label}”的结果 {shown(value)} 不在可选值 {column.allowed} 之中"
                en = f'row {rule.number}, "{column.label}": the result {shown(value)} is none of {column.allowed}'
                raise DecisionFailed(decision.name, zh, en)


def shown(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
