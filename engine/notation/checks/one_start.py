"""The process and every sub-process begin at exactly one plain start event.

流程和每个子流程都从恰好一个普通开始事件开始。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.naming import TRIGGERS
from engine.words.errors import Finding

LAW = "one_start"


def check(drawing: Drawing) -> Iterator[Finding]:
    for scope in drawing.scopes:
        around = drawing.diagram.elements.get(scope, scope)
        starts = [e for e in drawing.within(scope) if e.kind == "startEvent"]
        plain = [e for e in starts if e.trigger.kind == "none"]
        if not plain:
            yield drawing.error(
                LAW, around, "{it}没有普通开始事件，请画上一个。", "{it} has no plain start event; draw one."
            )
        for extra in plain[1:]:
            yield drawing.error(
                LAW,
                extra,
                "{it}是多余的：同一层只能有一个普通开始事件，请合并。",
                "{it} is one too many: a process or sub-process has one plain start event; join them.",
            )
        for start in starts:
            if start.trigger.kind != "none" and (scope != drawing.diagram.process or start.trigger.kind != "message"):
                word_zh, word_en = TRIGGERS.get(start.trigger.kind, (start.trigger.kind, start.trigger.kind))
                yield drawing.error(
                    LAW,
                    start,
                    f"{{it}}由“{word_zh}”触发，这里还不能执行；只能用普通开始事件，流程一层也可以用消息开始事件。",
                    f"{{it}} is started by {word_en}, which cannot be run here; use a plain start event, "
                    "or at the top of the process a message start event.",
                )
