"""A book of stories: a small cast, what they do step by step on a told clock, and what must then be true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

_AMOUNT = re.compile(
    r"(?P<sign>[+-])(?=\d)(?:(?P<days>\d{1,5})d)?(?:(?P<hours>\d{1,6})h)?"
    r"(?:(?P<minutes>\d{1,7})m)?(?:(?P<seconds>\d{1,8})s)?"
)


@dataclass(frozen=True, slots=True)
class StoryUnit:
    code: str
    name: str
    name_en: str
    above: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody of the cast. A role is held for the own unit, or, as `role@unit`, for another."""

    login: str
    unit: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """`kind`: raise · does · button · arrives · worker · case · clock · expect. `what`: the element, message or topic;
    of a raise, the process ("" the book's own); of a case, its process, its number or `parent`. `key`: what a message
    is correlated by; `wait`: passes before the act. `how`: a worker gives, fails or throws (`key`: what it says)."""

    number: int
    kind: str
    what: str = ""
    by: str = ""
    unit: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    wait: timedelta | None = None
    refused: bool = False
    expect: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    id: str
    zh: str
    en: str
    begins: datetime
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StoryBook:
    """`units` stand before those that are below them. `beside`: the other processes that are published, by id."""

    units: tuple[StoryUnit, ...]
    cast: tuple[Player, ...]
    stories: tuple[Story, ...]
    beside: tuple[str, ...] = ()


def amount(text: Any) -> timedelta | None:
    """`+3h`, `-10m`, `+1d12h` as a length of time; None for any other text."""
    found = _AMOUNT.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    parts = {name: int(found[name] or 0) for name in ("days", "hours", "minutes", "seconds")}
    return timedelta(**parts) * (-1 if found["sign"] == "-" else 1)


@dataclass(frozen=True, slots=True)
class Failure:
    """What is not as it should be at a step (0: when the story is over)."""

    step: int
    zh: str
    en: str
