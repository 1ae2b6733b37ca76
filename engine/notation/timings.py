"""What a timer's text may be without being an expression: a moment, a limit, a cycle."""

from __future__ import annotations

import re

from engine.words.calendar import LimitNotReadable, read_limit
from engine.words.durations import iso_parts

_CYCLE = re.compile(r"R(?!0+/)\d*/(.+)")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?")


def is_moment(text: str) -> bool:
    return _MOMENT.fullmatch(text.strip()) is not None


def is_limit(text: str) -> bool:
    if len(text) > 100:
        return False
    try:
        read_limit(text)
    except LimitNotReadable:
        return False
    return True


def is_cycle(text: str) -> bool:
    """R3/PT1H, R/P1D: repeated so many times (or for ever), each after a duration."""
    found = _CYCLE.fullmatch(text.strip())
    return found is not None and iso_parts(found[1]) is not None


def is_plain_timing(text: str) -> bool:
    """Whether a timer's body is a literal moment, limit or cycle, and so no expression."""
    return is_moment(text) or is_cycle(text) or is_limit(text)
