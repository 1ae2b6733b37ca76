"""The week itself: officers at their desks, the worker at its clock, letters on their way, all on told time."""

from __future__ import annotations

import heapq
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict

from engine import work
from engine.acts import cases, definitions, desk, messages, officers, papers, tasks
from engine.notation.answers import written
from engine.notation.diagram import Field
from engine.reads import openings, tray
from engine.reads.sight import may_do
from engine.words.errors import NotAllowed, NotValid, OutOfDate
from engine.words.officers import CLOCK, Actor
from engine.words.worktime import HOME
from models import Candidate, Grant, Officer, Subscription, Task
from models.session import sessions as open_sessions
from tests.conftest import PROCESSES, files_of
from tests.processes.week.hands import Hand
from tests.webui.conftest import Browser
from webui.app import create_app
from webui.demo import city as qinglan
from webui.demo.issues import issue as trouble
from webui.place import Place

# A Monday before work.
MONDAY = datetime(2026, 11, 16, 7, 30, tzinfo=HOME)
TICK = timedelta(minutes=20)
# Of the steps: how many come late, how many are left undone for good, how many go through the pages.
LATE, NEVER, BY_PAGE = 0.12, 0.03, 0.06
# What a page cannot be handed without a file of one's own.
FILES = frozenset({"photo", "file", "checklist"})
RAISERS = ("expert", "expert2", "inspector", "inspector2", "liaison")


