"""Public holidays and make-up working days (调休) of 2026, as facts of the State Council's yearly notice.

Source: General Office of the State Council, notice on the arrangement of some holidays in 2026, 4 November 2025.
The notice for a following year comes in November; until it is entered, only weekends are free there.
"""

from __future__ import annotations

from datetime import date, timedelta

# (first day, last day, name); the weekends inside are named too, so that the calendar's page shows whole holidays.
_REST = (
    (date(2026, 1, 1), date(2026, 1, 3), "元旦"),
    (date(2026, 2, 15), date(2026, 2, 23), "春节"),
    (date(2026, 4, 4), date(2026, 4, 6), "清明节"),
    (date(2026, 5, 1), date(2026, 5, 5), "劳动节"),
    (date(2026, 6, 19), date(2026, 6, 21), "端午节"),
    (date(2026, 9, 25), date(2026, 9, 27), "中秋节"),
    (date(2026, 10, 1), date(2026, 10, 7), "国庆节"),
)
_WORK = (
    (date(2026, 1, 4), "元旦调休上班"),
    (date(2026, 2, 14), "春节调休上班"),
    (date(2026, 2, 28), "春节调休上班"),
    (date(2026, 5, 9), "劳动节调休上班"),
    (date(2026, 9, 20), "国庆节调休上班"),
    (date(2026, 10, 10), "国庆节调休上班"),
)


def days() -> dict[date, tuple[str, str]]:
    """Day → ("rest" or "work", name), as `officers.set_calendar` takes it."""
    found = {
        first + timedelta(days=step): ("rest", name)
        for first, last, name in _REST
        for step in range((last - first).days + 1)
    }
    return found | {day: ("work", name) for day, name in _WORK}
