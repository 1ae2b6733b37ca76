"""Long jobs go on where they stopped, and what is due by the calendar happens once however many workers there are.

This is the only room that knows DBOS. It keeps its own tables (on SQLite a file of its own beside the database, on
PostgreSQL the schema `dbos`): which part of which job is done. Everything an officer sees lies in our own rows.

On PostgreSQL each worker holds a lock named after itself for as long as it lives. Whoever can take the lock of another
knows that one is dead, and takes over its jobs. A worker that has lost its own lock may be taken for dead, so it exits.
"""

from __future__ import annotations

import logging
import os
import shutil
import socket
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos._error import DBOSMaxStepRetriesExceeded
from dbos._serialization import DBOSPortableJSONSerializer
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import orphans, sweeping
from engine.acts.officers import actor
from engine.jobs import desk, exports, kinds, pulse
from engine.record import seals
from engine.words.errors import Refusal
from engine.words.officers import CLOCK
from models import LongJob
from models.session import reading

__all__ = ["Durable", "exports", "prepare"]

QUEUE = "long_jobs"
AT_ONCE = 2  # long jobs of one worker at the same time
EXIT_LOST_LOCK = 75  # EX_TEMPFAIL: whoever watches over the worker starts it again
_LOOK = 2.0  # seconds between two looks at one's own lock and at the dead
_AGAIN: Any = {"retries_allowed": True, "interval_seconds": 1.0, "max_attempts": 6}
BROKEN = Refusal(
    "程序出错，任务没有完成；原因在日志里", "The program failed and the job is not done; the reason is in its log"
)
_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Around:
    sessions: sessionmaker[Session]
    home: Path
    clock: Callable[[], datetime]

    @property
    def folder(self) -> Path:
        return self.home / "jobs"


_around: _Around | None = None  # DBOS finds its workflows by name, not by object: one executor a process


def _here() -> _Around:
    if _around is None:
        raise RuntimeError("the executor of long jobs is not running in this process")
    return _around


