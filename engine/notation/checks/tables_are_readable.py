"""Every decision table beside the diagram can be read, cell by cell, and no decision stands in two of them.

图旁的每个决策表逐格都能读懂，同一决策不在两个文件中重复。

Why: One cell that cannot be read makes the whole table give no answer.

为什么：一格读不懂，整张表就给不出结果。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.notation import decisions
from engine.notation.checks.drawing import LONGEST, Drawing
from engine.notation.checks.naming import clip
from engine.notation.tables import decisions_in
from engine.words.errors import Finding

LAW = "tables_are_readable"
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}\.dmn")


def check(drawing: Drawing) -> Iterator[Finding]:
    yield from findings(drawing.tables)


def findings(tables: Mapping[str, str]) -> Iterator[Finding]:
    """What is wrong with decision table files (name → text) by themselves. Elements are decision ids, or file names."""
    first: dict[str, str] = {}
    for file, text in sorted(tables.items()):
        if not _FILE.fullmatch(file):
            zh = f"决策表文件名“{clip(file)}”只能用英文字母、数字、“_”“-”“.”，以 .dmn 结尾。请改名。"
            en = f'The file name "{clip(file)}" may have letters, digits, "_", "-", ".", and ends in .dmn. Rename it.'
            yield Finding(LAW, "error", file[:200], None, zh, en)
        yield from _unreadable(file, text, [each.encode() for each in tables.values()])
        for decision in decisions_in({file: text}):
            if decision in first:
                zh = f"决策“{clip(decision)}”同时出现在 {first[decision]} 和 {file} 中，请只保留一个。"
                en = f'The decision "{clip(decision)}" is in {first[decision]} and in {file}; keep one of them.'
                yield Finding(LAW, "error", decision[:200], None, zh, en)
            first.setdefault(decision, file)


def _unreadable(file: str, text: str, beside: list[bytes]) -> Iterator[Finding]:
    try:
        decisions.read(text.encode(), beside)
    except decisions.DecisionsNotReadable as refusal:
        for finding in refusal.findings:
            zh, en = finding.zh.rstrip("。"), finding.en.rstrip(".")
            zh, en = clip(f"{file}：{zh}。", LONGEST), clip(f"{file}: {en}.", LONGEST)
            yield Finding(LAW, finding.severity, (finding.element or file)[:200], finding.line, zh, en)
