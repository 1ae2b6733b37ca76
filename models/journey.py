"""Telling PostgreSQL many things at once: one journey there and back, however many statements go along.

What is only told waits for the next question, or for the words that end the transaction, and goes along with them.
The driver's own pipeline sends each statement by itself, and each waits for a turn of the processor on both sides; here
all lie in one envelope. libpq is spoken to as psycopg gives it to us, and psycopg turns values into bytes and back.
"""

from __future__ import annotations

import re
import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from os import sched_yield
from time import monotonic
from typing import Any

import psycopg
from psycopg import abc, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

# Statements a connection keeps prepared; those that come later are read anew each time.
ROOM = 1_000
# Seconds to stay awake for an answer.
AWAKE = 0.002
_PLACE = re.compile(r"%s|%%")
_DONE = {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}


@dataclass(slots=True)
class Kept:
    """What one connection has prepared. `names`: of a statement, by its text and the types of its parameters;
    `kinds`: with which types a text was prepared."""

    names: dict[tuple[str, tuple[int, ...]], bytes] = field(default_factory=dict)
    kinds: dict[str, list[tuple[int, ...]]] = field(default_factory=dict)
    given: int = 0

    def forget(self, names: set[bytes]) -> None:
        if names:
            self.names = {asked: name for asked, name in self.names.items() if name not in names}
            self.kinds = {
                text: [types for types in kinds if (text, types) in self.names] for text, kinds in self.kinds.items()
            }

    def name_of(self, text: str, types: tuple[int, ...], values: Sequence[Any]) -> bytes | None:
        """None when it is not prepared. Nothing at all has no type and goes where any other would."""
        name = self.names.get((text, types))
        if name is None:
            for kinds in self.kinds.get(text, ()):
                if all(kind == type or value is None for kind, type, value in zip(kinds, types, values, strict=True)):
                    name = self.names[text, kinds]
                    if len(self.names) < 4 * ROOM:
                        self.names[text, types] = name
                    break
        return name


