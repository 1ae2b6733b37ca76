"""The worker inside Bihuan: web requests and mails of cases are done here, outside of any case's transaction.

It takes jobs as every other worker does, does each once or, if the machine dies in between, once more; whoever receives
them can tell by the key they carry, which is the same at each try.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import service_jobs
from engine.jobs.connectors import mail, web
from engine.jobs.connectors.outcome import Failed
from engine.reads import service_jobs as reads
from engine.words.errors import Refusal

NAME = "bihuan"
PAUSE = 1.0
# Longer than the longest request may take.
LEASE = timedelta(minutes=3)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Doors:
    """What leads outside, as the machine is set up: the mail server, and who mails are from."""

    mail: mail.Server | None = field(default=None)


def once(sessions: sessionmaker[Session], doors: Doors, *, clock: Callable[[], datetime], limit: int = 20) -> int:
    """Works off what is due, at most `limit`; how many jobs were taken."""
    done = 0
    while done < limit:
        at = clock()
        with sessions() as session:
            session.connection(execution_options={"read_only": True})
            waiting = any(one.waiting for one in reads.topics(session, at=at) if one.name in {"http", "mail"})
        if not waiting:
            break
        with sessions() as session, session.begin():
            taken = service_jobs.take(session, {"http", "mail"}, NAME, at=at, lease=LEASE)
            allowed = frozenset(reads.hosts(session))
        if not taken:
            break
        _work(sessions, taken[0], doors, allowed, clock=clock)
        done += 1
    return done


def forever(
    sessions: sessionmaker[Session], doors: Doors, stop: threading.Event, *, clock: Callable[[], datetime]
) -> None:
    """Until `stop` is set. Its own thread: who waits for an answer from outside must not hold up the clock."""
    away = False
    while not stop.is_set():
        try:
            done = once(sessions, doors, clock=clock)
            away = False
        except OperationalError as error:
            if not away:
                _log.error("the connectors cannot reach the database and keep trying: %s", error.orig)
            done, away = 0, True
        if not done:
            stop.wait(PAUSE)


def _work(
    sessions: sessionmaker[Session],
    job: service_jobs.Taken,
    doors: Doors,
    allowed: frozenset[str],
    *,
    clock: Callable[[], datetime],
) -> None:
    answer: dict[str, Any] | Failed
    try:
        if job.topic == "http":
            answer = web.ask(job.inputs, job.key, allowed)
        else:
            answer = mail.send(job.inputs, job.key, doors.mail)
    except Failed as failed:
        answer = failed
    except Exception:  # the worker's border: one job that breaks the program must not stop the others
        _log.exception("job %s (%s) could not be done", job.id, job.topic)
        answer = Failed("程序出错，见运行日志 The program failed; see its log")
    try:
        with sessions() as session, session.begin():
            if isinstance(answer, Failed):
                left = 0 if answer.for_good else None
                service_jobs.fail(
                    session, job.id, job.lease, str(answer), at=clock(), retries=left, after=answer.after
                )  # fmt: skip
            else:
                service_jobs.complete(session, job.id, job.lease, answer, at=clock())
    except Refusal as refusal:  # the case went on without it, or waits for its repair: then it is due again later
        _log.warning("job %s: %s", job.id, refusal.en)
