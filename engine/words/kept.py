"""What is too large to be carried along at every step is kept once beside the case, and referred to by its digest.

A value of a case (a text, a list, a context) whose JSON is longer than `LIMIT` bytes stands in the case, in its facts
and in its snapshot as `{"$kept": [digest, size]}`. The chain seals the digest, and the digest proves the value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from engine.words import facts as f

# Bytes of JSON. A paragraph or a handful of files stays with the case: to look it up costs more than to carry it along.
LIMIT = 2_000
TAG = "$kept"
# Around what somebody wrote that looks like a tag of ours, and is none.
PLAIN = "$plain"

# What a step has to keep: the JSON text of each large value by its digest.
Large = dict[str, str]
# Gives the JSON of a large value by its digest.
Source = Callable[[str], Any]

# Where facts hold values of a case, by name. The rest of a fact says what was done, and stays in it.
_VALUES: dict[type[Any], tuple[str, ...]] = {
    f.VariablesChanged: ("before", "after"),
    f.FieldsCorrected: ("before", "after"),
    f.TaskCompleted: ("answers",),
    f.MessageReceived: ("payload",),
    f.SignalReceived: ("payload",),
    f.CallAnswered: ("values",),
    f.JobAnswered: ("values",),
    f.DecisionMade: ("inputs",),
    f.CaseStuck: ("trigger",),
}
# Variables the ledger has a column for and sorts by, and how long that column is: these stay as they are.
COLUMNS = {"title": 300, "place": 200, "category": 100, "severity": 40, "mode": 40, "source": 100}


@dataclass(frozen=True, slots=True)
class Kept:
    """A large value that has not been looked up. `size` in bytes of JSON."""

    digest: str
    size: int

    @property
    def reference(self) -> dict[str, Any]:
        return {TAG: [self.digest, self.size]}


def kept_of(value: Any) -> Kept | None:
    """The large value that a piece of JSON refers to."""
    if isinstance(value, dict) and len(value) == 1 and TAG in value:
        match value[TAG]:
            case [str() as digest, int() as size]:
                return Kept(digest, size)
    return None


def folded(value: Any, large: Large) -> Any:
    """A value as JSON, or the reference to it; then `large` has it."""
    found = weighed(value)
    if found is None:
        return value
    kept, text = found
    large[kept.digest] = text
    return kept.reference


def weighed(value: Any) -> tuple[Kept, str] | None:
    """The digest of a value given as JSON, and its text; None of what is small."""
    if not _may_be_large(value):
        return None
    text = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    if len(text) <= LIMIT:
        return None
    return Kept(digest_of(text), len(text)), text.decode()


def _may_be_large(value: Any) -> bool:
    """Whether it is worth weighing. Most of what a case knows is a word or a number; a character takes six bytes of
    JSON at most."""
    if isinstance(value, str):
        return 6 * len(value) > LIMIT
    return isinstance(value, list | dict) and bool(value)


def digest_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def folded_members(values: Mapping[str, Any], large: Large) -> dict[str, Any]:
    return {name: value if name in COLUMNS else folded(value, large) for name, value in values.items()}


def folded_fact(fact: Any, large: Large) -> Any:
    """The fact with references in the place of large values."""
    changed: dict[str, Any] = {}
    for name in _VALUES.get(type(fact), ()):
        values = getattr(fact, name)
        if not any(map(_may_be_large, values.values())):
            continue
        fold = _folded_trigger if name == "trigger" else folded_members
        if (lighter := fold(values, large)) != values:
            changed[name] = lighter
    return replace(fact, **changed) if changed else fact


def _folded_trigger(trigger: Mapping[str, Any], large: Large) -> dict[str, Any]:
    """What set a step off that failed holds what was handed in."""
    return {
        name: folded_members(part, large) if name in {"answers", "corrected"} and isinstance(part, dict) else part
        for name, part in trigger.items()
    }


def references(value: Any) -> Iterator[Kept]:
    """All that a piece of JSON refers to, however deep."""
    found = kept_of(value)
    if found is not None:
        yield found
    elif isinstance(value, dict) and PLAIN not in value:
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def unfolded(value: Any, source: Source) -> Any:
    """A piece of JSON with the large values themselves in the place of their references."""
    found = kept_of(value)
    if found is not None:
        return unfolded(source(found.digest), source)
    if isinstance(value, dict) and PLAIN not in value:
        return {name: unfolded(part, source) for name, part in value.items()}
    if isinstance(value, list):
        return [unfolded(part, source) for part in value]
    return value