class Courier(psycopg.Connection[Any]):
    """A connection that carries what it was told when it goes the next time. An error on the way is told then: by a
    later question, or by the commit."""

    # Whether many new rows are better told in one statement.
    takes_several = True

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._kept = Kept()
        # How values are turned into bytes and back is found out once.
        self._turning: abc.Transformer | None = None
        self._packed: Journey | None = None

    @property
    def goes_the_common_way(self) -> bool:
        """Only a transaction of the common kind begins with a plain BEGIN."""
        return not self.autocommit and (self.isolation_level, self.read_only, self.deferrable) == (None, None, None)

    def tell(self, text: str, rows: Sequence[Sequence[Any]], otherwise: Exception | None = None) -> None:
        """The statement with the values of each row. `otherwise` is raised if it divides by nothing, or if it does not
        change just one row; but that is known only with the answer, and a commit may be on its way behind it."""
        if self._packed is None:
            self._packed = Journey(self, self._kept, self._turned)
        for row in rows:
            self._packed.add(text, row, otherwise)

    def depart(self) -> None:
        """Sends off what it was told, without waiting for the answers: the server works while we go on."""
        if self._packed is not None:
            self._packed.depart()

    def ask(self, text: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        self.tell(text, (parameters,))
        answer = self._go()
        read = self._turned
        read.set_pgresult(answer)
        found: list[tuple[Any, ...]] = read.load_rows(0, answer.ntuples, tuple)
        return found

    @property
    def _turned(self) -> abc.Transformer:
        if self._turning is None:
            self._turning = Transformer(self)
        return self._turning

    def cursor(self, *given: Any, **more: Any) -> Any:
        """Whatever else is said to the server is said through one: what was told before goes first."""
        if self._packed is not None:
            self._go()
        return super().cursor(*given, **more)

    def commit(self) -> None:
        if self._packed is None:
            super().commit()
            return
        self._packed.commit()
        try:
            self._go()
        except BaseException:
            # A commit that fails leaves no transaction behind; the server has not heard of this one yet.
            if self.pgconn.transaction_status == TransactionStatus.INERROR:
                super().rollback()
            raise

    def rollback(self) -> None:
        packed, self._packed = self._packed, None
        if packed is not None:
            packed.turn_back()
        elif self.pgconn.transaction_status == TransactionStatus.IDLE:
            return  # as whoever has committed gives it back
        super().rollback()

    def _go(self) -> PGresult:
        packed, self._packed = self._packed, None
        assert packed is not None
        return packed.go()


class Journey:
    """Statements that go out together, or in two parts: what has departed is done while the rest is still packed."""

    def __init__(self, driver: psycopg.Connection[Any], kept: Kept, turned: abc.Transformer) -> None:
        self._driver = driver
        self._kept = kept
        self._turned = turned
        self._told: list[Callable[[PGconn], None]] = []
        # For each answer that will come: what is raised if it is that just one row was to change.
        self._expected: list[Exception | None] = []
        self._departed = False
        self._prepared: set[bytes] = set()
        if driver.pgconn.transaction_status == TransactionStatus.IDLE:
            self.add("BEGIN", ())

    def add(self, text: str, parameters: Sequence[Any], otherwise: Exception | None = None) -> None:
        turned = self._turned
        values = turned.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        types, formats = turned.types or (), turned.formats
        name = self._kept.name_of(text, types, values)
        if name is None and self._kept.given < ROOM:
            name = self._prepare(text, types)
        if name is None:
            asked = _as_libpq_reads(text)
            self._tell(lambda libpq: libpq.send_query_params(asked, values, types, formats), otherwise)
        else:
            known = name
            self._tell(lambda libpq: libpq.send_query_prepared(known, values, formats), otherwise)

    def commit(self) -> None:
        self.add("COMMIT", ())

    def depart(self) -> None:
        libpq = self._driver.pgconn
        if not self._departed:
            libpq.enter_pipeline_mode()
            self._departed = True
        told, self._told = self._told, []
        for tell in told:
            tell(libpq)
        libpq.flush()  # as much as the wire takes now

    def go(self) -> PGresult:
        """The answer to the last statement. Raises the first error; then none of them holds."""
        answers = self._arrive()
        self._look_through(answers)
        return answers[-1]

    def turn_back(self) -> None:
        """Nobody wants to know any more what became of it. What has not departed was never said."""
        self._kept.forget(self._prepared)  # perhaps it was not
        self._told = []
        if self._departed and self._driver.pgconn.status == ConnStatus.OK:
            self._arrive()

    def _arrive(self) -> list[PGresult]:
        libpq = self._driver.pgconn
        try:
            self.depart()
            libpq.pipeline_sync()
            return self._answers(libpq)
        finally:
            if libpq.status == ConnStatus.OK:
                libpq.exit_pipeline_mode()

    def _prepare(self, text: str, types: tuple[int, ...]) -> bytes:
        self._kept.given += 1
        name = self._kept.names[text, types] = f"bihuan_{self._kept.given}".encode()
        self._kept.kinds.setdefault(text, []).append(types)
        self._prepared.add(name)
        asked = _as_libpq_reads(text)
        self._tell(lambda libpq: libpq.send_prepare(name, asked, types))
        return name

    def _tell(self, tell: Callable[[PGconn], None], otherwise: Exception | None = None) -> None:
        self._told.append(tell)
        self._expected.append(otherwise)

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
                _wait(wire)
                libpq.consume_input()
            answer = libpq.get_result()
            if libpq.status != ConnStatus.OK:
                raise psycopg.OperationalError(libpq.get_error_message() or "the connection is lost")
            if answer is None:
                continue
            if answer.status == ExecStatus.PIPELINE_SYNC:
                return answers
            answers.append(answer)

    def _look_through(self, answers: list[PGresult]) -> None:
        for answer, otherwise in zip(answers, self._expected, strict=True):
            if answer.status not in _DONE:
                # What was to be prepared behind the failure was not.
                self._kept.forget(self._prepared)
                error = errors.error_from_result(answer, self._driver.info.encoding)
                if otherwise is not None and isinstance(error, errors.DivisionByZero):
                    raise otherwise from error
                raise error
            if otherwise is not None and answer.command_tuples != 1:
                raise otherwise


def _wait(wire: select.poll) -> None:
    """Until there is something to read. Answers often come at once, and a processor that fell asleep meanwhile takes
    longer to wake than they do: whoever has nothing else to do stays awake for a moment, others go first."""
    until = monotonic() + AWAKE
    while monotonic() < until:
        if wire.poll(0):
            return
        sched_yield()
    wire.poll()


def _as_libpq_reads(text: str) -> bytes:
    places = iter(range(1, text.count("%") + 1))
    return _PLACE.sub(lambda found: f"${next(places)}" if found[0] == "%s" else "%", text).encode()
