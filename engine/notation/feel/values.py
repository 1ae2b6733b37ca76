"""Values on their way into FEEL and back: moments keep their instant and are shown on the clock of one zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
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
            return value if abs(value) <= _LARGEST else _double(value)
        case float():
            return _double(value)
        case Decimal():
            return _double(value)
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


def _double(value: float | Decimal) -> float | None:
    """FEEL counts in doubles here: 15 digits are exact, and what is no number is null."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def decode(value: Any) -> Any:
    """The bundle's answer as Python values; whole numbers are int, moments are in UTC."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST:
        return int(value)
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value.get("$"):
        case "moment":
            return datetime.fromisoformat(value["v"]).astimezone(UTC)
        case "date":
            return date.fromisoformat(value["v"])
        case "time":
            return time.fromisoformat(value["v"])
        case "duration":
            return Duration.read(value["v"])
        case "context":
            return {key: decode(entry) for key, entry in value["v"]}
    return {key: decode(entry) for key, entry in value.items()}


def odd_names(value: object, path: str = "") -> list[str]:
    """Paths of the names that are no plain words ("applicant age"): how a text is read depends on them."""
    found: list[str] = []
    if isinstance(value, Mapping):
        for key, entry in value.items():
            here = f"{path}.{key}"
            if not _PLAIN_NAME.fullmatch(str(key)):
                found.append(here)
            if isinstance(entry, (Mapping, list, tuple)):
                found += odd_names(entry, here)
    elif isinstance(value, (list, tuple)):
        for item in value:
            if isinstance(item, (Mapping, list, tuple)):
                found += odd_names(item, path)
    return found
