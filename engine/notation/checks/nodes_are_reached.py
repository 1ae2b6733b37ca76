"""Every element can be reached from the start of the process or sub-process it lies in.

每个元素都能从它所在流程或子流程的开始事件走到。

Why: A step that no way leads to is never done, though everybody who reads the picture believes that it is.

为什么：没有路走到的步骤永远不会办，而看图的人都以为会办。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.one_start import begins_by_itself
from engine.words.errors import Finding

LAW = "nodes_are_reached"


def check(drawing: Drawing) -> Iterator[Finding]:
    for scope in drawing.scopes:
        inside = {e.id: e for e in drawing.within(scope)}
        reached: set[str] = set()
        waiting = [e.id for e in inside.values() if e.kind == "startEvent"]
        if not waiting:
            waiting = [e.id for e in begins_by_itself(drawing, scope)]
        if not waiting or (scope == drawing.diagram.process and drawing.diagram.start is None):
            continue  # one_start says it already
        # Nothing leads to these by a flow: their event begins them, what they compensate, a link of the same name.
        waiting += [e.id for e in inside.values() if e.by_event or e.undoes or e.trigger.kind == "link"]
        attached: dict[str, list[str]] = {}
        for element in inside.values():
            if element.kind == "boundaryEvent":
                attached.setdefault(element.attached_to, []).append(element.id)
        while waiting:
            id = waiting.pop()
            if id in reached or id not in inside:
                continue
            reached.add(id)
            waiting.extend(flow.target for flow in drawing.diagram.outgoing(id))
            waiting.extend(attached.get(id, ()))
        for element in inside.values():
            if element.id not in reached and element.attached_to not in inside:
                yield drawing.error(
                    LAW,
                    element,
                    "从开始事件走不到{it}，请连上或删除。",
                    "{it} cannot be reached from the start; connect or delete it.",
                )
