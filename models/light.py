"""A session that is no more than its wire until it has to be more.

An act writes through prepared statements: it wants a connection, a transaction and their end, and none of what
SQLAlchemy keeps ready for objects. That is put up as soon as anyone asks for it, within the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from models.wire import Wire, is_heard, wire_over


class LightSession(Session):
    """`Session` without its apparatus. Whatever it lacks it gets from `Session` the moment it is asked for. Until then
    it has no events, and `begin` only says where the transaction ends."""

    def __init__(self, bind: Engine, **given: Any) -> None:
        self._whole = False
        self._engine, self._given = bind, given
        self._wire: Wire | None = None
        # Where SQLAlchemy has come to know the connection that we took from the pool.
        self._line: Connection | None = None

    def __getattr__(self, name: str) -> Any:
        if self.__dict__.get("_whole", True):
            raise AttributeError(f"a session has no {name}")
        self._whole = True
        super().__init__(self._engine, join_transaction_mode="control_fully", **self._given)
        if (line := self._known_line()) is not None:
            # It ends the transaction that has begun; the connection stays ours to give back.
            super().connection(bind_arguments={"bind": line}, execution_options=None)
        return getattr(self, name)

    @property
    def wire(self) -> Wire:
        """The short way to the database, in a transaction that has begun."""
        if self._wire is None:
            if self._whole or self._line is not None or is_heard(self._engine):
                return wire_over(self.connection())
            self._wire = Wire.begun(self._engine)
        return self._wire

    def connection(self, bind_arguments: Any = None, execution_options: Any = None) -> Connection:
        if self._whole or bind_arguments or execution_options:
            return super().connection(bind_arguments, execution_options)
        line = self._known_line()
        if line is None:
            line = self._engine.connect()
            try:
                line.begin()
            except BaseException:
                line.close()
                raise
            self._line = line
        return line

    def begin(self, nested: bool = False) -> Any:
        if self._whole or nested or self._wire is not None or self._line is not None:
            return super().begin(nested)
        return _Transaction(self)

    def commit(self) -> None:
        try:
            if self._whole:
                try:
                    super().commit()
                except BaseException:
                    super().rollback()
                    raise
            elif self._line is not None:
                self._line.commit()
            elif self._wire is not None:
                self._wire.commit()
        finally:
            self._let_go()

    def rollback(self) -> None:
        self._end(super().rollback)

    def close(self) -> None:
        self._end(super().close)

    def reset(self) -> None:
        self.close()

    def _end(self, whole: Callable[[], None]) -> None:
        """`whole`: how a whole session ends it."""
        try:
            if self._whole:
                whole()
        finally:
            self._let_go()

    def _known_line(self) -> Connection | None:
        if self._line is None and self._wire is not None:
            self._line, self._wire = self._wire.known_to(self._engine), None
        return self._line

    def _let_go(self) -> None:
        """What was not committed is undone by the connection when it is given back."""
        wire, line = self._wire, self._line
        self._wire = self._line = None
        if line is not None:
            line.close()
        elif wire is not None:
            wire.give_back()


class _Transaction:
    """What stands around the words of one transaction."""

    __slots__ = ("_session",)

    def __init__(self, session: LightSession) -> None:
        self._session = session

    def __enter__(self) -> _Transaction:
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: Any, _trace: TracebackType | None) -> None:
        if kind is None:
            self._session.commit()
        else:
            self._session.rollback()
