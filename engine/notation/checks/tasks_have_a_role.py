"""Every user task says who does it: a role (candidate groups) or one officer (assignee).

每个用户任务都写明由谁办理：角色或某一位人员。

Why: A task for nobody is seen by nobody, and the case stands still.

为什么：不写由谁办理，就没有人看得到，办件停在那里。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.wishes import split_wishes
from engine.words.errors import Finding

LAW = "tasks_have_a_role"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.user_tasks:
        if not split_wishes(element.groups) and not element.assignee.strip():
            yield drawing.error(
                LAW,
                element,
                "{it}没有办理角色，没有人能看到它。请填写办理角色（candidateGroups）。",
                "{it} has no role, so nobody would see it. Fill in the candidate groups.",
            )
        if element.assignee and not element.assignee.startswith(("=", "${", "#{")):
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}固定派给账号“{element.assignee}”；人员会变动，建议改用办理角色。",
                f'{{it}} is fixed to the account "{element.assignee}"; people move, so a role is better.',
            )
    for element in drawing.diagram.elements.values():
        if element.property("button") and not split_wishes(element.property("role")):
            yield drawing.error(
                LAW,
                element,
                "{it}有按钮（button），却没有说明谁可以按。请填写属性 role。",
                "{it} has a button, but does not say who may press it. Fill in the property role.",
            )
