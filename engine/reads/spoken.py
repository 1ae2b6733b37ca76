"""Moments, days and lengths of time as they are spoken of."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

from engine.words.calendar import Limit, LimitNotReadable, read_limit
from engine.words.terms import Term

_ISO_DAY = re.compile(r"(?<![\d-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\dT-])")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(value: datetime | str | None, zone: tzinfo, *, year: int | None = None) -> Term:
    """Like 11月22日 24:00: midnight belongs to the day that ends, as deadlines are spoken of. The year is said unless
    it is `year`. What is no moment is left as it is."""
    told = _read(value) if isinstance(value, str) else value
    if told is None:
        return Term(value or "", value or "") if isinstance(value, str) else Term("", "")
    here = told.astimezone(zone)
    clock = f"{here:%H:%M}"
    if clock == "00:00":
        here, clock = here - timedelta(days=1), "24:00"
    said = day(here.date(), year=year)
    return Term(f"{said.zh} {clock}", f"{said.en} {clock}")


def day(value: date, *, year: int | None = None) -> Term:
    zh, en = f"{value.month}月{value.day}日", f"{value.day} {_MONTHS[value.month - 1]}"
    return Term(zh, en) if value.year == year else Term(f"{value.year}年{zh}", f"{en} {value.year}")


def days_in(text: str) -> str:
    """The days in a Chinese title as a paper writes them: 2026-03-02 → 2026年3月2日."""
    return _ISO_DAY.sub(lambda found: f"{found[1]}年{int(found[2])}月{int(found[3])}日", text)


def day_in(text: str) -> date | None:
    """The first such day, if there is one in the calendar."""
    found = _ISO_DAY.search(text)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:  # the thirtieth of February
        return None


def span(seconds: float) -> Term:
    """A length of time, to the minute: 1天3小时."""
    days, rest = divmod(round(abs(seconds) / 60), 24 * 60)
    hours, minutes = divmod(rest, 60)
    zh = [f"{n}{unit}" for n, unit in ((days, "天"), (hours, "小时"), (minutes, "分")) if n] or ["0分"]
    en = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if n] or ["0 min"]
    return Term("".join(zh), " ".join(en))


def limit(text: str) -> Term:
    """A limit as people say it: "PT2H" is 2小时, "same day" is 当日. What is none is left as it is."""
    try:
        read = read_limit(text)
    except LimitNotReadable:
        return Term(text, text)
    if read.kind == "end of work day":
        return Term("下班前", "end of work day")
    if read.kind in {"day", "work day"}:
        return _named_day(read)
    if read.kind == "work days":
        return Term(f"{read.days}个工作日", f"{read.days} work day{'s' * (read.days != 1)}")
    zh, en = _months(read.months)
    if read.days:
        zh, en = f"{zh}{read.days}天", f"{en} {read.days} d"
    if read.time:
        hours = span(read.time.total_seconds())
        zh, en = f"{zh}{hours.zh}", f"{en} {hours.en}"
    working = read.kind == "work time"
    return Term(f"工作时间{zh}" if working else zh, f"{en.strip()} of work time" if working else en.strip())


def _months(months: int) -> tuple[str, str]:
    return (f"{months}个月", f"{months} months") if months else ("", "")


def _named_day(read: Limit) -> Term:
    if read.kind == "day":
        names = {0: ("当日", "same day"), 1: ("次日", "next day")}
        zh, en = names.get(read.days, (f"{read.days}天后", f"in {read.days} days"))
    else:
        names = {1: ("次一工作日", "next work day")}
        zh, en = names.get(read.days, (f"{read.days}个工作日后", f"in {read.days} work days"))
    minutes = round(read.time.total_seconds() / 60)
    if minutes in (0, 24 * 60):
        return Term(zh, en)
    clock = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return Term(f"{zh}{clock}", f"{en} {clock}")


def _read(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else None