@dataclass(slots=True)
class Week:
    """`issues` are raised over `days`; what else begins follows in proportion. All chance comes from `seed`."""

    home: Path
    issues: int
    days: int
    seed: int = 20261116
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    place: Place = field(init=False)
    sessions: sessionmaker[Session] = field(init=False)
    at: datetime = field(init=False, default=MONDAY)
    rng: random.Random = field(init=False)
    reading: random.Random = field(init=False)
    hand: Hand = field(init=False)
    actors: dict[int, Actor] = field(init=False)
    agenda: list[tuple[datetime, int, str, Any]] = field(init=False, default_factory=list)
    seen: set[str] = field(init=False, default_factory=set)
    browsers: dict[str, Browser] = field(init=False, default_factory=dict)
    app: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        # Apart, so that who reads what changes nothing else of the week.
        self.reading = random.Random(self.seed + 1)
        self.hand = Hand(self.rng)
        self.place = Place.of(self.home, None)
        self.place.migrate()
        self.sessions = open_sessions(self.place.engine)

    @property
    def ends(self) -> datetime:
        return MONDAY + timedelta(days=self.days)

    # --- the city before the week -----------------------------------------------------------------------------------

    def settle(self) -> None:
        with self.sessions.begin() as session:
            qinglan.settle(session, at=MONDAY - timedelta(days=30))
        for file in sorted(PROCESSES.glob("*/*.bpmn")):
            with self.sessions.begin() as session:
                definitions.publish(session, *files_of(file.parent.name), note="", by=CLOCK, at=MONDAY)
        with self.sessions() as session:
            self.actors = {id: officers.actor(session, id, at=MONDAY) for id in session.scalars(select(Officer.id))}
            ways = {
                way.id: [actor for actor in self.actors.values() if self._may_begin(session, way.id, actor)]
                for way in openings.open_to_all(session)
            }
        self.app = create_app(
            str(self.place.engine.url),
            config={
                "CLOCK": lambda: self.at, "SECRET_KEY": "a week", "HOME": self.home, "RATELIMIT_ENABLED": False,
            },
        )  # fmt: skip
        office_hours = [MONDAY + timedelta(days=day, hours=1 + hour) for day in range(self.days) for hour in range(10)]
        for number in range(self.issues):
            self._later(self.rng.choice(office_hours) + timedelta(minutes=self.rng.randint(0, 59)), "issue", number)
        others = [process for process in ways if process != "issue_loop"]
        for number in range(max(len(others), self.issues // 8)):
            process = others[number % len(others)]
            moment = self.rng.choice(office_hours) + timedelta(minutes=self.rng.randint(0, 59))
            if number < len(others):
                moment = MONDAY + timedelta(hours=1, minutes=number * 7)
            self._later(moment, "begin", (process, self.rng.choice(ways[process])))

    def _somebody(self, login: str) -> Actor:
        return next(actor for actor in self.actors.values() if actor.login == login)

    def _may_begin(self, session: Session, process: str, actor: Actor) -> bool:
        _, start = desk.at_start(session, process)
        # Who runs the machine raises nothing.
        machine = {"admin", "designer", "auditor"} & {grant.role for grant in actor.held}
        return openings.may_begin(start.element, actor) and not machine

    # --- time passes ------------------------------------------------------------------------------------------------

    def pass_by(self) -> None:
        """The whole week: at each tick the worker does what is due, then whoever had planned to acts."""
        while self.at < self.ends:
            self.at += TICK
            self.work()
            while self.agenda and self.agenda[0][0] <= self.at:
                _, _, what, about = heapq.heappop(self.agenda)
                {"issue": self._raise, "begin": self._begin, "task": self._do}[what](about)
            self._look_round()
        self.work()

    def work(self) -> None:
        """The real worker, until nothing more is due."""
        while done := work.once(self.sessions, at=self.at):
            self.done["by the worker"] += done

    def _later(self, at: datetime, what: str, about: Any) -> None:
        heapq.heappush(self.agenda, (at, len(self.seen) + len(self.agenda) + self.done.total(), what, about))

    def _look_round(self) -> None:
        """New tasks are planned: most in time, some late, a few never; some buttons are pressed."""
        with self.sessions() as session:
            fresh = session.execute(
                select(Task.id, Task.due_at, Task.opened_at).where(Task.done_at.is_(None), Task.id.not_in(self.seen))
                if len(self.seen) < 500
                else select(Task.id, Task.due_at, Task.opened_at).where(
                    Task.done_at.is_(None), Task.opened_at > self.at - 2 * TICK
                )
            ).all()
            for id, due, _opened in fresh:
                if id in self.seen:
                    continue
                self.seen.add(id)
                chance = self.rng.random()
                if chance < NEVER:
                    self.done["left undone"] += 1
                    continue
                hours = self.rng.uniform(0.1, 1.5)
                if chance < NEVER + LATE and due is not None:
                    self._later(max(self.at, due) + timedelta(hours=self.rng.uniform(0.5, 5)), "task", id)
                else:
                    self._later(self.at + timedelta(hours=hours), "task", id)
        if self.rng.random() < 0.25:
            self._press()
        if self.reading.random() < 0.25:
            self._open_a_paper()

    # --- what officers do ---------------------------------------------------------------------------------------------

    def _raise(self, number: int) -> None:
        one = trouble(number)
        login = self.rng.choice(RAISERS)
        by = self._somebody(login)
        given: dict[str, Any] = {
            "title": f"{one.title}（{number}）", "description": one.kind.description, "category": one.kind.category,
            "place": one.spot.zh, "source": "expert" if by.unit_code == "visitors" else "inspection",
            "source_level": "provincial" if by.unit_code == "visitors" else "city",
            "severity": self.rng.choice(("minor", "minor", "major", "critical")), "suggested_unit": one.unit,
            "suggested_measure": one.kind.measure, "on_spot": self.rng.random() < 0.08,
            "needs_city": self.rng.random() < 0.06, "photos_before": ["before.png"], "photos_after": ["after.png"],
        }  # fmt: skip
        self._open("issue_loop", by, given)

    def _begin(self, about: tuple[str, Actor]) -> None:
        process, by = about
        self._open(process, by, {})

    def _open(self, process: str, by: Actor, given: dict[str, Any]) -> None:
        with self.sessions.begin() as session:
            _, start = desk.at_start(session, process)
            try:
                answers = self.hand.fill(session, start, at=self.at, login=by.login, given=given)
                cases.open(session, process, answers, by=by, at=self.at)
            except NotValid as refused:
                self.refused[f"{process}: {refused.en[:80]}"] += 1
                return
        self.done[f"raised {process}"] += 1

    def _do(self, id: str) -> None:
        by_page: tuple[str, MultiDict[str, str]] | None = None
        with self.sessions.begin() as session:
            task = session.get(Task, id)
            if task is None or task.done_at is not None:
                return
            by = self._who(session, task)
            if by is None:
                self.refused[f"{task.element}: nobody may"] += 1
                return
            try:
                laid = desk.at_task(session, task, by=by, at=self.at)
                answers = self.hand.fill(session, laid, at=self.at, login=by.login, given=self._given(task, laid))
                form = laid.element.form
                if self.rng.random() < BY_PAGE and not any(asked.type in FILES for asked in form):
                    by_page = by.login, _posted(form, answers)
                else:
                    tasks.complete(session, id, answers, by=by, at=self.at)
            except (NotValid, NotAllowed, OutOfDate) as refused:
                self.refused[f"{task.element}: {refused.en[:80]}"] += 1
                return
        if by_page is None:
            self.done["acts"] += 1
        else:
            self._complete_by_page(id, *by_page)

    def _given(self, task: Task, laid: desk.Desk) -> dict[str, Any]:
        """What follows from the case itself: the unit it was meant for."""
        unit = laid.names.get("suggested_unit")
        return {"lead_unit": unit} if unit and task.element in {"file_issue", "dispatch"} else {}

    def _complete_by_page(self, id: str, login: str, form: MultiDict[str, str]) -> None:
        browser = self.browsers.get(login)
        if browser is None:
            browser = self.browsers[login] = Browser(self.app.test_client())
            answer = browser.sign_in(login, qinglan.PASSWORD)
            assert answer.status_code == 302, answer.status
        page = browser.get(f"/inbox/tasks/{id}")
        assert page.status_code == 200, (id, page.status)
        fields = re.search(r'name="_fields" value="([^"]*)"', page.text)
        form["_fields"] = fields[1] if fields else ""
        form["csrf_token"] = browser.token
        answer = browser.client.post(f"/inbox/tasks/{id}/completion", data=form)
        if answer.status_code == 302:
            self.done["acts by page"] += 1
        else:
            told = re.findall(r'class="field-error"[^>]*>([^<]*)<', answer.text)
            self.refused[f"page {answer.status_code}: {''.join(told)[:80]}"] += 1
            self._later(self.at + timedelta(hours=1), "task", id)

    def _who(self, session: Session, task: Task) -> Actor | None:
        wanted = select(Candidate.officer_id, Grant.officer_id).outerjoin(
            Grant,
            (Grant.role == Candidate.role) & or_(Candidate.unit_id.is_(None), Candidate.unit_id == Grant.unit_id),
        )
        ids = {id for pair in session.execute(wanted.where(Candidate.owner == task.id)) for id in pair if id}
        able = [self.actors[id] for id in sorted(ids) if may_do(session, task, self.actors[id]) is None]
        return self.rng.choice(able) if able else None

    def _press(self) -> None:
        """Somebody presses one of the buttons that are offered: an urge, a reopening, a withdrawal …"""
        with self.sessions.begin() as session:
            waits = session.scalars(select(Subscription).where(Subscription.button.is_not(None))).all()
            if not waits:
                return
            wait = self.rng.choice(waits)
            candidates = session.scalars(select(Candidate).where(Candidate.owner == wait.id)).all()
            able = [
                actor
                for actor in self.actors.values()
                if any(
                    actor.id == one.officer_id or (one.role is not None and actor.holds(one.role, one.unit_id))
                    for one in candidates
                )
            ]
            if not able:
                return
            by = self.rng.choice(able)
            try:
                with session.begin_nested():
                    found, laid = desk.at_wait(session, wait.id, by=by, at=self.at)
                    answers = self.hand.fill(session, laid, at=self.at, login=by.login)
                    messages.press(session, found.id, answers, by=by, at=self.at)
                self.done["buttons"] += 1
            except (NotValid, NotAllowed, OutOfDate) as refused:
                self.refused[f"button {wait.element}: {refused.en[:80]}"] += 1

    def _open_a_paper(self) -> None:
        """Somebody looks into the tray of papers and opens one."""
        by = self.actors[self.reading.choice(sorted(self.actors))]
        with self.sessions.begin() as session:
            if letters := tray.received(session, by).letters:
                papers.read(session, self.reading.choice(letters).id, by=by, at=self.at)
                self.done["papers opened"] += 1


def _posted(form: tuple[Field, ...], answers: dict[str, Any]) -> MultiDict[str, str]:
    """Answers as a browser would post them."""
    return MultiDict(
        (asked.id, text)
        for asked in form
        if answers.get(asked.id) is not None
        for text in written(answers[asked.id], HOME)
    )
