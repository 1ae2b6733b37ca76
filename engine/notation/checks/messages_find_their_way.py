"""A message that is sent has somebody who awaits it, and one that is awaited has somebody who sends it.

发出的消息有流程接收，等待的消息有流程发出。

Why: A message nobody awaits lies among those not received for ever; a step that awaits one nobody sends never goes on.
One that comes from or goes to a program outside says so.

为什么：没有流程接收的消息会一直躺在“消息”页；等待没人发出的消息，这一步永远走不下去。来自或发往外部程序的，请写明。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.diagram import Element
from engine.notation.neighbours import is_awaiting, is_sender, neighbour
from engine.notation.xml import BPMN
from engine.words.errors import Finding

LAW = "messages_find_their_way"


def check(drawing: Drawing) -> Iterator[Finding]:
    others = drawing.known.others
    if others is None:
        return  # away from its city nothing is known of who else there is
    around = [neighbour(drawing.diagram), *(each for id, each in others.items() if id != drawing.diagram.process)]
    sent = frozenset[str]().union(*(each.sends for each in around))
    awaited = frozenset[str]().union(*(each.awaits for each in around))
    drawn = _drawn(drawing)
    for element in drawing.diagram.elements.values():
        name = element.trigger.name.strip()
        if not name or name.startswith("=") or element.id in drawn or element.property("outside").strip():
            continue
        if is_sender(element) and name not in awaited:
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}发出的消息“{name}”没有任何流程接收。请画上接收的一方；发往外部的，用属性 outside 写明是谁。",
                f'Nobody awaits the message "{name}" that {{it}} sends. Draw who receives it; if it goes outside, '
                "name who takes it in the property outside.",
            )
        if is_awaiting(element) and name not in sent and not _by_hand(element):
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}等待的消息“{name}”没有任何流程发出。请画上发出的一方；来自外部的，用属性 outside 写明是谁。",
                f'Nobody sends the message "{name}" that {{it}} awaits. Draw who sends it; if it comes from outside, '
                "name who sends it in the property outside.",
            )


def _by_hand(element: Element) -> bool:
    """An officer presses a button instead."""
    return bool(element.property("button").strip())


def _drawn(drawing: Drawing) -> frozenset[str]:
    """What a message flow joins with a pool of which only the name is drawn: that is outside."""
    pools = {node.get("id") for node in drawing.root.iter(f"{{{BPMN}}}participant") if not node.get("processRef")}
    found = set[str]()
    for flow in drawing.root.iter(f"{{{BPMN}}}messageFlow"):
        ends = (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        if pools.intersection(ends):
            found.update(ends)
    return frozenset(found)
