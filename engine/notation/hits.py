"""What keeps a decision from being taken, in words: rules that contradict each other, values that are not allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.words.errors import Refusal


class DecisionFailed(Refusal):
    """The decision cannot be taken: rules contradict each other, a value is not allowed, an expression breaks."""

    def __init__(self, decision: str, zh: str, en: str) -> None:
        super().__init__(f"决策“{decision}”：{zh}", f'Decision "{decision}": {en}')
        self.decision = decision


def failed(decision: str, trouble: Mapping[str, Any]) -> DecisionFailed:
    """The evaluator's trouble (`feel/tables.js`) as a sentence."""
    shown = ", ".join(map(clip, trouble.get("values", ())))
    numbers = [row + 1 for row in trouble.get("rows", ())]
    rows_zh, rows_en = "、".join(map(str, numbers)), ", ".join(map(str, numbers))
    label, allowed = trouble.get("label", ""), trouble.get("allowed", "")
    match trouble["kind"]:
        case "several":
            zh = f"第 {rows_zh} 行同时命中，而该表只允许命中一行"
            return DecisionFailed(decision, zh, f"rows {rows_en} match, and only one row may")
        case "different":
            zh = f"同时命中的第 {rows_zh} 行结果不一致"
            return DecisionFailed(decision, zh, f"rows {rows_en} match and give different results")
        case "not allowed":
            zh = f"“{label}”的值 {shown} 不在可选值 {allowed} 之中"
            return DecisionFailed(decision, zh, f'the value {shown} of "{label}" is none of {allowed}')
        case "not listed":
            zh = f"第 {trouble['row'] + 1} 行“{label}”的结果 {shown} 不在可选值 {allowed} 之中"
            en = f'row {trouble["row"] + 1}, "{label}": the result {shown} is none of {allowed}'
            return DecisionFailed(decision, zh, en)
    return DecisionFailed(decision, f"无法汇总这些结果：{shown}", f"these results cannot be aggregated: {shown}")


def clip(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
