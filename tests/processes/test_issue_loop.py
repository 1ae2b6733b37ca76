"""The issue loop, walked: each way through it, each clock, and the invariants of one issue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import outbox
from engine.record import chain
from engine.words.errors import NotAllowed, NotFound, NotValid
from models import Entry, OutgoingMessage, Party
from tests.cast import Cast
from tests.walk import Walk


@pytest.fixture
def walk(issue_loop: Cast, sessions: sessionmaker[Session]) -> Walk:
    return Walk(sessions, issue_loop)


def facts(walk: Walk, kind: str) -> list[dict[str, object]]:
    import orjson

    with walk.sessions() as session:
        query = select(Entry.body).where(Entry.book == walk.case, Entry.kind == kind).order_by(Entry.seq)
        return [orjson.loads(body) for body in session.execute(query).scalars() if body]


def test_the_happy_way_from_raised_to_archived(walk: Walk) -> None:
    stages = []
    walk.raise_issue()
    for element, stage in [
        ("register", "registered"), ("file_issue", "filed"), ("dispatch", "dispatched"), ("sign", "rectifying"),
        ("rectify", "rectifying"), ("report", "rectifying"), ("head_sign", "submitted"), ("review", "verifying"),
        ("verify", "verifying"), ("close_off", "closed"),
    ]:  # fmt: skip
        walk.do(element)
        stages.append((element, walk.row.stage))
        assert walk.row.stage == stage, stages
    assert walk.row.outcome == "closed"
    assert "closing_form" in walk.papers
    assert "reply_letter" in walk.papers
    with walk.sessions() as session:
        sent = set(session.execute(select(OutgoingMessage.name)).scalars())
        assert sent == {"recheck_due"}  # raised by an officer: no other process waits for the result
        assert chain.verify(session).intact


def test_critical_issues_go_to_the_leader_first(walk: Walk) -> None:
    walk.raise_issue(severity="critical")
    walk.do("register")
    walk.do("file_issue", triage_decision="leading_group")
    assert walk.waiting == ["instruct"]
    walk.do("instruct")
    assert walk.waiting == ["dispatch"]
    assert walk.variable("lead_leader") == "leader"


def test_the_dispatch_clock_is_two_hours_and_its_timer_tells(walk: Walk) -> None:
    walk.to("dispatch", severity="critical")
    clock = walk.clock("dispatch")
    assert clock.original_at - clock.started_at == timedelta(hours=2)
    assert walk.task("dispatch").due_at == clock.original_at
    assert walk.later(hours=2, minutes=1) >= 1
    assert walk.waiting == ["dispatch"]
    with walk.sessions() as session:
        assert "escalation_asked" in set(session.execute(select(OutgoingMessage.name)).scalars())


def test_one_lead_unit_at_any_moment_and_its_history_is_kept(walk: Walk) -> None:
    walk.to("sign")
    walk.do(
        "sign", sign_decision="return", return_reason="卡口移交给市卫健局管理了，不归本街道",
        duty_basis="移交纪要第三条", suggested_owner="HEALTH", return_signatory="分管副主任",
    )  # fmt: skip
    assert walk.row.stage == "disputed"
    assert walk.waiting == ["ruling"]
    walk.do("ruling", by="dispatcher", ruling_decision="redispatch", ruling_text="经查属实，改派卫健局办理",
            new_lead_unit="HEALTH", dispatch_error=True)  # fmt: skip
    assert walk.row.lead_unit_id == walk.cast.units["HEALTH"]
    assert walk.papers.count("inspection_notice") == 2  # the new unit is given its own
    with walk.sessions() as session:
        query = select(Party.unit_id).where(Party.case_id == walk.case, Party.part == "lead")
        assert list(session.execute(query).scalars()) == [walk.cast.units["HEALTH"]]
    changes = [(c["before"], c["after"]) for c in facts(walk, "LeadUnitChanged")]
    assert changes == [(None, walk.cast.units["HARBOUR"]), (walk.cast.units["HARBOUR"], walk.cast.units["HEALTH"])]
    with pytest.raises((NotAllowed, NotFound)):
        walk.do("sign", by="clerk")
    walk.do("sign", by="health_clerk", owner="health_clerk")
    assert walk.waiting == ["rectify"]


def test_a_groundless_return_is_counted_and_the_unit_keeps_it(walk: Walk) -> None:
    walk.to("sign")
    walk.do(
        "sign", sign_decision="return", return_reason="本街道人手不足，请派给其他单位", duty_basis="无",
        suggested_owner="HEALTH", return_signatory="分管副主任",
    )  # fmt: skip
    walk.do(
        "ruling", by="dispatcher", ruling_decision="uphold", ruling_text="属地责任，理由不成立，维持", groundless=True
    )
    assert [c["name"] for c in facts(walk, "Counted")] == ["shuffle"]
    assert walk.row.lead_unit_id == walk.cast.units["HARBOUR"]


def test_author_reviewer_and_closer_are_different_people(walk: Walk) -> None:
    walk.to("review")
    with pytest.raises(NotAllowed):
        walk.do("review", by="clerk")
    walk.do("review")
    with walk.sessions() as session, session.begin():
        from engine.acts import officers
        from engine.words.officers import CLOCK

        officers.grant(
            session, walk.cast.people["reviewer"], "raiser", walk.cast.units["EXPERTS"], by=CLOCK, at=walk.at
        )
        officers.grant(session, walk.cast.people["clerk"], "liaison", walk.cast.units["CITY"], by=CLOCK, at=walk.at)
        officers.grant(session, walk.cast.people["head"], "raiser", walk.cast.units["EXPERTS"], by=CLOCK, at=walk.at)
    with pytest.raises(NotAllowed):
        walk.do("verify", by="reviewer")
    with pytest.raises(NotAllowed):
        walk.do("verify", by="head")
    walk.do("verify")
    with pytest.raises(NotAllowed):
        walk.do("close_off", by="clerk")
    walk.do("close_off")


def test_rework_goes_on_with_the_time_that_was_left(walk: Walk) -> None:
    walk.to("review")
    stopped = walk.clock("rectify")
    assert stopped.stopped_at is not None
    left = stopped.remaining
    assert left is not None
    assert left > 0
    walk.at += timedelta(hours=3)
    walk.do("review", review_decision="reject", review_requirement="照片看不清，请重新拍摄并补充台账")
    resumed = walk.clock("rectify")
    assert resumed.original_at == stopped.original_at
    assert resumed.stopped_at is None
    assert resumed.effective_at > stopped.effective_at
    assert walk.waiting == ["rectify"]
    assert [c["name"] for c in facts(walk, "Counted")] == ["rework"]


def test_reject_and_fail_need_a_requirement_text(walk: Walk) -> None:
    walk.to("review")
    with pytest.raises(NotValid) as refused:
        walk.do("review", review_decision="reject", review_requirement="不行")
    assert refused.value.faults[0].field == "review_requirement"
    walk.do("review")
    with pytest.raises(NotValid):
        walk.do("verify", verify_decision="fail", verify_requirement="")
    with pytest.raises(NotValid):
        walk.do("verify", check_evidence=False)
    assert walk.waiting == ["verify"]


def test_extension_keeps_the_original_deadline(walk: Walk) -> None:
    walk.to("rectify")
    before = walk.clock("rectify")
    until = before.effective_at + timedelta(days=3)
    walk.do("rectify", unit_choice="extend", extension_until=until, extension_reason="材料尚在途中，需再三天",
            interim_measure="先用临时围挡")  # fmt: skip
    assert walk.waiting == ["approve_extension"]
    walk.do("approve_extension", by="dispatcher", extension_decision="approve")
    after = walk.clock("rectify")
    assert (after.original_at, after.effective_at, after.extended) == (before.original_at, until, 1)
    assert walk.timers["near_due"] == after.near_at
    assert walk.timers["overdue_ladder"] == until
    assert walk.task("rectify").due_at == until


def test_suspension_pauses_the_clock_and_resumes_with_what_was_left(walk: Walk) -> None:
    walk.to("rectify")
    before = walk.clock("rectify")
    review_on = walk.at + timedelta(days=20)
    walk.do("rectify", unit_choice="suspend", suspension_ground="engineering",
            suspension_note="须待排水管网施工结束后再做",
            suspension_control="每日巡查", suspended_until=review_on)  # fmt: skip
    walk.do("approve_suspension", by="leader", suspension_decision="approve")
    assert walk.row.stage == "suspended"
    assert walk.clock("rectify").paused_at is not None
    assert walk.timers["overdue_ladder"] is None
    asked = walk.at
    walk.later(days=21)
    assert walk.row.stage == "rectifying"
    after = walk.clock("rectify")
    assert after.paused_at is None
    assert after.original_at == before.original_at
    left = before.effective_at - asked
    assert abs((after.effective_at - walk.at) - left) < timedelta(minutes=5)


def test_overdue_makes_cause_analysis_compulsory_and_climbs_the_ladder(walk: Walk) -> None:
    walk.to("rectify")
    due = walk.clock("rectify").effective_at
    walk.at = due
    walk.later(minutes=5)
    assert "analyse_cause" in walk.waiting
    assert walk.row.level == 1
    assert "reminder" in walk.papers
    walk.do("rectify")
    with pytest.raises(NotValid) as refused:
        walk.do("report")
    assert "逾期原因剖析" in refused.value.zh
    levels = [walk.row.level]
    for _ in range(40):
        walk.later(hours=12)
        levels.append(walk.row.level)
    assert levels == sorted(levels)
    assert levels[-1] == 4
    assert walk.papers.count("supervision_order") == 3
    walk.do("analyse_cause", by="clerk", cause_class="capacity", cause_text="夜班人手不足，排班没有衔接上",
            countermeasure="增派一班", cause_done_by=(walk.at + timedelta(days=5)).date())  # fmt: skip
    walk.do("report")
    walk.do("head_sign")
    assert walk.row.level == 4


def test_relapse_opens_a_round_of_its_own_at_orange(walk: Walk) -> None:
    walk.to("close_off")
    walk.do("close_off")
    first = walk.clock("rectify")
    walk.at += timedelta(days=2)
    from tests.walk import PHOTO

    walk.press("relapse", "inspector", relapse_note="卡口又无人值守，登记本空白两日", relapse_photos=[PHOTO])
    assert walk.row.round == 2
    assert walk.row.level == 3
    assert walk.row.outcome is None
    walk.do("dispatch")
    walk.do("sign")
    assert walk.clock("rectify", 2).original_at != first.original_at
    frozen = walk.clock("rectify", 1)
    assert (frozen.original_at, frozen.effective_at, frozen.stopped_at) == (
        first.original_at, first.effective_at, first.stopped_at,
    )  # fmt: skip


def test_only_the_raiser_or_a_superior_reopens(walk: Walk) -> None:
    walk.to("close_off")
    walk.do("close_off")
    with pytest.raises(NotAllowed):
        walk.press("reopen", "clerk", reopen_reason="想再报一次，请重新打开")
    walk.press("reopen", "expert", reopen_reason="复查发现仍未整改到位，请重办")
    assert walk.row.round == 2


def test_declined_merged_and_voided(walk: Walk) -> None:
    walk.raise_issue()
    original = walk.row.number
    walk.raise_issue(title="同一问题再报")
    walk.do("register")
    walk.do("file_issue", filing_decision="merge", merge_into=original)
    assert (walk.row.stage, walk.row.outcome, walk.waiting) == ("merged", "merged", [])
    assert walk.row.merged_into is not None
    walk.raise_issue()
    walk.do("register")
    with pytest.raises(NotValid):
        walk.do("file_issue", filing_decision="merge", merge_into="2026-999999")
    walk.do("file_issue", filing_decision="void", void_reason="重复测试录入，不是真实问题")
    with pytest.raises(NotAllowed):
        walk.do("approve_void", by="liaison", void_decision="approve")
    walk.do("approve_void", by="closer", void_decision="approve")
    assert (walk.row.stage, walk.row.outcome) == ("voided", "voided")
    walk.raise_issue()
    walk.do("register")
    walk.do("file_issue", filing_decision="decline", decline_reason="不属于本次督查范围，建议转信访")
    walk.press("ask_again", "expert", ask_again_reason="与督查范围第二条有关，请再审定")
    walk.do("register")
    walk.do("file_issue", filing_decision="decline", decline_reason="不属于本次督查范围，建议转信访")
    assert (walk.row.stage, walk.row.outcome) == ("rejected", "rejected")


def test_fixed_on_the_spot_goes_straight_to_verification(walk: Walk) -> None:
    from tests.walk import BEFORE, PHOTO

    walk.raise_issue(on_spot=True, photos_after=[PHOTO], severity="minor")
    walk.do("register")
    walk.do("file_issue", triage_decision="on_spot", lead_unit="HARBOUR", photos_before=[BEFORE], photos_after=[PHOTO])
    assert walk.row.stage == "verifying"
    assert walk.waiting == ["verify"]
    walk.do("verify")
    walk.do("close_off")
    assert walk.row.outcome == "fixed_on_spot"


def test_co_units_answer_for_their_part_before_the_report(walk: Walk) -> None:
    walk.raise_issue()
    walk.do("register")
    walk.do("file_issue")
    walk.do("dispatch", co_units=["HEALTH"])
    assert walk.waiting == ["assist_sign", "sign"]
    walk.do("sign")
    walk.do("rectify")
    with pytest.raises(NotValid):
        walk.do("report")
    walk.do("assist_sign", by="health_clerk", co_owner="health_clerk", co_post="消毒员", co_measure="提供消毒液")
    walk.do("assist_report", by="health_clerk", co_result="已送达二十桶", co_done_at=walk.at)
    walk.do("report")
    reports = walk.variable("co_reports")
    assert [r["co_result"] for r in reports] == ["已送达二十桶"]
    assert "co_result" not in walk.row.variables


def test_messages_nobody_waits_for_are_kept_and_put_aside_in_the_end(walk: Walk) -> None:
    walk.to("close_off")
    walk.do("close_off")
    for _ in range(14):
        assert outbox.deliver_due(walk.sessions, at=walk.at) == 0
        walk.at += timedelta(days=3)
    with walk.sessions() as session:
        kept = list(session.execute(select(OutgoingMessage)).scalars())
        assert kept
        assert all(message.dead_at is not None for message in kept)


def test_a_case_stays_on_its_version(walk: Walk) -> None:
    from engine.acts import definitions
    from engine.words.officers import CLOCK
    from tests.conftest import files_of

    walk.to("dispatch")
    old = walk.case
    diagram, tables = files_of("issue_loop")
    changed = diagram.replace("提出问题".encode(), "提出新问题".encode(), 1)
    with walk.sessions() as session, session.begin():
        version = definitions.publish(session, changed, tables, note="改名", by=CLOCK, at=walk.at)
        assert version.number == 2
        again = definitions.publish(session, changed, tables, note="同样内容", by=CLOCK, at=walk.at)
        assert again.id == version.id
    walk.raise_issue()
    with walk.sessions() as session:
        from models import Case

        numbers = {c.id: c.version.number for c in session.execute(select(Case)).scalars()}
    assert numbers == {old: 1, walk.case: 2}


def test_moments_are_told_never_asked(walk: Walk) -> None:
    walk.at = datetime(2031, 5, 1, 0, 0, tzinfo=UTC)
    walk.raise_issue()
    assert walk.row.opened_at == walk.at
