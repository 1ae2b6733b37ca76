"""What a value must keep to: least and most, how long, how many, before or after today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from engine.notation.answers import LISTS, LONGEST, as_number, written
from engine.notation.diagram import Field
from engine.notation.expressions import evaluate


def broken(field: Field, value: Any, scope: Mapping[str, Any], at: datetime, zone: tzinfo) -> tuple[str, str] | None:
    """The first constraint a given value breaks, in both languages (to follow the field's name), or None."""
    return _size(field, value, limits(field, scope, at, zone), zone) or _time(field, value, at, zone)


def limits(field: Field, scope: Mapping[str, Any], at: datetime, zone: tzinfo) -> dict[str, str]:
    """Constraints with their expressions worked out, as text. What comes to nothing is no limit."""
    found: dict[str, str] = {"maxlength": str(LONGEST[field.type])} if field.type in LONGEST else {}
    if not field.constraints:
        return found
    for name in ("min", "max", "minlength", "maxlength", "mincount", "maxcount"):
        text = field.constraints.get(name, "")
        if text.startswith("="):
            text = "".join(written(evaluate(text, scope, at=at), zone)[:1])
        if text:
            found[name] = text
    today = at.astimezone(zone).date()
    if field.type == "date" and "future" in field.constraints:
        found.setdefault("min", today.isoformat())
    if field.type == "date" and "past" in field.constraints:
        found.setdefault("max", today.isoformat())
    if field.type == "datetime" and "future" in field.constraints:
        soon = at.astimezone(zone).replace(second=0, microsecond=0) + timedelta(minutes=1)
        found.setdefault("min", soon.strftime("%Y-%m-%dT%H:%M"))
    return found


def _size(field: Field, value: Any, limits: Mapping[str, str], zone: tzinfo) -> tuple[str, str] | None:
    low, high = limits.get("min"), limits.get("max")
    if field.type in {"long", "number"}:
        least, most = as_number(low), as_number(high)
        if least is not None and value < least:
            return f"不能小于 {low}。", f"must be at least {low}."
        if most is not None and value > most:
            return f"不能大于 {high}。", f"must be at most {high}."
    elif field.type in {"date", "datetime"}:
        day = value.isoformat() if field.type == "date" else value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
        if low and day < low:
            return f"不能早于 {low.replace('T', ' ')}。", f"must not be before {low.replace('T', ' ')}."
        if high and day > high:
            return f"不能晚于 {high.replace('T', ' ')}。", f"must not be after {high.replace('T', ' ')}."
    elif field.type in LISTS:
        least, most = as_number(limits.get("mincount")), as_number(limits.get("maxcount"))
        if least is not None and len(value) < least:
            return f"至少需要 {least} 个，现有 {len(value)} 个。", f"needs at least {least}; there are {len(value)}."
        if most is not None and len(value) > most:
            return f"最多 {most} 个，现有 {len(value)} 个。", f"takes at most {most}; there are {len(value)}."
    elif isinstance(value, str):
        least, most = as_number(limits.get("minlength")), as_number(limits.get("maxlength"))
        if least is not None and len(value) < least:
            return (
                f"至少写 {least} 个字，现有 {len(value)} 个。",
                f"needs at least {least} characters; there are {len(value)}.",
            )
        if most is not None and len(value) > most:
            return (
                f"最多 {most} 个字，现有 {len(value)} 个。",
                f"takes at most {most} characters; there are {len(value)}.",
            )
    return None


def _time(field: Field, value: Any, at: datetime, zone: tzinfo) -> tuple[str, str] | None:
    """A day counts until it is over: today is still to come, and has already begun."""
    if not isinstance(value, date):
        return None
    moment = value if isinstance(value, datetime) else None
    today = at.astimezone(zone).date()
    if "future" in field.constraints and (moment <= at if moment is not None else value < today):
        return "须是今后的时间。", "must lie in the future."
    if "past" in field.constraints and (moment > at if moment is not None else value > today):
        return "不能是今后的时间。", "must not lie in the future."
    return None
