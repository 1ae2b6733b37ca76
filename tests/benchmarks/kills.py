"""Kill -9 under load: officers and workers are processes that are killed and started again; then the books are read.

    python -m tests.benchmarks.kills --kills 200 [--database sqlite|postgresql] [--json FILE]

Nothing that was acknowledged may be lost, nothing done twice, no case left standing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, func, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from engine import work
from engine.acts import cases, tasks
from engine.record import chain, replay
from engine.words.errors import Refusal
from models import Base, Case, Entry, Officer, OutgoingMessage, Task, Timer
from models.session import open_database, sessions
from tests import postgresql
from tests.cast import Cast, install
from tests.engine.poison import Ward, user
from tests.engine.tokens.drawn import boundary, catch, el, end, flows, gateway, on, script, start, timer

OFFICERS, WORKERS = 3, 2
POINTS = ("before", "after")  # the commit


# --- the office that is killed --------------------------------------------------------------------------------------


def prepare(url: str) -> None:
    """Tables, the cast, and a process with tasks, a timer and a message from the case to itself."""
    database = open_database(url)
    Base.metadata.create_all(database)
    with sessions(database)() as session, session.begin():
        cast = install(session)
    ring = boundary("ring", "ask", timer("PT1S"), interrupting=False)
    call = el("sendTask", "call", messageRef="message_hello")
    Ward(
        sessions(database), cast, start(), gateway("parallel", "split"), user("ask"), ring, script("late", "{late: 1}"),
        call, user("use"), catch("hear", on("message", "hello")), script("heard", "{heard: 1}"),
        gateway("parallel", "meet"), end(), end("over"),
        flows("s split ask call use meet e", "split hear heard meet", "ring late over"),
    )  # fmt: skip
    database.dispose()


def child(kind: str, url: str, log: str, seed: int, quota: int, point: str) -> None:
    """One officer or worker, until it is killed or there is nothing left. `point`: "before:3" dies at the third
    commit, before it is said; "after:3" right after."""
    database = open_database(url)
    if point:
        _die_at(database, *point.split(":"))
    if kind == "worker":
        work.forever(sessions(database), threading.Event(), clock=_now)
        return
    with sessions(database)() as session:
        people = {row.login: row.id for row in session.execute(select(Officer.login, Officer.id))}
    chance = random.Random(seed)
    with Path(log).open("a") as acknowledged:
        while _act(sessions(database), Cast(people=people), chance, quota, acknowledged):
            pass


def _act(open_session: sessionmaker[Session], cast: Cast, chance: random.Random, quota: int, log: Any) -> bool:
    """One thing an officer does; False when all cases have ended."""
    with open_session() as session:
        session.connection(execution_options={"read_only": True})
        opened = session.scalar(select(func.count()).select_from(Case)) or 0
        ended = session.scalar(select(func.count()).where(Case.ended_at.is_not(None))) or 0
        waiting = list(session.scalars(select(Task.id).where(Task.done_at.is_(None)).limit(20)))
    if opened >= quota and ended >= opened:
        return False
    try:
        with open_session() as session, session.begin():
            by = cast.actor(session, "clerk", _now())
            if waiting and (opened >= quota or chance.random() < 0.7):
                task = chance.choice(waiting)
                tasks.complete(session, task, {"x": 1}, by=by, at=_now())
                said = f"task {task}"
            elif opened < quota:
                said = f"case {cases.open(session, 'drawn', {}, by=by, at=_now())}"
            else:
                said = ""
        if said:
            log.write(f"{said}\n")
            log.flush()
        else:
            time.sleep(0.05)
    except (Refusal, OperationalError):
        time.sleep(0.02)
    return True


def _die_at(database: Engine, moment: str, which: str) -> None:
    count = iter(range(1, 1_000_000))

    def die() -> None:
        if next(count) == int(which):
            os.kill(os.getpid(), signal.SIGKILL)

    at_commits(database, moment, die)


def at_commits(database: Engine, moment: str, then: Callable[[], None]) -> None:
    """Calls `then` whenever a transaction is about to be kept (`before`), or the database has said that it is."""
    said = database.dialect.do_commit

    def do_commit(connection: Any) -> None:
        if moment == "before":
            then()
        said(connection)
        if moment != "before":
            then()

    database.dialect.do_commit = do_commit  # type: ignore[method-assign]


def _now() -> datetime:
    return datetime.now(UTC)


# --- killing --------------------------------------------------------------------------------------------------------


class Office:
    """The processes at work on one database."""

    def __init__(self, url: str, folder: Path, *, quota: int, seed: int = 1) -> None:
        self.url, self.folder, self.quota = url, folder, quota
        self.chance = random.Random(seed)
        self.started = 0
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def begin(self, kind: str, point: str = "") -> subprocess.Popen[bytes]:
        self.started += 1
        log = self.folder / f"{self.started}.log"
        told = ["--child", kind, self.url, str(log), str(self.started), str(self.quota), point]
        made = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.kills", *told], stderr=subprocess.DEVNULL)
        self.running.append((kind, made))
        return made

    def kill_one(self) -> str:
        """One of them, at a moment nobody chose; another takes its place."""
        place = self.chance.randrange(len(self.running))
        kind, doomed = self.running.pop(place)
        doomed.kill()
        doomed.wait()
        self.begin(kind)
        return kind

    def until(self, done: Callable[[], bool], *, seconds: float) -> bool:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if done():
                return True
            time.sleep(0.2)
        return False

    def end(self) -> None:
        for _kind, one in self.running:
            one.kill()
            one.wait()
        self.running.clear()

    def acknowledged(self) -> list[str]:
        # The last line of a killed process may be cut off.
        lines = [line for log in self.folder.glob("*.log") for line in log.read_text().split("\n")[:-1]]
        return [line for line in lines if line]


def verdict(url: str, acknowledged: list[str]) -> dict[str, int]:
    """What must all be zero but the first few, which say how much was at stake."""
    database = open_database(url)
    with sessions(database)() as session:
        kinds: Counter[str] = Counter()
        keys = {"TaskCompleted": "task", "TimerFired": "timer", "MessageDelivered": "message",
                "MessageReceived": "sender", "MessageSent": "message"}  # fmt: skip
        seen: dict[str, Counter[str]] = {kind: Counter() for kind in keys}
        for entry in session.execute(select(Entry.kind, Entry.body).where(Entry.book > 0)):
            kinds[entry.kind] += 1
            if entry.kind in seen:
                seen[entry.kind][orjson.loads(entry.body)[keys[entry.kind]]] += 1
        known = {f"case {id}" for id in session.scalars(select(Case.id))}
        known |= {f"task {id}" for id in seen["TaskCompleted"]}
        for number, why in session.execute(select(Case.id, Case.stuck_why).where(Case.stuck_at.is_not(None)).limit(3)):
            print(f"stuck {number}: {(why or {}).get('element')}: {(why or {}).get('en')}", file=sys.stderr)
        count = lambda *where: session.scalar(select(func.count()).select_from(where[0]).where(*where[1:])) or 0  # noqa: E731
        found = {
            "cases": count(Case),
            "acts": kinds["CaseOpened"] + kinds["TaskCompleted"],
            "timers": kinds["TimerFired"] + kinds["TimerDropped"],
            "messages": kinds["MessageSent"],
            "acknowledged": len(acknowledged),
            "lost": len(set(acknowledged) - known),
            "twice": sum(n - 1 for counter in seen.values() for n in counter.values() if n > 1),
            "cases_open": count(Case, Case.ended_at.is_(None)),
            "cases_stuck": count(Case, Case.stuck_at.is_not(None)),
            "tasks_open": count(Task, Task.done_at.is_(None)),
            "timers_left": count(Timer),
            "messages_left": count(OutgoingMessage, OutgoingMessage.delivered_at.is_(None)),
            "messages_unheard": len(seen["MessageSent"].keys() ^ seen["MessageReceived"].keys()),
            "chain_breaks": len(chain.verify(session).breaks),
            "replay_differs": len(replay.differences(session)),
        }
    database.dispose()
    return found


FAULTS = ("lost", "twice", "cases_open", "cases_stuck", "tasks_open", "timers_left", "messages_left",
          "messages_unheard", "chain_breaks", "replay_differs")  # fmt: skip


def at_points(url: str, folder: Path, *, most: int, quota: int = 6) -> dict[str, int]:
    """Officer and worker die at their first, second … commit, before and after it; then all is brought to its end."""
    prepare(url)
    office = Office(url, folder, quota=quota)
    died = 0
    for kind in ("officer", "worker"):
        for which in range(1, most + 1):
            for point in POINTS:
                if kind == "worker":
                    office.begin("officer")  # gives it something to do
                doomed = office.begin(kind, f"{point}:{which}")
                died += _has_died(doomed)
                office.end()
    return {"kills": died, **_brought_to_its_end(office)}


def _has_died(doomed: subprocess.Popen[bytes]) -> int:
    try:
        return 1 if doomed.wait(timeout=60) == -signal.SIGKILL else 0
    except subprocess.TimeoutExpired:
        return 0


def at_random(url: str, folder: Path, *, kills: int, quota: int | None = None, seed: int = 1) -> dict[str, int]:
    """Officers and workers under load, one of them killed every moment."""
    prepare(url)
    office = Office(url, folder, quota=quota or kills * 4, seed=seed)
    for kind in ["officer"] * OFFICERS + ["worker"] * WORKERS:
        office.begin(kind)
    time.sleep(2)
    killed: Counter[str] = Counter()
    for _ in range(kills):
        time.sleep(office.chance.uniform(0.1, 0.9))
        killed[office.kill_one()] += 1
    return {"kills": kills, "workers_killed": killed["worker"], **_brought_to_its_end(office)}


def _brought_to_its_end(office: Office) -> dict[str, int]:
    office.end()
    for kind in ("officer", "officer", "worker"):
        office.begin(kind)
    database = open_database(office.url)

    def over() -> bool:
        with sessions(database)() as session:
            session.connection(execution_options={"read_only": True})
            still = or_(Case.ended_at.is_not(None), Case.stuck_at.is_not(None))  # a stuck one moves no more
            ended = session.scalar(select(func.count()).where(still)) or 0
            left = session.scalar(select(func.count()).where(OutgoingMessage.delivered_at.is_(None))) or 0
            opened = session.scalar(select(func.count()).select_from(Case)) or 0
            return opened >= office.quota and ended >= opened and left == 0

    office.until(over, seconds=120 + office.quota)
    office.end()
    database.dispose()
    return verdict(office.url, office.acknowledged())


@contextmanager
def place(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'kills.db'}"
    else:
        with postgresql.cluster() as url:
            yield url


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-kills-") as folder, place(asked.database, Path(folder)) as url:
        begun = time.monotonic()
        found = at_random(url, Path(folder), kills=asked.kills, seed=asked.seed)
        found["seconds"] = round(time.monotonic() - begun)
    for name, number in found.items():
        print(f"{name:18}{number:>8}")
    if asked.json:
        asked.json.write_text(json.dumps({"database": asked.database, **found}))
    return 1 if any(found[name] for name in FAULTS) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _kind, _url, _log, _seed, _quota, _point = sys.argv[2:8]
        child(_kind, _url, _log, int(_seed), int(_quota), _point)
    else:
        sys.exit(main())
