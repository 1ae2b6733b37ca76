"""A story is played from beginning to end on a told clock, and what is then true is compared with what should be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import (
    cases,
    desk,
    messages,
    officers,
    outbox,
    starts,
    story_checks,
    story_post,
    story_work,
    tasks,
    timers,
)
from engine.acts.story_answers import filled
from engine.acts.story_stage import Drawn, logins, stage
from engine.notation import choices, story_fit, story_text, ways
from engine.notation import diagram as bpmn
from engine.notation.choices import Made
from engine.notation.diagram import Diagram
from engine.notation.story_book import Failure, Step, Story, StoryBook
from engine.notation.ways import Ways
from engine.words.errors import NotAllowed, NotFound, NotValid, OutOfDate, Refusal
from engine.words.numbers import case_id_of
from engine.words.officers import CLOCK, Actor
from models import Case, Entry, OutgoingMessage, Start, Subscription, Task, Timer, Unit

read = story_text.read
MOST_WAKES = 5_000  # moments at which something was due, in one stretch of time


@dataclass(frozen=True, slots=True)
class Refused:
    """What an officer was told at a step that had to be refused."""

    step: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Told:
    """How a story went. `done`: steps that were played; the rest was not, after an act that could not be done."""

    story: Story
    done: int
    failures: tuple[Failure, ...]
    refusals: tuple[Refused, ...]
    ways: Ways
    chosen: frozenset[Made] = frozenset()

    @property
    def went_well(self) -> bool:
        return not self.failures


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ids of what all stories of a process passed and missed, in the order of the file. `flows_unsure`: among those
    missed, connections of which the facts cannot tell whether they were taken. `choices_…`: those in
    forms that a condition or a table looks at."""

    elements_passed: Sequence[str]
    elements_missed: Sequence[str]
    flows_passed: Sequence[str]
    flows_missed: Sequence[str]
    flows_unsure: Sequence[str]
    choices_made: Sequence[Made]
    choices_missed: Sequence[Made]

    @property
    def elements(self) -> float:
        """Per cent."""
        return _share(self.elements_passed, self.elements_missed)

    @property
    def flows(self) -> float:
        return _share(self.flows_passed, self.flows_missed)

    @property
    def choices(self) -> float:
        return _share(self.choices_made, self.choices_missed)


def run(
    diagram: bytes,
    tables: Mapping[str, str],
    book: StoryBook,
    story: Story,
    beside: Mapping[str, Drawn] = MappingProxyType({}),
) -> Told:
    """Plays one story in a database of its own. `beside`: diagram and tables of each process that `book.beside` names.
    Raises `NotPublishable` when a process cannot be published."""
    drawing = _drawn(diagram)
    drawings = {process: _drawn(drawn) for process, (drawn, _) in beside.items()}
    misfits = story_fit.misfits(story, drawing, drawings)
    if misfits:
        return Told(story, 0, tuple(misfits), (), Ways())
    sessions = stage([*beside.values(), (diagram, tables)], book, at=story.begins)
    return _Teller(sessions, drawing, {**drawings, drawing.process: drawing}, story).tell()


def coverage(diagram: bytes, told: Iterable[Told], tables: Mapping[str, str] = MappingProxyType({})) -> Coverage:
    drawing, taken, chosen = _drawn(diagram), Ways(), set[Made]()
    for one in told:
        taken |= one.ways
        chosen |= one.chosen
    parts = ways.parts(drawing, taken)
    unsure = [id for id in parts["flows"][1] if id in taken.unsure]
    offered = choices.offered(drawing, tables)
    made = [one for one in offered if one in chosen]
    missed = [one for one in offered if one not in chosen]
    return Coverage(*parts["elements"], *parts["flows"], unsure, made, missed)


def _share(passed: Sequence[object], missed: Sequence[object]) -> float:
    return 100 * len(passed) / (len(passed) + len(missed)) if passed or missed else 100.0


@lru_cache(maxsize=8)
def _drawn(diagram: bytes) -> Diagram:
    return bpmn.read(diagram)


