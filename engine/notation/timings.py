"""What a timer's text may be without being an expression: a moment, a limit, a cycle; and when it would fire."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from itertools import islice

from engine.words.calendar import Calendar, LimitNotReadable, due, read_limit
from engine.words.recurrence import CycleNotReadable, firings, read_cycle

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
    """R3/PT1H, R/P1D, R/次工作日 9:00, 0 9 * * MON-FRI: again and again, so many times or for ever."""
    try:
        read_cycle(text)
    except CycleNotReadable:
        return False
    return True


@lru_cache(maxsize=4096)
def is_plain_timing(text: str) -> bool:
    """Whether a timer's body is a literal moment, limit or cycle, and so no expression."""
    return is_moment(text) or is_cycle(text) or is_limit(text)


def next_firings(text: str, *, at: datetime, calendar: Calendar, most: int = 3) -> list[datetime]:
    """When a literal timer that is set at `at` fires: once for a moment or a limit, up to `most` times for a cycle; in
    UTC. A moment that has passed fires at once. Raises `LimitNotReadable`, `CycleNotReadable`, `NoWorkTime`."""
    plain = text.strip()
    if is_moment(plain):
        told = datetime.fromisoformat(plain)
        return [max(told if told.tzinfo else told.replace(tzinfo=calendar.zone), at)]
    if is_limit(plain):
        return [due(read_limit(plain), at, calendar)]
    return list(islice(firings(read_cycle(plain), since=at, calendar=calendar), most))
