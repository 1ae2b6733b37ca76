"""What became (or would become) of the cases of a move: which stay and why, which timers keep how much time, which
forms change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.notation.differences import Difference, form_changes
from engine.notation.moving import WHYS
from engine.reads.diagrams import diagram_of
from engine.reads.moves import Place, place
from engine.reads.sentences.course import case_number
from engine.words.terms import Term
from models import Move, MovedCase, Version

SAMPLES = 8  # cases named in each group; the list of cases names all
PAGE = 50
# Reasons that are no matter of the drawings.
_OTHER = {
    "ended": Term("在此期间已办结或换了版本", "Ended meanwhile, or on another version"),
    "went_on": Term("迁移之后又往下办了", "Went on since the move"),
}


@dataclass(slots=True)
class Stay:
    """Cases that stay for one reason at one step. `element` None: a reason of the case itself."""

    why: Term
    element: Place | None
    sentence: Term
    count: int = 0
    cases: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class TimerKept:
    """One timer of one case: when it was due, when it is now, when it would be by the new rule (if that differs)."""

    case: int
    number: str
    before: datetime | None
    after: datetime | None
    by_new: datetime | None


@dataclass(slots=True)
class Timers:
    """A timer, over all cases that have it. `was` or `now` is None when it is new or dropped."""

    was: Place | None
    now: Place | None
    how: str
    count: int = 0
    shifted: int = 0
    kept: list[TimerKept] = field(default_factory=list)


@dataclass(slots=True)
class Tasks:
    """Open tasks of one step: `forms` is what their form asks otherwise; `changed` what else about them is new."""

    was: Place
    now: Place
    forms: Sequence[Difference]
    changed: set[str] = field(default_factory=set)
    count: int = 0
    dues: int = 0


@dataclass(slots=True)
class Report:
    """`going` cases move, `onward` of them at once further, so that they cannot come back; `staying` do not (`stays`);
    `lasting` did not come back when it was undone (`lasts`). `clocks`: by name, limit and new limit, how many run on
    by the limit they have."""

    going: int = 0
    staying: int = 0
    lasting: int = 0
    onward: int = 0
    stays: list[Stay] = field(default_factory=list)
    lasts: list[Stay] = field(default_factory=list)
    timers: list[Timers] = field(default_factory=list)
    tasks: list[Tasks] = field(default_factory=list)
    clocks: dict[tuple[str, str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class One:
    """One case of the list. `reasons` are sentences; `timers` and `tasks` as in the report of the engine."""

    case: int
    number: str
    outcome: str
    reasons: tuple[Term, ...]
    timers: tuple[TimerKept, ...]
    steps: tuple[tuple[Place, Place], ...]
    back: bool


def report(session: Session, move: Move) -> Report:
    """Over every case that has had its turn, in two statements and one per version."""
    told = Report()
    stays: dict[tuple[str, ...], Stay] = {}
    lasting: dict[tuple[str, ...], Stay] = {}
    timers: dict[tuple[Any, ...], Timers] = {}
    tasks: dict[tuple[Any, ...], Tasks] = {}
    drawn = _Drawn(session, move)
    query = (
        select(MovedCase.case_id, MovedCase.from_version_id, MovedCase.outcome, MovedCase.reasons, MovedCase.report)
        .where(MovedCase.move_id == move.id, MovedCase.outcome.is_not(None))
        .order_by(MovedCase.case_id)
        .execution_options(yield_per=500)
    )
    for case, version, outcome, reasons, kept in session.execute(query):
        if outcome in {"refused", "kept"}:
            for reason in reasons:
                _stay(stays if outcome == "refused" else lasting, drawn.old(version), reason, case)
        if outcome == "refused":
            told.staying += 1
            continue
        told.lasting += outcome == "kept"
        if outcome != "kept":
            told.going += 1
        told.onward += not kept.get("back", True)
        for timer in kept.get("timers", ()):
            _timer(timers, drawn.old(version), drawn.new, timer, case)
        for task in kept.get("tasks", ()):
            _task(tasks, version, drawn.old(version), drawn.new, task)
        for clock in kept.get("clocks", ()):
            key = (clock["clock"], clock["limit"], clock["limit_new"])
            told.clocks[key] = told.clocks.get(key, 0) + 1
    told.stays = sorted(stays.values(), key=lambda stay: -stay.count)
    told.lasts = sorted(lasting.values(), key=lambda stay: -stay.count)
    told.timers = list(timers.values())
    told.tasks = [found for found in tasks.values() if found.forms or found.changed or found.dues]
    return told


def cases(
    session: Session, move: Move, *, outcome: str = "", after: int = 0, limit: int = PAGE
) -> tuple[list[One], int | None]:
    """One page of the cases of a move, by number; and where the next page begins."""
    drawn = _Drawn(session, move)
    query = select(MovedCase).where(MovedCase.move_id == move.id, MovedCase.case_id > after)
    if outcome == "waiting":
        query = query.where(MovedCase.outcome.is_(None))
    elif outcome:
        query = query.where(MovedCase.outcome == outcome)
    rows = session.scalars(query.order_by(MovedCase.case_id).limit(limit + 1)).all()
    listed = [
        One(
            row.case_id, case_number(row.case_id), row.outcome or "",
            tuple(Term(reason["zh"], reason["en"]) for reason in row.reasons),
            tuple(_kept(timer, row.case_id) for timer in row.report.get("timers", ())),
            tuple((place(drawn.old(row.from_version_id), task["from"]), place(drawn.new, task["to"]))
                  for task in row.report.get("tasks", ())),
            bool(row.report.get("back", True)),
        )
        for row in rows[:limit]
    ]  # fmt: skip
    return listed, rows[limit - 1].case_id if len(rows) > limit else None


class _Drawn:
    """The drawings of a move, each read once."""

    def __init__(self, session: Session, move: Move) -> None:
        self._session = session
        self._olds: dict[int, Diagram] = {}
        self.new = self.old(move.to_version_id)

    def old(self, version_id: int) -> Diagram:
        if version_id not in self._olds:
            digest = self._session.scalars(select(Version.digest).where(Version.id == version_id)).one()
            self._olds[version_id] = diagram_of(self._session, version_id, digest)
        return self._olds[version_id]


def _stay(stays: dict[tuple[str, ...], Stay], old: Diagram, reason: Mapping[str, str], case: int) -> None:
    why, element = reason["why"], reason["element"]
    found = stays.get((why, element, reason["zh"]))
    if found is None:
        label = Term(*WHYS[why]) if why in WHYS else _OTHER.get(why, Term(why, why))
        at = place(old, element) if element else None
        found = stays[why, element, reason["zh"]] = Stay(label, at, Term(reason["zh"], reason["en"]))
    found.count += 1
    if len(found.cases) < SAMPLES:
        found.cases.append((case, case_number(case)))


def _timer(
    timers: dict[tuple[Any, ...], Timers], old: Diagram, new: Diagram, told: Mapping[str, Any], case: int
) -> None:
    key = (told["from"], told["to"], told["how"])
    found = timers.get(key)
    if found is None:
        was = place(old, told["from"]) if told["from"] else None
        now = place(new, told["to"]) if told["to"] else None
        found = timers[key] = Timers(was, now, told["how"])
    found.count += 1
    found.shifted += told["how"] not in {"new", "dropped"} and told["before"] != told["after"]
    if len(found.kept) < SAMPLES:
        found.kept.append(_kept(told, case))


def _kept(told: Mapping[str, Any], case: int) -> TimerKept:
    moments = (_moment(told["before"]), _moment(told["after"]), _moment(told.get("by_new")))
    return TimerKept(case, case_number(case), *moments)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _task(
    tasks: dict[tuple[Any, ...], Tasks], version: int, old: Diagram, new: Diagram, told: Mapping[str, Any]
) -> None:
    key = (version, told["from"], told["to"])
    found = tasks.get(key)
    if found is None:
        here, there = old.elements.get(told["from"]), new.elements.get(told["to"])
        forms = form_changes(new, here, there) if here is not None and there is not None else []
        found = tasks[key] = Tasks(place(old, told["from"]), place(new, told["to"]), forms)
    found.count += 1
    found.changed.update(name for name in told["changed"] if name != "name_en")
    found.dues += told["before"] != told["after"]
