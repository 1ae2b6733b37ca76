"""Every user task asks for something: what was found, decided or done is written down with it.

每个用户任务都有表单：查了什么、定了什么、办了什么，办完时一并记下。

Why: Without a form only the time and the officer remain; what was found or decided is lost.

为什么：没有表单，办完只留下时间和人；查了什么、定了什么都没有记下。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "tasks_have_a_form"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.user_tasks:
        if not element.form:
            yield drawing.warning(
                LAW,
                element,
                "{it}没有表单字段，办完后只留下时间和人。请至少加一个字段，例如“办理情况”。",
                "{it} has no form field: only who and when would remain. Add at least one, such as what was done.",
            )
