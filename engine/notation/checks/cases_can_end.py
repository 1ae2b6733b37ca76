"""Whatever is decided, a case can still come to its end: no token goes round for ever.

无论怎样选择，办件总还能办完，不会有令牌永远打转。

Why: A case that goes round for ever is never closed: its deadline runs, and nobody can do anything about it.

为什么：永远打转的办件销不了号：期限一直在走，谁也没有办法。
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "cases_can_end"


def check(drawing: Drawing) -> Iterator[Finding]:
    for flaw in drawing.verdict.flaws:
        if flaw.kind == "endless":
            finding = drawing.error(
                LAW,
                drawing.diagram.elements[flaw.element],
                "走到{it}以后，总有一支永远打转，办件办不完。请给这一圈一个不再回头的出口。",
                "After {it} a token goes round for ever, and the case never ends. Give the circle a way out that does "
                "not come back.",
            )
            yield replace(finding, path=flaw.path, there=flaw.there)
