"""When the timers of a diagram would fire, if they began to wait now: told to whoever draws them."""

from __future__ import annotations

from datetime import datetime

from engine.notation.diagram import Diagram
from engine.notation.timings import is_plain_timing, next_firings
from engine.words.calendar import Calendar, LimitNotReadable, NoWorkTime
from engine.words.recurrence import CycleNotReadable


def firings_in(diagram: Diagram, *, calendar: Calendar, at: datetime, most: int = 3) -> dict[str, list[datetime]]:
    """By element, up to `most` moments each, of the timers whose time is written out; one that is an expression depends
    on the case, and one that cannot be read is told by the laws: both are left out."""
    found: dict[str, list[datetime]] = {}
    for element in diagram.elements.values():
        text = element.trigger.text
        if element.trigger.kind == "timer" and is_plain_timing(text):
            try:
                found[element.id] = next_firings(text, at=at, calendar=calendar, most=most)
            except (LimitNotReadable, CycleNotReadable, NoWorkTime):
                continue
    return found
