"""A process begins at one plain start event, or by message, signal or clock; a sub-process at one, or without any.

流程从一个普通开始事件开始，也可由消息、信号或时间开始；子流程从一个普通开始事件，或从没有流入连线的元素开始。

Why: A case begins at one place; with two it would not be known where, and with which form.

为什么：办件从一个地方开始；有两个，就不知道从哪里、用哪张表开始。
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.naming import TRIGGERS
from engine.notation.decisions import DecisionFailed
from engine.notation.diagram import Element
from engine.notation.timings import is_plain_timing
from engine.words.errors import Finding

LAW = "one_start"
SOME_DAY = datetime(2026, 1, 5, tzinfo=UTC)  # tables are asked as if on that day
# What may begin a case without an officer.
WAITING = frozenset({"message", "timer", "signal"})


def check(drawing: Drawing) -> Iterator[Finding]:
    for scope in drawing.scopes:
        around = drawing.diagram.elements.get(scope, scope)
        starts = [e for e in drawing.within(scope) if e.kind == "startEvent"]
        element = drawing.diagram.elements.get(scope)
        if element is not None and element.kind == "adHocSubProcess":
            continue  # what may lie in it is said by adhoc_can_finish
        if element is not None and (element.by_event or (not starts and begins_by_itself(drawing, scope))):
            continue
        plain = [e for e in starts if e.trigger.kind == "none"]
        own = scope == drawing.diagram.process
        if not plain and not (own and any(e.trigger.kind in WAITING for e in starts)):
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
            if own and start.trigger.kind in WAITING:
                yield from _when(drawing, start)
            elif start.trigger.kind != "none":
                word_zh, word_en = TRIGGERS.get(start.trigger.kind, (start.trigger.kind, start.trigger.kind))
                yield drawing.error(
                    LAW,
                    start,
                    f"{{it}}由“{word_zh}”触发，这里还不能执行，请用普通开始事件。",
                    f"{{it}} is started by {word_en}, which cannot be run here; use a plain start event.",
                )


def _when(drawing: Drawing, start: Element) -> Iterator[Finding]:
    """Before there is a case, there is nothing an expression could speak of."""
    if start.trigger.kind == "timer" and not is_plain_timing(start.trigger.text.strip()):
        yield drawing.error(
            LAW,
            start,
            "{it}的时间要直接写明（如 R/P1D、0 9 * * MON-FRI、2027-01-01T09:00），不能用表达式：此时还没有事项。",
            "{it} has to say its time plainly (R/P1D, 0 9 * * MON-FRI, 2027-01-01T09:00), not by an expression: "
            "there is no case yet.",
        )
    table = start.property("timer.decision")
    if table:
        yield from _told_by_table(drawing, start, table)


def _told_by_table(drawing: Drawing, start: Element, table: str) -> Iterator[Finding]:
    """The table says of each start (input `start`, its id) when it fires."""
    if table not in drawing.decisions:
        yield drawing.error(
            LAW,
            start,
            f"{{it}}的时间来自决策表“{table}”，但没有这张表。",
            f'{{it}} is timed by "{table}", no decision table.',
        )
        return
    try:
        told = drawing.decisions[table].decide(table, {"start": start.id}, at=SOME_DAY).value
    except DecisionFailed as failed:
        yield drawing.error(
            LAW, start, f"{{it}}的时间表“{table}”：{failed.zh}", f'The table "{table}" that times {{it}}: {failed.en}'
        )
        return
    if not isinstance(told, str) or not is_plain_timing(told.strip()):
        yield drawing.error(
            LAW,
            start,
            f"决策表“{table}”没有给{{it}}一个看得懂的时间（{told}），如 0 8 * * *、R/次工作日 9:00。",
            f'The table "{table}" gives {{it}} no readable time ({told}), such as 0 8 * * * or R/next work day 9:00.',
        )


def begins_by_itself(drawing: Drawing, scope: str) -> list[Element]:
    """Without a start event, a sub-process begins at everything that nothing leads to."""
    return [
        e
        for e in drawing.within(scope)
        if not (drawing.diagram.incoming(e.id) or e.attached_to or e.by_event or e.undoes or e.trigger.kind == "link")
    ]
