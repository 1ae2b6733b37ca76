"""The inbox and its forms: what waits for whom, claimed, completed, refused; nothing that was entered is lost."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, sessionmaker

from models import Attachment, Case, Entry, Evidence, Subscription, Task
from tests.cast import Cast
from tests.stores import ON_BOTH
from tests.walk import Walk
from tests.webui.conftest import Browser, Clock

pytestmark = ON_BOTH

Enter = Callable[[str], Browser]


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def walk(sessions: sessionmaker[Session], issue_loop: Cast, clock: Clock) -> Walk:
    return Walk(sessions, issue_loop)


def photo(name: str, colour: tuple[int, int, int] = (10, 90, 60)) -> tuple[io.BytesIO, str]:
    written = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(written, "JPEG")
    written.seek(0)
    return written, name


def of(walk: Walk, element: str, clock: Clock) -> str:
    """The address of the open task of this element; the pages' clock follows the walk's."""
    clock.at = walk.at + timedelta(minutes=1)
    return f"/inbox/tasks/{walk.task(element).id}"


def kept(page: Any) -> list[str]:
    return re.findall(r'name="[\w.]+\.kept" value="([^"]+)"', page.text)


REPORT = {
    "result": "done",
    "measures": "增派两班人员",
    "result_text": "卡口全天有人",
    "done_at": "2026-03-10T09:04",
    "cause": "排班脱节",
}


def test_a_task_waits_for_its_role_and_unit_and_for_nobody_else(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("sign")
    address = of(walk, "sign", clock)
    inside = browser("clerk")
    page = inside.get("/inbox")
    assert walk.row.title in page.text
    assert address in page.text
    assert "1 件待办" in page.text
    for login in ("health_clerk", "reviewer"):
        assert walk.row.title not in browser(login).get("/inbox").text
    assert browser("health_clerk").get(address).status_code == 404


def test_claimed_by_one_seen_by_the_other(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("sign")
    address = of(walk, "sign", clock)
    clerk, head = browser("clerk"), browser("head")
    assert clerk.post(f"{address}/claim").location == address
    assert "由您领取" in clerk.get(address).text
    assert address in clerk.get("/inbox?tray=mine").text
    if address in head.get("/inbox?tray=unit").text:
        assert "港口经办" in head.get("/inbox?tray=unit").text
    assert head.post(f"{address}/claim").status_code in {403, 409}
    assert clerk.post(f"{address}/release").status_code == 302
    assert address not in clerk.get("/inbox?tray=mine").text


def test_the_form_stands_beside_the_case(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("report")
    page = browser("clerk").get(of(walk, "report", clock)).text
    for said in ("整改结果", "督查时卡口无人值守", "落实值守。", "整改时限", "整改前", "尚未提交", "最近办理"):
        assert said in page
    for id in ("measures", "result_text", "photos_after"):
        assert f'name="{id}"' in page


def test_all_faults_at_once_and_nothing_lost(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("report")
    address, clerk = of(walk, "report", clock), browser("clerk")
    clerk.get(address)
    half = {
        **REPORT,
        "measures": "",
        "cause": "",
        "photos_after": [photo("after.jpg"), (io.BytesIO(b"<svg/>"), "x.jpg")],
    }
    page = clerk.post(f"{address}/completion", half, content_type="multipart/form-data")
    assert page.status_code == 422
    assert page.text.count('class="field-error"') == 3
    assert "卡口全天有人" in page.text
    assert "“x.jpg”" in page.text
    (seal,) = kept(page)
    thumb = re.search(r'src="(/evidence/[0-9a-f]{64}/320\?pass=[^"]+)"', page.text)
    assert thumb is not None
    assert clerk.get(thumb[1].replace("&amp;", "&")).mimetype == "image/jpeg"

    done = clerk.post(f"{address}/completion", {**REPORT, "photos_after.kept": seal})
    assert done.location == "/inbox"
    assert "head_sign" in walk.waiting
    with walk.sessions() as session:
        hung = session.scalars(select(Attachment).where(Attachment.field == "photos_after")).one()
        assert (hung.name, hung.kind) == ("after.jpg", "after")


def test_a_kept_file_is_the_officers_own(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("report")
    address, clerk = of(walk, "report", clock), browser("clerk")
    clerk.get(address)
    page = clerk.post(f"{address}/completion", {"photos_after": [photo("a.jpg")]}, content_type="multipart/form-data")
    (seal,) = kept(page)
    head = browser("head")
    head.get(address)
    assert kept(head.post(f"{address}/completion", {"photos_after.kept": seal})) == []
    assert kept(clerk.post(f"{address}/completion", {"photos_after.kept": seal + "x"})) == []
    assert head.get(f"/evidence/{'b' * 64}?pass={seal}").status_code == 404


def test_posted_twice_is_done_once(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("sign")
    address, clerk, head = of(walk, "sign", clock), browser("clerk"), browser("head")
    clerk.get(address)
    form = {"sign_decision": "accept", "owner": "clerk", "post": "卡口专员"}
    assert clerk.post(f"{address}/completion", form).status_code == 302
    again = clerk.post(f"{address}/completion", form)  # a double click
    assert (again.status_code, again.location) == (302, "/inbox")
    assert "已办结" in clerk.get("/inbox").text
    again = clerk.post(f"{address}/completion", form)  # from another page, later on
    assert again.status_code == 409
    assert "已由港口经办办结" in again.text
    assert f'href="{address}"' in again.text
    assert head.post(f"{address}/completion", form).status_code in {403, 409}
    assert head.post(f"{address}/claim").status_code in {403, 409}
    with walk.sessions() as session:
        completed = select(func.count()).where(Entry.book == walk.case, Entry.kind == "TaskCompleted")
        assert session.scalar(completed.where(Entry.body.contains('"sign"'))) == 1
    assert "办结或撤销" in clerk.get(address).text


def test_a_refused_request_writes_nothing(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("report")
    address = of(walk, "report", clock)

    def rows() -> list[int]:
        with walk.sessions() as session:
            return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Entry, Task, Evidence)]

    before = rows()
    upload = {**REPORT, "photos_after": [photo("a.jpg")]}
    assert (
        browser("expert").post(f"{address}/completion", upload, content_type="multipart/form-data").status_code == 403
    )
    upload = {**REPORT, "photos_after": [photo("a.jpg")]}
    stranger = browser("health_clerk")
    assert stranger.post(f"{address}/completion", upload, content_type="multipart/form-data").status_code == 404
    assert stranger.post(f"{address}/claim").status_code == 404
    assert stranger.get("/inbox/tasks/nonsense").status_code == 404
    assert rows() == before


def test_fields_come_and_go_with_what_is_chosen(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("dispatch")
    address, dispatcher = of(walk, "dispatch", clock), browser("dispatcher")
    page = dispatcher.get(address).text
    fields = re.search(r'name="_fields" value="([^"]*)"', page)
    assert fields is not None
    assert "lead_unit" in fields[1].split(",")
    assert "void_reason" not in page.replace('id="field-void_reason" hidden', "")
    answer = dispatcher.post(f"{address}/form", {"_fields": fields[1], "dispatch_decision": "void"})
    assert answer.status_code == 200
    assert '<div id="field-lead_unit" hidden hx-swap-oob="true">' in answer.text
    assert re.search(r'<textarea[^>]+name="void_reason"', answer.text)
    assert "<html" not in answer.text


def test_without_javascript_the_server_asks_for_what_appeared(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("dispatch")
    address, dispatcher = of(walk, "dispatch", clock), browser("dispatcher")
    page = dispatcher.get(address).text
    fields = re.search(r'name="_fields" value="([^"]*)"', page)
    assert fields is not None
    page = dispatcher.post(f"{address}/completion", {"_fields": fields[1], "dispatch_decision": "void"})
    assert page.status_code == 422
    assert re.search(r'<textarea[^>]+name="void_reason"', page.text)
    assert 'name="lead_unit"' not in page.text


def test_names_are_chosen_from_what_there_is(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("dispatch")
    address, dispatcher = of(walk, "dispatch", clock), browser("dispatcher")
    page = dispatcher.get(address)
    assert '<option value="PIER"' in page.text
    form = {"dispatch_decision": "send", "lead_unit": "NOWHERE", "requirement": "落实值守，当日反馈。"}
    page = dispatcher.post(f"{address}/completion", form)
    assert page.status_code == 422
    assert "NOWHERE" in page.text
    assert dispatcher.post(f"{address}/completion", {**form, "lead_unit": "HARBOUR"}).status_code == 302
    assert walk.variable("lead_unit") == "HARBOUR"


def test_a_button_of_the_case_opens_its_form(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("report")
    with walk.sessions() as session:
        wait = session.scalars(
            select(Subscription).where(Subscription.case_id == walk.case, Subscription.button.is_not(None))
        ).first()
    assert wait is not None
    clock.at = walk.at + timedelta(minutes=1)
    page = browser("inspector").get(f"/inbox/waits/{wait.id}")
    assert page.status_code == 200
    assert wait.button in page.text
    assert browser("clerk").get(f"/inbox/waits/{wait.id}").status_code == 403
    assert browser("health_clerk").get(f"/inbox/waits/{wait.id}").status_code == 404
    assert browser("inspector").get(f"/inbox/waits/{walk.case}-999").status_code == 409
    assert browser("inspector").get("/inbox/waits/1-1").status_code == 404


def test_overdue_stands_first_and_is_said_in_words(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.raise_issue(title="先到的")
    walk.at += timedelta(minutes=30)
    walk.raise_issue(title="后到的")
    clock.at = walk.at + timedelta(days=30)
    page = browser("liaison").get("/inbox?tray=unit").text
    assert page.index("先到的") < page.index("后到的")
    assert page.count("超期</span>") == 2
    assert "超2" in page


def test_the_list_is_sifted_and_turned_by_key(walk: Walk, browser: Enter, clock: Clock) -> None:
    for n in range(33):
        walk.at += timedelta(minutes=1)
        walk.raise_issue(title=f"第{n:02d}件", place="码头" if n % 2 else "港口")
    clock.at = walk.at
    liaison = browser("liaison")
    first = liaison.get("/inbox?tray=unit")
    assert len(re.findall(r"第\d\d件", first.text)) == 30
    following = re.search(r'href="(/inbox\?[^"]*after=[^"]+)" rel="next"', first.text)
    assert following is not None
    second = liaison.get(following[1].replace("&amp;", "&"))
    assert re.findall(r"第\d\d件", second.text) == ["第30件", "第31件", "第32件"]
    assert re.findall(r"第\d\d件", liaison.get("/inbox?tray=unit&text=第07").text) == ["第07件"]
    assert re.findall(r"第\d\d件", liaison.get("/inbox?tray=unit&text=2026-000003").text) == ["第02件"]
    assert "没有符合条件的任务" in liaison.get("/inbox?tray=unit&text=%25").text
    assert liaison.get("/inbox?tray=unit&after=nonsense_1").status_code == 200
    assert liaison.get("/inbox?tray=everything&text=x&element=no").status_code == 200


def test_a_page_costs_the_same_however_much_waits(walk: Walk, browser: Enter, clock: Clock, app: Flask) -> None:
    liaison = browser("liaison")
    asked: list[str] = []
    event.listen(
        app.extensions["database"], "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement)
    )

    def cost(path: str) -> int:
        asked.clear()
        assert liaison.get(path).status_code == 200
        return len(asked)

    walk.raise_issue()
    task = f"/inbox/tasks/{walk.task('register').id}"
    clock.at = walk.at
    liaison.get(task)
    before = cost("/inbox?tray=unit"), cost(task)
    for _ in range(5):
        walk.at += timedelta(minutes=1)
        walk.raise_issue()
    assert (cost("/inbox?tray=unit"), cost(task)) == before
    assert before[0] <= 12
    assert before[1] <= 26


def test_evidence_goes_out_only_to_who_may_see_the_case(walk: Walk, browser: Enter, clock: Clock) -> None:
    clock.at = walk.at
    expert = browser("expert")
    expert.get("/intake/issue_loop")
    answer = expert.post(
        "/intake/issue_loop",
        {
            "title": "码头卡口", "description": "卡口无人值守。", "category": "checkpoint", "place": "码头",
            "found_at": "2026-03-10", "source": "expert", "source_level": "national", "severity": "major",
            "photos_before": [photo("门口.jpg")],
            "attachments": [(io.BytesIO("督查原文".encode()), "原文.txt")],
        },
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code == 302, answer.text
    with walk.sessions() as session:
        hung = {found.field: found.sha for found in session.scalars(select(Attachment))}
    picture, paper = f"/evidence/{hung['photos_before']}", f"/evidence/{hung['attachments']}"
    seen = expert.get(picture)
    assert seen.status_code == 200
    assert seen.mimetype == "image/jpeg"
    assert "immutable" in seen.headers["Cache-Control"]
    assert "private" in seen.headers["Cache-Control"]
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert expert.get(f"{picture}/320").mimetype == "image/jpeg"
    assert expert.get(f"{picture}/999").status_code == 404
    assert expert.get(paper).headers["Content-Disposition"].startswith("attachment")
    assert browser("auditor").get(picture).status_code == 200
    assert browser("health_clerk").get(picture).status_code == 404
    assert browser("health_clerk").get(f"{picture}/320").status_code == 404
    assert expert.get(f"/evidence/{'0' * 64}").status_code == 404


def test_raising_keeps_what_was_entered(walk: Walk, browser: Enter, sessions: sessionmaker[Session]) -> None:
    expert = browser("expert")
    assert expert.get("/intake").location == "/intake/issue_loop"
    page = expert.get("/intake/issue_loop")
    assert "标题" in page.text
    assert 'value="2026-03-10"' in page.text
    page = expert.post("/intake/issue_loop", {"title": "只有标题", "category": "burned"})
    assert page.status_code == 422
    assert 'value="只有标题"' in page.text
    assert "“问题类别”中没有“burned”这个选项" in page.text
    assert expert.get("/intake/no_such_process").status_code == 404
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_everything_stands_in_english_too(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("report")
    address, clerk = of(walk, "report", clock), browser("clerk")
    clerk.client.set_cookie("language", "en")
    for path in ("/inbox?tray=unit", address, "/intake/issue_loop", "/account", "/nowhere"):
        text = re.sub(r"<option.*?</option>|lang=\"zh-CN\"[^<]*中文", "", clerk.get(path).text, flags=re.DOTALL)
        for given in ("闭环", "提交", "收件箱", "整改", "时限", "必填", "请选择", "责任单位", "超期", "剩"):
            assert given not in text, (path, given)
