"""A checklist in a form: one line for each thing to look at, ok or not ok or not applicable, with a note and photos.

What is looked at comes from an expression, most often a decision table that lists (COLLECT); so whoever keeps the
table keeps the checklist. The answer is a list with one context a line: all columns of the item, and `checked`
(ok · fault · na), `note`, `photos`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from engine.notation.diagram import Field
from engine.notation.expressions import evaluate

CHECKED = ("ok", "fault", "na")
MOST_LINES = 200
LONGEST_NOTE = 1_000
_OWN = frozenset({"checked", "note", "photos"})
Line = dict[str, Any]


def items(field: Field, names: Mapping[str, Any], at: datetime) -> list[Line]:
    """The lines to be checked: a text, or a context with `text` and perhaps `item` (its code), `text_en`, `photo`
    (true: a fault needs one) and columns of one's own. Without a code a line is called by its place: "1", "2" …"""
    found = evaluate(field.properties.get("items", ""), names, at=at) if field.properties.get("items") else None
    lines: list[Line] = []
    for place, one in enumerate(found if isinstance(found, list) else [], start=1):
        line = {k: v for k, v in one.items() if k not in _OWN} if isinstance(one, Mapping) else {"text": str(one)}
        line["item"] = str(line.get("item") or place)
        if line["item"] not in {other["item"] for other in lines}:
            lines.append({**line, "text": str(line.get("text") or line["item"])})
    return lines[:MOST_LINES]


def posted(raw: Sequence[str]) -> dict[str, Line]:
    """What was answered, by item, from the texts of the form (JSON, one a line). ValueError for anything else."""
    answers: dict[str, Line] = {}
    for text in raw[:MOST_LINES]:
        if not text:
            continue
        line = orjson.loads(text)
        if not isinstance(line, dict) or not isinstance(line.get("photos") or [], list):
            raise ValueError("no line of a checklist")
        checked, note = line.get("checked"), str(line.get("note") or "").replace("\x00", "").strip()
        if checked not in {*CHECKED, "", None}:
            raise ValueError("no such answer")
        photos = [ref for ref in line.get("photos") or [] if isinstance(ref, dict) and ref.get("sha")]
        answers[str(line.get("item"))] = {"checked": checked or None, "note": note[:LONGEST_NOTE], "photos": photos}
    return answers


def together(lines: Sequence[Line], answers: Mapping[str, Line]) -> list[Line]:
    """Each item with its answer, in the order of the table. What the table does not ask for is not taken."""
    blank: Line = {"checked": None, "note": "", "photos": []}
    return [{**line, **answers.get(line["item"], blank)} for line in lines]


def wrong(lines: Sequence[Line], *, required: bool) -> tuple[str, str] | None:
    """The first thing wrong, to follow the field's name."""
    left = [line for line in lines if line["checked"] is None]
    if required and left:
        return f"还有 {len(left)} 项没有选，先看“{left[0]['text']}”。", f"has {len(left)} lines left: {_en(left[0])}."
    for line in lines:
        if line["checked"] == "fault" and not line["note"]:
            return f"中“{line['text']}”不符合，须写明情况。", f"needs a note where it is not ok: {_en(line)}."
        if line["checked"] == "fault" and line.get("photo") is True and not line["photos"]:
            return f"中“{line['text']}”不符合，须拍照。", f"needs a photo where it is not ok: {_en(line)}."
    return None


def refs(field: Field, value: Any) -> list[Mapping[str, Any]]:
    """The photos and files among the value of a field: its own, or those of a checklist's lines."""
    if field.type in {"photo", "file"}:
        return list(value or [])
    if field.type == "checklist":
        return [ref for line in value or [] if isinstance(line, Mapping) for ref in line.get("photos") or []]
    return []


def _en(line: Line) -> str:
    return str(line.get("text_en") or line["text"])
