"""What is in the decision tables beside a diagram: which decisions, under which id, in which file."""

from __future__ import annotations

from collections.abc import Mapping

from engine.notation.xml import local, open_xml
from engine.words.errors import NotPublishable


def decisions_in(tables: Mapping[str, str]) -> dict[str, str]:
    """Decision id → file name, of every file that can be read (`tables_are_readable` tells of the others)."""
    found: dict[str, str] = {}
    for name, text in tables.items():
        try:
            root = open_xml(text.encode())
        except NotPublishable:
            continue
        for node in root:
            if local(node) == "decision" and node.get("id"):
                found.setdefault(node.get("id", ""), name)
    return found