def address(url: str, home: Path) -> str:
    """Where DBOS keeps its own: beside a SQLite database, inside a PostgreSQL one."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return f"sqlite:///{home / 'jobs.db'}"
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def prepare(url: str, home: Path) -> None:
    """Makes or brings up the tables of DBOS."""
    where = address(url, home)
    if where.startswith("sqlite"):
        home.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(home / "jobs.db")
        file.execute("PRAGMA journal_mode=WAL")  # DBOS leaves SQLite's slow default
        file.close()
    DBOS.migrate(where)


@contextmanager
def running(
    url: str, home: Path, sessions: sessionmaker[Session], *, clock: Callable[[], datetime]
) -> Iterator[Durable | None]:
    """The executor for as long as the block lasts. None when it cannot be started: timers and messages go on without
    it, and the log says why."""
    jobs = Durable(url, home, sessions, clock=clock)
    try:
        jobs.start()
    except Exception:  # a border: what falls due must be done even when long jobs cannot
        _log.exception("long jobs cannot be done in this process")
        yield None
        return
    try:
        yield jobs
    finally:
        jobs.stop()


class Durable:
    """The executor in this worker process: started once, fed by `hand_over`, stopped with the worker."""

    def __init__(
        self, url: str, home: Path, sessions: sessionmaker[Session], *, clock: Callable[[], datetime],
        on_lost: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self._url, self._home = address(url, home), home
        self._sessions, self._clock = sessions, clock
        self._on_lost = on_lost or _exit
        self._stop = threading.Event()
        self._embedded = self._url.startswith("sqlite")
        # Alone on a SQLite file a worker is the one before, come back; among many each is somebody else.
        self.name = "embedded" if self._embedded else f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self._watch: threading.Thread | None = None
        self._locks: Engine | None = None

    def start(self) -> None:
        global _around
        prepare(self._url, self._home) if self._embedded else DBOS.migrate(self._url)
        _around = _Around(self._sessions, self._home, self._clock)
        config: DBOSConfig = {
            "name": "bihuan", "system_database_url": self._url, "executor_id": self.name,
            "application_version": "1", "log_level": "WARNING", "run_migrations": False,
            "serializer": DBOSPortableJSONSerializer(), "sys_db_pool_size": 4, "scheduler_polling_interval_sec": 5.0,
        }  # fmt: skip
        if not self._embedded:
            self._locks = create_engine(self._url, isolation_level="AUTOCOMMIT", pool_size=1)
            mine = self._hold()
        DBOS(config=config)
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=0.5)
        DBOS.apply_schedules(
            [
                {"schedule_name": "seal", "workflow_fn": _seal, "schedule": "0 * * * *", "context": None},
                {
                    "schedule_name": "housekeeping", "workflow_fn": _tidy, "schedule": "20 3 * * *", "context": None,
                    "cron_timezone": "Asia/Shanghai",
                },
            ]
        )  # fmt: skip
        DBOS.trigger_schedule("seal")  # what grew while nobody worked
        if not self._embedded:
            self._watch = threading.Thread(target=self._keep_watch, args=(mine,), name="job-locks", daemon=True)
            self._watch.start()

    def hand_over(self) -> int:
        """Takes what the desk has been asked for to the executor; how many."""
        with reading(self._sessions) as session:
            ids = desk.waiting(session)
        for job in ids:
            with SetWorkflowID(job):
                DBOS.enqueue_workflow(QUEUE, _run, job)
            with self._sessions() as session, session.begin():
                desk.taken(session, job)
        return len(ids)

    def stop(self) -> None:
        global _around
        self._stop.set()
        if self._watch is not None:
            self._watch.join(timeout=10)
        DBOS.destroy(workflow_completion_timeout_sec=5)
        if self._locks is not None:
            self._locks.dispose()
        _around = None

    def _hold(self) -> Connection:
        assert self._locks is not None
        mine = self._locks.connect()
        if not _lock(mine, self.name):
            raise RuntimeError(f"the lock of {self.name} is held by somebody else")
        return mine

    def _keep_watch(self, mine: Connection) -> None:
        while not self._stop.wait(_LOOK):
            try:
                mine.execute(text("SELECT 1"))
            except DBAPIError as error:
                _log.error("this worker has lost its lock on the database and exits: %s", error.orig)
                self._on_lost()
                return
            try:
                self._bury(mine)
            except DBAPIError as error:
                _log.warning("could not look after other workers: %s", error.orig)
        mine.close()

    def _bury(self, mine: Connection) -> None:
        """Takes over the jobs of workers that no longer hold their lock."""
        owners = {one.executor_id for one in DBOS.list_workflows(status="PENDING", load_input=False)}
        for owner in owners - {self.name, None}:
            assert owner is not None
            if _lock(mine, owner):
                _log.warning("worker %s is gone; its jobs go on here", owner)
                DBOS._recover_pending_workflows([owner])
                mine.execute(text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), {"name": owner})


def _lock(connection: Connection, name: str) -> bool:
    asked = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")
    return bool(connection.execute(asked, {"name": name}).scalar())


def _exit() -> None:
    os._exit(EXIT_LOST_LOCK)


# --- the course of a job ----------------------------------------------------------------------------------------------


@DBOS.workflow(name="long_job")
def _run(job: str) -> None:
    try:
        total = _plan(job)
        for number in range(total):
            if not _part(job, number):
                return
        if total >= 0:
            _finish(job)
    except DBOSMaxStepRetriesExceeded:
        _give_up(job)


@DBOS.step(name="plan", **_AGAIN)
def _plan(job: str) -> int:
    """How many parts; -1 when the job cannot be done."""

    def plan(kind: kinds.Kind, errand: kinds.Errand) -> int:
        total = kind.plan(_here().sessions, errand)
        with _here().sessions() as session, session.begin():
            desk.planned(session, job, total, at=_here().clock())
        return total

    found = _try(job, plan)
    return -1 if found is None else found


@DBOS.step(name="part", **_AGAIN)
def _part(job: str, number: int) -> bool:
    """Whether to go on."""

    def part(kind: kinds.Kind, errand: kinds.Errand) -> bool:
        kind.part(_here().sessions, errand, number, at=_here().clock())
        with _here().sessions() as session, session.begin():
            desk.progressed(session, job, number + 1)
        return True

    return bool(_try(job, part))


@DBOS.step(name="finish", **_AGAIN)
def _finish(job: str) -> None:
    def finish(kind: kinds.Kind, errand: kinds.Errand) -> None:
        result = kind.finish(_here().sessions, errand, at=_here().clock())
        with _here().sessions() as session, session.begin():
            desk.ended(session, job, result, at=_here().clock())

    _try(job, finish)


@DBOS.step(name="give up", **_AGAIN)
def _give_up(job: str) -> None:
    with _here().sessions() as session, session.begin():
        desk.failed(session, job, BROKEN, at=_here().clock())


def _try(job: str, do: Callable[[kinds.Kind, kinds.Errand], T]) -> T | None:
    """None when the job was called off or has failed; the job then says why."""
    here = _here()
    try:
        with reading(here.sessions) as session:
            row = session.get(LongJob, job)
            if row is None or row.state not in desk.OPEN:
                return None
            by = actor(session, row.officer_id, at=here.clock()) if row.officer_id is not None else CLOCK
            errand = kinds.Errand(row.id, dict(row.args), by, row.asked_at, here.folder / row.id)
            kind = kinds.kind_of(row.kind)
        return do(kind, errand)
    except Refusal as refusal:
        why = refusal
    except OperationalError:  # the database is away or busy: the step is tried again
        raise
    except Exception:  # the border of the executor: whatever went wrong, the job says so and the worker goes on
        _log.exception("job %s failed", job)
        why = BROKEN
    with here.sessions() as session, session.begin():
        desk.failed(session, job, why, at=here.clock())
    return None


# --- what is due by the calendar --------------------------------------------------------------------------------------


@DBOS.workflow(name="seal")
def _seal(_due: datetime, _context: Any) -> None:
    with _here().sessions() as session, session.begin():
        seals.seal(session, at=_here().clock())


@DBOS.workflow(name="housekeeping")
def _tidy(_due: datetime, _context: Any) -> None:
    here = _here()
    with here.sessions() as session, session.begin():
        old = desk.forget_old(session, at=here.clock())
        pulse.forget_old(session, at=here.clock())
        sweeping.sweep_submissions(session, at=here.clock())
    orphans.sweep(here.sessions, here.home / "evidence", at=here.clock())
    for job in old:
        shutil.rmtree(here.folder / job, ignore_errors=True)
    finished = [one.workflow_id for one in DBOS.list_workflows(status=["SUCCESS", "ERROR", "CANCELLED"], limit=5000)]
    if finished:
        DBOS.delete_workflows(finished)
