"""The door of the clock: `python -m engine work` wakes what is due, `python -m engine verify` reads the chain. No web.

The database is named by BIHUAN_DATABASE, the folder of files by BIHUAN_VAR.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from engine import work
from engine.jobs import durable
from engine.record import chain
from models.session import open_database, sessions


def main(arguments: list[str]) -> int:
    url = os.environ.get("BIHUAN_DATABASE")
    if url is None or arguments not in (["work"], ["verify"]):
        print("BIHUAN_DATABASE=URL python -m engine work | verify", file=sys.stderr)
        return 2
    open_session = sessions(open_database(url))
    if arguments == ["verify"]:
        with open_session() as session:
            verdict = chain.verify(session)
        for broken in verdict.breaks:
            print(f"{broken.book} #{broken.seq}: {broken.zh} / {broken.en}")
        return 0 if verdict.intact else 1
    work.give_way()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    with durable.running(url, Path(os.environ.get("BIHUAN_VAR", "var")), open_session, clock=_now) as jobs:
        work.forever(open_session, stop, clock=_now, jobs=jobs)
    return 0


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
