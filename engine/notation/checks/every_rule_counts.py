"""Every rule of a decision table can match, and is not hidden by others.

决策表的每一行都可能命中，且不被其他行遮住。

Why: A row that never counts is believed to be in force by whoever reads the table.

为什么：永远轮不到的一行，看表的人会以为它有效。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.notation.checks.drawing import LONGEST, Drawing
from engine.notation.checks.naming import clip
from engine.notation.checks.table_words import example, judged, rows
from engine.words.errors import Finding

LAW = "every_rule_counts"


def check(drawing: Drawing) -> Iterator[Finding]:
    yield from findings(drawing.tables)


def findings(tables: Mapping[str, str]) -> Iterator[Finding]:
    for file, _, name, _, verdict in judged(tables):
        for idle in verdict.idle:
            row_zh, row_en = f"{file}：决策表“{clip(name)}”第 {idle.rule.number} 行", f"row {idle.rule.number}"
            by_zh, by_en = rows(idle.by)
            zh_input, en_input = example(idle.example)
            match idle.why:
                case "impossible":
                    zh, en = (
                        "永远不会命中：没有这样的可选值。",
                        "can never match: none of the allowed values passes it.",
                    )
                case "masked":
                    zh = f"永远轮不到：第 {by_zh} 行先命中。例如：{zh_input}。"
                    en = f"never counts: row {by_en} comes before it. For example: {en_input}."
                case _:
                    zh = f"是多余的：第 {by_zh} 行已给出同样的结果。例如：{zh_input}。"
                    en = f"is redundant: row {by_en} gives the same result already. For example: {en_input}."
            said_en = clip(f'{file}: {row_en} of table "{clip(name)}" {en}', LONGEST)
            yield Finding(LAW, "warning", idle.rule.id[:200], idle.rule.line, clip(f"{row_zh}{zh}", LONGEST), said_en)
