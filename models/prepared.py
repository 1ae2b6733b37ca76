"""Statements that are put together once and then run as the driver likes them best: its own text and plain values.

SQLAlchemy writes the SQL and knows how each type is kept; but asking it anew for every statement costs more than most
databases need to run it. Here its answer is remembered. Who listens to what the database is told still hears it all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import ClauseElement, Column, Connection, Dialect, Select
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from models.base import UtcDateTime
from models.light import LightSession
from models.wire import Wire, wire_over

Values = Mapping[str, Any]
Turn = Callable[[Any], Any]
# New rows in one statement at most: each number of rows is a statement of its own for whoever prepares it.
AT_ONCE = 16
_VALUES = " VALUES ("


class _Form:
    """A statement as one kind of database reads it. `names`: its parameters in the order of their places; `written`
    and `seen`: by place, what turns a value into one the driver keeps, and back; `given`: values that stand in the
    statement itself."""

    __slots__ = ("_given", "_pick", "_seen", "_several", "_written", "takes_several", "text")

    def __init__(
        self, text: str, names: Sequence[str], written: Mapping[str, Turn], given: Values, seen: Sequence[Turn | None]
    ) -> None:
        self.text = text
        # With two names at least, an `itemgetter` gives a tuple.
        self._pick = itemgetter(*names) if len(names) > 1 else lambda values: tuple(values[name] for name in names)
        self._written = _turning([(place, written[name]) for place, name in enumerate(names) if name in written])
        self._seen = _turning([(place, turn) for place, turn in enumerate(seen) if turn is not None])
        self._given = given
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

    def parameters(self, values: Values) -> tuple[Any, ...]:
        picked: tuple[Any, ...] = self._pick({**self._given, **values} if self._given else values)
        return self._written(picked)

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return self._seen(row)


def _turning(turns: Sequence[tuple[int, Turn]]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What turns the values at these places. Most rows have one such place, or none."""
    if not turns:
        return tuple
    if len(turns) == 1:
        (place, turn), after = turns[0], turns[0][0] + 1
        return lambda values: (*values[:place], turn(values[place]), *values[after:])

    def turned(values: Sequence[Any]) -> tuple[Any, ...]:
        new = list(values)
        for place, turn in turns:
            new[place] = turn(new[place])
        return tuple(new)

    return turned


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
        """Raises `otherwise` if it is not just one row that changes: at once, or with the next question or commit."""
        wire = wire_of(on)
        form = self._form(wire.dialect, values)
        if wire.courier is not None:
            wire.courier.tell(form.text, form.parameters(values), otherwise)
        elif wire.change(form.text, form.parameters(values)) != 1:
            raise otherwise

    def run_each(self, on: Connection | Session | Wire, rows: Sequence[Values]) -> None:
        """The same statement with the values of each row. What is wrong is told at once, or with the next question or
        commit."""
        wire = wire_of(on)
        form = self._form(wire.dialect, rows[0])
        if wire.courier is None or len(rows) == 1 or not form.takes_several:
            wire.tell(form.text, [form.parameters(row) for row in rows])
            return
        for begin in range(0, len(rows), AT_ONCE):
            some = rows[begin : begin + AT_ONCE]
            values = tuple(value for row in some for value in form.parameters(row))
            wire.tell(form.several(len(some)), [values])

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
