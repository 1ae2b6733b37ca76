"""A session that is no more than its connection until it has to be more.

An act writes through prepared statements: it wants a connection, a transaction and their end, and none of what
SQLAlchemy keeps ready for objects. That is put up as soon as anyone asks for it, within the same transaction.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session


class LightSession(Session):
    """`Session` without its apparatus. Whatever it lacks it gets from `Session` the moment it is asked for."""

    def __init__(self, bind: Engine, **given: Any) -> None:
        self._whole = False
        self._engine, self._given = bind, given
        self._line: Connection | None = None

    def __getattr__(self, name: str) -> Any:
        if self.__dict__.get("_whole", True):
            raise AttributeError(f"a session has no {name}")
        self._whole = True
        super().__init__(self._engine, join_transaction_mode="control_fully", **self._given)
        if self._line is not None:
            # It ends the transaction that has begun; the connection stays ours to give back.
            super().connection(bind_arguments={"bind": self._line}, execution_options=None)
        return getattr(self, name)

    def connection(self, bind_arguments: Any = None, execution_options: Any = None) -> Connection:
        if self._whole or bind_arguments or execution_options:
            return super().connection(bind_arguments, execution_options)
        if self._line is None:
            line = self._engine.connect()
            try:
                line.begin()
            except BaseException:
                line.close()
                raise
            self._line = line
        return self._line

    def begin(self, nested: bool = False) -> Any:
        if self._whole or nested or self._line is not None:
            return super().begin(nested)
        return _Transaction(self)

    def commit(self) -> None:
        try:
            if self._whole:
                super().commit()
            elif self._line is not None:
                self._line.commit()
        finally:
            self._let_go()

    def rollback(self) -> None:
        try:
            if self._whole:
                super().rollback()
        finally:
            self._let_go()

    def close(self) -> None:
        try:
            if self._whole:
                super().close()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        """What was not committed is undone by the connection when it is given back."""
        line, self._line = self._line, None
        if line is not None:
            line.close()


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
