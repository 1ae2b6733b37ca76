"""Telling PostgreSQL many things at once: one journey there and back, however many statements go along.

The driver's own pipeline sends each statement by itself, and each waits for a turn of the processor on both sides; here
all lie in one envelope. libpq is spoken to as psycopg gives it to us, and psycopg turns values into bytes and back.
"""

from __future__ import annotations

import re
import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

# Statements a connection keeps prepared; those that come later are read anew each time.
ROOM = 1_000
_PLACE = re.compile(r"%s|%%")
_DONE = {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}


@dataclass(slots=True)
class Kept:
    """What one connection has prepared: the name of a statement by its text and the types of its parameters."""

    names: dict[tuple[str, tuple[int, ...]], bytes] = field(default_factory=dict)
    given: int = 0


class Journey:
    """Statements that go out together. Each may say what is to be raised if it does not change just one row."""

    def __init__(self, driver: psycopg.Connection[Any], kept: Kept) -> None:
        self._driver = driver
        self._kept = kept
        self._turned = Transformer(driver)
        self._told: list[Callable[[PGconn], None]] = []
        # For each answer that will come: None where nobody looks at it, else what is raised if not one row changed.
        self._expected: list[tuple[bool, Exception | None]] = []
        if driver.pgconn.transaction_status == TransactionStatus.IDLE:
            self._tell(lambda libpq: libpq.send_query_params(b"BEGIN", None))

    def add(self, text: str, parameters: Sequence[Any], otherwise: Exception | None = None) -> None:
        turned = self._turned
        values = turned.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        types, formats = turned.types or (), turned.formats
        name = self._kept.names.get((text, types))
        if name is None and self._kept.given < ROOM:
            name = self._prepare(text, types)
        if name is None:
            asked = _as_libpq_reads(text)
            self._tell(lambda libpq: libpq.send_query_params(asked, values, types, formats), True, otherwise)
        else:
            known = name
            self._tell(lambda libpq: libpq.send_query_prepared(known, values, formats), True, otherwise)

    def go(self) -> list[PGresult]:
        """The answers to the statements, in their order. Raises the first error; then none of them holds."""
        if not self._expected:
            return []
        libpq = self._driver.pgconn
        libpq.enter_pipeline_mode()
        try:
            for tell in self._told:
                tell(libpq)
            libpq.pipeline_sync()
            answers = self._answers(libpq)
        finally:
            if libpq.status == ConnStatus.OK:
                libpq.exit_pipeline_mode()
        return self._looked_through(answers)

    def rows(self, answer: PGresult) -> list[tuple[Any, ...]]:
        read = Transformer(self._driver)
        read.set_pgresult(answer)
        found: list[tuple[Any, ...]] = read.load_rows(0, answer.ntuples, tuple)
        return found

    def _prepare(self, text: str, types: tuple[int, ...]) -> bytes:
        self._kept.given += 1
        name = self._kept.names[text, types] = f"bihuan_{self._kept.given}".encode()
        asked = _as_libpq_reads(text)
        self._tell(lambda libpq: libpq.send_prepare(name, asked, types))
        return name

    def _tell(
        self, tell: Callable[[PGconn], None], looked_at: bool = False, otherwise: Exception | None = None
    ) -> None:
        self._told.append(tell)
        self._expected.append((looked_at, otherwise))

    def _answers(self, libpq: PGconn) -> list[PGresult]:
        answers: list[PGresult] = []
        wire = select.poll()
        wire.register(libpq.socket, select.POLLIN | select.POLLOUT)
        while libpq.flush():  # more than the wire takes at once; the server may have to be heard before it takes more
            wire.poll()
            libpq.consume_input()
        wire.modify(libpq.socket, select.POLLIN)
        while True:
            # Waiting is done here and not in libpq: it would keep every other thread of this process from going on.
            while libpq.is_busy():
                wire.poll()
                libpq.consume_input()
            answer = libpq.get_result()
            if libpq.status != ConnStatus.OK:
                raise psycopg.OperationalError(libpq.get_error_message() or "the connection is lost")
            if answer is None:
                continue
            if answer.status == ExecStatus.PIPELINE_SYNC:
                return answers
            answers.append(answer)

    def _looked_through(self, answers: list[PGresult]) -> list[PGresult]:
        looked_at = []
        for answer, (asked, otherwise) in zip(answers, self._expected, strict=True):
            if answer.status not in _DONE:
                # What was to be prepared behind the failure was not.
                self._kept.names.clear()
                raise errors.error_from_result(answer, self._driver.info.encoding)
            if otherwise is not None and answer.command_tuples != 1:
                raise otherwise
            if asked:
                looked_at.append(answer)
        return looked_at


def _as_libpq_reads(text: str) -> bytes:
    places = iter(range(1, text.count("%") + 1))
    return _PLACE.sub(lambda found: f"${next(places)}" if found[0] == "%s" else "%", text).encode()
