"""A fact as it is written down: canonical JSON, the same bytes whoever writes it, and read back as the same fact."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, get_args

import orjson

from engine.words import facts as words
from engine.words.facts import Fact

KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in get_args(words.Fact)}
_FIELDS = {kind: tuple(f.name for f in fields(kind)) for kind in KINDS.values()}
_MOMENTS = {name: frozenset(f.name for f in fields(kind) if "datetime" in str(f.type)) for name, kind in KINDS.items()}
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def body_of(fact: Fact) -> str:
    """The fact as canonical JSON: sorted keys, moments as ISO text in UTC."""
    plain = {name: getattr(fact, name) for name in _FIELDS[type(fact)]}
    return orjson.dumps(plain, _refuse, _CANONICAL).decode()


def _refuse(value: Any) -> str:
    raise TypeError(f"a fact holds a {type(value).__name__}, which is no JSON")


def fact_of(kind: str, body: str) -> Fact:
    """The inverse of `body_of`."""
    return fact_from(kind, orjson.loads(body))


def fact_from(kind: str, plain: dict[str, Any]) -> Fact:
    """The fact of a body that was read."""
    for name in _MOMENTS[kind]:
        if plain.get(name) is not None:
            plain[name] = datetime.fromisoformat(plain[name])
    fact: Fact = KINDS[kind](**plain)
    return fact
