"""The designer's room: who may come in, and the two words its pages share."""

from __future__ import annotations

from flask import Blueprint

from engine.notation.differences import Difference
from webui import guards

room = Blueprint("designer", __name__, url_prefix="/designer")
guards.for_roles(room, "designer", "auditor", "admin")


@room.app_template_global("marks")
def _marks(changes: list[Difference]) -> list[dict[str, str]]:
    """Differences as the two drawings mark them: a sentence on each element."""
    return [
        {
            "element": change.element,
            "what": change.what,
            "zh": _arrow(change.what_zh, change.before, change.after),
            "en": _arrow(change.what_en, change.before, change.after),
        }
        for change in changes
    ]


def _arrow(what: str, before: str | None, after: str | None) -> str:
    return f"{what}: {(before or '–')[:80]} → {(after or '–')[:80]}"
