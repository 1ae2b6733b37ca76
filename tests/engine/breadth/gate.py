"""Why a small diagram would not be published. Whom its tasks are for and what things are called is not asked."""

from __future__ import annotations

from engine.notation.checks import check
from engine.words.errors import Finding

ASIDE = {"tasks_have_a_role", "labels_are_bilingual", "topics_are_known", "decisions_exist", "picture_is_complete"}


def errors(xml: str | bytes) -> list[Finding]:
    content = xml.encode() if isinstance(xml, str) else xml
    return [f for f in check(content, {}) if f.severity == "error" and f.law not in ASIDE]


def refused(xml: str | bytes, law: str, element: str = "") -> bool:
    """Whether this law refuses it, at this element, in both languages."""
    found = [f for f in errors(xml) if f.law == law and (not element or f.element == element)]
    return bool(found) and all(len(f.zh) > 8 and len(f.en) > 16 and f.zh != f.en for f in found)
