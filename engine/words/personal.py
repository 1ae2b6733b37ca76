"""What identifies a person never goes where a case goes: in its place stands a reference, which says nothing of him.

A reference is a context {"personal": its name, "digest": SHA-256 of salt and value}. Value and salt lie beside, in a
table of their own, until the retention time is over; the digest seals them into the chain without giving them away.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from engine.words.values import to_json

# Names of two surnames' signs; of all others the first sign is the surname.
_DOUBLE = frozenset(
    {
        "欧阳", "上官", "司马", "诸葛", "司徒", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木", "东方", "夏侯", "独孤",
    }
)  # fmt: skip
_NUMBERED = re.compile(r"(?=.*\d)[0-9A-Za-z+\- ]{5,}")


def is_ref(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"personal", "digest"}


def refs(value: Any) -> Iterator[str]:
    """The names of all references in a value, however deep they lie."""
    if is_ref(value):
        yield value["personal"]
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from refs(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from refs(part)


def replaced(value: Any, change: Callable[[Mapping[str, Any]], Any]) -> Any:
    """The same value with every reference changed."""
    if is_ref(value):
        return change(value)
    if isinstance(value, Mapping):
        return {name: replaced(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(part, change) for part in value]
    return value


def text_of(value: Any) -> str:
    """A value as it is kept beside: canonical JSON."""
    return orjson.dumps(to_json(value), option=orjson.OPT_SORT_KEYS).decode()


def digest_of(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def masked(value: Any) -> str:
    """张三 → 张＊; 13800001111 → 1****1; of anything longer, the first sign: enough to tell two rows apart, no more."""
    text = str(value).strip()
    if not text:
        return ""
    if _NUMBERED.fullmatch(text):
        return f"{text[0]}****{text[-1]}"
    return (text[:2] if text[:2] in _DOUBLE and len(text) > 2 else text[0]) + "＊"
