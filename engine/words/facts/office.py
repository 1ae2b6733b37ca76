"""Facts about the office itself (book 0): units, officers, roles, calendars, published versions, seals."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from engine.words.fixed import fixed


@fixed
class UnitAdded:
    unit: int
    code: str
    name: str
    name_en: str
    kind: str
    parent: int | None
    path: str


@fixed
class UnitEnded:
    """A unit was dissolved; what is meant for it from now on goes to `to`, the unit above."""

    unit: int
    to: int
    reason: str


@fixed
class OfficerAdded:
    officer: int
    login: str
    name: str
    name_en: str
    post: str
    post_en: str
    unit: int


@fixed
class RoleGranted:
    officer: int
    role: str
    unit: int


@fixed
class RoleTakenBack:
    officer: int
    role: str
    unit: int


@fixed
class CalendarSet:
    """The hours of a normal week and the days that differ: {"2026-10-01": ["rest", "国庆节"]}."""

    calendar: str
    title: str
    title_en: str
    zone: str
    hours: dict[str, Any]
    days: dict[str, list[str]]


@fixed
class VersionPublished:
    process: str
    version: int
    number: int
    name: str
    name_en: str
    digest: str
    note: str
    changes: list[dict[str, Any]]  # {"element", "what", "before", "after"}


@fixed
class TemplatePublished:
    """Papers of this kind that are issued from now on are written by this version of the template."""

    kind: str
    number: int
    digest: str
    size: int
    note: str


@fixed
class MoveOrdered:
    """Running cases are to go on by another version; each case's own book says when it did. `number`: the version
    they leave, None for all others."""

    move: int
    process: str
    number: int | None
    to: int
    mapping: dict[str, str]
    cases: int
    reason: str


@fixed
class MoveTakenBack:
    """Each case of a move that has not gone on since is to go back to where it was."""

    move: int
    process: str
    reason: str


@fixed
class WorkerTokenMade:
    """A key for a program, by its hash. With an officer it raises issues for him and brings `messages`; without, it
    works for service tasks (no topics: all)."""

    number: int
    name: str
    digest: str
    topics: list[str]
    officer: int | None = None
    messages: list[str] = field(default_factory=list)


@fixed
class WorkerTokenEnded:
    number: int
    name: str


@fixed
class HostsAllowed:
    """The hosts that service tasks of the topic http may speak to, from now on; all of them, each with its port where
    it is not the usual one."""

    before: list[str]
    after: list[str]


@fixed
class Sealed:
    """The ends of all chains that grew since the last seal: a case that vanishes whole is noticed too."""

    heads: dict[str, list[Any]]  # book -> [seq, hash]
