"""Correlation: one text that is the same on both sides of a message, however many keys it is made of."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from engine.words.values import to_json

_LONGEST = 200  # characters; a longer key is known by its hash


def key_of(value: Any) -> str:
    """The key of one value, or of several in a list or context. The order of names in a context does not
    matter, nor whether a number is written 5 or 5.0. Empty when there is nothing to go by."""
    if value is None or value == "" or value == {} or value == []:
        return ""
    if isinstance(value, dict) and len(value) == 1:
        (value,) = value.values()
    if isinstance(value, dict | list):
        text = orjson.dumps(_plain(to_json(value)), option=orjson.OPT_SORT_KEYS).decode()
    else:
        plain = _plain(to_json(value))
        text = plain if isinstance(plain, str) else orjson.dumps(plain).decode()
    return text if len(text) <= _LONGEST else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    return [_plain(member) for member in value] if isinstance(value, list) else value
