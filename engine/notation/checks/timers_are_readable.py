"""A timer says when: a moment, a limit such as PT2H or 3工作日, a cycle such as R3/PT1H, or a FEEL expression.

定时写明时间：时刻、时长（PT2H、3工作日）、周期（R3/PT1H、0 9 * * MON-FRI）或 FEEL 表达式。

Why: A timer that cannot be read never fires: no reminder, no escalation.

为什么：看不懂的定时永远不会触发：不催办，也不升级。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import Element
from engine.notation.timings import is_cycle, is_limit, is_moment, is_plain_timing
from engine.words.errors import Finding

LAW = "timers_are_readable"
_LOOKS_LITERAL = re.compile(
    r"[PR]\d.*|PT.*|R/.*|\d{4}-\d{2}.*|\d.*[\u4e00-\u9fff].*|\d+\s*[a-z]+( [a-z]+)?", re.IGNORECASE
)


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.trigger.kind == "timer":
            yield from _timer(drawing, element)


def _timer(drawing: Drawing, element: Element) -> Iterator[Finding]:
    timing, text = element.trigger.timing, element.trigger.text
    if not timing or not text:
        yield drawing.error(
            LAW,
            element,
            "{it}没有写时间。请填写时刻、时长（PT2H、3工作日）或周期（R3/PT1H、0 9 * * MON-FRI）。",
            "{it} does not say when. Fill in a moment, a duration (PT2H, 3 work days) or a cycle (R3/PT1H, "
            "0 9 * * MON-FRI).",
        )
    elif is_plain_timing(text):
        fits = {"date": is_moment(text) or is_limit(text), "duration": is_limit(text), "cycle": is_cycle(text)}
        if not fits[timing]:
            word_zh, word_en = {
                "date": ("时刻", "a moment"),
                "duration": ("时长", "a duration"),
                "cycle": ("周期", "a cycle"),
            }[timing]
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的类型是“{word_zh}”，但“{text}”不是。请换类型或改写。",
                f'{{it}} is set to {word_en}, but "{text}" is none; change the type or the text.',
            )
        elif timing == "cycle" and element.kind == "intermediateCatchEvent":
            yield drawing.error(
                LAW,
                element,
                f"{{it}}是中间事件，只会发生一次，不能用周期“{text}”。请写时长，或改成不中断的边界事件。",
                f'{{it}} is an intermediate event and happens once; the cycle "{text}" makes no sense there. Write a '
                "duration, or use a boundary event that does not interrupt.",
            )
    elif _LOOKS_LITERAL.fullmatch(text):
        yield drawing.error(
            LAW,
            element,
            f"{{it}}的时间“{text}”看不懂。可以写 PT2H、3工作日、当日、R3/PT1H、0 9 * * MON-FRI、"
            "2026-01-01T00:00:00Z，或 FEEL 表达式。",
            f'The time "{text}" of {{it}} cannot be read. Write PT2H, 3 work days, same day, R3/PT1H, '
            "2026-01-01T00:00:00Z, or a FEEL expression.",
        )
