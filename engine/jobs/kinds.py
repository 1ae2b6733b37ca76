"""What kinds of long jobs there are. Each says how many parts it has, does one part, and puts the parts together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session, sessionmaker

from engine.words.errors import Refusal
from engine.words.officers import Actor
from engine.words.terms import Term


class NoSuchKind(Refusal):
    """A job of a kind that this release does not know: asked for by another release."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One job as its kind sees it: what was asked, by whom and when, and the folder for its files."""

    id: str
    args: dict[str, Any]
    by: Actor
    asked_at: datetime
    folder: Path


class Kind(Protocol):
    """A part may be done twice when a worker dies in the middle of it: it must come out the same."""

    label: Term

    def plan(self, sessions: sessionmaker[Session], errand: Errand) -> int:
        """How many parts there are."""

    def part(self, sessions: sessionmaker[Session], errand: Errand, number: int, *, at: datetime) -> None:
        """Does part `number`, counted from 0."""

    def finish(self, sessions: sessionmaker[Session], errand: Errand, *, at: datetime) -> dict[str, Any] | None:
        """Puts the parts together; gives what came of it."""


KINDS: dict[str, Kind] = {}


def kind_of(name: str) -> Kind:
    """Raises `NoSuchKind`."""
    if name not in KINDS:
        raise NoSuchKind(f"本程序不认识后台任务“{name}”", f'This program knows no job called "{name}"')
    return KINDS[name]
