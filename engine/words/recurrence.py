"""What comes again and again: R3/PT1H, R/2026-01-31/P1M, R/下一工作日 9:00, or a cron line; and when it comes next.

A cycle keeps its beat: the k-th firing is counted from where the cycle began, not from the one before, so the last day
of January comes again on the last day of every month, nine o'clock stays nine o'clock when the clocks change, and a
worker that was late does not push the rest along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cronsim import CronSim, CronSimError

from engine.words.calendar import Limit, LimitNotReadable, due, read_limit
from engine.words.worktime import NOTHING, Calendar

_CYCLE = re.compile(r"R(?P<times>\d{0,9})/(?P<rest>[^\s].*)", re.DOTALL)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?")
_CRON = re.compile(r"[\d*?/,\-#LWA-Za-z]+(?:\s+[\d*?/,\-#LWA-Za-z]+){4,5}")
_NAMED = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_LONGEST_SEARCH = 400  # steps towards a moment, after an estimate brought us near


class CycleNotReadable(ValueError):
    """The text is no cycle; `zh` and `en` say so to the designer."""

    def __init__(self, text: str) -> None:
        self.zh = (
            f"看不懂周期“{text}”。可以写：R/P1D（每天）、R3/PT1H（三次，每小时）、R/2026-01-31T09:00/P1M（从该时刻起每月）、"
            "R/次工作日 9:00（每个工作日九点），或 cron：0 9 * * MON-FRI。"
        )
        self.en = (
            f'"{text}" is no cycle. Write for example R/P1D (daily), R3/PT1H (three times, hourly), '
            "R/2026-01-31T09:00/P1M (monthly from then), R/next work day 9:00, or a cron line: 0 9 * * MON-FRI."
        )
        super().__init__(self.en)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle read from text. `times` None: without end. `begins` fires, too; without it the first firing is one step
    after the cycle was set. Nothing fires after `ends`. Either `every` or `cron` is there."""

    text: str
    times: int | None = None
    begins: str | None = None
    ends: str | None = None
    every: Limit | None = None
    cron: str | None = None


@lru_cache(maxsize=1024)
def read_cycle(text: str) -> Cycle:
    """An ISO 8601 repetition, whose step may be any limit (P1M, 2 work hours, 次工作日 9:00), or a cron line of five
    fields, or of six (seconds first). Raises `CycleNotReadable`."""
    plain = text.strip()
    if len(plain) > 200:
        raise CycleNotReadable(plain[:60] + "…")
    found = _CYCLE.fullmatch(plain)
    if found is None:
        return Cycle(plain, cron=_cron(plain))
    parts = [part.strip() for part in found["rest"].split("/")]
    begins = parts.pop(0) if len(parts) > 1 and _MOMENT.fullmatch(parts[0]) else None
    ends = parts.pop() if len(parts) > 1 and _MOMENT.fullmatch(parts[-1]) else None
    times = int(found["times"]) if found["times"] else None
    try:
        for moment in (begins, ends):
            if moment is not None:
                datetime.fromisoformat(moment)
        if len(parts) != 1 or times == 0:
            raise CycleNotReadable(plain)
        return Cycle(plain, times, begins, ends, every=read_limit(parts[0]))
    except (LimitNotReadable, ValueError) as error:
        raise CycleNotReadable(plain) from error


def _cron(text: str) -> str:
    """The line with five fields where seconds are plain zero (clock changes are then minded as cron does), else six."""
    line = _NAMED.get(text.lower(), text)
    if _CRON.fullmatch(line) is None:
        raise CycleNotReadable(text)
    fields = line.replace("?", "*").split()
    if len(fields) == 6 and fields[0] == "0":
        fields = fields[1:]
    line = " ".join(fields)
    try:
        CronSim(line, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise CycleNotReadable(text) from error
    return line


def comes_next(cycle: Cycle, *, anchor: datetime, after: datetime, calendar: Calendar) -> datetime | None:
    """The first firing later than `after`, in UTC, of a cycle that was set at `anchor`; None when there is none.

    Days, months and cron follow the wall clock of the calendar's zone. Raises `NoWorkTime` as limits do."""
    moment = _after(cycle, anchor, after, calendar)
    if moment is None or (cycle.ends is not None and moment > _told(cycle.ends, calendar)):
        return None
    return moment


def firings(cycle: Cycle, *, since: datetime, calendar: Calendar) -> Iterator[datetime]:
    """All firings of a cycle set at `since`, one after the other, as many as its count says."""
    done, after = 0, since
    while cycle.times is None or done < cycle.times:
        moment = comes_next(cycle, anchor=since, after=after, calendar=calendar)
        if moment is None:
            return
        yield moment
        done, after = done + 1, moment


def _after(cycle: Cycle, anchor: datetime, after: datetime, calendar: Calendar) -> datetime | None:
    if cycle.cron is not None:
        return _cron_after(cycle.cron, after, calendar)
    every = cycle.every
    assert every is not None
    base = anchor if cycle.begins is None else _told(cycle.begins, calendar)
    if cycle.begins is not None and base > after:
        return base
    if every.kind == "span":
        return _beat_after(every, base, after, calendar)
    return _step_after(every, base, after, calendar)


def _told(moment: str, calendar: Calendar) -> datetime:
    """A written moment; without a zone it is that of the calendar."""
    read = datetime.fromisoformat(moment)
    return (read if read.tzinfo else read.replace(tzinfo=calendar.zone)).astimezone(UTC)


def _cron_after(line: str, after: datetime, calendar: Calendar) -> datetime | None:
    try:
        found: datetime = next(CronSim(line, after.astimezone(calendar.zone)))
    except StopIteration:  # the 30th of February: nothing in fifty years
        return None
    return found.astimezone(UTC)


def _beat_after(every: Limit, base: datetime, after: datetime, calendar: Calendar) -> datetime | None:
    """The k-th beat is base + k × step, for the least k that lies after. The estimate is never too late: no month is
    longer than 31 days, no day than 25 hours."""
    longest = timedelta(days=every.months * 31) + timedelta(hours=25 * every.days) + every.time
    k = max(int((after - base) / longest), 1)
    for beat in range(k, k + max(k, _LONGEST_SEARCH)):
        step = replace(every, months=every.months * beat, days=every.days * beat, time=every.time * beat)
        try:
            moment = due(step, base, calendar)
        except (OverflowError, ValueError):
            return None
        if moment > after:
            return moment
    return None


def _step_after(every: Limit, base: datetime, after: datetime, calendar: Calendar) -> datetime | None:
    """Working time has no beat to be computed: the step is taken from the last firing, or, where firings were missed,
    from now."""
    start = max(base, after)
    moment = due(every, start, calendar)
    nudge = timedelta(minutes=1)
    while moment <= after and nudge <= timedelta(days=40):  # "end of work day", asked when that day is over
        moment = due(every, start + nudge, calendar)
        nudge *= 2
    return moment if moment > after and moment - start > NOTHING else None
