"""One real finding through the whole loop in real browsers: nine officers, photos, a return with its ruling, an
extension, an overdue with its ladder, a rejection, and the closing; each page says where it stands."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.office import Office
from tests.browser.office.camera import PLACE, photo
from tests.browser.office.desk import PATIENCE, Desk

pytestmark = pytest.mark.browser

NUMBER = "2026-000001"
CASE = f"/cases/{NUMBER}"


def act(office: Office, login: str, task: str, **answers: Any) -> Desk:
    """A minute later this officer opens the task in the inbox, fills in its form and sends it."""
    office.later(minutes=1)
    desk = office.desk(login)
    desk.task(task, NUMBER)
    desk.fill(**answers)
    desk.done()
    return desk


def stands(desk: Desk, stage: str, *waits: tuple[str, str], told: str = "") -> None:
    """The case page: the stage on its badge, which tasks wait for whom, and what the story says last."""
    desk.go(CASE)
    expect(desk.page.locator(".case-line .stage")).to_have_text(stage, timeout=PATIENCE)
    rows = desk.page.locator("ul.waiting > li")
    expect(rows).to_have_count(len(waits))
    for task, whom in waits:
        row = rows.filter(has_text=task)
        expect(row.locator(".waiting-whom")).to_contain_text(whom)
    if told:
        expect(desk.page.locator("ol.story > li").first).to_contain_text(told)


def deadline(desk: Desk, clock: str) -> str:
    """What the page of deadlines says about one clock of the case, in one line."""
    desk.go(f"{CASE}/clocks")
    row = desk.page.locator("tr[data-row]").filter(has=desk.page.locator("th", has_text=re.compile(f"^{clock}$")))
    return " | ".join(row.last.locator("td").all_inner_texts())


def test_one_issue_from_finding_to_closing(office: Office) -> None:
    print(f"\nscreenshots: {office.pictures}")
    before = photo("卡口整改前.jpg", office.at - timedelta(hours=2), fixed=False)

    expert = office.desk("expert")
    expert.go("/intake/issue_loop")
    expert.fill(
        title="码头社区卡口无人值守", description="督查时卡口无人值守，外来车辆未登记。", category="checkpoint",
        place="港口街道码头社区", source="expert", source_level="national", severity="major", photos_before=[before],
    )  # fmt: skip
    expect(expert.page.locator(".previews canvas")).to_be_visible()
    expert.done()
    expert.sees(NUMBER)
    stands(expert, "已登记", ("登记核对", "专家服务组"), told="提出")

    act(office, "liaison", "登记核对", finding="verified", mode="deadline")
    liaison = act(office, "liaison", "立案审定", filing_decision="file", triage_decision="leading_group")
    stands(liaison, "待派发", ("批示", "主要领导"), told="立案")
    act(office, "leader", "批示", instruction="立即整改，举一反三。", lead_leader="leader")

    dispatcher = act(
        office, "dispatcher", "派发",
        dispatch_decision="send", lead_unit="HEALTH", requirement="落实卡口二十四小时值守。",
    )  # fmt: skip
    stands(dispatcher, "已派发", ("签收", "市卫健局"), told="派发")

    health = act(
        office, "health_clerk", "签收",
        sign_decision="return", return_reason="社区卡口不属于我局职责。", duty_basis="三定方案第三条。",
        suggested_owner="HARBOUR", return_signatory="分管副局长",
    )  # fmt: skip
    stands(health, "争议待裁定", ("派遣裁定", "派遣员"), told="社区卡口不属于我局职责。")
    health.go(f"{CASE}/documents")
    health.sees("退回申请单")
    dispatcher = act(
        office, "dispatcher", "派遣裁定",
        ruling_decision="redispatch", ruling_text="属地街道负责，原派发有误。", new_lead_unit="HARBOUR",
        dispatch_error=True,
    )  # fmt: skip
    stands(dispatcher, "已派发", ("签收", "港口街道"), told="原派发有误")
    assert office.desk("health_clerk").go("/inbox?tray=unit") == 200
    health.sees_not("码头社区卡口无人值守")

    clerk = act(
        office, "clerk", "签收",
        sign_decision="accept", owner="clerk", post="卡口专员", plan="增派两班人员。",
    )  # fmt: skip
    stands(clerk, "整改中", ("整改", "港口街道"), told="签收")
    # Five work days from 2026-03-10.
    original = re.search(r"2026-03-1\d \d\d:\d\d", deadline(clerk, "整改时限"))
    assert original is not None, deadline(clerk, "整改时限")

    office.later(days=1)
    act(
        office, "clerk", "整改",
        unit_choice="extend", extension_until="2026-03-20T18:00", extension_reason="值守岗亭到货推迟，需延长工期。",
        interim_measure="临时增派两人值守。",
    )  # fmt: skip
    dispatcher = act(office, "dispatcher", "延期审批", extension_decision="approve")
    stands(dispatcher, "整改中", ("整改", "港口街道"), told="延期")
    told = deadline(dispatcher, "整改时限")
    assert original[0] in told, told
    assert "2026-03-20 18:00" in told, told
    dispatcher.go(f"{CASE}/documents")
    dispatcher.sees("延期申请表")

    # The clock is told past the new deadline; the worker looks.
    assert office.later(days=9, hours=12) > 0
    stands(clerk, "整改中", ("整改", "港口街道"), ("逾期原因剖析", "港口街道"))
    expect(clerk.page.locator(".case-line .level")).to_have_text("催办")
    clerk.sees("超期")
    clerk.go(f"{CASE}/documents")
    clerk.sees("催办单")
    clerk.picture("papers-overdue")
    clerk.page.get_by_role("link", name=re.compile("督办|催办|〔|号")).first.click()
    clerk.picture("paper-reminder")

    after = photo("卡口整改后.jpg", office.at - timedelta(minutes=30), fixed=True)
    report = {
        "result": "done", "measures": "增派两班人员，安装岗亭。", "result_text": "卡口全天有人，车辆逐一登记。",
        "done_at": office.local(minutes=-20), "photos_after": [after], "cause": "排班脱节。",
    }  # fmt: skip
    act(office, "clerk", "整改", unit_choice="feedback", progress="岗亭已装好。")
    # Overdue: no report before the cause has been given.
    clerk.task("整改情况反馈", NUMBER)
    clerk.picture("task-report")
    clerk.fill(**report)
    clerk.send()
    clerk.sees("逾期原因剖析")
    act(
        office, "clerk", "逾期原因剖析",
        cause_class="resource", cause_text="岗亭到货推迟，替代方案准备不足。", countermeasure="备用岗亭两座。",
        cause_done_by="2026-03-21",
    )  # fmt: skip
    clerk = act(office, "clerk", "整改情况反馈", **report)
    stands(clerk, "整改中", ("负责人签字", "港口街道"), told="反馈")
    head = act(office, "head", "负责人签字", head_decision="approve")
    stands(head, "待审核", ("审核", "审核负责人"), told="签字")

    reviewer = act(
        office, "reviewer", "审核",
        review_decision="reject", review_requirement="夜间班次的登记簿未附，请补齐。",
    )  # fmt: skip
    stands(reviewer, "整改中", ("整改", "港口街道"), told="夜间班次的登记簿未附")
    act(office, "clerk", "整改", unit_choice="feedback")
    office.later(minutes=5)
    ledger = photo("夜间登记.jpg", office.at - timedelta(minutes=4), fixed=True)
    act(
        office, "clerk", "整改情况反馈",
        **{**report, "photos_after": [ledger], "done_at": office.local(minutes=-2)},
    )  # fmt: skip
    act(office, "head", "负责人签字", head_decision="approve")
    reviewer = office.desk("reviewer")
    reviewer.task("审核", NUMBER)
    reviewer.picture("task-review")
    act(office, "reviewer", "审核", review_decision="approve", review_opinion="登记簿齐全，整改到位。")
    stands(reviewer, "待核查", ("销号核查", "上级专家组"), told="审核")

    act(
        office, "expert", "销号核查",
        verify_decision="pass", verify_method="on_site", second_verifier="专家乙", check_done=True,
        check_evidence=True, check_cause=True, check_lasting=True,
    )  # fmt: skip
    stands(expert, "待核查", ("销号登记", "专家服务组"), told="核查")
    closer = act(office, "closer", "销号登记", closing_note="整改到位，同意销号。", reply_text="现将整改结果反馈如下。")
    stands(closer, "已销号", told="销号")
    closer.sees("第 1 版")
    expect(closer.page.locator(".case-line .badge-soft", has_text="销号")).to_be_visible()
    expect(closer.page.locator("li#fact-1, ol.story > li").first).to_be_visible()

    told = deadline(closer, "整改时限")
    assert "逾期完成" in told, told
    assert original[0] in told, told

    # Before and after side by side, each with where and when it was taken.
    closer.go(f"{CASE}/evidence")
    left, right = closer.page.locator(".photo-side").all()
    assert left.locator("img").count() == 1
    assert right.locator("img").count() == 2
    for side in (left, right):
        expect(side).to_contain_text(PLACE)
        expect(side).to_contain_text("拍摄于 2026-03-")
    where, beside = (side.evaluate("e => e.getBoundingClientRect().toJSON()") for side in (left, right))
    assert abs(where["top"] - beside["top"]) < 2
    assert where["right"] <= beside["left"] + 1
    assert closer.page.locator(".photo-side img").evaluate_all("all => all.every((e) => e.loading || e.naturalWidth)")
    closer.picture("case-evidence")

    closer.go(f"{CASE}/documents")
    closer.sees("整改任务清单", "退回申请单", "裁定意见", "延期申请表", "催办单", "未按时完成原因分析", "整改情况反馈",
                "审核记录", "核查记录", "销号单", "反馈函")  # fmt: skip
    closer.go(f"{CASE}/diagram")
    expect(closer.page.locator("[data-bpmn-url][data-ready]")).to_be_visible(timeout=PATIENCE)
    closer.picture("case-diagram")
    closer.go(CASE)
    closer.picture("case")
    closer.go("/ledger")
    closer.sees("已销号", "码头社区卡口无人值守")
    closer.picture("ledger")
    closer.go("/inbox?tray=done")
    closer.picture("inbox-done")
    expert.go("/inbox")
    expert.picture("inbox-notices")


def test_a_task_is_done_without_javascript(office: Office) -> None:
    before = photo("前.jpg", office.at, fixed=False)
    expert = office.desk("expert", javascript=False)
    expert.go("/intake/issue_loop")
    expert.fill(
        title="码头社区卡口无人值守", description="卡口无人值守。", category="checkpoint", place="码头社区",
        source="expert", source_level="national", severity="major", photos_before=[before],
    )  # fmt: skip
    expert.done()
    liaison = office.desk("liaison", javascript=False)
    liaison.task("登记核对", NUMBER)
    liaison.fill(finding="verified", mode="immediate")
    liaison.done()
    # The fields that a choice brings are asked for by the server, and nothing is lost.
    liaison.task("立案审定", NUMBER)
    liaison.fill(filing_decision="file", triage_decision="on_spot")
    liaison.send()
    liaison.sees("“责任单位”须选择。")
    after = photo("后.jpg", office.at, fixed=True)
    liaison.fill(lead_unit="HARBOUR", photos_after=[after])
    liaison.done()
    liaison.go(f"{CASE}/evidence")
    liaison.sees("前.jpg", "后.jpg", PLACE)
    stands(liaison, "待核查", ("销号核查", "上级专家组"))
    liaison.go(f"{CASE}/diagram")
    liaison.sees("立案审定")
