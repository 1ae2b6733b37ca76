"""From every element a way leads to an end event; a case must be able to finish.

从每个元素都有路走到结束事件，办件总能办完。

Why: A case that has no way to an end is never closed.

为什么：走不到结束的办件，永远销不了号。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import Element
from engine.words.errors import Finding

LAW = "ways_end"


def check(drawing: Drawing) -> Iterator[Finding]:
    for scope in drawing.scopes:
        inside = {e.id: e for e in drawing.within(scope)}
        links = [e for e in inside.values() if e.kind == "intermediateThrowEvent" and e.trigger.kind == "link"]
        goes_on = {e.id for e in inside.values() if drawing.diagram.outgoing(e.id) or _stands_aside(e)} | {
            e.id for e in links
        }
        ends = [e.id for e in inside.values() if e.id not in goes_on]
        if not ends:
            around = drawing.diagram.elements.get(scope, scope)
            yield drawing.error(LAW, around, "{it}没有结束事件，请画上一个。", "{it} has no end event; draw one.")
        ending: set[str] = set()
        waiting = list(ends)
        while waiting:
            id = waiting.pop()
            if id in ending or id not in inside:
                continue
            ending.add(id)
            waiting.extend(flow.source for flow in drawing.diagram.incoming(id))
            if inside[id].trigger.kind == "link":
                waiting.extend(e.id for e in links if e.trigger.name == inside[id].trigger.name)
        for element in inside.values():
            chosen = scope in drawing.diagram.elements and drawing.diagram.elements[scope].kind == "adHocSubProcess"
            if element.kind == "endEvent" or chosen or _stands_aside(element):
                continue
            if element.id not in goes_on:
                yield drawing.warning(
                    LAW,
                    element,
                    "{it}后面没有连线，这一支走到这里就结束。请连到下一步，或画上结束事件。",
                    "Nothing follows {it}: this branch ends there. Connect it to the next step, or draw an end event.",
                )
            elif ends and element.id not in ending:
                yield drawing.error(
                    LAW,
                    element,
                    "从{it}出发走不到任何结束事件，流程会永远打转。请给这一圈加一个出口。",
                    "No way leads from {it} to an end event: a case would go round for ever. Give the circle "
                    "a way out.",
                )


def _stands_aside(element: Element) -> bool:
    """No way leads on from what an event begins, nor from compensation."""
    return element.by_event or element.undoes or (element.kind, element.trigger.kind) == ("boundaryEvent", "compensate")
