"""Statements that are put together once and then run as the driver likes them best: its own text and plain values.

SQLAlchemy writes the SQL and knows how each type is kept; but asking it anew for every statement costs more than most
databases need to run it. Here its answer is remembered. Who listens to what the database is told still hears it all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import (
    ClauseElement,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    and_,
    case,
    literal_column,
    not_,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from models.base import UtcDateTime
from models.light import LightSession
from models.wire import Wire, wire_over

Values = Mapping[str, Any]
Turn = Callable[[Any], Any]
Written = Callable[[Sequence[Any]], Sequence[Any]]
# New rows in one statement at most: each number of rows is a statement of its own for whoever prepares it.
AT_ONCE = 16
_VALUES = " VALUES ("


class _Form:
    """A statement as one kind of database reads it. `parameters`: from values by name to what the driver keeps, in the
    order of their places; `written`: the same of values that lie in that order; `read`: a row as we know its values."""

    __slots__ = ("_several", "names", "parameters", "read", "takes_several", "text", "written")

    def __init__(
        self, text: str, names: Sequence[str], written: Mapping[str, Turn], given: Values, seen: Sequence[Turn | None]
    ) -> None:
        self.text = text
        self.names = tuple(names)
        self.written = _turning([(place, written[name]) for place, name in enumerate(names) if name in written])
        read = _turning([(place, turn) for place, turn in enumerate(seen) if turn is not None])
        self.read: Callable[[Sequence[Any]], tuple[Any, ...]]
        self.read = tuple if read is None else lambda row: tuple(read(row))
        self.parameters = _picking(names, given, self.written)
        head, _, row = text.partition(_VALUES)
        self.takes_several = head.startswith("INSERT INTO ") and row.endswith(")")
        self._several: dict[int, str] = {}

    def several(self, rows: int) -> str:
        """The text for so many new rows at once. Only where the statement `takes_several`."""
        text = self._several.get(rows)
        if text is None:
            head, values, row = self.text.partition(_VALUES)
            text = self._several[rows] = head + values + ", (".join([row] * rows)
        return text


def _picking(names: Sequence[str], given: Values, written: Written | None) -> Callable[[Values], Sequence[Any]]:
    """What finds the values of a statement by their names; `given` stand in the statement itself."""
    pick: Callable[[Values], Sequence[Any]]
    # With two names at least, an `itemgetter` gives a tuple.
    pick = itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names]
    if given:
        found = pick
        pick = lambda values: found({**given, **values})  # noqa: E731
    if written is None:
        return pick
    return lambda values: written(pick(values))


def _turning(turns: Sequence[tuple[int, Turn]]) -> Written | None:
    """What turns the values at these places; None where there is no such place. Most rows have one."""
    if not turns:
        return None
    if len(turns) == 1:
        return partial(_turned_at, *turns[0])

    def turned(values: Sequence[Any]) -> list[Any]:
        new = list(values)
        for place, turn in turns:
            new[place] = turn(new[place])
        return new

    return turned


def _turned_at(place: int, turn: Turn, values: Sequence[Any]) -> list[Any]:
    new = list(values)
    new[place] = turn(new[place])
    return new


class Prepared:
    """One statement. `columns` names the columns of an insert; other statements say themselves what they want."""

    __slots__ = ("_columns", "_forms", "_statement")

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = list(columns) if columns is not None else None
        self._forms: dict[str, _Form] = {}  # by the name of the database: one of a kind is spoken to like another

    def one_or_none(self, on: Connection | Session | Wire, values: Values) -> tuple[Any, ...] | None:
        """The one row there is. Several are a mistake of whoever asks."""
        rows = self.all(on, values)
        if len(rows) > 1:
            raise ValueError(f"{len(rows)} rows where one was looked for")
        return rows[0] if rows else None

    def all(self, on: Connection | Session | Wire, values: Values) -> list[tuple[Any, ...]]:
        wire = wire_of(on)
        form = self._form(wire.dialect, values)
        return [form.read(row) for row in wire.ask(form.text, form.parameters(values))]

    def change_one(self, on: Connection | Session | Wire, values: Values, otherwise: Exception) -> None:
        """Raises `otherwise` if it is not just one row that changes: at once, or with the next question or commit. A
        server does not wait to be asked about it, and must itself fail where its row is not as it has to be: the
        statement says so by `fails_unless`."""
        wire = wire_of(on)
        form = self._form(wire.dialect, values)
        wire.change_one(form.text, form.parameters(values), otherwise)

    def run_each(self, on: Connection | Session | Wire, rows: Sequence[Values]) -> None:
        """The same statement with the values of each row. What is wrong is told at once, or with the next question or
        commit."""
        wire = wire_of(on)
        form = self._form(wire.dialect, rows[0])
        self._tell(wire, form, [form.parameters(row) for row in rows])

    def run_rows(self, wire: Wire, rows: Sequence[Sequence[Any]]) -> None:
        """The same for rows whose values lie in the order of the columns, of an insert that names them all."""
        form = self._forms.get(wire.dialect.name)
        if form is None:
            form = self._form(wire.dialect, dict.fromkeys(self._columns or ()))
            if list(form.names) != self._columns:
                del self._forms[wire.dialect.name]
                raise ValueError(f"the places of {form.names} are not those of {self._columns}")
        self._tell(wire, form, rows if form.written is None else [form.written(row) for row in rows])

    def _tell(self, wire: Wire, form: _Form, rows: Sequence[Sequence[Any]]) -> None:
        if len(rows) == 1 or not (form.takes_several and wire.takes_several):
            wire.tell(form.text, rows)
            return
        for begin in range(0, len(rows), AT_ONCE):
            some = rows[begin : begin + AT_ONCE]
            wire.tell(form.several(len(some)), [list(chain.from_iterable(some))])

    def _form(self, dialect: Dialect, values: Values) -> _Form:
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = self._put_together(dialect, values)
        return form

    def _put_together(self, dialect: Dialect, values: Values) -> _Form:
        sql = cast(SQLCompiler, self._statement.compile(dialect=dialect, column_keys=self._columns))
        given = {column.key: _default(column) for column in sql.insert_prefetch}
        final = sql.construct_expanded_state({**given, **values})
        if final.positiontup is None:
            raise ValueError(f"{dialect.name} was opened with parameters that have names instead of places")
        given |= {name: value for name, value in final.parameters.items() if name not in values}
        written = {name: _writing(bind.type, dialect) for name, bind in sql.binds.items()} | dict(final.processors)
        seen: list[Turn | None] = []
        if isinstance(self._statement, Select):
            kinds = [column.type for column in self._statement.selected_columns]
            seen = [kind.dialect_impl(dialect).result_processor(dialect, None) for kind in kinds]
        known = {name: turn for name, turn in written.items() if turn is not None}
        return _Form(final.statement, final.positiontup, known, given, seen)


def fails_unless(row: ColumnElement[bool], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """True of every row but the one meant by `row`, if that does not meet the condition: there the server divides by
    nothing, which undoes the whole. (SQLite holds that to be null: no row changes.)"""
    one, nothing = literal_column("1", Integer), literal_column("0", Integer)
    return one // case((and_(row, not_(condition)), nothing), else_=one) == one


def _writing(kind: TypeEngine[Any], dialect: Dialect) -> Turn | None:
    """What turns a value of this kind into one the driver keeps. The moment of a step is written down many times."""
    turn: Turn | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return lru_cache(maxsize=64)(turn) if turn is not None and isinstance(kind, UtcDateTime) else turn


def wire_of(on: Connection | Session | Wire) -> Wire:
    """The wire of a connection on which a transaction has begun, at the latest now."""
    if isinstance(on, Wire):
        return on
    if isinstance(on, LightSession):
        return on.wire
    return wire_over(on.connection() if isinstance(on, Session) else on)


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    return default.arg if default.is_scalar else default.arg(None)
