"""Our own step: `tasks.complete` from finding the case to the commit, with every fact, row and link of the chain.

Nothing of a case is kept in the process between two steps. What is kept is what all cases share: published versions
(by their digest) and the office (asked at each step whether it is still the one we know).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, definitions, tasks
from engine.words.officers import CLOCK, Actor
from models import Case, Counter, Task, migrate
from models.session import open_database
from models.session import sessions as open_sessions
from tests.benchmarks.loop import LOOP, STEPS, WHO, answers_of
from tests.cast import MORNING, Cast, install


@dataclass(slots=True)
class Counted:
    """What a database was told: statements (without the words that begin and end a transaction), and commits."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def begin(self) -> None:
        self.statements, self.commits = [], 0


def _numbered(steps: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Each step with the place of the one that is to follow it."""
    return enumerate(steps, start=1)


class Ours:
    def __init__(self, url: str) -> None:
        self.clock: Callable[[], float] = perf_counter
        self.url = url
        self.database: Engine = open_database(url)
        migrate.upgrade_engine(self.database)
        self.sessions: sessionmaker[Session] = open_sessions(self.database)
        with self.sessions() as session, session.begin():
            self.cast: Cast = install(session)
            session.add(Counter(name="bench"))
        with self.sessions() as session, session.begin():
            definitions.publish(session, LOOP.read_bytes(), {}, note="", by=CLOCK, at=MORNING)
        with self.sessions() as session:
            self._seconds = count(1)
            self.actors: dict[str, Actor] = {name: self.cast.actor(session, name) for name in set(WHO.values())}

    def from_afar(self, url: str) -> Ours:
        """The same database with the same cast, by another way."""
        far = copy(self)
        far.url, far.database = url, open_database(url)
        far.sessions = open_sessions(far.database)
        return far

    def raised(self, by: str = "liaison") -> int:
        with self.sessions() as session, session.begin():
            return cases.open(session, "bench_loop", {"title": "码头社区卡口无人值守"}, by=self.actors[by], at=MORNING)

    def walk(self, steps: tuple[str, ...] = STEPS) -> list[float]:
        """Seconds of each step of one case, from its raising to its end."""
        case = self.raised()
        spent = [self.step(case, name, answers_of(name, steps[place : place + 1])) for place, name in _numbered(steps)]
        if not self.has_ended(case):
            raise AssertionError("our case did not end")
        return spent

    def told_per_step(self, case: int, steps: tuple[str, ...]) -> list[Counted]:
        """What the database is told in each of these steps of a case."""
        told = []
        for place, name in _numbered(steps):
            with self.counting() as counted:
                self.step(case, name, answers_of(name, steps[place : place + 1]), counted)
            told.append(counted)
        return told

    def aged(self, reworks: int) -> int:
        """A case that has been sent back so many times and waits for rectification once more."""
        case = self.raised()
        for name in STEPS[:3]:
            self.step(case, name, answers_of(name, ()))
        for _ in range(reworks):
            self.rework(case)
        return case

    def rework(self, case: int) -> tuple[float, int]:
        """Seconds of one round of rework, and the bytes of the snapshot after it."""
        spent = self.step(case, "rectify", answers_of("rectify", ()))
        spent += self.step(case, "review", answers_of("review", ("rectify",)))
        with self.sessions() as session:
            return spent, session.scalar(select(func.length(Case.state)).where(Case.id == case)) or 0

    def step(self, case: int, name: str, answers: dict[str, Any], counted: Counted | None = None) -> float:
        """Seconds from the first statement to the end of the commit. A page knows its task and who asks: finding out
        both is no part of the step."""
        open_one = select(Task.id).where(Task.case_id == case, Task.element == name, Task.done_at.is_(None))
        with self.sessions() as session:
            task = session.execute(open_one).scalar_one()
        actor, at = self.actors[WHO[name]], MORNING + timedelta(seconds=next(self._seconds))
        if counted is not None:
            counted.begin()
        began = self.clock()
        with self.sessions() as session, session.begin():
            tasks.complete(session, task, answers, by=actor, at=at)
        return self.clock() - began

    def has_ended(self, case: int) -> bool:
        with self.sessions() as session:
            return session.scalar(select(Case.ended_at).where(Case.id == case)) is not None

    def bare_commits(self, times: int = 200) -> list[float]:
        """Seconds that the store alone needs to make one changed row last."""
        spent = []
        for turn in range(times):
            with self.sessions() as session:
                session.execute(update(Counter).where(Counter.name == "bench").values(value=turn))
                began = perf_counter()
                session.commit()
                spent.append(perf_counter() - began)
        return spent

    @contextmanager
    def counting(self) -> Iterator[Counted]:
        counted = Counted()

        def told(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith("BEGIN"):
                counted.statements.append(statement)

        def committed(_connection: Any) -> None:
            counted.commits += 1

        event.listen(self.database, "before_cursor_execute", told)
        event.listen(self.database, "commit", committed)
        try:
            yield counted
        finally:
            event.remove(self.database, "before_cursor_execute", told)
            event.remove(self.database, "commit", committed)
