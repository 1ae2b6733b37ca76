"""Several words in one text, with commas between them, as a property of a diagram lists them."""

from __future__ import annotations


def listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
