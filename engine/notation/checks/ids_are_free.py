"""An id is a plain word of at most 100 letters, digits, "_", "-" or ".", and none that the engine keeps for itself.

id 是不超过 100 个字符的一个词（字母、数字、“_”“-”“.”），且不占用引擎自用的名字。

Why: Ids become names in expressions, addresses and records; one with other signs, or one the engine uses itself,
would mean something else there.

为什么：id 会成为表达式、地址和记录里的名字；用了别的符号或引擎自用的名字，在那里就成了别的意思。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "ids_are_free"
RESERVED = frozenset({"Start", "End", "Root"})
RESERVED_ENDINGS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin")
_PLAIN = re.compile(r"[^\W\d][\w.\-]{0,99}")
# The id of a process is also a folder, part of an address, and a column.
_PROCESS = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,99}")


def check(drawing: Drawing) -> Iterator[Finding]:
    process = drawing.diagram.process
    if not _PROCESS.fullmatch(process):
        yield drawing.error(
            LAW,
            process,
            f"流程 id“{process[:120]}”只能用英文字母、数字、“_”“-”“.”，以字母开头，不超过 100 个字符。",
            f'The process id "{process[:120]}" may only have letters, digits, "_", "-" and ".", starting with '
            "a letter, "
            "at most 100.",
        )
    for thing in drawing.things:
        if thing.id in RESERVED or thing.id.endswith(RESERVED_ENDINGS):
            yield drawing.error(
                LAW,
                thing,
                f"{{it}}的 id“{thing.id}”是引擎自用的名字，请换一个。",
                f'{{it}} has the id "{thing.id}", which the engine keeps for itself; choose another.',
            )
        elif thing.id and not _PLAIN.fullmatch(thing.id):
            yield drawing.error(
                LAW,
                thing,
                f"{{it}}的 id“{thing.id[:120]}”太长或含有空格、标点，请改成不超过 100 个字符的单词。",
                f'The id "{thing.id[:120]}" of {{it}} is too long or has spaces or signs in it; '
                "make it one word of at most 100 characters.",
            )
