"""Plays three weeks of office work on a told clock: every step through the same acts the pages use, timers included."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path as Folder
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, desk, evidence, messages, officers, outbox, starts, tasks, timers
from engine.notation import forms
from engine.notation.answers import read_one, written
from engine.reads.office import calendar_from
from engine.reads.sight import may_do
from engine.words.numbers import number_of
from engine.words.officers import Actor
from models import Candidate, Case, Grant, Officer, Subscription, Task, Timer, Unit
from webui.demo import city, photos
from webui.demo.answers import USUAL, pace
from webui.demo.issues import Issue, issue
from webui.demo.paths import HOURS, PATHS, Path

PROCESS = "issue_loop"
SOURCES = {"visitors": ("expert", "provincial"), "inspection": ("inspection", "city")}


@dataclass(slots=True)
class Course:
    """One issue on its way. `visits` counts how often a step was done; `pressed` how many buttons."""

    number: int
    path: Path
    issue: Issue
    case: int = 0
    visits: Counter[str] = field(default_factory=Counter)
    pressed: int = 0


class Player:
    def __init__(self, sessions: sessionmaker[Session], folder: Folder, *, now: datetime) -> None:
        self.sessions = sessions
        self.folder = folder
        self.now = now
        self.rng = random.Random("Qinglan")
        self.courses = [Course(number, path, issue(number)) for number, path in enumerate(PATHS)]
        self.agenda: list[tuple[datetime, int]] = []
        # In such weeks the office is manned on Saturdays and Sundays, too.
        self.calendar = calendar_from("every day", city.ZONE, {str(day): city.SHIFTS for day in range(1, 8)}, {})
        with sessions() as session:
            self.actors = {
                login: officers.actor(session, id, at=now)
                for id, login in session.execute(select(Officer.id, Officer.login).order_by(Officer.id))
            }
            self.units = {code: id for id, code in session.execute(select(Unit.id, Unit.code))}

    def play(self) -> None:
        for course in self.courses:
            began = self.now - timedelta(hours=course.path.ago)
            self._later(course, began if course.path.recent else self._at_work(began))
        while self.agenda:
            at, number = heapq.heappop(self.agenda)
            self._wake(at)
            self._go_on(self.courses[number], at)
        self._wake(self.now)
        self._take_some()

    def settle_post(self) -> None:
        """What the issues have sent finds its way to the processes that are published by now, and what these begin by
        the clock begins now: nothing is overdue in a city that was not there yet."""
        starts.wake_due(self.sessions, at=self.now)
        while outbox.deliver_due(self.sessions, at=self.now):
            pass

    def _later(self, course: Course, at: datetime) -> None:
        if at < self.now:
            heapq.heappush(self.agenda, (at, course.number))

    def _at_work(self, at: datetime) -> datetime:
        """The moment itself in office hours, else some minutes after they begin."""
        opens = self.calendar.next_work_moment(at)
        return at if opens == at else opens + timedelta(minutes=self.rng.randint(3, 25))

    def _wake(self, until: datetime) -> None:
        """Fires timers at their own moments, in order, as a worker that never sleeps would have."""
        earlier: datetime | None = None
        while True:
            with self.sessions() as session:
                waits = select(func.min(Timer.due_at)).join(Case).where(Timer.due_at <= until, Case.stuck_at.is_(None))
                due = session.scalar(waits if earlier is None else waits.where(Timer.due_at > earlier))
            if due is None:
                return
            earlier = due
            timers.wake_due(self.sessions, at=due)

    def _go_on(self, course: Course, at: datetime) -> None:
        with self.sessions.begin() as session:
            if course.case == 0:
                self._raise(session, course, at)
            elif not self._step(session, course, at) and not self._press(session, course, at):
                return
        self._plan(course, at)

    def _plan(self, course: Course, at: datetime) -> None:
        """When this issue moves next: the first of its open tasks, or the next button of its path."""
        with self.sessions() as session:
            task = self._next(session, course)
        if task is not None:
            hours = course.path.slow.get(task.element) if course.visits[task.element] == 0 else None
            gap = timedelta(hours=hours if hours is not None else pace(task.element) * self.rng.uniform(0.7, 1.3))
            if course.path.recent:
                self._later(course, at + gap / 4)
            else:
                self._later(course, self._at_work(at + gap))
        elif course.pressed < len(course.path.presses):
            gap = timedelta(hours=course.path.presses[course.pressed].hours)
            self._later(course, self._at_work(at + gap))

    def _next(self, session: Session, course: Course) -> Task | None:
        query = (
            select(Task).where(Task.case_id == course.case, Task.done_at.is_(None)).order_by(Task.opened_at, Task.id)
        )
        waiting = [task for task in session.scalars(query) if not self._stops(course, task)]
        # What keeps another step from being completed goes first.
        return min(waiting, key=lambda task: task.element != "analyse_cause", default=None)

    def _stops(self, course: Course, task: Task) -> bool:
        """The path ends at this step, once its detours are behind it."""
        path = course.path
        if path.slow.get(task.element, 0) >= 900:
            return True
        if task.element != path.stop:
            return False
        return course.visits[task.element] >= max(path.passes, len(path.special.get(task.element, ())))

    def _raise(self, session: Session, course: Course, at: datetime) -> None:
        by = self.actors[course.path.by]
        kind, spot = course.issue.kind, course.issue.spot
        source, level = SOURCES[by.unit_code]
        answers: dict[str, Any] = {
            "title": course.issue.title, "description": kind.description, "category": kind.category, "place": spot.zh,
            "source": source, "source_level": level, "severity": course.path.severity or kind.severity,
            "suggested_unit": course.issue.unit, "suggested_measure": kind.measure, "on_spot": course.path.on_spot,
            "photos_before": [self._photo(session, course, by, at, fixed=False)],
        }  # fmt: skip
        if course.path.on_spot:
            answers["photos_after"] = [self._photo(session, course, by, at, fixed=True)]
        _, start = desk.at_start(session, PROCESS, by=by)
        course.case = cases.open(session, PROCESS, self._filled(start, answers, at), by=by, at=at)

    def _step(self, session: Session, course: Course, at: datetime) -> bool:
        task = self._next(session, course)
        if task is None:
            return False
        by = self._who(session, course, task)
        sheet = desk.at_task(session, task, by=by, at=at)
        special = course.path.special.get(task.element, ())
        visit = course.visits[task.element]
        answers = {**USUAL.get(task.element, {}), **(special[visit] if visit < len(special) else {})}
        answers = self._told(session, course, answers, by, at)
        tasks.complete(session, task.id, self._filled(sheet, answers, at), by=by, at=at)
        course.visits[task.element] += 1
        return True

    def _press(self, session: Session, course: Course, at: datetime) -> bool:
        if course.pressed >= len(course.path.presses):
            return False
        press = course.path.presses[course.pressed]
        course.pressed += 1
        wait = session.scalar(
            select(Subscription.id).where(Subscription.case_id == course.case, Subscription.element == press.element)
        )
        if wait is None:
            raise LookupError(f"case {course.case} has no button {press.element} at {at}")
        by = self.actors[press.login]
        _, sheet = desk.at_wait(session, wait, by=by, at=at)
        answers = self._told(session, course, {**USUAL.get(press.element, {}), **press.answers}, by, at)
        messages.press(session, wait, self._filled(sheet, answers, at), by=by, at=at)
        return True

    def _who(self, session: Session, course: Course, task: Task) -> Actor:
        """Whoever may do it, the raiser first; the rest take turns."""
        wanted = select(Grant.officer_id).join(Candidate, Candidate.role == Grant.role).where(
            Candidate.owner == task.id, (Candidate.unit_id.is_(None)) | (Candidate.unit_id == Grant.unit_id)
        )  # fmt: skip
        named = select(Candidate.officer_id).where(Candidate.owner == task.id)
        ids = set(session.scalars(wanted)) | set(session.scalars(named))
        able = [actor for actor in self.actors.values() if actor.id in ids and may_do(session, task, actor) is None]
        if not able:
            raise LookupError(f"nobody may do {task.element} of case {course.case}")
        raisers = [actor for actor in able if actor.login == course.path.by]
        return (raisers or able)[0 if raisers else course.number % len(able)]

    def _told(
        self, session: Session, course: Course, answers: Mapping[str, Any], by: Actor, at: datetime
    ) -> dict[str, Any]:
        """Answers in which moments, photos and names of this issue stand instead of their place-holders."""
        kind = course.issue.kind
        lead = session.scalar(select(Unit.code).join(Case, Case.lead_unit_id == Unit.id).where(Case.id == course.case))
        words = {
            "$unit": course.issue.unit, "$measure": kind.measure, "$done": kind.done, "$cause": kind.cause,
            "$me": by.login, "$mode": course.path.mode, "$now": at - timedelta(minutes=10),
            "$neighbour": "jiefang" if lead != "jiefang" else "binhai", "first": _number(self.courses[-1].case),
        }  # fmt: skip
        told: dict[str, Any] = {}
        for name, answer in answers.items():
            if answer in ("$before", "$after"):
                told[name] = [self._photo(session, course, by, at, fixed=answer == "$after")]
            elif isinstance(answer, tuple) and answer[:1] == (HOURS,):
                told[name] = at + timedelta(hours=answer[1])
            else:
                told[name] = words.get(answer, answer) if isinstance(answer, str) else answer
        return told

    def _filled(self, sheet: desk.Desk, answers: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        """The whole form as an officer would hand it in: defaults where he types nothing."""
        form = sheet.element.form
        kinds = {asked.id: asked.type for asked in form}
        raw = {
            name: written(value.astimezone(self.calendar.zone).date() if kinds[name] == "date" else value, forms.ZONE)
            for name, value in answers.items()
            if name in kinds
        }
        shown = forms.shown(form, sheet.names, raw, at, before=frozenset(raw))
        return {
            each.field.id: read_one(each.field, each.raw, forms.ZONE) for each in shown if each.field.type != "note"
        }

    def _photo(self, session: Session, course: Course, by: Actor, at: datetime, *, fixed: bool) -> dict[str, Any]:
        taken = at - timedelta(minutes=course.number % 20 + 4)
        content = photos.photo(
            course.issue.kind.scene, course.number % 2, fixed=fixed, place=course.issue.spot.en, at=taken
        )
        name = f"{course.issue.spot.zh}{'整改后' if fixed else '整改前'}.jpg"
        kept = evidence.store(session, BytesIO(content), name, folder=self.folder, by=by, at=at)
        return {"sha": kept["sha"], "name": kept["name"], "kind": "after" if fixed else "before"}

    def _take_some(self) -> None:
        """Every third open task is in somebody's hands, so that both halves of the inbox have something."""
        with self.sessions.begin() as session:
            query = select(Task).where(Task.done_at.is_(None), Task.claimed_by.is_(None)).order_by(Task.id)
            for place, task in enumerate(session.scalars(query).all()):
                if place % 3 == 0:
                    course = next(course for course in self.courses if course.case == task.case_id)
                    tasks.claim(session, task.id, by=self._who(session, course, task), at=self.now)


def _number(case: int) -> str:
    return number_of(case)
