"""Cases told by their facts alone, without running a diagram: an office, a small loop, and what happened in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.record import journal
from engine.record.journal import CaseFile
from engine.words import facts as f
from engine.words.officers import CLOCK, Actor, Held
from models import Case, Evidence
from models.session import open_database, sessions

DIAGRAM = (Path(__file__).parent / "fixtures" / "told_loop.bpmn").read_bytes()
DIGEST = sha256(DIAGRAM).hexdigest()
# A Friday, ten in the morning in Shanghai.
MORNING = datetime(2026, 11, 20, 2, tzinfo=UTC)

UNITS = {
    1: ("hq", "市指挥部", "City command post", None, "1."),
    2: ("office", "综合组", "Liaison group", 1, "1.2."),
    3: ("chengguan", "城关镇", "Chengguan town", 1, "1.3."),
    4: ("dongjie", "东街社区", "Dongjie community", 3, "1.3.4."),
    5: ("inspection", "督查组", "Inspection team", 1, "1.5."),
    6: ("hexi", "河西镇", "Hexi town", 1, "1.6."),
}
OFFICERS = {
    1: ("amina", "登记员甲", "Amina", "综合岗", 2, [("liaison", 2), ("dispatcher", 1)]),
    2: ("bram", "经办员乙", "Bram", "镇经办", 3, [("unit_clerk", 3)]),
    3: ("chen", "督查员丙", "Chen", "督查岗", 5, [("inspector", 5)]),
    4: ("dora", "审计员丁", "Dora", "审计岗", 1, [("auditor", 1)]),
    5: ("emil", "经办员戊", "Emil", "镇经办", 6, [("unit_clerk", 6)]),
}


def actor(id: int) -> Actor:
    login, name, _en, _post, unit, held = OFFICERS[id]
    grants = tuple(Held(role, unit_id, UNITS[unit_id][4]) for role, unit_id in held)
    return Actor(id, login, name, unit, UNITS[unit][4], UNITS[unit][0], grants)


AMINA, BRAM, CHEN, DORA, EMIL = (actor(id) for id in OFFICERS)


@contextmanager
def office(url: str) -> Iterator[Session]:
    """The office and the loop published, in a database with all tables; the session is not committed."""
    engine = open_database(url)
    with sessions(engine)() as session:
        _open(session)
        yield session
    engine.dispose()


def _open(session: Session) -> None:
    machine = Actor(None, "machine", "命令行", None)
    journal.record_office(
        session,
        [f.UnitAdded(id, code, name, en, "", parent, path) for id, (code, name, en, parent, path) in UNITS.items()],
        by=machine,
        at=MORNING - timedelta(days=30),
    )
    journal.record_office(
        session,
        [
            fact
            for id, (login, name, en, post, unit, held) in OFFICERS.items()
            for fact in (
                f.OfficerAdded(id, login, name, en, post, "", unit),
                *(f.RoleGranted(id, role, unit_id) for role, unit_id in held),
            )
        ],
        by=machine,
        at=MORNING - timedelta(days=29),
    )
    journal.record_office(
        session,
        [f.VersionPublished("told_loop", 1, 1, "问题小闭环", "Small issue loop", DIGEST, "首次发布", [])],
        by=AMINA,
        at=MORNING - timedelta(days=28),
        enclosed={DIGEST: (DIAGRAM, {})},
    )
    session.flush()


class Told:
    """One case, told act by act. `at` moves on by itself; ids are the case's number and a running number."""

    def __init__(self, session: Session, id: int, *, at: datetime = MORNING) -> None:
        self.session, self.id, self.at = session, id, at
        self.serial = 0
        self.file = CaseFile(id, version_id=1, digest=DIGEST, process="told_loop", version_number=1)

    @property
    def number(self) -> str:
        return self.file.number

    def next(self) -> str:
        self.serial += 1
        return f"{self.id}-{self.serial}"

    def act(self, by: Actor, *facts: f.CaseFact, after: timedelta = timedelta(minutes=10)) -> None:
        self.at += after
        journal.record(self.session, self.file, list(facts), by=by, at=self.at, serial=self.serial)
        self.session.flush()
        self.session.expire_all()
        case = self.session.get_one(Case, self.id)
        self.file = CaseFile(
            self.id, 1, DIGEST, "told_loop", 1, case.revision, case.entries, case.head, variables=case.variables
        )

    def opened(self, task: str, element: str, name: str, en: str, **rest: Any) -> f.TaskOpened:
        told: dict[str, Any] = {
            "token": "t", "wanted": [], "bars": [], "unit": None, "item": None, "due": None, "clock": None, "round": 1,
        } | rest  # fmt: skip
        return f.TaskOpened(task, element, name, en, **told)

    def raised(self, **variables: Any) -> Told:
        due = self.at + timedelta(hours=2)
        values = {
            "title": "东街口垃圾未清", "description": "东街口垃圾桶外溢，三天未清运。", "place": "东街口",
            "category": "环境卫生", "severity": "major", "source": "省督查组", **variables,
        }  # fmt: skip
        self.dispatch_task = self.next()
        self.act(
            AMINA,
            f.CaseOpened("told_loop", 1, 1, 2),
            f.VariablesChanged({}, values),
            f.TokensMoved(["raised", "f1", "dispatch"]),
            f.StageChanged("registered", "filed"),
            f.PartyJoined("raiser", officer=AMINA.id),
            f.ClockStarted("dispatch", 1, "2小时", "always", due, due - timedelta(minutes=24)),
            f.CaseDueChanged("dispatch", None, due),
            self.opened(
                self.dispatch_task, "dispatch", "派发", "Dispatch", wanted=[{"role": "dispatcher", "unit": None}],
                due=due, clock="dispatch",
            ),
            f.TimerSet(self.next(), "dispatch_late", "t", due),
        )  # fmt: skip
        return self

    def reminded(self) -> Told:
        self.act(
            CLOCK,
            f.TimerFired(f"{self.id}-2", "dispatch_late", self.at),
            f.TokensMoved(["dispatch_late", "remind", "reminded"]),
            f.LevelRaised(0, 1, "2小时内未派发"),
            f.DocumentIssued(
                self.next(), "reminder", "催办〔2026〕1号", "关于尽快派发问题的催办单", {"requirement": "立即派发"},
                2, 1, 1,
            ),
            after=timedelta(hours=2),
        )  # fmt: skip
        return self

    def dispatched(self, unit: int = 3) -> Told:
        due = datetime(2026, 11, 22, 16, tzinfo=UTC)
        self.rectify_task = self.next()
        self.wait = self.next()
        clerks = [{"role": "unit_clerk", "unit": unit}]
        self.act(
            AMINA,
            f.TaskCompleted(self.dispatch_task, "dispatch", {"lead_unit": UNITS[unit][0]}),
            f.VariablesChanged({}, {"lead_unit": UNITS[unit][0], "rectify_by": {"$moment": due.isoformat()}}),
            f.ClockStopped("dispatch", 1, 6600.0),
            f.TimerDropped(f"{self.id}-2", "dispatch_late"),
            f.TokensMoved(["dispatch", "f2", "rectify"]),
            f.StageChanged("filed", "dispatched"),
            f.StageChanged("dispatched", "dispatched"),
            f.LeadUnitChanged(None, unit),
            f.PartyJoined("lead", unit=unit),
            f.ClockStarted("rectify", 1, "3天", "always", due, due - timedelta(hours=10)),
            f.CaseDueChanged("rectify", None, due),
            self.opened(
                self.rectify_task, "rectify", "整改", "Rectify", wanted=clerks, unit=unit, due=due, clock="rectify"
            ),
            f.WaitOpened(
                self.wait, "ask_extension", "t", "extension_asked", self.number, "申请延期", "Ask for more time", clerks
            ),
        )  # fmt: skip
        return self

    def stored(self, sha: str) -> str:
        """A photo as the evidence folder knows it: taken by a telephone, with time and place."""
        if self.session.get(Evidence, sha) is None:
            self.session.add(
                Evidence(
                    sha=sha, size=2048, media="image/jpeg", width=640, height=480, taken_at=self.at,
                    latitude=19.0951, longitude=108.6536, camera="Telephone", stored_at=self.at,
                )
            )  # fmt: skip
            self.session.flush()
        return sha

    def reported(self, *photos: tuple[str, str]) -> Told:
        self.verify_task = self.next()
        self.act(
            BRAM,
            f.TaskClaimed(self.rectify_task, "rectify"),
            f.TaskCompleted(self.rectify_task, "rectify", {"measures": "=增派清运车两辆，每日两清"}),
            f.VariablesChanged({}, {"measures": "=增派清运车两辆，每日两清"}),
            f.PartyJoined("handler", officer=BRAM.id),
            *(
                f.EvidenceAttached(self.next(), self.stored(sha), name, "after", "photos_after", self.rectify_task, 1)
                for sha, name in photos
            ),
            f.ClockStopped("rectify", 1, 3600.0),
            f.CaseDueChanged(None, None, None),
            f.WaitDropped(self.wait, "ask_extension"),
            f.TokensMoved(["rectify", "f3", "verify"]),
            f.StageChanged("dispatched", "verifying"),
            self.opened(
                self.verify_task, "verify", "核查", "Verify", wanted=[{"role": "inspector", "unit": 5}],
                bars=[{"officer": BRAM.id, "because": "rectify"}],
            ),
            after=timedelta(hours=5),
        )  # fmt: skip
        return self

    def failed(self) -> Told:
        self.rectify_task, self.wait = self.next(), self.next()
        button = ("申请延期", "Ask for more time")
        self.act(
            CHEN,
            f.TaskCompleted(self.verify_task, "verify", {"verdict": "fail", "requirement": "桶体须清洗消毒"}),
            f.VariablesChanged({}, {"verdict": "fail", "requirement": "桶体须清洗消毒"}),
            f.Counted("rework"),
            f.TokensMoved(["verify", "f4", "passed", "f6", "rectify"]),
            f.StageChanged("verifying", "rectifying"),
            f.ClockResumed("rectify", 1, self.at + timedelta(hours=2), self.at + timedelta(hours=1)),
            f.CaseDueChanged("rectify", None, self.at + timedelta(hours=2)),
            self.opened(
                self.rectify_task, "rectify", "整改", "Rectify", wanted=[{"role": "unit_clerk", "unit": 3}], unit=3,
                due=self.at + timedelta(hours=2), clock="rectify",
            ),
            f.WaitOpened(self.wait, "ask_extension", "t", "extension_asked", self.number, *button, []),
        )  # fmt: skip
        return self

    def closed(self) -> Told:
        self.act(
            CHEN,
            f.TaskCompleted(self.verify_task, "verify", {"verdict": "pass"}),
            f.PartyJoined("handler", officer=CHEN.id),
            f.VariablesChanged({"verdict": self.file.variables.get("verdict")}, {"verdict": "pass"}),
            f.TokensMoved(["verify", "f4", "passed", "f5", "closed"]),
            f.StageChanged("verifying", "closed"),
            f.DocumentIssued(self.next(), "closing_form", "销号〔2026〕1号", "销号单", {"verdict": "pass"}, 3, 1, 0),
            f.CaseClosed("closed"),
            f.CaseEnded(),
        )
        return self


class Statements:
    """Counts the SQL statements of a session's engine while it is open."""

    def __init__(self, session: Session) -> None:
        self.engine, self.told = session.get_bind(), []  # type: ignore[var-annotated]

    def __enter__(self) -> Statements:
        event.listen(self.engine, "before_cursor_execute", self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._heard)

    def _heard(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.told.append(statement)

    def __len__(self) -> int:
        return len(self.told)
