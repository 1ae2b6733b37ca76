"""Every input of a decision table is matched by a rule, or a default result stands in.

决策表的每一种输入都有规则命中，或设了默认结果。

Why: For an input without a rule the answer is empty, and an empty answer decides about deadlines and people.

为什么：没有规则命中时结果为空，而期限和人员就由这个空值来定。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.notation.checks.drawing import LONGEST, Drawing
from engine.notation.checks.naming import clip
from engine.notation.checks.table_words import example, judged, rows
from engine.words.errors import Finding

LAW = "every_input_has_a_rule"


def check(drawing: Drawing) -> Iterator[Finding]:
    yield from findings(drawing.tables)


def findings(tables: Mapping[str, str]) -> Iterator[Finding]:
    for file, id, name, table, verdict in judged(tables):
        table_zh, table_en = f"{file}：决策表“{clip(name)}”", f'{file}: table "{clip(name)}"'
        zh_input, en_input = example(verdict.gap or {})
        if verdict.limited:
            zh = f"{table_zh}的组合太多，规则之间是否重叠、有无遗漏未判定。"
            en = f"{table_en} has too many combinations: whether its rules overlap or leave gaps is not decided."
        elif verdict.gap is None:
            continue
        elif verdict.sure:
            zh = f"{table_zh}没有规则命中这样的输入：{zh_input}。请补一行，或设默认结果。"
            en = f"{table_en}: no rule matches such an input: {en_input}. Add a row or a default result."
        else:
            open_zh, open_en = rows(verdict.open)
            zh = f"{table_zh}是否遗漏输入未判定（第 {open_zh} 行含一般表达式）。请试算：{zh_input}。"
            en = (
                f"{table_en}: whether an input is left out is not decided (general expressions in row {open_en}). "
                f"Try: {en_input}."
            )
        severity = "warning" if verdict.sure and not verdict.limited else "info"
        yield Finding(LAW, severity, id[:200], table.line, clip(zh, LONGEST), clip(en, LONGEST))
