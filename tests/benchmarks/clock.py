"""Timers that all fall due at once, and two workers who share them: how many a second, and did any fire twice?"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from time import perf_counter

import orjson
from sqlalchemy import func, select

from engine.acts import timers
from models import Entry, Timer
from models.session import open_database, sessions
from tests.benchmarks.ours import Ours
from tests.cast import MORNING

WORKERS = 2
LATER = MORNING + timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Swept:
    per_second: float
    fired: int
    twice: int
    left: int


def sweep(ours: Ours, cases: int) -> Swept:
    """Raises so many cases, each with a timer on its first step, and lets the workers fire them."""
    for _ in range(cases):
        ours.raised()
    context = multiprocessing.get_context("spawn")
    together, told = context.Barrier(WORKERS), context.Queue()
    workers = [context.Process(target=_work, args=(ours.url, together, told)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    spent = [told.get(timeout=600) for _ in workers]
    for worker in workers:
        worker.join()
    with ours.sessions() as session:
        bodies = session.execute(select(Entry.book, Entry.body).where(Entry.kind == "TimerFired")).all()
        fired = Counter((row.book, orjson.loads(row.body or "{}")["timer"]) for row in bodies)
        left = session.scalar(select(func.count()).select_from(Timer).where(Timer.due_at <= LATER)) or 0
    return Swept(
        per_second=fired.total() / max(spent),
        fired=fired.total(),
        twice=sum(1 for times in fired.values() if times > 1),
        left=left,
    )


def _work(url: str, together: Barrier, told: Queue[float]) -> None:
    database = open_database(url)
    opened = sessions(database)
    with opened() as session:
        session.connection()
    together.wait()
    began = perf_counter()
    while timers.wake_due(opened, at=LATER):
        pass
    told.put(perf_counter() - began)
    database.dispose()
