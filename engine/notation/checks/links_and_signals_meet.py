"""A link leads to the one catch event of its name in the same scope; a signal is thrown and awaited somewhere.

链接事件通向同一层的唯一同名捕获事件；信号有人发出、有人等待。

Why: A link that meets nothing loses the case; a signal that nobody waits for, or nobody sends, is a way that never
goes on.

为什么：链接接不上，办件就丢了；信号没有人等或没有人发，那条路就走不下去。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "links_and_signals_meet"
THROWING = frozenset({"intermediateThrowEvent", "endEvent"})


def check(drawing: Drawing) -> Iterator[Finding]:
    for scope in drawing.scopes:
        yield from _links(drawing, scope)
    signals = [e for e in drawing.diagram.elements.values() if e.trigger.kind == "signal"]
    thrown = {e.trigger.name for e in signals if e.kind in THROWING}
    awaited = {e.trigger.name for e in signals if e.kind not in THROWING}
    for element in signals:
        name = element.trigger.name
        begins = element.kind == "startEvent" and element.inside == drawing.diagram.process
        if element.kind not in THROWING and not begins and name not in thrown:
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}等待信号“{name}”，图中没有任何地方发出它，只能由其他流程的办件发出。",
                f'{{it}} waits for the signal "{name}", which nothing in the diagram throws: only cases of other '
                "processes can.",
            )
        if element.kind in THROWING and name not in awaited:
            yield drawing.warning(
                LAW,
                element,
                f"{{it}}发出信号“{name}”，图中没有人等它，只有其他办件能收到。",
                f'{{it}} throws the signal "{name}", for which nothing in the diagram waits: only other cases can '
                "hear it.",
            )


def _links(drawing: Drawing, scope: str) -> Iterator[Finding]:
    links = [e for e in drawing.within(scope) if e.trigger.kind == "link"]
    thrown = [e for e in links if e.kind == "intermediateThrowEvent"]
    caught = [e for e in links if e.kind == "intermediateCatchEvent"]
    for element in thrown:
        if sum(e.trigger.name == element.trigger.name for e in caught) != 1:
            yield drawing.error(
                LAW,
                element,
                f"{{it}}是链接“{element.trigger.name}”，同一层必须恰好有一个同名的链接捕获事件。",
                f'{{it}} is the link "{element.trigger.name}"; there must be exactly one link catch event of that '
                "name in the same scope.",
            )
        if drawing.diagram.outgoing(element.id):
            yield drawing.error(
                LAW,
                element,
                "{it}是链接抛出事件，后面不能再连线。",
                "{it} is a link throw event; no flow may leave it.",
            )
    for element in caught:
        if all(e.trigger.name != element.trigger.name for e in thrown):
            yield drawing.error(
                LAW,
                element,
                f"{{it}}是链接“{element.trigger.name}”，但没有通向它的同名链接抛出事件。",
                f'{{it}} is the link "{element.trigger.name}", but no link throw event of that name leads to it.',
            )
        if drawing.diagram.incoming(element.id):
            yield drawing.error(
                LAW,
                element,
                "{it}是链接捕获事件，不能有流入的连线。",
                "{it} is a link catch event; no flow may lead to it.",
            )
