"""What compensates a step hangs on the event on its border by an association and by nothing else, and is called for.

补偿步骤只用关联线连到所补偿活动边上的补偿事件，没有别的连线；抛出补偿时有可补偿的活动。

Why: What undoes a step must be found without doubt when things have gone wrong; there is no time to guess then.

为什么：要撤回时必须毫无疑问地找到补偿步骤；那时没有时间猜。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import SCOPES, TASKS, Element
from engine.words.errors import Finding

LAW = "compensation_is_drawn"
ACTIVITIES = TASKS | SCOPES | {"callActivity"}


def check(drawing: Drawing) -> Iterator[Finding]:
    thrown = False
    for element in drawing.diagram.elements.values():
        compensates = element.trigger.kind == "compensate"
        if element.undoes:
            yield from _handler(drawing, element)
        elif compensates and element.kind == "boundaryEvent":
            yield from _border(drawing, element)
        elif compensates and element.kind in {"intermediateThrowEvent", "endEvent"}:
            thrown = True
            yield from _throw(drawing, element)
        elif compensates and element.kind == "startEvent" and _of_the_process(drawing, element):
            yield drawing.error(
                LAW,
                element,
                "{it}永远不会发生：补偿事件子流程要放在子流程里，流程本身没有人来补偿。",
                "{it} can never happen: a compensation event sub-process lies inside a sub-process; nobody compensates "
                "the process itself.",
            )
        thrown = thrown or element.trigger.kind == "cancel"
    first = next((e for e in drawing.diagram.elements.values() if e.undoes), None)
    if first is not None and not thrown:
        yield drawing.warning(
            LAW,
            first,
            "{it}永远不会执行：图中没有抛出补偿的事件，也没有取消事件。",
            "{it} is never run: nothing in the diagram throws a compensation or cancels a transaction.",
        )


def _handler(drawing: Drawing, element: Element) -> Iterator[Finding]:
    diagram = drawing.diagram
    hosts = [host for host, handler in diagram.handlers.items() if handler == element.id]
    if element.kind not in ACTIVITIES or element.by_event or not hosts:
        yield drawing.error(
            LAW,
            element,
            "{it}标为补偿，但没有关联到补偿事件。请从活动边上的补偿事件画一条关联线到它，或去掉补偿标记。",
            "{it} is marked for compensation, but no compensation event is associated with it. Draw an association "
            "from the compensation event on a step to it, or take the mark away.",
        )
    for host in hosts:
        if diagram.elements[host].inside != element.inside:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}与它补偿的“{diagram.elements[host].name or host}”不在同一层。",
                f"{{it}} does not lie in the same process or sub-process as "
                f'"{diagram.elements[host].name_en or host}", which it compensates.',
            )
    clinging = any(e.attached_to == element.id for e in diagram.elements.values())
    if diagram.incoming(element.id) or diagram.outgoing(element.id) or clinging:
        yield drawing.error(
            LAW,
            element,
            "{it}是补偿步骤：请去掉进出它的连线和附着的边界事件，只留关联线。",
            "{it} compensates: remove the flows to and from it and the boundary events on it; only the association "
            "leads to it.",
        )


def _border(drawing: Drawing, element: Element) -> Iterator[Finding]:
    diagram = drawing.diagram
    ends = [other for pair in diagram.associations for other in pair if element.id in pair and other != element.id]
    handlers = [e for e in (diagram.elements.get(id) for id in ends) if e is not None and e.undoes]
    if len(handlers) != 1 or diagram.outgoing(element.id):
        yield drawing.error(
            LAW,
            element,
            "{it}要用一条关联线（不是连线）连到恰好一个补偿步骤，并把那一步标为补偿（isForCompensation）。",
            "{it} needs an association (not a flow) to exactly one step, and that step the compensation mark "
            "(isForCompensation).",
        )
    twin = [
        e for e in diagram.elements.values() if e.attached_to == element.attached_to and e.trigger == element.trigger
    ]
    if twin and twin[0].id != element.id:
        yield drawing.error(
            LAW,
            element,
            "{it}是多余的：一个活动只能有一个补偿事件。",
            "{it} is one too many: a step has one compensation event.",
        )


def _throw(drawing: Drawing, element: Element) -> Iterator[Finding]:
    diagram, only = drawing.diagram, element.trigger.name
    seen = [element.inside]
    while (around := diagram.elements.get(seen[-1])) is not None and around.by_event:
        seen.append(around.inside)
    steps = [e for scope in seen for e in drawing.within(scope) if e.kind in ACTIVITIES and can_be_undone(drawing, e)]
    if only and only not in {e.id for e in steps}:
        yield drawing.error(
            LAW,
            element,
            f"{{it}}要补偿“{only}”，但同一层没有这个可补偿的活动。",
            f'{{it}} is to compensate "{only}", but there is no such step at its level that can be compensated.',
        )
    elif not steps:
        yield drawing.error(
            LAW,
            element,
            "{it}抛出补偿，但同一层没有可补偿的活动。请在活动边上画补偿事件，并关联补偿步骤。",
            "{it} throws a compensation, but no step at its level can be compensated. Put a compensation event on a "
            "step and associate what undoes it.",
        )


def can_be_undone(drawing: Drawing, element: Element) -> bool:
    inside = drawing.within(element.id)
    return (
        element.id in drawing.diagram.handlers
        or any(e.by_event and s.trigger.kind == "compensate" for e in inside for s in drawing.within(e.id))
        or any(can_be_undone(drawing, e) for e in inside)
    )


def _of_the_process(drawing: Drawing, start: Element) -> bool:
    around = drawing.diagram.elements.get(start.inside)
    return around is not None and around.by_event and around.inside == drawing.diagram.process
