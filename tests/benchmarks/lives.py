"""The whole life of one case, and kill -9 at each of its commits: just before it is said, and just after.

    python -m tests.benchmarks.lives --database sqlite|postgresql --folder FOLDER --json FILE

The life is the same each time: what is done next, and when, is read off the books. Whoever comes after the one that
died goes on where the books stand; in the end they must be the very books of a life without a death.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, text

from engine import work
from engine.acts import cases, tasks
from models import Case, Entry, Officer, OutgoingMessage, Task
from models.session import open_database, reading, sessions
from tests.benchmarks import kills
from tests.cast import MORNING, Cast

# How a life ends; what must be zero is in `kills.FAULTS`.
SAME = ("cases", "acts", "timers", "messages")


def live(url: str, log: Path, point: str = "", which: int = 0) -> int:
    """One officer and one worker in turn, until the case has ended; how many commits there were. `point`: "before" or
    "after" the commit number `which` this process dies."""
    database = open_database(url)
    told = _count(database, point or "before", which)
    with sessions(database)() as session:
        cast = Cast(people={row.login: row.id for row in session.execute(select(Officer.login, Officer.id))})
    with log.open("a") as acknowledged:
        while said := _next(database, cast):
            acknowledged.write(f"{said}\n")
            acknowledged.flush()
    database.dispose()
    return next(told) - 1


def _count(database: Engine, point: str, which: int) -> Any:
    told = count(1)

    def commit() -> None:
        if next(told) == which:
            os.kill(os.getpid(), signal.SIGKILL)

    kills.at_commits(database, point, commit)
    return told


def _next(database: Engine, cast: Cast) -> str:
    """Does the next thing; "" when all is done."""
    opened = sessions(database)
    with reading(opened) as session:
        last = session.scalar(select(func.max(Entry.at)).where(Entry.book > 0)) or MORNING
        case = session.scalar(select(Case))
        waiting = session.scalars(select(Task.id).where(Task.done_at.is_(None)).order_by(Task.id)).first()
        letters = session.scalar(select(func.count()).where(OutgoingMessage.delivered_at.is_(None))) or 0
    at = last + timedelta(minutes=1)
    if case is not None and case.ended_at is not None and not letters:
        return ""
    if case is not None and work.once(opened, at=at):
        return f"case {case.id}"
    with opened() as session, session.begin():
        by = cast.actor(session, "clerk", at)
        if case is None:
            return f"case {cases.open(session, 'drawn', {}, by=by, at=at)}"
        assert waiting is not None, "the case stands still"
        tasks.complete(session, waiting, {"x": 1}, by=by, at=at)
        return f"task {waiting}"


# --- dying, each time anew ------------------------------------------------------------------------------------------


def at_each_commit(place: Callable[[str], str], folder: Path) -> dict[str, Any]:
    """`place` gives the address of a fresh copy of the prepared office under a name."""
    whole, commits = _undisturbed(place("whole"), folder)
    found: dict[str, Any] = {"commits": commits, "deaths": 0, "whole": whole, "faults": []}
    for point in kills.POINTS:
        for which in range(1, commits + 1):
            name = f"{point}_{which}"
            url, log = place(name), folder / f"{name}.log"
            died = _forked(lambda url=url, log=log, point=point, which=which: live(url, log, point, which))
            found["deaths"] += os.WIFSIGNALED(died) and os.WTERMSIG(died) == signal.SIGKILL
            ended = _forked(lambda url=url, log=log: live(url, log))
            books = kills.verdict(url, [line for line in log.read_text().split("\n")[:-1] if line])
            wrong = {key: books[key] for key in kills.FAULTS if books[key]}
            wrong |= {key: [whole[key], books[key]] for key in SAME if books[key] != whole[key]}
            if wrong or ended:
                found["faults"].append({"at": name, "ended": ended, **wrong})
    return found


def _undisturbed(url: str, folder: Path) -> tuple[dict[str, int], int]:
    """A life without a death: its books, and how many commits it has."""
    counted = folder / "commits"
    _forked(lambda: counted.write_text(str(live(url, folder / "whole.log"))))
    return kills.verdict(url, []), int(counted.read_text())


def _forked(do: Callable[[], Any]) -> int:
    """In a process of its own, which begins where this one stands: nothing is imported anew. How it ended."""
    child = os.fork()
    if child == 0:
        try:
            do()
            os._exit(0)
        except BaseException as error:  # the border of the process
            print(repr(error), file=sys.stderr)
            os._exit(1)
    return os.waitpid(child, 0)[1]


def on_sqlite(folder: Path) -> dict[str, Any]:
    made = folder / "prepared.db"
    _forked(lambda: kills.prepare(f"sqlite:///{made}"))

    def place(name: str) -> str:
        shutil.copyfile(made, folder / f"{name}.db")
        return f"sqlite:///{folder / name}.db"

    return at_each_commit(place, folder)


def on_postgresql(folder: Path, server: str) -> dict[str, Any]:
    def make(name: str, of: str) -> str:
        database = open_database(server)
        with database.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {of}"))
        database.dispose()
        return server.replace("/postgres?", f"/{name}?")

    made = make("prepared", "template1")
    _forked(lambda: kills.prepare(made))
    return at_each_commit(lambda name: make(name, "prepared"), folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--json", type=Path, required=True)
    asked = parser.parse_args()
    if asked.database == "sqlite":
        found = on_sqlite(asked.folder)
    else:
        with kills.place("postgresql", asked.folder) as server:
            found = on_postgresql(asked.folder, server)
    asked.json.write_text(json.dumps(found))
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
