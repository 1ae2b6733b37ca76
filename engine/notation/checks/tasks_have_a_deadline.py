"""Every user task says until when it is to be done: a due date, or a clock on it or around it.

每个用户任务都写明何时办完：到期时间，或者它自己、外层子流程的时钟。

Why: A task without an end is done last; nobody is reminded, and nothing is overdue.

为什么：没有期限的任务总是最后办：不催办，也不算逾期。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "tasks_have_a_deadline"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.user_tasks:
        around = (element, *drawing.diagram.scopes_of(element.id))
        # What need not be done at all needs no end either.
        if element.property("optional") == "true" or element.due or any(each.property("clock") for each in around):
            continue
        yield drawing.warning(
            LAW,
            element,
            "{it}没有期限，拖着也没有人知道。请填写到期时间（dueDate），或设一个时钟（属性 clock）。",
            "{it} has no deadline, so nobody would notice a delay. Fill in the due date, or set a clock "
            "(property clock).",
        )
