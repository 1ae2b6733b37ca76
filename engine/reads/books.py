"""Answers what diagrams ask: the cases in question, figures counted from them, and the units there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, exists, not_, or_, select
from sqlalchemy.orm import Session

from engine.notation.questions import Question
from engine.reads.filters import overdue
from engine.reads.kept import wholes
from engine.words.numbers import case_id_of, number_of
from engine.words.values import from_json
from engine.words.worktime import HOME
from models import Case, Clock, Entry, Grant, Officer, Unit

# How many cases one statement may name.
_HANDFUL = 500
_COLUMNS = (
    Case.id, Case.process_id, Case.title, Case.place, Case.category, Case.severity, Case.source, Case.stage,
    Case.round, Case.level, Case.outcome, Case.opened_at, Case.closed_at, Case.ended_at, Case.due_at,
    Unit.code, Unit.name, Unit.name_en,
)  # fmt: skip
_AMONG = {
    "process": Case.process_id, "stage": Case.stage, "unit": Unit.code, "category": Case.category,
    "severity": Case.severity, "source": Case.source, "outcome": Case.outcome,
}  # fmt: skip
_SORTED = {
    "opened": (Case.opened_at, Case.id),
    "due": (Case.due_at.is_(None), Case.due_at, Case.id),
    "level": (Case.level.desc(), Case.opened_at, Case.id),
}
_GROUPED: dict[str, Callable[[Any], str]] = {
    "unit": lambda row: row.code or "",
    "process": lambda row: row.process_id,
    **{name: lambda row, name=name: getattr(row, name) for name in ("category", "severity", "source", "stage")},  # type: ignore[misc]
}


class BooksOf:
    """The books as this transaction sees them; `case` itself, which is being worked on, is not counted."""

    def __init__(self, session: Session, case: int) -> None:
        self._session = session
        self._case = case

    def cases(self, question: Question, *, at: datetime) -> list[dict[str, Any]]:
        """{number, process, title, place, category, severity, source, stage, round, level, outcome, unit, unit_name,
        unit_name_en, opened_at, closed_at, due, overdue}, and the fields asked for (null where a case has none)."""
        columns = (*_COLUMNS, Case.variables) if question.fields else _COLUMNS
        query = select(*columns).outerjoin(Unit, Unit.id == Case.lead_unit_id)
        query = query.where(*self._narrowed(question, at)).order_by(*_SORTED[question.sort]).limit(question.limit)
        rows = self._session.execute(query).all()
        asked = [
            (row.id, {name: row.variables.get(name) for name in question.fields}) for row in rows if question.fields
        ]
        said = wholes(self._session, asked) or [{} for _ in rows]
        return [
            _told(row, at) | {name: from_json(value) for name, value in fields.items()}
            for row, fields in zip(rows, said, strict=True)
        ]

    def figures(self, question: Question, *, at: datetime) -> Any:
        """{total, open, closed, overdue, reminded, blue, orange, red, reopened, extended, rework, clocks: {NAME:
        {on_time, late, running}}}; with `by`, a list of these with key, name and name_en, in the order of the keys."""
        query = select(*_COLUMNS).outerjoin(Unit, Unit.id == Case.lead_unit_id)
        rows = list(self._session.execute(query.where(*self._narrowed(question, at)).order_by(Case.id)))
        ids = [row.id for row in rows]
        rework, clocks = self._rework(ids), self._clocks(ids)
        if not question.by:
            return _figures(rows, question, rework, clocks, at)
        groups: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            groups[_GROUPED[question.by](row)].append(row)
        return [
            {"key": key, **_names(question.by, key, members[0]), **_figures(members, question, rework, clocks, at)}
            for key, members in sorted(groups.items())
        ]

    def units(self, question: Question) -> list[str]:
        query = select(Unit.code).where(Unit.ended_at.is_(None))
        among = question.among
        if "kind" in among:
            query = query.where(Unit.kind.in_(among["kind"]))
        if "except" in among:
            query = query.where(Unit.code.not_in(among["except"]))
        if question.below:
            query = query.where(Unit.path.startswith(self._path(question.below)), Unit.code != question.below)
        if question.role:
            held = exists().where(
                Grant.unit_id == Unit.id, Grant.role == question.role, Officer.id == Grant.officer_id,
                Officer.ended_at.is_(None),
            )  # fmt: skip
            query = query.where(held)
        return list(self._session.scalars(query.order_by(Unit.path)))

    def unit_names(self, codes: Sequence[str]) -> dict[str, str]:
        query = select(Unit.code, Unit.name).where(Unit.code.in_(codes)).order_by(Unit.path)
        return {row.code: row.name for row in self._session.execute(query)}

    def _path(self, code: str) -> str:
        # No unit has this path, so that a code nobody knows has nothing below it.
        return self._session.scalar(select(Unit.path).where(Unit.code == code)) or "0."

    def _narrowed(self, question: Question, at: datetime) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [Case.id != self._case]
        found += [_AMONG[name].in_(values) for name, values in question.among.items() if name in _AMONG]
        if "except" in question.among:
            found.append(Case.id.not_in([case_id_of(number) or 0 for number in question.among["except"]]))
        if question.below:
            found.append(Unit.path.startswith(self._path(question.below)))
        if question.level:
            found.append(Case.level >= question.level)
        if question.open is not None:
            settled = or_(Case.closed_at.is_not(None), Case.ended_at.is_not(None))
            found.append(not_(settled) if question.open else settled)
        if question.overdue is not None:
            found.append(overdue(at) if question.overdue else not_(overdue(at)))
        for name, moment in question.moments.items():
            column = Case.opened_at if name.startswith("opened") else Case.closed_at
            told = moment.astimezone(UTC)
            found.append(column >= told if name.endswith("_from") else column < told)
        return found

    def _rework(self, ids: list[int]) -> Counter[int]:
        """How often each case was sent back, as its own facts say."""
        found: Counter[int] = Counter()
        for some in _handfuls(ids):
            query = select(Entry.book, Entry.body).where(Entry.book.in_(some), Entry.kind == "Counted")
            for book, body in self._session.execute(query):
                if body is not None and orjson.loads(body).get("name") == "rework":
                    found[book] += 1
        return found

    def _clocks(self, ids: list[int]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for some in _handfuls(ids):
            query = select(Clock.case_id, Clock.round, Clock.name, Clock.effective_at, Clock.stopped_at, Clock.extended)
            for clock in self._session.execute(query.where(Clock.case_id.in_(some))):
                found[clock.case_id].append(clock)
        return found


def _handfuls(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _HANDFUL):
        yield ids[start : start + _HANDFUL]


def _is_open(row: Any) -> bool:
    return row.closed_at is None and row.ended_at is None


def _is_overdue(row: Any, at: datetime) -> bool:
    return row.closed_at is None and row.due_at is not None and row.due_at <= at


def _told(row: Row[Any], at: datetime) -> dict[str, Any]:
    return {
        "number": number_of(row.id),
        "process": row.process_id,
        **{name: getattr(row, name) for name in ("title", "place", "category", "severity", "source", "stage")},
        "round": row.round,
        "level": row.level,
        "outcome": row.outcome,
        "unit": row.code,
        "unit_name": row.name,
        "unit_name_en": row.name_en or row.name,
        "opened_at": row.opened_at.astimezone(HOME),
        "closed_at": row.closed_at.astimezone(HOME) if row.closed_at is not None else None,
        "due": row.due_at.astimezone(HOME) if row.due_at is not None else None,
        "overdue": _is_overdue(row, at),
    }


def _names(by: str, key: str, row: Any) -> dict[str, str]:
    if by == "unit" and row.name:
        return {"name": row.name, "name_en": row.name_en or row.name}
    return {"name": key, "name_en": key}


def _figures(
    rows: Iterable[Any], question: Question, rework: Counter[int], clocks: dict[int, list[Any]], at: datetime
) -> dict[str, Any]:
    rows = list(rows)
    levels = Counter(row.level for row in rows if _is_open(row))
    return {
        "total": len(rows),
        "open": sum(_is_open(row) for row in rows),
        "closed": sum(row.closed_at is not None for row in rows),
        "overdue": sum(_is_overdue(row, at) for row in rows),
        **{name: levels[level] for level, name in ((1, "reminded"), (2, "blue"), (3, "orange"), (4, "red"))},
        "reopened": sum(row.round > 1 for row in rows),
        "extended": sum(any(clock.extended for clock in clocks.get(row.id, ())) for row in rows),
        "rework": sum(rework[row.id] for row in rows),
        "clocks": {name: _kept(name, rows, clocks, at) for name in question.clocks},
    }


def _kept(name: str, rows: list[Any], clocks: dict[int, list[Any]], at: datetime) -> dict[str, int]:
    """How the deadline of this name was kept, in the round each case is in now."""
    found = Counter(
        _how(clock, at)
        for row in rows
        for clock in clocks.get(row.id, ())
        if clock.name == name and clock.round == row.round
    )
    return {how: found[how] for how in ("on_time", "late", "running")}


def _how(clock: Any, at: datetime) -> str:
    stopped = clock.stopped_at
    if stopped is None and at < clock.effective_at:
        return "running"
    return "on_time" if stopped is not None and stopped <= clock.effective_at else "late"
