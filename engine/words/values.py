"""Values of a case as they are kept: JSON, with moments, days and durations tagged so that they come back as such."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.words.durations import Duration
from engine.words.kept import PLAIN, TAG, Kept, kept_of

# Most values are one of these, and are asked for no more than that.
_AS_IT_IS = frozenset({type(None), bool, int, float, str})


def to_json(value: Any) -> Any:
    """A value made of None, bool, int, float, Decimal, str, list, tuple, dict, date, aware datetime, time, Duration,
    Kept."""
    if type(value) in _AS_IT_IS:
        return value
    match value:
        case dict():
            return _members(value)
        case list() | tuple():
            return [to_json(member) for member in value]
        case bool() | int() | float() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return {"$moment": value.isoformat()}
        case date():
            return {"$day": value.isoformat()}
        case time():
            return {"$time": value.isoformat()}
        case Duration():
            return {"$duration": str(value)}
        case Kept():
            return value.reference
        case Mapping():
            return _members(value)
    raise TypeError(f"cannot be kept on a case: {type(value).__name__}")


def _members(value: Mapping[Any, Any]) -> dict[str, Any]:
    told = {str(key): member if type(member) in _AS_IT_IS else to_json(member) for key, member in value.items()}
    return {PLAIN: told} if len(value) == 1 and next(iter(told)).startswith("$") else told


def from_json(value: Any) -> Any:
    """The inverse of `to_json`. A large value comes as what refers to it."""
    if isinstance(value, dict):
        if len(value) == 1:
            ((tag, text),) = value.items()
            if tag == "$moment":
                return datetime.fromisoformat(text)
            if tag == "$day":
                return date.fromisoformat(text)
            if tag == "$time":
                return time.fromisoformat(text)
            if tag == "$duration":
                return Duration.read(text)
            if tag == PLAIN and isinstance(text, dict):
                return {key: from_json(member) for key, member in text.items()}
            if tag == TAG and (kept := kept_of(value)) is not None:
                return kept
        return {key: from_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [from_json(member) for member in value]
    return value