class _Astray(Exception):
    """The story asks for something that does not wait there; it cannot go on."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class _Taken(Exception):
    """An act that should have been refused was not; it is undone."""


class _Teller:
    def __init__(
        self, sessions: sessionmaker[Session], diagram: Diagram, drawings: Mapping[str, Diagram], story: Story
    ) -> None:
        self.sessions = sessions
        self.diagram = diagram
        self.drawings = drawings
        self.story = story
        self.at = story.begins
        self.case = 0
        self.step = 0
        self.failures: list[Failure] = []
        self.refusals: list[Refused] = []
        with sessions() as session:
            self.people = logins(session)

    def tell(self) -> Told:
        done = 0
        for step in self.story.steps:
            self.step = step.number
            if not self._played(step):
                break
            done += 1
        self.step = 0
        with self.sessions() as session:
            self.failures += [Failure(0, zh, en) for zh, en in story_checks.broken_laws(session)]
            taken, chosen = story_checks.told_of(session, self.diagram)
        return Told(self.story, done, tuple(self.failures), tuple(self.refusals), taken, chosen)

    def _fail(self, zh: str, en: str) -> None:
        self.failures.append(Failure(self.step, zh, en))

    def _played(self, step: Step) -> bool:
        """Whether the story can go on after this step."""
        goes_on = step.wait is None or self._let_pass(step.wait)
        if goes_on and step.kind in {"raise", "does", "button", "arrives", "worker"}:
            goes_on = self._acted(step)
        elif goes_on and step.kind == "case":
            goes_on = self._turned_to(step.what)
        elif goes_on and step.kind == "expect":
            with self.sessions() as session:
                for zh, en in story_checks.disappointed(session, self.case, step.expect, at=self.at):
                    self._fail(zh, en)
        return self._not_stuck() and goes_on

    # --- time -----------------------------------------------------------------------------------------------------

    def _let_pass(self, time: timedelta) -> bool:
        """Whatever is due on the way happens at its own moment, the earliest first."""
        until = self.at + time
        for _ in range(MOST_WAKES):
            due = self._next_due(until)
            if due is None:
                self.at = until
                self.case = self.case or self._begun()
                return True
            self.at = max(self.at, due)
            done = timers.wake_due(self.sessions, at=self.at) + starts.wake_due(self.sessions, at=self.at)
            done += outbox.deliver_due(self.sessions, at=self.at)
            if not done and self._next_due(until) == due:
                break
        self._fail("定时器停在原地或不停地响", "A timer does not move on, or fires without end")
        return False

    def _next_due(self, until: datetime) -> datetime | None:
        timer = (
            select(func.min(Timer.due_at))
            .join(Case, Case.id == Timer.case_id)
            .where(Timer.due_at <= until, Case.stuck_at.is_(None))
        )
        message = select(func.min(OutgoingMessage.due_at)).where(OutgoingMessage.due_at <= until)
        start = select(func.min(Start.due_at)).where(Start.kind == "timer", Start.due_at <= until)
        with self.sessions() as session:
            found = [session.scalar(timer), session.scalar(message), session.scalar(start)]
        return min((moment for moment in found if moment is not None), default=None)

    def _begun(self) -> int:
        """The case the clock has begun, where the story has none yet."""
        with self.sessions() as session:
            return session.scalar(select(func.min(Case.id))) or 0

    def _turned_to(self, which: str) -> bool:
        """Whether there is such a case: by its number, the one that called, or the newest of a process."""
        number = story_fit.NUMBER.fullmatch(which)
        if number is not None:
            query: Select[Any] = select(Case.id).where(Case.id == (case_id_of(which) or 0))
        elif which == "parent":
            query = select(Case.parent_id).where(Case.id == self.case, Case.parent_id.is_not(None))
        else:
            query = select(func.max(Case.id)).where(Case.process_id == which)
        with self.sessions() as session:
            found = session.scalar(query)
        if found is None:
            self._fail(f"没有事项 {which}", f"There is no case {which}")
            return False
        self.case = found
        return True

    def _not_stuck(self) -> bool:
        with self.sessions() as session:
            stuck = session.scalars(select(Case).where(Case.stuck_at.is_not(None))).first()
        if stuck is not None:
            why = stuck.stuck_why or {}
            where = why.get("element", "")
            self._fail(f"事项停滞在 {where}：{why.get('zh', '')}", f"The case is stuck at {where}: {why.get('en', '')}")
        return stuck is None

    # --- acts -----------------------------------------------------------------------------------------------------

    def _acted(self, step: Step) -> bool:
        before = self._written() if step.refused else None
        try:
            with self.sessions() as session, session.begin():
                by = officers.actor(session, self.people[step.by], at=self.at) if step.by else CLOCK
                opened = self._act(session, step, by)
                if step.refused:
                    raise _Taken
        except _Taken:
            self._fail("应当被拒绝，却办成了", "It should have been refused, but was done")
        except _Astray as astray:
            self._fail(astray.zh, astray.en)
            return False
        except (NotFound, NotAllowed, OutOfDate, NotValid) as refusal:
            if not step.refused:
                self._fail(f"{step.by} 被拒绝：{refusal.zh}", f"{step.by} was refused: {refusal.en}")
                return False
            self.refusals.append(Refused(step.number, refusal.zh, refusal.en))
        except Refusal as broken:
            self._fail(f"流程走不下去：{broken.zh}", f"The process cannot go on: {broken.en}")
            return False
        else:
            self.case = opened
            outbox.deliver_due(self.sessions, at=self.at)  # as the page does behind an officer's act
        if before is not None and self._written() != before:
            self._fail("被拒绝的操作留下了痕迹", "The refused act has left something behind")
        return True

    def _written(self) -> tuple[int, int]:
        with self.sessions() as session:
            entries = session.scalar(select(func.count()).select_from(Entry)) or 0
            return entries, session.scalar(select(func.sum(Case.revision))) or 0

    def _act(self, session: Session, step: Step, by: Actor) -> int:
        """Does what the page would do; returns the case the story goes on with."""
        if step.kind == "raise":
            process = step.what or self.diagram.process
            _process, laid = desk.at_start(session, process, by=by)
            answers = filled(session, laid, step.answers, at=self.at)
            return cases.open(session, process, answers, by=by, at=self.at)
        if step.kind == "arrives":
            return self._arrive(session, step)
        if step.kind == "worker":
            return self._work(session, step)
        if step.kind == "does":
            task = self._waiting_task(session, step)
            tasks.claim(session, task.id, by=by, at=self.at)
            laid = desk.at_task(session, task, by=by, at=self.at)
            tasks.complete(session, task.id, filled(session, laid, step.answers, at=self.at), by=by, at=self.at)
        else:
            wait = self._waiting_button(session, step)
            _wait, laid = desk.at_wait(session, wait.id, by=by, at=self.at)
            messages.press(session, wait.id, filled(session, laid, step.answers, at=self.at), by=by, at=self.at)
        return self.case

    def _arrive(self, session: Session, step: Step) -> int:
        takers = (story_fit.element_of(step, drawing) for drawing in (self.diagram, *self.drawings.values()))
        element = next(taker for taker in takers if taker is not None)  # the story fits
        try:
            return story_post.arrive(session, self.case, step, element, at=self.at)
        except story_post.Unheard:
            zh = f"此时没有事项等候消息“{step.what}”"
            raise _Astray(zh, f"No case waits for the message {step.what} now, and none begins with it") from None

    def _work(self, session: Session, step: Step) -> int:
        """As a program outside would: it takes the job and answers it."""
        try:
            return story_work.answer(session, self.case, step, at=self.at)
        except story_work.NothingToDo as idle:
            raise _Astray(idle.zh, idle.en) from None

    def _waiting_task(self, session: Session, step: Step) -> Task:
        waiting = list(session.scalars(select(Task).where(Task.case_id == self.case, Task.done_at.is_(None))))
        found = [task for task in waiting if task.element == step.what]
        if step.unit:
            unit = session.scalar(select(Unit.id).where(Unit.code == step.unit))
            found = [task for task in found if _about(task.item) == step.unit or task.unit_id == unit]
        if len(found) > 1:
            raise _Astray(f"有 {len(found)} 项“{step.what}”待办，请用 for 指明单位",
                          f"{len(found)} tasks {step.what} wait; name the unit with `for`")  # fmt: skip
        if not found:
            open_now = ", ".join(sorted(task.element for task in waiting)) or "—"
            raise _Astray(f"没有待办的“{step.what}”，现有：{open_now}",
                          f"No task {step.what} waits; there are: {open_now}")  # fmt: skip
        return found[0]

    def _waiting_button(self, session: Session, step: Step) -> Subscription:
        query = select(Subscription).where(Subscription.case_id == self.case, Subscription.button.is_not(None))
        waiting = list(session.scalars(query))
        found = [wait for wait in waiting if step.what in {wait.name, wait.element}]
        if len(found) != 1:
            open_now = ", ".join(sorted(wait.name or wait.element for wait in waiting)) or "—"
            raise _Astray(f"按钮“{step.what}”此时有 {len(found)} 个，现有：{open_now}",
                          f"{len(found)} buttons {step.what} are there now; there are: {open_now}")  # fmt: skip
        return found[0]


def _about(item: object) -> object:
    """The unit that one instance of a repeated step is about: its member, or the `unit` of that."""
    return item.get("unit") if isinstance(item, dict) else item
