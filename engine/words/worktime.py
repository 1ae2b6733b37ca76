"""Working time: which hours of which days count, when a limit that starts now runs out, and what a pause leaves of it.

A calendar knows holidays and make-up working days (调休): a Saturday that counts as work, a Wednesday that does not.
Everything is computed on the clock of the calendar's zone and given back in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

Hours = tuple[tuple[time, time], ...]
"""The shifts of one day as (start, end); an end not after its start lies on the next day: 00:00 is 24:00."""

HOME = ZoneInfo("Asia/Shanghai")
NOTHING = timedelta(0)
DAY = timedelta(days=1)
_HORIZON_DAYS = 3653  # ten years: a calendar without working time is an error to be told, not a search without end


class NoWorkTime(ValueError):
    """The calendar has too little working time within ten years of the asked moment."""

    def __init__(self, calendar: str, moment: datetime) -> None:
        self.zh = f"工作日历“{calendar}”自 {moment:%Y-%m-%d} 起十年内没有足够的工作时间，无法推算期限。"
        self.en = (
            f'Calendar "{calendar}" has too little working time in the ten years from {moment:%Y-%m-%d} for this limit.'
        )
        super().__init__(self.en)


@dataclass(frozen=True)
class Calendar:
    """Shifts per weekday (Monday is 0; a missing weekday is rest) and the days that differ from their weekday.

    A special day is "rest", "work" (the `make_up` shifts, by default those of the first working
    weekday), or its own shifts.
    A shift belongs to the day it starts on, also when it runs over midnight.
    """

    name: str
    zone: ZoneInfo
    hours: Mapping[int, Hours]
    special_days: Mapping[date, Literal["work", "rest"] | Hours] = field(default_factory=dict)
    make_up: Hours = ()

    def __post_init__(self) -> None:
        special = self.special_days.values()
        for shifts in (*self.hours.values(), self.make_up, *(day for day in special if not isinstance(day, str))):
            for (start, end), (following, _) in pairwise(shifts):
                if not start < end <= following:  # only the last shift may run over midnight
                    raise ValueError(f"calendar {self.name!r}: shifts overlap or are out of order: {shifts}")
        object.__setattr__(self, "hours", MappingProxyType(dict(self.hours)))
        object.__setattr__(self, "special_days", MappingProxyType(dict(self.special_days)))
        if not self.make_up:
            first = next((shifts for _, shifts in sorted(self.hours.items()) if shifts), ())
            object.__setattr__(self, "make_up", first)

    def shifts(self, day: date) -> Hours:
        special = self.special_days.get(day)
        if special is None:
            return self.hours.get(day.weekday(), ())
        if special == "rest":
            return ()
        return self.make_up if special == "work" else special

    def is_work_day(self, day: date) -> bool:
        return bool(self.shifts(day))

    def local_day(self, moment: datetime) -> date:
        """The date on the wall of the calendar's zone; refuses a moment without zone."""
        if moment.tzinfo is None:
            raise ValueError("a moment must know its zone")
        return moment.astimezone(self.zone).date()

    def wall(self, day: date, clock: time | timedelta) -> datetime:
        """The moment at which the zone's wall clock shows `clock` on `day`; 24:00 is `DAY`."""
        midnight = datetime.combine(day, time(0))
        local = midnight + clock if isinstance(clock, timedelta) else datetime.combine(day, clock)
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def end_of_day(self, moment: datetime) -> datetime:
        """24:00 of the moment's day."""
        return self.wall(self.local_day(moment), DAY)

    def end_of_work_day(self, moment: datetime) -> datetime:
        """When work ends today; once it has ended, and on days of rest, when the next working day ends."""
        return next(end for day in self._work_days(moment) if (end := self._close(day)) > moment)

    def next_work_moment(self, moment: datetime) -> datetime:
        """The moment itself in working time, otherwise the start of the next shift."""
        for start, end in self._segments(moment):
            if end > moment:
                return max(start, moment).astimezone(UTC)
        raise NoWorkTime(self.name, moment)

    def add_work_time(self, start: datetime, length: timedelta) -> datetime:
        """The first moment with `length` of working time since `start`; negative lengths count back to the last one."""
        if length == NOTHING:
            return start.astimezone(UTC)
        left = abs(length)
        if length > NOTHING:
            for opens, closes in self._segments(start):
                opens = max(opens, start)
                if closes - opens >= left:
                    return (opens + left).astimezone(UTC)
                left -= max(closes - opens, NOTHING)
        else:
            for opens, closes in self._segments_back(start):
                closes = min(closes, start)
                if closes - opens >= left:
                    return (closes - left).astimezone(UTC)
                left -= max(closes - opens, NOTHING)
        raise NoWorkTime(self.name, start)

    def work_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.work_time_between(end, start)
        total = NOTHING
        for opens, closes in self._segments(start, until=end):
            total += max(min(closes, end) - max(opens, start), NOTHING)
        return total

    def next_work_day(self, day: date) -> date:
        """The first working day after `day`."""
        return next(later for later in self._work_days(self.wall(day, time(0))) if later > day)

    def add_work_days(self, start: datetime, days: int) -> datetime:
        """When work ends on the `days`-th working day after the day of `start`.

        The day of the start does not count and the last day ends with business hours (Civil Code of the PRC, art. 201
        and 203). Nought working days is the end of the current working day.
        """
        if days < 0:
            raise ValueError("working days are counted forward")
        if days == 0:
            return self.end_of_work_day(start)
        today = self.local_day(start)
        after = (day for day in self._work_days(start) if day > today)
        return next(self._close(day) for count, day in enumerate(after, 1) if count == days)

    def _close(self, day: date) -> datetime:
        """When the last shift of a working day ends."""
        starts, ends = self.shifts(day)[-1]
        return self.wall(day if ends > starts else day + DAY, ends)

    def _work_days(self, moment: datetime) -> Iterator[date]:
        """Working days of ten years, from the eve of the moment's day (whose night shift may still run)."""
        eve = self.local_day(moment) - DAY
        yield from (day for step in range(_HORIZON_DAYS) if self.is_work_day(day := eve + step * DAY))
        raise NoWorkTime(self.name, moment)

    def _day_segments(self, day: date) -> list[tuple[datetime, datetime]]:
        """The shifts of a day as moments, less what the night shift of its eve already covers."""
        eve = day - DAY
        covered = self._close(eve) if self.is_work_day(eve) else self.wall(day, time(0))
        found = []
        for starts, ends in self.shifts(day):
            opens = max(self.wall(day, starts), covered)
            closes = self.wall(day if ends > starts else day + DAY, ends)
            if opens < closes:  # a shift inside the hour that a clock change skips has no length
                found.append((opens, closes))
        return found

    def _segments(self, moment: datetime, until: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """Shifts in order from the moment's eve to the day of `until`, or for ten years."""
        eve = self.local_day(moment) - DAY
        days = (self.local_day(until) - eve).days + 1 if until else _HORIZON_DAYS
        for step in range(days):
            yield from self._day_segments(eve + step * DAY)

    def _segments_back(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        last = self.local_day(moment)
        for step in range(_HORIZON_DAYS):
            yield from reversed(self._day_segments(last - step * DAY))


def always(zone: ZoneInfo) -> Calendar:
    """24 × 7: every minute counts (emergencies)."""
    return Calendar("always", zone, {weekday: ((time(0), time(0)),) for weekday in range(7)})


ALWAYS = always(HOME)
