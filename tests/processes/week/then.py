"""The books as they stood at any moment of the week, kept by hand from the facts alone; and what was asked of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Entry

NAMES = ("category", "severity", "source")


@dataclass(slots=True)
class Limit:
    """One deadline of one round."""

    ends: datetime
    stopped: datetime | None = None
    extended: int = 0


@dataclass(slots=True)
class Matter:
    """One case as it stood."""

    id: int
    process: str
    opened: datetime
    said: dict[str, str] = field(default_factory=lambda: dict.fromkeys(NAMES, ""))
    stage: str = "registered"
    round: int = 1
    level: int = 0
    unit: int | None = None
    due: datetime | None = None
    closed: datetime | None = None
    ended: datetime | None = None
    rework: int = 0
    limits: dict[tuple[int, str], Limit] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        return self.closed is None and self.ended is None

    def late(self, at: datetime) -> bool:
        return self.closed is None and self.due is not None and self.due <= at


@dataclass(slots=True)
class Asked:
    """A question put to the books: what they answered, and what these answer; `late`: listed cases out of time."""

    case: int
    process: str
    element: str
    answer: Any
    recounted: Any
    late: int = 0


@dataclass(slots=True)
class Paper:
    """A paper when it was issued; `units`: every ranked unit then, {id: figures}, for a paper of ranking."""

    id: str
    case: int
    kind: str
    fields: dict[str, Any]
    units: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Books:
    cases: dict[int, Matter] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)


def kept(session: Session) -> Books:
    """One pass over the entries, oldest first; each question is answered anew where it was put."""
    books = Books()
    query = select(Entry.book, Entry.kind, Entry.at, Entry.body).order_by(Entry.id)
    for book, kind, at, text in session.execute(query):
        body: dict[str, Any] = orjson.loads(text)
        if kind == "UnitAdded":
            books.codes[body["unit"]], books.names[body["unit"]] = body["code"], body["name"]
        elif kind == "CaseOpened":
            books.cases[book] = Matter(book, body["process"], at)
        elif kind == "BooksAsked" and not body["topic"].startswith("units."):
            told = answer(books, body["topic"], body["asked"], besides=book, at=at)
            numbers = told if body["topic"] == "ledger.list" else []
            late = sum(books.cases[int(number.replace("-", ""))].late(at) for number in numbers)
            books.asked.append(Asked(book, books.cases[book].process, body["element"], body["answer"], told, late))
        elif kind == "DocumentIssued":
            books.papers.append(Paper(body["document"], book, body["kind"], body["fields"]))
            if body["kind"] == "ranking":
                books.papers[-1].units = _by_unit(books, _moment(body["fields"]["period_from"]), besides=book, at=at)
        elif book:
            _write(books.cases[book], kind, at, body)
    return books


def _write(one: Matter, kind: str, at: datetime, body: dict[str, Any]) -> None:
    match kind:
        case "VariablesChanged" | "FieldsCorrected":
            one.said |= {name: body["after"][name] or "" for name in NAMES if name in body["after"]}
        case "StageChanged":
            one.stage = body["after"]
        case "LeadUnitChanged":
            one.unit = body["after"]
        case "RoundOpened":
            one.round, one.level, one.closed = body["round"], 0, None
        case "LevelRaised":
            one.level = body["after"]
        case "CaseClosed":
            one.closed = at
        case "CaseReopened":
            one.closed = None
        case "CaseEnded":
            one.ended = at
        case "CaseDueChanged":
            one.due = datetime.fromisoformat(body["after"]) if body["after"] else None
        case "Counted":
            one.rework += body["name"] == "rework"
        case _ if kind.startswith("Clock") or kind == "DeadlineExtended":
            _limit(one, kind, at, body)


def _limit(one: Matter, kind: str, at: datetime, body: dict[str, Any]) -> None:
    key = body["round"], body["clock"]
    match kind:
        case "ClockStarted":
            before = one.limits.get(key)
            ends = datetime.fromisoformat(body["original"])
            one.limits[key] = Limit(ends, extended=before.extended if before else 0)
        case "ClockStopped":
            one.limits[key].stopped = at
        case "ClockResumed":
            one.limits[key].stopped, one.limits[key].ends = None, datetime.fromisoformat(body["effective"])
        case "ClockTakenBack":
            one.limits.pop(key)
        case "DeadlineExtended":
            one.limits[key].ends, one.limits[key].extended = datetime.fromisoformat(body["after"]), body["times"]


# --- the questions ----------------------------------------------------------------------------------------------------


def answer(books: Books, topic: str, asked: dict[str, Any], *, besides: int, at: datetime) -> Any:
    """As `ledger.list` (the numbers of the cases) and `ledger.figures` answer. A filter not known here is an error."""
    rest = dict(asked)
    by, sort = rest.pop("by", ""), rest.pop("sort", "opened")
    clocks, limit = _several(rest.pop("clocks", "")), int(rest.pop("limit", 2000))
    rest.pop("fields", None)
    found = [one for one in books.cases.values() if one.id != besides and _fits(books, one, rest, at)]
    if topic == "ledger.list":
        order = {
            "opened": lambda one: (one.opened, one.id),
            "due": lambda one: (one.due is None, one.due or at, one.id),
            "level": lambda one: (-one.level, one.opened, one.id),
        }[sort]
        found.sort(key=order)
        return [f"{one.id // 1_000_000}-{one.id % 1_000_000:06d}" for one in found[:limit]]
    if not by:
        return figures(found, clocks, at)
    groups: defaultdict[str, list[Matter]] = defaultdict(list)
    for one in found:
        key = books.codes.get(one.unit or 0, "") if by == "unit" else one.said.get(by) or getattr(one, by, "")
        groups[key].append(one)
    return [{"key": key, **figures(groups[key], clocks, at)} for key in sorted(groups)]


def _fits(books: Books, one: Matter, asked: dict[str, Any], at: datetime) -> bool:
    for name, wanted in asked.items():
        match name:
            case "process" | "stage":
                fits = getattr(one, name) in _several(wanted)
            case "unit":
                fits = books.codes.get(one.unit or 0) in _several(wanted)
            case "category" | "severity" | "source":
                fits = one.said[name] in _several(wanted)
            case "open":
                fits = one.open == _true(wanted)
            case "overdue":
                fits = one.late(at) == _true(wanted)
            case "level":
                fits = one.level >= int(wanted)
            case "opened_from":
                fits = one.opened >= _moment(wanted)
            case "closed_from":
                fits = one.closed is not None and one.closed >= _moment(wanted)
            case "except":
                fits = f"{one.id // 1_000_000}-{one.id % 1_000_000:06d}" not in _several(wanted)
            case _:
                raise AssertionError(f"asked by {name!r}, which is not recounted")
        if not fits:
            return False
    return True


def figures(some: Iterable[Matter], clocks: Iterable[str], at: datetime) -> dict[str, Any]:
    told = {"total": 0, "open": 0, "closed": 0, "overdue": 0, "reminded": 0, "blue": 0, "orange": 0, "red": 0}
    told |= {"reopened": 0, "extended": 0, "rework": 0}
    kept: dict[str, dict[str, int]] = {name: {"on_time": 0, "late": 0, "running": 0} for name in clocks}
    for one in some:
        told["total"] += 1
        told["closed"] += one.closed is not None
        told["overdue"] += one.late(at)
        told["reopened"] += one.round > 1
        told["rework"] += one.rework
        told["extended"] += any(limit.extended for limit in one.limits.values())
        if one.open:
            told["open"] += 1
            if one.level:
                told[("reminded", "blue", "orange", "red")[one.level - 1]] += 1
        for name in kept:
            limit = one.limits.get((one.round, name))
            if limit is not None and limit.stopped is not None:
                kept[name]["on_time" if limit.stopped <= limit.ends else "late"] += 1
            elif limit is not None:
                kept[name]["running" if at < limit.ends else "late"] += 1
    return {**told, "clocks": kept}


def _by_unit(books: Books, since: datetime, *, besides: int, at: datetime) -> dict[int, dict[str, Any]]:
    groups: defaultdict[int, list[Matter]] = defaultdict(list)
    for one in books.cases.values():
        if one.process == "issue_loop" and one.id != besides and one.opened >= since and one.unit is not None:
            groups[one.unit].append(one)
    return {unit: figures(some, ("rectify",), at) for unit, some in groups.items()}


def _several(told: Any) -> list[str]:
    parts = told if isinstance(told, list) else str(told).split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def _true(told: Any) -> bool:
    return str(told).lower() == "true"


def _moment(told: Any) -> datetime:
    return datetime.fromisoformat(told["$moment"])
