"""All that deciding needs to know, gathered before it begins: version, case, office, moment and actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.notation.decisions import Decisions
from engine.notation.diagram import Diagram
from engine.notation.questions import Books
from engine.words.calendar import Calendar
from engine.words.facts import CaseFact
from engine.words.fixed import fixed
from engine.words.kept import Large, Source
from engine.words.officers import Actor

if TYPE_CHECKING:
    from engine.notation.spiff.specs import Specs


@dataclass(frozen=True)
class Published:
    """A published version, read: its diagram, its decision tables by decision id, the engine's specs."""

    number: int
    diagram: Diagram
    decisions: Mapping[str, Decisions]
    specs: Specs


@dataclass(frozen=True)
class Office:
    """Units and officers by the names that diagrams use for them (code, login), and the working calendars."""

    units: Mapping[str, int]
    codes: Mapping[int, str]
    officers: Mapping[str, int]
    logins: Mapping[int, str]
    calendars: Mapping[str, Calendar]
    # Kind of paper → the newest version of its template.
    templates: Mapping[str, int] = field(default_factory=dict)


@fixed
class Scene:
    published: Published
    office: Office
    case: int
    number: str
    stage: str
    round: int
    level: int
    opened_at: datetime
    opened_by: int | None
    raiser_unit: int | None
    variables: Mapping[str, Any]
    serial: int
    by: Actor
    at: datetime
    outcome: str | None = None
    # How whoever repairs a stuck case helps it on: an element the token passes over, fields set right by hand.
    passing_over: str = ""
    corrected: Mapping[str, Any] = field(default_factory=dict)
    call: str | None = None  # the call that began this case, and how many calls deep it is
    depth: int = 0
    books: Books | None = None  # where a diagram may look things up; None: nowhere
    kept: Source | None = None  # gives the large values of the case by their digests; None: there are none


@fixed
class Step:
    """What was decided: the facts in order, the new snapshot, the last running number given out, and the large values
    that the snapshot refers to."""

    facts: list[CaseFact] = field(default_factory=list)
    state: bytes = b""
    serial: int = 0
    large: Large = field(default_factory=dict)
