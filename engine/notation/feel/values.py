"""Values on their way into FEEL and back: moments keep their instant and are shown on the clock of one zone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from engine.words.durations import Duration

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_LARGEST = 2**53


def zone_name(zone: tzinfo, at: datetime) -> str:
    """As FEEL writes a zone: a name of the zone database, or an offset."""
    if isinstance(zone, ZoneInfo) and zone.key:
        return zone.key
    offset = at.astimezone(zone).utcoffset() or timedelta(0)
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}:{minutes % 60:02}"


def wall(moment: datetime, zone: tzinfo) -> str:
    """What the zone's clock shows at the moment."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment must know its zone: {moment.isoformat()}")
    return moment.astimezone(zone).replace(tzinfo=None).isoformat()


def encode(value: object, zone: tzinfo) -> Any:
    """A Python value as the bundle reads it. Raises TypeError for what FEEL has no value for."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= _LARGEST else _digits(Decimal(value))
        case float():
            return value if isfinite(value) else None
        case Decimal():
            return _digits(value)
        case datetime():
            return {"$": "moment", "wall": wall(value, zone), "v": value.astimezone(UTC).isoformat()}
        case date():
            return {"$": "date", "v": value.isoformat()}
        case time():
            return {"$": "time", "v": value.replace(tzinfo=None).isoformat()}
        case timedelta():
            return {"$": "duration", "v": str(Duration(time=value))}
        case Duration():
            return {"$": "duration", "v": str(value)}
        case Mapping():
            entries = {str(key): encode(entry, zone) for key, entry in value.items()}
            return {"$": "context", "v": list(entries.items())} if "$" in entries else entries
        case list() | tuple() | set() | frozenset():
            return [encode(item, zone) for item in value]
    raise TypeError(f"FEEL has no value for a {type(value).__name__}")


def _digits(value: Decimal) -> Any:
    """FEEL counts in 34 digits; what is no number is null."""
    return {"$": "number", "v": str(value)} if value.is_finite() else None


class OutOfReach(ValueError):
    """FEEL knows the value (a year beyond 9999, say), and the rest of the program does not."""


def decode(value: Any) -> Any:
    """The bundle's answer as Python values; whole numbers are int, moments are in UTC."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST:
        return int(value)
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$" not in value:
        return {key: decode(entry) for key, entry in value.items()}
    try:
        return _KINDS[value["$"]](value["v"])
    except (ValueError, OverflowError) as error:
        raise OutOfReach(str(value["v"])) from error


def _number(digits: str) -> int | float:
    value = Decimal(digits)
    return int(value) if value == value.to_integral_value() and value.adjusted() < 34 else float(value)


_KINDS: Mapping[str, Callable[[Any], Any]] = {
    "moment": lambda text: datetime.fromisoformat(text).astimezone(UTC),
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "duration": Duration.read,
    "number": _number,
    "context": lambda pairs: {key: decode(entry) for key, entry in pairs},
}


@lru_cache(maxsize=8192)
def is_plain(name: str) -> bool:
    """Whether a name is one plain word, so that it stands in an expression just as it is."""
    return _PLAIN_NAME.fullmatch(name) is not None


def odd_names(value: object, depth: int = 0) -> list[str]:
    """Names that are no plain words ("applicant age"), each as `[depth, name]`: how a text is read depends on them."""
    found: list[str] = []
    if isinstance(value, Mapping):
        for key, entry in value.items():
            if not is_plain(str(key)):
                found.append(json.dumps([depth, str(key)]))
            if isinstance(entry, (Mapping, list, tuple)):
                found += odd_names(entry, depth + 1)
    elif isinstance(value, (list, tuple)):
        for item in value:
            if isinstance(item, (Mapping, list, tuple)):
                found += odd_names(item, depth)
    return found
