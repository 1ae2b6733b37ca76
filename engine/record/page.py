"""One page of the ledger while it is being written: inserts, changes and removals, put down together at the end."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, update
from sqlalchemy.orm import Session

from models import (
    Addressee,
    AllowedHost,
    Attachment,
    Bar,
    Base,
    CalendarDay,
    Candidate,
    Case,
    Clock,
    Document,
    Grant,
    Notice,
    Officer,
    OutgoingMessage,
    PaperCopy,
    PaperTemplate,
    Party,
    PersonalValue,
    Process,
    Receipt,
    ServiceJob,
    Slip,
    Start,
    Subscription,
    Task,
    Timer,
    Unit,
    Version,
    WorkCalendar,
    WorkerToken,
)
from models.base import table_of
from models.prepared import Prepared, wire_of
from models.wire import Wire

Key = tuple[Any, ...]
# Parents before children, so that foreign keys hold at every statement.
_ORDER: tuple[type[Base], ...] = (
    Unit, Officer, Grant, WorkerToken, AllowedHost, WorkCalendar, CalendarDay, Process, Version, Start, Case, Task,
    Timer, Subscription, ServiceJob, OutgoingMessage, Slip, Clock, PaperTemplate, Document, Addressee, Receipt,
    PaperCopy, Attachment, Notice, Party, Candidate, Bar, PersonalValue,
)  # fmt: skip
# No other can be written at all: rows of a table that is missing here must not vanish without a word.
_TABLES: dict[type[Base], Table] = {model: table_of(model) for model in _ORDER}
_PLACE = {model: place for place, model in enumerate(_ORDER)}
_KEYS = {model: tuple(column.name for column in table.primary_key) for model, table in _TABLES.items()}


class Page:
    """Collects what facts do to rows. One statement per table and kind of change, however many facts there are."""

    def __init__(self, book: int, *, officer: int | None, unit: int | None, at: datetime) -> None:
        self.book = book
        self.officer = officer
        self.unit = unit
        self.at = at
        # Variables of the case as they are kept (JSON values); `VariablesChanged` works on them.
        self.variables: dict[str, Any] = {}
        # What is too large or too secret for an entry, by the name the fact has for it.
        self.enclosed: dict[str, Any] = {}
        self._new: dict[type[Base], dict[Key, dict[str, Any]]] = defaultdict(dict)
        self._changes: dict[type[Base], dict[Key, dict[str, Any]]] = defaultdict(dict)
        self._gone: dict[type[Base], dict[Key, None]] = defaultdict(dict)
        self._loose: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._swept: dict[type[Base], dict[str, list[Any]]] = defaultdict(dict)

    def add(self, model: type[Base], **values: Any) -> None:
        """A new row. Where the database counts the key itself, rows are told apart by nothing and never changed."""
        key = _key(model, values)
        if None in key:
            self._loose[model].append(values)
        else:
            self._new[model][key] = values

    def change(self, model: type[Base], *key: Any, **values: Any) -> None:
        if key in self._new.get(model, ()):
            self._new[model][key].update(values)
        else:
            self._changes[model].setdefault(key, {}).update(values)

    def remove(self, model: type[Base], *key: Any) -> None:
        if model in self._changes:
            self._changes[model].pop(key, None)
        if model not in self._new or self._new[model].pop(key, None) is None:
            self._gone[model][key] = None

    def remove_loose(self, model: type[Base], column: str, value: Any) -> None:
        """Rows of a table without a key of our own, by one column (the candidates of a task that is done)."""
        if model in self._loose:
            self._loose[model] = [row for row in self._loose[model] if row[column] != value]
        if model in self._new:
            self._new[model] = {key: row for key, row in self._new[model].items() if row.get(column) != value}
        self._swept[model].setdefault(column, []).append(value)

    def take_changes(self, model: type[Base], *key: Any) -> dict[str, Any]:
        """The changes of one row, taken out of the page: the journal writes the case itself, with its revision."""
        return self._changes[model].pop(key, {}) if model in self._changes else {}

    def amend(self, model: type[Base], *key: Any, **values: Any) -> None:
        """Completes a row that is new on this page."""
        self._new[model][key].update(values)

    def has_new(self, model: type[Base], *key: Any) -> bool:
        return key in self._new.get(model, ())

    def adds(self, model: type[Base]) -> bool:
        return bool(self._new.get(model))

    def write(self, on: Connection | Session | Wire) -> None:
        """Puts down everything that came since it was last asked to."""
        wire = wire_of(on)
        for model in sorted({*self._swept, *self._gone}, key=_PLACE.__getitem__, reverse=True):
            self._write_removals(wire, model)
        for model in sorted({*self._new, *self._loose, *self._changes}, key=_PLACE.__getitem__):
            if model in self._new or model in self._loose:
                rows = [*self._new.get(model, {}).values(), *self._loose.get(model, ())]
                for columns, alike in _by_columns(rows).items():
                    _insert(model, columns).run_each(wire, alike)
            if changes := self._changes.get(model):
                _write_changes(wire, model, changes)
        for written in (self._new, self._changes, self._gone, self._loose, self._swept):
            written.clear()

    def _write_removals(self, wire: Wire, model: type[Base]) -> None:
        for column, values in self._swept[model].items():
            _sweep(model, column).run_each(wire, [{"_value": value} for value in values])
        if gone := self._gone[model]:
            _removal(model).run_each(wire, [_marked(model, key) for key in gone])


def _write_changes(wire: Wire, model: type[Base], changes: dict[Key, dict[str, Any]]) -> None:
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for key, values in changes.items():
        groups.setdefault(tuple(sorted(values)), []).append({**values, **_marked(model, key)})
    for columns, lacking, rows in _joined(model, groups):
        _change(model, columns, lacking).run_each(wire, rows)


# Statements are put together once for each table and set of columns: that costs far more than running them. `inline`:
# nobody wants to be told the keys the database counts itself.
@lru_cache(maxsize=1024)
def _insert(model: type[Base], columns: tuple[str, ...]) -> Prepared:
    return Prepared(insert(_TABLES[model]).inline(), columns)


@lru_cache(maxsize=1024)
def _change(model: type[Base], columns: tuple[str, ...], lacking: frozenset[str]) -> Prepared:
    """`lacking`: columns in which not every row has something new; None leaves them as they are."""
    table = _TABLES[model]
    standing = [table.c[name] == bindparam(f"_{name}") for name in _KEYS[model]]
    new: dict[str, Any] = {name: bindparam(name, type_=table.c[name].type) for name in columns}
    new |= {name: func.coalesce(new[name], table.c[name]) for name in lacking}
    return Prepared(update(table).where(*standing).values(new))


def _joined(
    model: type[Base], groups: dict[tuple[str, ...], list[dict[str, Any]]]
) -> list[tuple[tuple[str, ...], frozenset[str], list[dict[str, Any]]]]:
    """Changes that touch more and fewer columns of a table in one statement, where what some lack can never be null."""
    found: list[tuple[tuple[str, ...], frozenset[str], list[dict[str, Any]]]] = []
    for columns, rows in sorted(groups.items(), key=lambda group: -len(group[0])):
        for place, (wider, lacking, others) in enumerate(found):
            missing = frozenset(wider) - frozenset(columns)
            fits = frozenset(columns) <= frozenset(wider)
            if fits and not any(_TABLES[model].c[name].nullable for name in missing):
                padded = [{**dict.fromkeys(missing), **row} for row in rows]
                found[place] = (wider, lacking | missing, [*others, *padded])
                break
        else:
            found.append((columns, frozenset(), rows))
    return found


@lru_cache(maxsize=1024)
def _removal(model: type[Base]) -> Prepared:
    table = _TABLES[model]
    return Prepared(delete(table).where(*[table.c[name] == bindparam(f"_{name}") for name in _KEYS[model]]))


@lru_cache(maxsize=1024)
def _sweep(model: type[Base], column: str) -> Prepared:
    table = _TABLES[model]
    return Prepared(delete(table).where(table.c[column] == bindparam("_value")))


def _marked(model: type[Base], key: Key) -> dict[str, Any]:
    """The parts of a key under names that cannot be mistaken for new values of its columns."""
    return {f"_{name}": part for name, part in zip(_KEYS[model], key, strict=True)}


def _key(model: type[Base], values: dict[str, Any]) -> Key:
    return tuple([values.get(name) for name in _KEYS[model]])


def _by_columns(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """Rows with the same columns, together."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row)].append(row)
    return groups
