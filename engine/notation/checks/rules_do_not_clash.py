"""Where only one rule of a decision table may match, or all that match must agree, no input makes two of them clash.

决策表规定只命中一行（或命中的各行须一致）时，不存在让两行互相冲突的输入。

Why: Two rows that both match and disagree give no answer at all, or one that nobody decided.

为什么：两行同时命中又不一致，要么没有结果，要么得到谁也没有定过的结果。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.notation.checks.drawing import LONGEST, Drawing
from engine.notation.checks.naming import clip
from engine.notation.checks.table_words import example, judged
from engine.words.errors import Finding

LAW = "rules_do_not_clash"
MOST = 20


def check(drawing: Drawing) -> Iterator[Finding]:
    yield from findings(drawing.tables)


def findings(tables: Mapping[str, str]) -> Iterator[Finding]:
    for file, _, name, table, verdict in judged(tables):
        for clash in verdict.clashes[:MOST]:
            zh_input, en_input = example(clash.example)
            first, second = clash.first.number, clash.second.number
            if table.policy == "U":
                zh, en = "而该表只允许命中一行", "and only one may"
            else:
                zh, en = "而结果不同", "and give different results"
            rows_zh = f"{file}：决策表“{clip(name)}”第 {first}、{second} 行"
            yield Finding(
                LAW,
                "error",
                clash.second.id[:200],
                clash.second.line,
                clip(f"{rows_zh}会同时命中，{zh}。例如：{zh_input}。", LONGEST),
                clip(f'{file}: rows {first} and {second} of table "{clip(name)}" match together, {en}. '
                     f"For example: {en_input}.", LONGEST),
            )  # fmt: skip
