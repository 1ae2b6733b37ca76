"""Limits: what "3 work days", "当日" or PT2H means, when it runs out on a working calendar, what a pause leaves."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal

from engine.words.durations import add_months, iso_parts
from engine.words.worktime import ALWAYS, DAY, NOTHING, Calendar, Hours, NoWorkTime, always

__all__ = [
    "ALWAYS",
    "Calendar",
    "Hours",
    "Limit",
    "LimitNotReadable",
    "NoWorkTime",
    "Remaining",
    "always",
    "due",
    "read_limit",
    "remaining",
    "resume",
    "share_of",
]


class LimitNotReadable(ValueError):
    """The text is no limit; `zh` and `en` say so to the designer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.zh = (
            f"看不懂期限“{text}”。可以写：2小时、2工作时、3工作日、3天、当日、下班前、次日12:00、PT2H、P1D；"
            "须大于零，不超过十年。"
        )
        self.en = (
            f'"{text}" is no limit. Write for example: 2 hours, 2 work hours, 3 work days, 3 days, same day, '
            "end of work day, next day 12:00, PT2H, P1D; more than nothing and at most ten years."
        )
        super().__init__(self.en)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit read from text. What the fields mean depends on `kind`:

    span: `months` and `days` by the wall clock, then `time` as it passes; work time: `time` inside the shifts;
    work days: `days` after the first; end of work day: nothing more; day / work day: `time` o'clock of the day that
    is `days` (working) days after the start's day, which may lie before the start.
    """

    text: str
    kind: Literal["span", "work time", "work days", "end of work day", "day", "work day"]
    months: int = 0
    days: int = 0
    time: timedelta = NOTHING

    @property
    def working(self) -> bool:
        """Whether the limit is measured in working time; its shares and what a pause leaves are then, too."""
        return "work" in self.kind


@dataclass(frozen=True, slots=True)
class Remaining:
    """What was left of a limit when it was paused; negative when it was already overdue."""

    time: timedelta
    working: bool


_NUMBER = r"(?P<number>\d{1,6}(?:\.\d{1,3})?|[〇零一二两三四五六七八九十]{1,3})"
_UNITS = {
    "minutes": r"minutes?|mins?|分钟?",
    "hours": r"hours?|hrs?|h|小时|钟头|时",
    "days": r"days?|d|日|天",
    "weeks": r"weeks?|周|星期|礼拜",
    "months": r"months?|月",
    "years": r"years?|年",
}
_AMOUNT = re.compile(
    _NUMBER
    + r"[\s-]*个?\s*(?P<work>work(?:ing)?|business|工作)?[\s-]*(?:"
    + "|".join(f"(?P<{unit}>{spellings})" for unit, spellings in _UNITS.items())
    + r")(?:之?内|以内)?"
)
_CLOCK = r"(?:\s*(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d)|[点时](?:(?P<minutes>[0-5]?\d)分|整)?))?\s*前?"
_NAMED_DAYS: dict[tuple[Literal["day", "work day"], int], str] = {
    ("day", 0): r"same day|today|当日|当天|今日|今天",
    ("day", 1): r"next day|tomorrow|次日|翌日|第二天|明日|明天",
    ("work day", 1): r"next work(?:ing)? day|next business day|[次下]一?个?工作日",
}
_END_OF_WORK_DAY = re.compile(
    r"end of (?:the )?(?:work(?:ing)?|business) day|close of business|(?:当日|当天|今日|今天)?下班(?:以?前|时)?"
)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@lru_cache(maxsize=1024)
def read_limit(text: str) -> Limit:
    """Reads every spelling of a limit, Chinese and English, and ISO 8601 durations; raises LimitNotReadable."""
    plain = " ".join(unicodedata.normalize("NFKC", text).strip().lower().split())
    limit = _iso(text, plain) or _amount(text, plain) or _named(text, plain)
    if limit is None or not _within_bounds(limit):
        raise LimitNotReadable(text)
    return limit


def _within_bounds(limit: Limit) -> bool:
    if limit.kind in ("day", "work day"):
        return NOTHING <= limit.time <= DAY
    days = limit.months * 31 + limit.days
    return limit.kind == "end of work day" or (days <= 3720 and NOTHING < days * DAY + limit.time <= 3720 * DAY)


def _iso(text: str, plain: str) -> Limit | None:
    parts = iso_parts(plain.upper())
    return parts and Limit(text, "span", *parts)


def _amount(text: str, plain: str) -> Limit | None:
    found = _AMOUNT.fullmatch(plain)
    number = _number(found["number"]) if found else None
    if found is None or number is None:
        return None
    unit = next(name for name in _UNITS if found[name])
    if unit in ("minutes", "hours"):
        length = timedelta(**{unit: number})
        return Limit(text, "work time" if found["work"] else "span", time=length)
    if not number.is_integer():
        return None
    whole = int(number)
    if found["work"]:
        return Limit(text, "work days", days=whole) if unit == "days" else None
    if unit in ("days", "weeks"):
        return Limit(text, "span", days=whole * (7 if unit == "weeks" else 1))
    return Limit(text, "span", months=whole * (12 if unit == "years" else 1))


def _named(text: str, plain: str) -> Limit | None:
    if _END_OF_WORK_DAY.fullmatch(plain):
        return Limit(text, "end of work day")
    for (kind, days), spellings in _NAMED_DAYS.items():
        if found := re.fullmatch(rf"(?:{spellings}){_CLOCK}", plain):
            if found["hour"] is None:
                return Limit(text, "day", days=days, time=DAY) if kind == "day" else Limit(text, "work days", days=days)
            minutes = int(found["minute"] or found["minutes"] or 0)
            return Limit(text, kind, days=days, time=timedelta(hours=int(found["hour"]), minutes=minutes))
    return None


def _number(text: str) -> float | None:
    """Digits, or Chinese numerals up to ninety-nine; None for anything else."""
    if text[0].isdigit() and text.isascii():
        return float(text)
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return None
    return (_DIGITS[tens] if tens else 1 if ten else 0) * 10.0 + (_DIGITS[ones] if ones else 0)


def due(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """When a limit that starts at `start` runs out, in UTC; raises NoWorkTime when the calendar never gets there."""
    match limit.kind:
        case "span":
            if not (limit.months or limit.days):  # as it passes, whatever the wall clock shows
                return start.astimezone(UTC) + limit.time
            begins = start.astimezone(calendar.zone)
            local = add_months(begins.replace(tzinfo=None), limit.months) + limit.days * DAY
            moved = local.replace(tzinfo=calendar.zone, fold=begins.fold).astimezone(UTC)
            return moved + limit.time
        case "work time":
            return calendar.add_work_time(start, limit.time)
        case "work days":
            return calendar.add_work_days(start, limit.days)
        case "end of work day":
            return calendar.end_of_work_day(start)
        case "day":
            return calendar.wall(calendar.local_day(start) + limit.days * DAY, limit.time)
        case "work day":
            return calendar.wall(calendar.next_work_day(calendar.local_day(start)), limit.time)


def remaining(limit: Limit | None, due: datetime, at: datetime, calendar: Calendar) -> Remaining:
    """What is left until `due` when the clock is paused at `at`: working time, or plain time where the limit is plain.

    Without a limit (the deadline was set as a moment) working time counts.
    """
    working = limit is None or limit.working
    return Remaining(calendar.work_time_between(at, due) if working else due - at, working)


def resume(left: Remaining, at: datetime, calendar: Calendar) -> datetime:
    """The new due moment of a clock that goes on at `at`; one that was overdue stays overdue by as much."""
    return calendar.add_work_time(at, left.time) if left.working else at.astimezone(UTC) + left.time


def share_of(
    start: datetime, due: datetime, share: float, calendar: Calendar, *, limit: Limit | None = None
) -> datetime:
    """The moment at which `share` (0.8: four fifths) of the time from `start` to `due` has passed: the near-due moment.

    Working time, unless the limit is plain time or no working time lies between the two.
    """
    plain = limit is not None and not limit.working
    whole = NOTHING if plain else calendar.work_time_between(start, due)
    if whole <= NOTHING:
        return (start + (due - start) * share).astimezone(UTC)
    return calendar.add_work_time(start, whole * share)
