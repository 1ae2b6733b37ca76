"""No two elements share an id, and the process does not share its own with any of them.

任何两个元素的 id 都不相同，也不与流程本身的 id 相同。

Why: Two steps of one id are one to the record: what was done at one would be told of the other.

为什么：两个步骤同一个 id，在记录里就成了一个：办了这一步，却记成另一步。
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.notation.xml import BPMN, line_of
from engine.words.errors import Finding

LAW = "ids_are_unique"


def check(drawing: Drawing) -> Iterator[Finding]:
    first: dict[str, int | None] = {}
    for node in drawing.root.iter(f"{{{BPMN}}}*"):
        id = node.get("id")
        if id is None:
            continue
        if id in first:
            yield drawing.error(
                LAW,
                node,
                f"id“{id}”在第 {first[id]} 行已经用过，请给{{it}}换一个 id。",
                f'The id "{id}" is already used in line {first[id]}; give {{it}} another one.',
            )
        else:
            first[id] = line_of(node)
