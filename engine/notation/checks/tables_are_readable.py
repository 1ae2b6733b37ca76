"""Every decision table beside the diagram can be read, cell by cell, and no decision stands in two of them.

图旁的每个决策表逐格都能读懂，同一决策不在两个文件中重复。
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notation.checks.drawing import Drawing
from engine.words.errors import Finding

LAW = "tables_are_readable"
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}\.dmn")


def check(drawing: Drawing) -> Iterator[Finding]:
    return findings(drawing.tables)
