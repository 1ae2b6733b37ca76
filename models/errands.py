"""Telling SQLite many things at once: what is only told waits for the next question, or for the end of the transaction.

Nothing is far away here. But whoever works out first all that is to be written, and then writes it, is quicker than
whoever goes back and forth between the two: each finds its tools still lying where it left them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any


class Errands(sqlite3.Connection):
    """A connection that does what it was told when it must. What goes wrong is told then: by a later question, or by
    the commit."""

    # Whether many new rows are better told in one statement: here each costs the same anyway.
    takes_several = False
    goes_the_common_way = True

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._told: list[tuple[str, Sequence[Sequence[Any]], Exception | None]] = []
        self._failed = False

    def tell(self, text: str, rows: Sequence[Sequence[Any]], otherwise: Exception | None = None) -> None:
        """The statement with the values of each row. `otherwise` is raised if it does not change just one row."""
        self._told.append((text, rows, otherwise))

    def depart(self) -> None:
        """There is nobody else who could begin."""

    def ask(self, text: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        self._do()
        return super().execute(text, parameters).fetchall()

    # --- whatever else is said: what was told before goes first -------------------------------------------------------

    def cursor(self, *given: Any, **more: Any) -> Any:
        self._do()
        return super().cursor(*given, **more)

    def execute(self, *said: Any) -> sqlite3.Cursor:
        self._do()
        return super().execute(*said)

    def executemany(self, *said: Any) -> sqlite3.Cursor:
        self._do()
        return super().executemany(*said)

    def executescript(self, *said: Any) -> sqlite3.Cursor:
        self._do()
        return super().executescript(*said)

    def commit(self) -> None:
        try:
            self._do()
        except BaseException:
            self.rollback()  # a commit that fails leaves no transaction behind
            raise
        super().commit()

    def rollback(self) -> None:
        self._told.clear()
        self._failed = False
        super().rollback()

    def _do(self) -> None:
        """Where one fails, those before it are not to be kept without it: the whole must be undone."""
        if self._failed:
            raise sqlite3.OperationalError("what was told has failed: the transaction must be undone first")
        if not self._told:
            return
        told, self._told = self._told, []
        self._failed = True
        hand = super().cursor()
        for text, rows, otherwise in told:
            if len(rows) == 1:
                hand.execute(text, rows[0])
            else:
                hand.executemany(text, rows)
            if otherwise is not None and hand.rowcount != 1:
                raise otherwise
        self._failed = False
