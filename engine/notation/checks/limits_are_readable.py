"""Due dates and the limits of clocks are a limit (3工作日, PT2H), a moment, or an expression.

到期时间和时钟的时限是期限（3工作日、PT2H）、时刻或表达式。

Why: A limit that cannot be read gives no deadline; nobody would be reminded, nothing would be overdue.

为什么：读不懂的时限就没有到期时间：没有人被催办，也没有逾期。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import is_expression
from engine.notation.timings import is_limit, is_moment
from engine.words.errors import Finding

LAW = "limits_are_readable"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        for text, zh, en in (
            (element.due, "到期时间", "due date"),
            (element.property("clock.limit"), "时限（clock.limit）", "limit (clock.limit)"),
            (element.property("slip.due"), "移交单时限（slip.due）", "limit of the slip (slip.due)"),
        ):
            if text and not is_expression(text) and not is_limit(text) and not is_moment(text):
                yield drawing.error(
                    LAW,
                    element,
                    f"{{it}}的{zh}“{text}”看不懂。可以写 2小时、3工作日、当日、PT2H，或以“=”开头的表达式。",
                    f'The {en} "{text}" of {{it}} cannot be read. Write 2 hours, 3 work days, same day, PT2H, '
                    'or an expression that starts with "=".',
                )
        near = element.property("clock.near")
        if near and not is_expression(near) and not _is_share(near):
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的临期比例（clock.near）“{near}”不是 0 到 1 之间的数。",
                f'The near-due share (clock.near) "{near}" of {{it}} is no number between 0 and 1.',
            )
        if element.priority and not is_expression(element.priority) and not element.priority.lstrip("-").isdigit():
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的优先级“{element.priority}”不是整数。",
                f'The priority "{element.priority}" of {{it}} is no whole number.',
            )


def _is_share(text: str) -> bool:
    try:
        return 0 < float(text) <= 1
    except ValueError:
        return False
