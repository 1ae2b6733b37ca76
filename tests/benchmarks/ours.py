"""Our own step: `tasks.complete` from finding the case to the commit, with every fact, row and link of the chain.

Nothing of a case is kept in the process between two steps. What is kept is what all cases share: published versions
(by their digest) and the office (asked at each step whether it is still the one we know).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
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


class Ours:
    def __init__(self, url: str) -> None:
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
            self.actors: dict[str, Actor] = {name: self.cast.actor(session, name) for name in set(WHO.values())}

    def raised(self, by: str = "liaison") -> int:
        with self.sessions() as session, session.begin():
            return cases.open(session, "bench_loop", {"title": "码头社区卡口无人值守"}, by=self.actors[by], at=MORNING)

    def walk(self, steps: tuple[str, ...] = STEPS) -> tuple[list[float], list[int]]:
        """Seconds of each step of one case, and the bytes of its snapshot after each."""
        case = self.raised()
        spent: list[float] = []
        sizes: list[int] = []
        for place, name in enumerate(steps):
            answers = answers_of(name, steps[place + 1 : place + 2])
            spent.append(self.step(case, name, answers, minutes=place + 1))
            sizes.append(self._size(case))
        with self.sessions() as session:
            if session.scalar(select(Case.ended_at).where(Case.id == case)) is None:
                raise AssertionError("our case did not end")
        return spent, sizes

    def step(self, case: int, name: str, answers: dict[str, Any], minutes: int) -> float:
        task = self._open_task(case, name)
        actor, at = self.actors[WHO[name]], MORNING + timedelta(minutes=minutes)
        began = perf_counter()
        with self.sessions() as session, session.begin():
            tasks.complete(session, task, answers, by=actor, at=at)
        return perf_counter() - began

    def told_per_step(self, steps: tuple[str, ...]) -> list[tuple[int, int]]:
        """Statements and commits of each step of one case. Finding the task's id is no part of a step: a page has it."""
        case = self.raised()
        told = []
        for place, name in enumerate(steps):
            answers = answers_of(name, steps[place + 1 : place + 2])
            task, actor, at = (
                self._open_task(case, name),
                self.actors[WHO[name]],
                MORNING + timedelta(minutes=place + 1),
            )
            with self.counting() as counted, self.sessions() as session, session.begin():
                tasks.complete(session, task, answers, by=actor, at=at)
            told.append((len(counted.statements), counted.commits))
        return told

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

    def _open_task(self, case: int, name: str) -> str:
        open_one = select(Task.id).where(Task.case_id == case, Task.element == name, Task.done_at.is_(None))
        with self.sessions() as session:
            return session.execute(open_one).scalar_one()

    def _size(self, case: int) -> int:
        with self.sessions() as session:
            return session.scalar(select(func.length(Case.state)).where(Case.id == case)) or 0

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
