"""Values as the test files write them, and as the evaluator writes them to the last digit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from lxml import etree

from engine.notation.xml import local

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_DURATION = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
NEAR = Decimal("1e-8")


def value_of(node: etree._Element) -> Any:
    """What an input, expected or component node holds, as `engine/notation/feel/values.js` writes values."""
    inside = [each for each in node if local(each) in ("value", "list", "component")]
    if any(local(each) == "component" for each in inside):
        pairs = [[each.get("name") or "", value_of(each)] for each in inside]
        return {"$": "context", "v": pairs}
    if not inside:
        return None
    (only,) = inside[:1]
    if local(only) == "list":
        if only.get(_NIL) == "true":
            return None
        return [value_of(item) for item in only if local(item) == "item"]
    return _plain(only)


def _plain(node: etree._Element) -> Any:
    text = node.text or ""
    kind = (node.get(_TYPE) or "").rpartition(":")[2]
    if node.get(_NIL) == "true":
        return None
    match kind:
        case "boolean":
            return text.strip() in ("true", "1")
        case "decimal" | "double" | "integer" | "int" | "long" | "float":
            return {"$": "number", "v": str(Decimal(text.strip()))}
        case "date":
            return {"$": "date", "v": text.strip()}
        case "time":
            return {"$": "time", "v": text.strip()}
        case "dateTime":
            return {"$": "local", "v": text.strip()}
        case "duration":
            return {"$": "duration", "v": text.strip()}
    return text


def same(got: Any, wanted: Any) -> bool:
    """Numbers agree to eight places, moments and durations in what they mean, all else exactly."""
    if isinstance(wanted, dict) and wanted.get("$") == "context":
        found = dict(got["v"]) if isinstance(got, dict) and got.get("$") == "context" else got
        if not isinstance(found, dict) or "$" in found:
            return False
        expected = dict(wanted["v"])
        return found.keys() == expected.keys() and all(same(found[key], each) for key, each in expected.items())
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(same, got, wanted))
    if not isinstance(wanted, dict):
        return type(got) is type(wanted) and bool(got == wanted)
    if not isinstance(got, dict) or "$" not in got:
        return False
    kind = {"local": "date and time"}.get(wanted["$"], wanted["$"])
    if kind == "duration":
        return got["$"].endswith("duration") and _length(got["v"]) == _length(wanted["v"])
    if got["$"] != kind:
        return False
    if kind == "number":
        return abs(Decimal(got["v"]) - Decimal(wanted["v"])) <= NEAR * max(Decimal(1), abs(Decimal(wanted["v"])))
    return _canonical(got["v"]) == _canonical(wanted["v"])


def _canonical(text: str) -> str:
    text = re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", text)
    text = re.sub(r"\.(?=\D|$)", "", text)
    return re.sub(r"(?:[+-]00:00|@(?:Etc/)?UTC)$", "Z", text)


def _length(text: str) -> tuple[int, Decimal] | None:
    found = _DURATION.fullmatch(text)
    if not found:
        return None
    sign = -1 if found[1] else 1
    months = int(found[2] or 0) * 12 + int(found[3] or 0)
    seconds = ((int(found[4] or 0) * 24 + int(found[5] or 0)) * 60 + int(found[6] or 0)) * 60 + Decimal(found[7] or 0)
    return sign * months, sign * seconds
