"""An ad-hoc sub-process holds steps to choose from, no start or end events, and says when it is finished.

特设子流程里只放可选的步骤，不画开始和结束事件，并说明何时完成。

Why: Officers choose from these steps; without an end to the choosing the case would stay there for ever.

为什么：其中的步骤由人员选择；不说明何时算完，办件会永远停在里面。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.compensation_is_drawn import ACTIVITIES
from engine.notation.checks.drawing import Drawing
from engine.notation.checks.one_start import begins_by_itself
from engine.notation.diagram import Element
from engine.words.errors import Finding

LAW = "adhoc_can_finish"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.kind == "adHocSubProcess":
            yield from _of(drawing, element)
        elif around := drawing.diagram.elements.get(element.inside):
            yield from _properties(drawing, element, around)
        else:
            yield from _properties(drawing, element, None)


def _of(drawing: Drawing, element: Element) -> Iterator[Finding]:
    inside, begins = drawing.within(element.id), begins_by_itself(drawing, element.id)
    for event in inside:
        if event.kind in {"startEvent", "endEvent"}:
            yield drawing.error(
                LAW,
                event,
                "{it}不能画在特设子流程里：其中的步骤由人员选择，请删除。",
                "{it} cannot lie in an ad-hoc sub-process, whose steps are chosen by officers; delete it.",
            )
    if not any(e.kind in ACTIVITIES for e in begins):
        yield drawing.error(
            LAW,
            element,
            "{it}里没有可选的步骤，请放进任务或子流程。",
            "{it} holds no step to choose; put tasks or sub-processes into it.",
        )
    for event in begins:
        if event.kind not in ACTIVITIES and event.kind not in {"startEvent", "endEvent"}:
            yield drawing.error(
                LAW,
                event,
                "{it}在特设子流程里没有流入的连线，无法选择。请让一个步骤连到它，或删除。",
                "Nothing leads to {it}, and in an ad-hoc sub-process it cannot be chosen. Lead a step to it, or "
                "delete it.",
            )
        elif element.in_turn and event.kind not in {"userTask", "manualTask"} and not event.property("role"):
            yield drawing.error(
                LAW,
                event,
                "{it}由谁来选没有说明：依次办理的特设子流程里，用户任务以外的步骤要写属性 role。",
                "It is not said who may choose {it}: in an ad-hoc sub-process done in turn, a step that is no user "
                "task needs the property role.",
            )
    if element.attributes.get("ordering", "Parallel") not in {"Parallel", "Sequential"}:
        yield drawing.error(
            LAW,
            element,
            "{it}的 ordering 只能是 Parallel 或 Sequential。",
            "The ordering of {it} is Parallel or Sequential.",
        )
    if not element.until and not any(e.property("finishes") == "true" for e in inside):
        yield drawing.warning(
            LAW,
            element,
            "{it}没有写完成条件，里面也没有标 finishes 的步骤，因此每一步都办完才会继续。",
            "{it} has no completion condition and no step marked finishes: it goes on when every step is done.",
        )


def _properties(drawing: Drawing, element: Element, around: Element | None) -> Iterator[Finding]:
    for name in ("again", "finishes"):
        if element.property(name) and (around is None or around.kind != "adHocSubProcess"):
            yield drawing.error(
                LAW,
                element,
                f"{{it}}的属性 {name} 只在特设子流程里有意义，请删除。",
                f"The property {name} of {{it}} has a meaning only inside an ad-hoc sub-process; remove it.",
            )
