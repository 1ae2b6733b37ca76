"""Timers that all fall due at once, two workers who share them, and an officer who goes on working meanwhile.

How many fire a second, did any fire twice or not at all, and how much longer does the officer wait than before?
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import quantiles
from time import monotonic, sleep

import orjson
from sqlalchemy import func, select, text

from engine import work
from models import Entry, Timer
from models.session import open_database, sessions
from tests.benchmarks import crowd, officer
from tests.benchmarks.ours import Ours
from tests.cast import MORNING

WORKERS = 2
LATER = MORNING + timedelta(hours=3)
ACTS_PER_SECOND = 4  # a page opened and a step done; what a hundred officers do at a busy hour
QUIET = 30.0  # seconds in which the officer works and nothing is due
WARM = 12  # acts that are not counted
PATIENCE = 1_200.0  # seconds until all must have fired
_Acts = list[tuple[float, float, float]]  # the moment it began; seconds until the page; seconds until it was done


@dataclass(frozen=True, slots=True)
class Waited:
    """An officer's seconds for one act: the page of a task, and doing it. `acts`: how many were measured."""

    acts: int
    middle: float
    p95: float


@dataclass(frozen=True, slots=True)
class Swept:
    timers: int
    per_second: float
    fired: int
    twice: int
    left: int
    quiet: Waited
    busy: Waited


def sweep(ours: Ours, timers: int, folder: Path, *, quiet: float = QUIET) -> Swept:
    """Raises so many cases, each with a timer on its first step, and lets the workers fire them."""
    crowd.raised(ours, timers, at=MORNING)
    own = crowd.raised(ours, int(ACTS_PER_SECOND * (quiet + PATIENCE / 4)) + WARM, at=LATER)
    if ours.database.dialect.name == "postgresql":
        with ours.database.connect() as connection:  # the server does so by itself a minute later
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    context = multiprocessing.get_context("spawn")
    begin, told = context.Event(), context.Queue()
    desk = context.Process(target=_officer, args=(ours.url, folder, own, told), daemon=True)
    workers = [context.Process(target=_work, args=(ours.url, begin), daemon=True) for _ in range(WORKERS)]
    for process in (desk, *workers):
        process.start()
    try:
        told.get(timeout=120)  # the officer is at work
        at_ease = monotonic()
        sleep(quiet)
        began = monotonic()
        begin.set()
        ended = _until_none_is_due(ours)
    finally:
        begin.set()
        for process in (*workers, desk):
            process.terminate()
    acts: _Acts = told.get(timeout=120)
    for process in (*workers, desk):
        process.join()
    with ours.sessions() as session:
        bodies = session.execute(select(Entry.book, Entry.body).where(Entry.kind == "TimerFired")).all()
        fired = Counter((row.book, orjson.loads(row.body or "{}")["timer"]) for row in bodies)
        left = session.scalar(select(func.count()).select_from(Timer).where(Timer.due_at <= LATER)) or 0
    return Swept(
        timers=timers,
        per_second=len(fired) / (ended - began),
        fired=len(fired),
        twice=sum(1 for times in fired.values() if times > 1),
        left=left,
        quiet=_waited(acts, at_ease, began),
        busy=_waited(acts, began, ended),
    )


def _until_none_is_due(ours: Ours) -> float:
    one = select(Timer.id).where(Timer.due_at <= LATER).limit(1)
    limit = monotonic() + PATIENCE
    while monotonic() < limit:
        with ours.sessions() as session:
            session.connection(execution_options={"read_only": True})
            if session.scalar(one) is None:
                break
        sleep(0.1)
    return monotonic()


def _waited(acts: _Acts, since: float, until: float) -> Waited:
    spent = [page + done for began, page, done in acts if since <= began < until]
    if len(spent) < 2:
        raise RuntimeError("the officer did next to nothing: there are too few timers to measure by")
    cut = quantiles(spent, n=100)
    return Waited(len(spent), cut[49], cut[94])


def _work(url: str, begin: Event) -> None:
    """What `bihuan work` does, by a clock that is told."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    work.give_way()
    database = open_database(url)
    begin.wait()
    work.forever(sessions(database), stop, clock=lambda: LATER)
    database.dispose()


def _officer(url: str, folder: Path, own: list[int], told: Queue[object]) -> None:
    """Says when the first acts are done, and in the end how long each of the others took."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    browser = officer.signed_in(url, folder, "liaison", lambda: LATER)
    acts: _Acts = []
    for place, case in enumerate(own):
        began = monotonic()
        acts.append((began, *officer.act(browser, f"{case}-1", {"register_note": "已办理，情况属实。"})))
        if place == WARM:
            told.put("at work")
        if stop.wait(max(0.0, began + 1 / ACTS_PER_SECOND - monotonic())):
            break
    else:
        stop.wait()
    told.put(acts)
