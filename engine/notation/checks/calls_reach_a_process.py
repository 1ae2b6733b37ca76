"""A call activity names a process that is published, and says what is handed over to whom.

调用活动指明已发布的流程，并说清传什么、传给谁。

Why: A call that reaches nobody stops the running case in the middle of its way.

为什么：调用的流程不存在，办件走到这里就停住，而且是在办理当中。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.checks.places import is_juel
from engine.notation.diagram import Element
from engine.words.errors import Finding

LAW = "calls_reach_a_process"


def check(drawing: Drawing) -> Iterator[Finding]:
    for element in drawing.diagram.elements.values():
        if element.kind == "callActivity":
            yield from _called(drawing, element)
            yield from handed(drawing, element, LAW)


def _called(drawing: Drawing, element: Element) -> Iterator[Finding]:
    name, known = element.calls, drawing.known.processes
    if not name:
        yield drawing.error(
            LAW,
            element,
            "{it}没有指明要调用的流程，请选择一个已发布的流程。",
            "{it} names no process to call; choose one that is published.",
        )
    elif not name.startswith("=") and not is_juel(name) and name != drawing.diagram.process and name not in known:
        say = drawing.error if known else drawing.warning  # away from its city nothing is known
        yield say(
            LAW,
            element,
            f"{{it}}调用的流程“{name}”没有发布。请先发布它，或改选已发布的流程。",
            f'{{it}} calls the process "{name}", which is not published. Publish it first, or choose another.',
        )


def handed(drawing: Drawing, element: Element, law: str) -> Iterator[Finding]:
    """What goes over to a called process, or a program outside, and comes back."""
    for one in (*element.hands_in, *element.hands_out):
        if not one.everything and not one.target:
            what = one.source or one.expression
            yield drawing.error(
                law,
                element,
                f"{{it}}传递“{what}”，但没有写传给哪个变量（target）。",
                f'{{it}} hands over "{what}" but does not say to which variable (target).',
            )
    for one in element.hands_in:
        if one.source and one.source not in drawing.variables.names:
            yield drawing.warning(
                law,
                element,
                f"{{it}}要传入变量“{one.source}”，但图中没有任何地方给出它。",
                f'{{it}} hands over the variable "{one.source}", which nothing in the diagram gives.',
            )
