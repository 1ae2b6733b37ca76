"""A length of time as officers and FEEL write it: PT2H, P3D, P1M; a month is a month, not thirty days."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_ISO = re.compile(
    r"(?P<sign>-?)P(?=[\dT])(?:(?P<years>\d{1,7})Y)?(?:(?P<months>\d{1,7})M)?(?:(?P<weeks>\d{1,7})W)?(?:(?P<days>\d{1,7})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9}(?:[.,]\d{1,9})?)S)?)?"
)


def iso_parts(text: str) -> tuple[int, int, timedelta] | None:
    """Months, days and clock time of an ISO 8601 duration, or None when the text is none (`P`, `P1DPT1H`, empty).

    Days stay apart from hours because a limit of one day ends at the same time of day, also across a clock change.
    """
    found = _ISO.fullmatch(text)
    if found is None or all(value is None for name, value in found.groupdict().items() if name != "sign"):
        return None
    number = {name: int(value) for name, value in found.groupdict("0").items() if name not in ("sign", "seconds")}
    sign = -1 if found["sign"] else 1
    seconds = float((found["seconds"] or "0").replace(",", "."))
    clock = timedelta(hours=number["hours"], minutes=number["minutes"], seconds=seconds)
    return sign * (number["years"] * 12 + number["months"]), sign * (number["weeks"] * 7 + number["days"]), sign * clock


def add_months(moment: datetime, months: int) -> datetime:
    """The same day `months` later, or that month's last day where there is no such day (31 Jan + 1 = 28 or 29 Feb)."""
    if not months:
        return moment
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Duration:
    """Months (years and months) or exact time (days and time), as FEEL has them. A mix adds months first."""

    months: int = 0
    time: timedelta = timedelta(0)

    @classmethod
    def read(cls, text: str) -> Duration:
        """From ISO 8601 text; raises ValueError."""
        parts = iso_parts(text.strip())
        if parts is None:
            raise ValueError(f"not a duration: {text!r}")
        months, days, clock = parts
        return cls(months, timedelta(days=days) + clock)

    def __radd__(self, moment: datetime) -> datetime:
        """`moment + duration`: months by the calendar of the moment's zone, the rest as time that really passes."""
        if not isinstance(moment, datetime):
            return NotImplemented
        shifted = add_months(moment, self.months) if self.months else moment
        if shifted.tzinfo is None:
            return shifted + self.time
        return (shifted.astimezone(UTC) + self.time).astimezone(shifted.tzinfo)

    def __rsub__(self, moment: datetime) -> datetime:
        return NotImplemented if not isinstance(moment, datetime) else moment + -self

    def __neg__(self) -> Duration:
        return Duration(-self.months, -self.time)

    def __bool__(self) -> bool:
        return bool(self.months or self.time)

    def __str__(self) -> str:
        """ISO 8601, as FEEL reads it back."""
        negative = self.months < 0 or (self.months == 0 and self.time < timedelta(0))
        months, time = (-self.months, -self.time) if negative else (self.months, self.time)
        years, months = divmod(months, 12)
        hours, rest = divmod(time.seconds, 3600)
        minutes, whole = divmod(rest, 60)
        seconds = f"{whole}.{time.microseconds:06d}".rstrip("0") if time.microseconds else str(whole)
        day = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (time.days, "D")) if n)
        clock = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
        clock += f"{seconds}S" if seconds != "0" else ""
        if not day and not clock:
            return "PT0S"
        return ("-P" if negative else "P") + day + (f"T{clock}" if clock else "")
