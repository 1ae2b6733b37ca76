"""Statements that are put together once and then run as the driver likes them best: its own text and plain values.

SQLAlchemy writes the SQL and knows how each type is kept; but asking it anew for every statement costs more than most
databases need to run it. Here its answer is remembered. Who listens to what the database is told still hears it all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, cast
from weakref import WeakKeyDictionary

from sqlalchemy import ClauseElement, Column, Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    from models.journey import Journey

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one kind of database reads it. `binds`: the parameters in the order of their places, each with
    what turns its value into one the driver keeps; `given`: values that stand in the statement itself."""

    text: str
    binds: tuple[tuple[str, Any], ...]
    given: Values
    columns: tuple[Any, ...]

    def parameters(self, values: Values) -> tuple[Any, ...]:
        if self.given:
            values = {**self.given, **values}
        return tuple([kept(values[name]) if kept is not None else values[name] for name, kept in self.binds])

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            [seen(value) if seen is not None else value for seen, value in zip(self.columns, row, strict=True)]
        )


class Prepared:
    """One statement. `columns` names the columns of an insert; other statements say themselves what they want."""

    __slots__ = ("_columns", "_forms", "_statement")

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = list(columns) if columns is not None else None
        self._forms: WeakKeyDictionary[Dialect, _Form] = WeakKeyDictionary()

    def one_or_none(self, connection: Connection, values: Values) -> tuple[Any, ...] | None:
        """The one row there is. Several are a mistake of whoever asks."""
        rows = self.all(connection, values)
        if len(rows) > 1:
            raise ValueError(f"{len(rows)} rows where one was looked for")
        return rows[0] if rows else None

    def all(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        form = self._form(connection.dialect, values)
        parameters = form.parameters(values)
        if _is_heard(connection):
            found: Sequence[Any] = connection.exec_driver_sql(form.text, parameters).all()
        else:
            with _Naming(connection, form.text, parameters):
                found = _ask(connection, form.text, parameters)
        return [form.read(row) for row in found]

    def change_one(self, connection: Connection, values: Values, otherwise: Exception) -> None:
        """Raises `otherwise` if it is not just one row that changes: at once, or at the end of what goes `together`."""
        form = self._form(connection.dialect, values)
        parameters = form.parameters(values)
        journey = _journey(connection)
        if journey is not None:
            journey.add(form.text, parameters, otherwise)
        elif _is_heard(connection):
            if connection.exec_driver_sql(form.text, parameters).rowcount != 1:
                raise otherwise
        else:
            with _Naming(connection, form.text, parameters):
                changed = _driver(connection).execute(form.text, parameters).rowcount
            if changed != 1:
                raise otherwise

    def run_each(self, connection: Connection, rows: Sequence[Values]) -> None:
        """The same statement with the values of each row."""
        form = self._form(connection.dialect, rows[0])
        parameters = [form.parameters(row) for row in rows]
        journey = _journey(connection)
        if journey is not None:
            for each in parameters:
                journey.add(form.text, each)
        elif _is_heard(connection):
            connection.exec_driver_sql(form.text, parameters)
        else:
            with _Naming(connection, form.text, parameters):
                _driver(connection).cursor().executemany(form.text, parameters)

    def _form(self, dialect: Dialect, values: Values) -> _Form:
        form = self._forms.get(dialect)
        if form is None:
            form = self._forms[dialect] = self._put_together(dialect, values)
        return form

    def _put_together(self, dialect: Dialect, values: Values) -> _Form:
        sql = cast(SQLCompiler, self._statement.compile(dialect=dialect, column_keys=self._columns))
        given = {column.key: _default(column) for column in sql.insert_prefetch}
        final = sql.construct_expanded_state({**given, **values})
        if final.positiontup is None:
            raise ValueError(f"{dialect.name} was opened with parameters that have names instead of places")
        given |= {name: value for name, value in final.parameters.items() if name not in values}
        written = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in sql.binds.items()}
        written.update(final.processors)
        binds = tuple((name, written.get(name)) for name in final.positiontup)
        seen: tuple[Any, ...] = ()
        if isinstance(self._statement, Select):
            kinds = [column.type for column in self._statement.selected_columns]
            seen = tuple(kind.dialect_impl(dialect).result_processor(dialect, None) for kind in kinds)
        return _Form(final.statement, binds, given, seen)


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """What is told in here goes out as one journey where the database can be reached that way, and what fails on the
    way is told at the end. Nothing may be asked meanwhile."""
    journey = _new_journey(connection) if not _is_heard(connection) else None
    if journey is None:
        yield
        return
    connection.info["journey"] = journey
    try:
        yield
    finally:
        del connection.info["journey"]
    with _Naming(connection, None, None):
        journey.go()


def say(connection: Connection, text: str) -> None:
    """Words that ask nothing, such as BEGIN."""
    if _is_heard(connection):
        connection.exec_driver_sql(text)
        return
    with _Naming(connection, text, None):
        _driver(connection).execute(text)


def _ask(connection: Connection, text: str, parameters: tuple[Any, ...]) -> Sequence[Any]:
    journey = _new_journey(connection)
    if journey is None:
        rows: list[Any] = _driver(connection).execute(text, parameters).fetchall()
        return rows
    journey.add(text, parameters)
    (answer,) = journey.go()
    return journey.rows(answer)


def _new_journey(connection: Connection) -> Journey | None:
    """Only PostgreSQL is far enough away; and only a transaction of the common kind begins here."""
    if connection.dialect.name != "postgresql":
        return None
    driver = _driver(connection)
    if driver.autocommit or (driver.isolation_level, driver.read_only, driver.deferrable) != (None, None, None):
        return None
    from models.journey import Journey, Kept  # whoever keeps to SQLite need not load PostgreSQL's driver

    kept = connection.info.setdefault("kept", Kept())
    return Journey(driver, kept)


def _journey(connection: Connection) -> Journey | None:
    """The journey that is being packed."""
    return connection.info.get("journey") if connection.dialect.name == "postgresql" else None


def _is_heard(connection: Connection) -> bool:
    """Whether somebody listens to what the database is told."""
    return bool(connection.dispatch.before_cursor_execute)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


class _Naming:
    """Gives an error of the driver the name SQLAlchemy has for it. A connection that broke is not used again."""

    __slots__ = ("_connection", "_parameters", "_text")

    def __init__(self, connection: Connection, text: str | None, parameters: Any) -> None:
        self._connection, self._text, self._parameters = connection, text, parameters

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        dialect = self._connection.dialect
        if error is not None and isinstance(error, dialect.loaded_dbapi.Error):
            self._raise(dialect, error)

    def _raise(self, dialect: Dialect, error: Exception) -> NoReturn:
        broken = dialect.is_disconnect(cast(Any, error), cast(Any, self._connection.connection.dbapi_connection), None)
        if broken:
            self._connection.invalidate(error)
        raise DBAPIError.instance(
            self._text,
            self._parameters,
            error,
            dialect.loaded_dbapi.Error,
            connection_invalidated=broken,
            dialect=dialect,
        ) from error


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    return default.arg if default.is_scalar else default.arg(None)
