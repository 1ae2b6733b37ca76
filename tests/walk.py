"""Walking one issue through the loop: who does what, with a clock that is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, messages, tasks, timers
from engine.words.values import from_json
from models import Case, Clock, Document, Evidence, Subscription, Task, Timer
from tests.cast import MORNING, Cast

PHOTO = {"sha": "a" * 64, "name": "after.jpg"}
BEFORE = {"sha": "b" * 64, "name": "before.jpg"}

ISSUE: dict[str, Any] = {
    "title": "码头社区卡口无人值守",
    "description": "督查时卡口无人值守，外来车辆未登记。",
    "category": "checkpoint",
    "place": "港口街道码头社区",
    "source": "expert",
    "source_level": "national",
    "severity": "major",
    "on_spot": False,
    "needs_city": False,
    "photos_before": [BEFORE],
}
ANSWERS: dict[str, dict[str, Any]] = {
    "register": {"finding": "verified", "mode": "immediate"},
    "file_issue": {"filing_decision": "file", "triage_decision": "notice"},
    "instruct": {"instruction": "立即整改，举一反三。", "lead_leader": "leader"},
    "dispatch": {"dispatch_decision": "send", "lead_unit": "HARBOUR", "co_units": [], "requirement": "落实值守。"},
    "sign": {"sign_decision": "accept", "owner": "clerk", "post": "卡口专员"},
    "rectify": {"unit_choice": "feedback", "progress": "已增派人员"},
    "report": {
        "result": "done", "measures": "增派两班人员", "result_text": "卡口全天有人", "cause": "排班脱节",
        "photos_after": [PHOTO],
    },
    "head_sign": {"head_decision": "approve"},
    "review": {"review_decision": "approve"},
    "verify": {
        "verify_decision": "pass", "verify_method": "on_site", "second_verifier": "专家乙", "check_done": True,
        "check_evidence": True, "check_cause": True, "check_lasting": True,
    },
    "close_off": {"closing_note": "整改到位，同意销号。"},
}  # fmt: skip
WHO = {
    "register": "liaison", "file_issue": "liaison", "instruct": "leader", "dispatch": "dispatcher", "sign": "clerk",
    "rectify": "clerk", "report": "clerk", "head_sign": "head", "review": "reviewer", "verify": "expert",
    "close_off": "closer",
}  # fmt: skip


@dataclass
class Walk:
    sessions: sessionmaker[Session]
    cast: Cast
    at: datetime = MORNING
    case: int = 0
    fired: int = field(default=0)

    def __post_init__(self) -> None:
        with self.sessions() as session, session.begin():
            for photo in (PHOTO, BEFORE):
                if session.get(Evidence, photo["sha"]) is None:
                    session.add(Evidence(sha=photo["sha"], size=10, media="image/jpeg", stored_at=self.at))

    def later(self, **amount: float) -> int:
        """Tells the clock forward and lets it work; says how many timers fired."""
        self.at += timedelta(**amount)
        fired = timers.wake_due(self.sessions, at=self.at)
        self.fired += fired
        return fired

    def raise_issue(self, by: str = "expert", **changes: Any) -> int:
        with self.sessions() as session, session.begin():
            actor = self.cast.actor(session, by, self.at)
            given = {"found_at": self.at.date(), **ISSUE, **changes}
            self.case = cases.open(session, "issue_loop", given, by=actor, at=self.at)
        return self.case

    def do(self, element: str, by: str | None = None, **changes: Any) -> None:
        """Completes the open task of this element with the usual answers, changed as told; a minute passes."""
        self.at += timedelta(minutes=1)
        given = {**ANSWERS.get(element, {}), **changes}
        if element == "report":
            given.setdefault("done_at", self.at)
        task = self.task(element)
        with self.sessions() as session, session.begin():
            actor = self.cast.actor(session, by or WHO[element], self.at)
            tasks.complete(session, task.id, self._defaults(session, element, given), by=actor, at=self.at)

    def _defaults(self, session: Session, element: str, given: dict[str, Any]) -> dict[str, Any]:
        """What the page would have filled in: the register's form repeats what was raised."""
        if element != "register":
            return given
        case = session.get(Case, self.case)
        assert case is not None
        kept = {k: from_json(v) for k, v in case.variables.items()}
        return {**{k: kept.get(k) for k in ("title", "category", "place", "severity", "needs_city")}, **given}

    def press(self, element: str, by: str, **answers: Any) -> None:
        self.at += timedelta(minutes=1)
        with self.sessions() as session, session.begin():
            actor = self.cast.actor(session, by, self.at)
            wait = session.execute(
                select(Subscription).where(Subscription.case_id == self.case, Subscription.element == element)
            ).scalar_one()
            messages.press(session, wait.id, answers, by=actor, at=self.at)

    def to(self, element: str, **first: Any) -> None:
        """Raises an issue and walks it until this element waits."""
        self.raise_issue(**first)
        for step in ("register", "file_issue", "dispatch", "sign", "rectify", "report", "head_sign", "review", "verify",
                     "close_off"):  # fmt: skip
            if step == element:
                return
            self.do(step)

    # --- looking ------------------------------------------------------------------------------------------------

    def task(self, element: str) -> Task:
        with self.sessions() as session:
            query = select(Task).where(Task.case_id == self.case, Task.element == element, Task.done_at.is_(None))
            found = session.execute(query.order_by(Task.id)).scalars().first()
        assert found is not None, f"no open task {element}; open: {self.waiting}"
        return found

    @property
    def waiting(self) -> list[str]:
        with self.sessions() as session:
            query = select(Task.element).where(Task.case_id == self.case, Task.done_at.is_(None))
            return sorted(session.execute(query).scalars())

    @property
    def timers(self) -> dict[str, datetime | None]:
        with self.sessions() as session:
            query = select(Timer.element, Timer.due_at).where(Timer.case_id == self.case)
            return {row.element: row.due_at for row in session.execute(query)}

    @property
    def row(self) -> Case:
        with self.sessions() as session:
            found = session.get(Case, self.case)
        assert found is not None
        return found

    def clock(self, name: str, round: int = 1) -> Clock:
        with self.sessions() as session:
            found = session.get(Clock, (self.case, round, name))
        assert found is not None
        return found

    @property
    def papers(self) -> list[str]:
        with self.sessions() as session:
            query = select(Document.kind).where(Document.case_id == self.case).order_by(Document.issued_at)
            return list(session.execute(query).scalars())

    def variable(self, name: str) -> Any:
        return from_json(self.row.variables.get(name))
