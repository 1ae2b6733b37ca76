"""What follows an issue, from process to process, with real messages: escalation, recheck, relapse, improvement,
accountability, and an appeal decided by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, desk, messages, officers, outbox, tasks, timers
from engine.acts.story_answers import filled
from engine.record import chain, replay
from engine.words.errors import NotAllowed
from engine.words.officers import CLOCK
from models import Case, OutgoingMessage, Subscription, Task, Timer
from tests.cast import MORNING, PASSWORD, Cast
from tests.conftest import files_of
from tests.walk import Walk

AFTER = ("escalation", "recheck", "accountability", "appeal", "systemic_improvement")
MORE = [
    ("second_inspector", "督查员乙", "INSPECT", "inspector", "INSPECT"),
    ("discipline", "纪检员甲", "INSPECT", "discipline", "CITY"),
    ("second_reviewer", "复核员乙", "CP", "reviewer", "CITY"),
]


@dataclass
class Town(Walk):
    """The walk of one issue, with the cases of other processes beside it."""

    def newest(self, process: str) -> int:
        with self.sessions() as session:
            found = session.scalar(select(func.max(Case.id)).where(Case.process_id == process))
        assert found is not None, f"no case of {process} has begun"
        return found

    def case_of(self, id: int) -> Case:
        with self.sessions() as session:
            return session.get_one(Case, id)

    def pass_on(self) -> None:
        outbox.deliver_due(self.sessions, at=self.at)

    def wait(self, **amount: float) -> None:
        """Whatever is due on the way happens at its own moment."""
        until = self.at + timedelta(**amount)
        while True:
            with self.sessions() as session:
                due = session.scalar(select(func.min(Timer.due_at)).where(Timer.due_at <= until))
            if due is None:
                break
            self.at = max(self.at, due)
            timers.wake_due(self.sessions, at=self.at)
            self.pass_on()
        self.at = until
        self.pass_on()

    def acts(self, case: int, element: str, by: str, **answers: Any) -> None:
        """As the page would: what is not named keeps its default; then what was sent is handed on."""
        self.at += timedelta(minutes=1)
        with self.sessions() as session, session.begin():
            query = select(Task).where(Task.case_id == case, Task.element == element, Task.done_at.is_(None))
            task = session.scalars(query).first()
            assert task is not None, f"{element} does not wait in {case}"
            actor = self.cast.actor(session, by, self.at)
            tasks.claim(session, task.id, by=actor, at=self.at)
            laid = desk.at_task(session, task, by=actor, at=self.at)
            tasks.complete(session, task.id, filled(session, laid, answers, at=self.at), by=actor, at=self.at)
        self.pass_on()

    def to_closed(self, **closing: Any) -> None:
        for step in ("sign", "rectify", "report", "head_sign", "review", "verify"):
            self.do(step)
        self.do("close_off", **closing)
        self.pass_on()


@pytest.fixture
def town(issue_loop: Cast, sessions: sessionmaker[Session]) -> Town:
    with sessions() as session, session.begin():
        for process in AFTER:
            definitions.publish(session, *files_of(process), note="", by=CLOCK, at=MORNING)
        for login, name, unit, role, place in MORE:
            issue_loop.people[login] = officers.add_officer(
                session, login, name, unit=issue_loop.units[unit], roles=[(role, issue_loop.units[place])],
                password=PASSWORD, by=CLOCK, at=MORNING,
            )  # fmt: skip
    return Town(sessions, issue_loop)


def test_from_an_issue_to_the_appeal_against_what_followed(town: Town) -> None:
    # Nobody dispatches for two hours: it goes up, is ruled on, carried out, and the issue hears of it.
    town.to("dispatch", severity="critical", suggested_unit="HARBOUR")
    issue = town.case
    town.wait(hours=2, minutes=1)
    up = town.newest("escalation")
    town.acts(up, "analyse", "clerk", cause_class="capacity", cause_text="夜间人手不足，无力自行解决。")
    town.acts(up, "point", "dispatcher", ruling="order", ruling_text="抽调六人支援，今晚到位。")
    town.acts(up, "carry_out", "head", done_text="六人已经到位值守。")
    assert town.case_of(up).ended_at is not None
    assert town.row.level == 2
    assert "ruling" in town.papers

    # Closed, and looked at again by another inspector than the one who closed it.
    town.do("dispatch")
    town.to_closed(publicity_done=True)
    assert town.row.stage == "closed"
    again = town.newest("recheck")
    town.wait(days=3, hours=1)
    seen = {
        "visit_method": ["on_site"], "visit_note": "夜间抽查，路口无人值守。", "visit_photos": ["relapse.png"],
        "visit_result": "relapsed", "false_rectification": True,
    }  # fmt: skip
    town.acts(again, "visit", "inspector", **seen)
    assert town.case_of(again).outcome == "relapsed"

    # It is open again, in a second round, at orange; and somebody must answer for it.
    assert (town.row.stage, town.row.round, town.row.level) == ("filed", 2, 3)
    blame = town.newest("accountability")
    town.do("dispatch")
    town.to_closed(publicity_done=True, systemic=True, systemic_note="多个街道夜间值守不足。")
    assert town.row.round == 2

    # Similar units check themselves; what one finds is an issue of its own, and its closing comes back.
    wider = town.newest("systemic_improvement")
    town.acts(wider, "root_cause", "liaison", root="forces", root_text="夜间力量不足，没有机动队。",
              check_units=["HEALTH"], check_points="夜间值守人数。")  # fmt: skip
    town.acts(wider, "self_check", "health_head", found="found", check_note="门诊夜间缺一人。",
              finding_place="发热门诊", finding_text="夜间预检缺一人。")  # fmt: skip
    town.case = town.newest("issue_loop")
    assert town.case != issue
    assert town.variable("origin") == f"{town.case_of(wider).number}/HEALTH"
    assert town.row.raiser_unit_id == town.cast.units["HEALTH"]
    assert town.waiting == ["register"]
    _close_what_the_health_bureau_found(town)
    town.acts(wider, "lasting", "liaison", change_kind=["team"], change_text="建立夜间机动值守队。")

    # Accountability, and an appeal that none of those who decided may review.
    town.acts(blame, "verify_facts", "inspector", facts_hold="true", behaviour="false_rectification",
              consequence="some", motive="private", verify_note="照片系事后补拍，属实。")  # fmt: skip
    town.acts(blame, "propose", "discipline", measure="admonition", officials=1, proposal_text="虚假整改，建议诫勉。")
    town.acts(blame, "decide", "leader", decision="agree", decision_text="同意，通报。", typical=True)
    with town.sessions() as session, session.begin():
        wait = session.scalars(
            select(Subscription.id).where(Subscription.case_id == blame, Subscription.element == "appeal_wanted")
        ).one()
        head = town.cast.actor(session, "head", town.at)
        messages.press(session, wait, {"appeal_reason": "照片并非补拍，请求复核。"}, by=head, at=town.at)
    town.pass_on()
    appeal = town.newest("appeal")
    town.acts(appeal, "accept", "liaison", accept_decision="admit")
    opinion = {"appeal_decision": "changed", "appeal_text": "当晚确有人值守，应予从轻。"}
    with pytest.raises(NotAllowed):
        town.acts(appeal, "review", "leader", **opinion)
    town.acts(appeal, "review", "second_reviewer", **opinion)
    town.acts(blame, "amend", "leader", measure="criticism", decision_text="变更为批评教育。")
    assert (town.case_of(appeal).outcome, town.case_of(blame).outcome) == ("changed", "changed")

    with town.sessions() as session:
        assert chain.verify(session).intact
        assert list(replay.differences(session)) == []
        left = session.scalars(select(OutgoingMessage.name).where(OutgoingMessage.delivered_at.is_(None)))
        # The bulletin is not published here.
        assert set(left) == {"typical_case"}


def _close_what_the_health_bureau_found(town: Town) -> None:
    town.do("register")
    town.do("file_issue", triage_decision="notice")
    town.do("dispatch", lead_unit="HEALTH", delegate_unit="INSPECT")
    town.do("sign", by="health_clerk", owner="health_clerk")
    town.do("rectify", by="health_clerk")
    town.do("report", by="health_clerk")
    town.do("head_sign", by="health_head")
    town.do("review")
    town.do("verify", by="second_inspector")
    town.do("close_off")
    town.pass_on()
