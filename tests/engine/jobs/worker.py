"""A worker in a process of its own, with a kind of job that takes its time: `python -m tests.engine.jobs.worker`."""

from __future__ import annotations

import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from engine import work
from engine.jobs import durable
from engine.jobs.kinds import KINDS, Errand
from engine.words.errors import Refusal
from engine.words.terms import Term
from models.session import open_database, sessions

PARTS = 12


class Slow:
    """Each part writes one line with its number into the job's folder."""

    label = Term("慢活", "Slow job")

    def plan(self, sessions: sessionmaker[Session], errand: Errand) -> int:
        errand.folder.mkdir(parents=True, exist_ok=True)
        return PARTS

    def part(self, sessions: sessionmaker[Session], errand: Errand, number: int, *, at: datetime) -> None:
        if errand.args.get("breaks") == number:
            raise ZeroDivisionError
        if errand.args.get("refuses") == number:
            raise Refusal("这一部分办不了", "This part cannot be done")
        time.sleep(0.15)
        with (errand.folder / "done.txt").open("a") as file:
            file.write(f"{number}\n")

    def finish(self, sessions: sessionmaker[Session], errand: Errand, *, at: datetime) -> dict[str, Any]:
        return {"lines": len((errand.folder / "done.txt").read_text().split())}


def main(url: str, home: str) -> None:
    KINDS["slow"] = Slow()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    opened = sessions(open_database(url))

    def clock() -> datetime:
        return datetime.now(UTC)

    with durable.running(url, Path(home), opened, clock=clock) as jobs:
        print(jobs.name if jobs is not None else "none", flush=True)
        work.forever(opened, stop, clock=clock, jobs=jobs)


if __name__ == "__main__":
    main(*sys.argv[1:])
