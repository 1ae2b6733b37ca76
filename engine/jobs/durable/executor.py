"""The executor in a worker: started once, fed from the desk, stopped with the worker; it takes over from the dead."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos._serialization import DBOSPortableJSONSerializer
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from engine.jobs import desk
from engine.jobs.durable import courses
from models.session import reading

QUEUE = "long_jobs"
AT_ONCE = 2  # long jobs of one worker at the same time
EXIT_LOST_LOCK = 75  # EX_TEMPFAIL: whoever watches over the worker starts it again
_LOOK = 2.0  # seconds between two looks at one's own lock and at the dead
_log = logging.getLogger(__name__)


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
        prepare(self._url, self._home) if self._embedded else DBOS.migrate(self._url)
        courses.begin_at(courses.Around(self._sessions, self._home, self._clock))
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
                {"schedule_name": "seal", "workflow_fn": courses.seal, "schedule": "0 * * * *", "context": None},
                {
                    "schedule_name": "housekeeping", "workflow_fn": courses.tidy, "schedule": "20 3 * * *",
                    "context": None, "cron_timezone": "Asia/Shanghai",
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
                DBOS.enqueue_workflow(QUEUE, courses.run, job)
            with self._sessions() as session, session.begin():
                desk.taken(session, job)
        return len(ids)

    def stop(self) -> None:
        self._stop.set()
        if self._watch is not None:
            self._watch.join(timeout=10)
        DBOS.destroy(workflow_completion_timeout_sec=5)
        if self._locks is not None:
            self._locks.dispose()
        courses.begin_at(None)

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
