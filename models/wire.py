"""How a connection is spoken to, found out once for many statements: as its driver likes it best.

Who listens to what the database is told still hears it all: then it is told by SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn, cast

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.pool import PoolProxiedConnection

# SQLite's write lock is taken with the first word, so that two writers queue up. PostgreSQL's driver begins by itself.
BEGIN = "BEGIN IMMEDIATE"
# The option of a connection whose transaction has begun before SQLAlchemy came to know it.
BEGUN = "begun"


class Wire:
    """Not to be kept longer than its transaction. `heard`: the connection that tells on what it is told."""

    __slots__ = ("_driver", "_give_up", "_held", "courier", "dialect", "heard")

    def __init__(
        self, held: PoolProxiedConnection, dialect: Dialect, heard: Connection | None, give_up: Callable[[Any], None]
    ) -> None:
        self.dialect = dialect
        self.heard = heard
        self._held, self._give_up = held, give_up
        self._driver: Any = held.driver_connection
        # What is told waits for company.
        packs = heard is None and getattr(self._driver, "goes_the_common_way", False)
        self.courier: Any = self._driver if packs else None

    @classmethod
    def over(cls, connection: Connection) -> Wire:
        heard = connection if connection.dispatch.before_cursor_execute else None
        wire = cls(connection.connection, connection.dialect, heard, connection.invalidate)
        if connection.in_nested_transaction() and connection.dialect.name == "sqlite":
            # Whoever undoes a savepoint must know what failed within it. (PostgreSQL fails the whole transaction.)
            wire.courier = None
        return wire

    @classmethod
    def begun(cls, engine: Engine) -> Wire:
        """Of a connection fresh from the pool. Nobody must want to hear of it (`is_heard`)."""
        dialect = engine.dialect
        try:
            held = engine.raw_connection()
        except dialect.loaded_dbapi.Error as error:
            raise _named(dialect, "", None, error) from error
        wire = cls(held, dialect, None, held.invalidate)
        if dialect.name == "sqlite":
            try:
                wire.say(BEGIN)
            except BaseException:
                held.close()
                raise
        return wire

    def known_to(self, engine: Engine) -> Connection:
        """SQLAlchemy's connection over this one, in the transaction that has begun."""
        self._refuse_broken()
        connection = Connection(engine, connection=self._held).execution_options(**{BEGUN: True})
        connection.begin()
        return connection.execution_options(**{BEGUN: False})

    @property
    def takes_several(self) -> bool:
        """Whether many new rows are better told in one statement."""
        return self.courier is not None and bool(self.courier.takes_several)

    def ask(self, text: str, parameters: Sequence[Any]) -> Sequence[Any]:
        if self.courier is None:
            return cast(Sequence[Any], self._said(text, parameters).fetchall())
        try:
            return cast(Sequence[Any], self.courier.ask(text, parameters))
        except self._errors as error:
            self._raise(text, parameters, error)

    def change_one(self, text: str, parameters: Sequence[Any], otherwise: Exception) -> None:
        """Raises `otherwise` if it is not just one row that changes: at once, or with the next question or commit."""
        if self.courier is not None:
            self.courier.tell(text, (parameters,), otherwise)
        elif self._said(text, parameters).rowcount != 1:
            raise otherwise

    def tell(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """The statement with the values of each row. What is wrong is told at once, or with the next question or
        commit."""
        if self.courier is not None:
            self.courier.tell(text, rows)
            return
        if self.heard is not None:
            self.heard.exec_driver_sql(text, [tuple(row) for row in rows])
            return
        try:
            self._driver.cursor().executemany(text, rows)
        except self._errors as error:
            self._raise(text, rows, error)

    def depart(self) -> None:
        """Who is far away may begin with what he was told so far."""
        if self.courier is not None:
            try:
                self.courier.depart()
            except self._errors as error:
                self._raise("", None, error)

    def say(self, text: str) -> None:
        """Words that ask nothing, such as BEGIN."""
        self._said(text, ())

    def _said(self, text: str, parameters: Sequence[Any]) -> Any:
        if self.heard is not None:
            return self.heard.exec_driver_sql(text, tuple(parameters))
        try:
            return self._driver.execute(text, parameters)
        except self._errors as error:
            self._raise(text, parameters, error)

    def commit(self) -> None:
        """The end of a transaction that SQLAlchemy has not come to know."""
        self._refuse_broken()
        try:
            self.dialect.do_commit(self._held)
        except self._errors as error:
            self._raise("", None, error)

    def give_back(self) -> None:
        """What was not committed is undone."""
        self._held.close()

    def _refuse_broken(self) -> None:
        if not self._held.is_valid:
            raise PendingRollbackError("the connection broke: the transaction must be undone first")

    @property
    def _errors(self) -> type[Exception]:
        return cast(type[Exception], self.dialect.loaded_dbapi.Error)

    def _raise(self, text: str, parameters: Any, error: Exception) -> NoReturn:
        """A connection that broke is not used again."""
        broken = self.dialect.is_disconnect(cast(Any, error), cast(Any, self._held.dbapi_connection), None)
        if broken and self._held.is_valid:
            self._give_up(error)
        raise _named(self.dialect, text, parameters, error, broken=broken) from error


def is_heard(engine: Engine) -> bool:
    """Whether somebody listens to what this database is told."""
    return bool(engine.dispatch.before_cursor_execute or engine.dispatch.commit)


def wire_over(connection: Connection) -> Wire:
    if not connection.in_transaction():
        connection.begin()
    return Wire.over(connection)


def _named(dialect: Dialect, text: str, parameters: Any, error: Exception, *, broken: bool = False) -> BaseException:
    """An error of the driver under the name SQLAlchemy has for it."""
    kind = dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, parameters, error, kind, connection_invalidated=broken, dialect=dialect)
