"""How long to wait before something that failed is tried again: one wait that doubles, or several in turn."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

USUAL = "PT1M"
MOST_RETRIES = 1000
# Leases in a row that may run out before a job counts as failed for good.
USUAL_LEASES, MOST_LEASES = 5, 1000
LONGEST = timedelta(days=1)
_WAIT = re.compile(
    r"P(?=.)(?:(?P<days>\d{1,3})D)?(?:T(?=.)(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?"
    r"(?:(?P<seconds>\d{1,6})S)?)?"
)


class NotABackoff(ValueError):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.zh = f"“{text[:60]}”不是一天以内的时间，如 PT1M，或 PT10S, PT1M, PT1H"
        self.en = f"{text[:60]!r} is no duration of at most a day, as PT1M, or PT10S, PT1M, PT1H"


def read(text: str) -> tuple[timedelta, ...]:
    """`PT1M`, or several with commas between them. Raises `NotABackoff`."""
    return tuple(_wait(part.strip(), text) for part in text.split(","))


def text_of(value: Any) -> str:
    """A duration, or the text of one or more, as it is kept. Raises `NotABackoff`."""
    if isinstance(value, timedelta):
        value = f"PT{int(value.total_seconds())}S"
    text = ", ".join(part.strip() for part in str(value).split(","))
    if len(text) > 200:
        raise NotABackoff(text)
    read(text)
    return text


def wait_after(text: str, failed: int) -> timedelta:
    """How long to wait after the try number `failed` (from 1) came to nothing."""
    waits = read(text)
    if len(waits) > 1:
        return waits[min(failed, len(waits)) - 1]
    doubled: timedelta = waits[0] * 2 ** min(failed - 1, 20)
    return min(doubled, LONGEST)


def _wait(part: str, text: str) -> timedelta:
    found = _WAIT.fullmatch(part)
    if found is None:
        raise NotABackoff(text)
    wait = timedelta(**{name: int(number or 0) for name, number in found.groupdict().items()})
    if wait > LONGEST:
        raise NotABackoff(text)
    return wait
