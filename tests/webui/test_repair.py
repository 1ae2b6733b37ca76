"""The repair room: what is stuck is seen, tried again, passed over, set right; others may look or may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import officers, sweeping, tasks
from engine.record import replay
from models import Case, Task
from tests.cast import Cast
from tests.engine.poison import Ward, user
from tests.engine.tokens.drawn import end, flows, script, start
from tests.stores import ON_BOTH
from tests.webui.conftest import Browser, Clock

pytestmark = ON_BOTH

Enter = Callable[[str], Browser]


@pytest.fixture
def divide(cast: Cast, sessions: sessionmaker[Session]) -> Ward:
    broken = script("share", 'if x = 0 then "no" else {share: 100 / x}')
    return Ward(sessions, cast, start(), user("ask"), broken, user("use"), end(), flows("s ask share use e"))


def test_from_the_officers_answer_to_the_repaired_case(divide: Ward, browser: Enter, clock: Clock) -> None:
    case = divide.open()
    clock.at = divide.at + timedelta(minutes=5)
    clerk, designer = browser("clerk"), browser("designer")
    address = f"/inbox/tasks/{case}-1"
    clerk.get(address)
    assert clerk.post(f"{address}/completion", {"x": "0"}).status_code == 302
    assert "内容已保存，但流程停住了" in clerk.get("/inbox").text
    assert "故障处理" not in clerk.get("/inbox").text
    assert clerk.get("/repair").status_code == 403
    page = designer.get("/repair")
    assert "2026-000001" in page.text
    assert "1 件停住" in page.text
    page = designer.get(f"/repair/{case}?field=x")
    assert "上下文" in page.text
    assert designer.get(f"/repair/{case}/diagram.bpmn").status_code == 200
    clock.at += timedelta(minutes=1)
    page = designer.post(f"/repair/{case}/fields", {"name": "x", "kind": "number", "value": "四", "reason": "写错"})
    assert page.status_code == 422
    assert "不是数字" in page.text
    page = designer.post(f"/repair/{case}/skip", {"reason": ""})
    assert page.status_code == 422
    answer = designer.post(f"/repair/{case}/retry")
    assert "又停住了" in designer.get(answer.location).text
    clock.at += timedelta(minutes=1)
    sent = {"name": "x", "kind": "number", "value": "4", "reason": "应为 4"}
    assert designer.post(f"/repair/{case}/fields", sent).location == "/repair"
    assert "没有停住的事项" in designer.get("/repair").text
    with divide.sessions() as session:
        row = session.get_one(Case, case)
        assert (row.stuck_at, row.variables["share"]) == (None, 25)
    story = browser("auditor").get(f"/cases/{case}").text
    assert "应为 4" in story
    assert "更正字段" in story


def test_all_at_one_step_are_tried_again(divide: Ward, browser: Enter, clock: Clock) -> None:
    for _ in range(2):
        divide.do(divide.open(), "ask", x=0)
    clock.at = divide.at + timedelta(minutes=5)
    admin, auditor = browser("admin"), browser("auditor")
    assert "2 件停在同一步" in admin.get("/repair").text
    sent = {"process": "drawn", "element": "share"}
    assert "2 件仍停住" in admin.get(admin.post("/repair/retries", sent).location).text
    assert "全部重试" not in auditor.get("/repair").text
    assert auditor.post("/repair/retries", sent).status_code == 403


def test_the_officer_reads_that_his_task_waits_for_repair(divide: Ward, browser: Enter, clock: Clock) -> None:
    case = divide.open()
    divide.do(case, "ask", x=0)
    clock.at = divide.at + timedelta(minutes=5)
    page = browser("clerk").get(f"/inbox/tasks/{case}-1")
    assert "流程停住了，正等管理人员处理" in page.text
    assert 'class="paper"' not in page.text


def test_a_task_of_whoever_loses_the_role_is_released(divide: Ward) -> None:
    case = divide.open()
    with divide.sessions() as session, session.begin():
        tasks.claim(session, f"{case}-1", by=divide.cast.actor(session, "clerk"), at=divide.at)
    with divide.sessions() as session, session.begin():
        admin = divide.cast.actor(session, "admin")
        officers.take_back(
            session, divide.cast.people["clerk"], "unit_clerk", divide.cast.units["HARBOUR"], by=admin, at=divide.at
        )
    with divide.sessions() as session:
        assert session.get_one(Task, f"{case}-1").claimed_by is None
        assert replay.differences(session) == []


def test_forms_sent_long_ago_are_forgotten(divide: Ward, browser: Enter, clock: Clock) -> None:
    case = divide.open()
    clock.at = divide.at + timedelta(minutes=5)
    clerk = browser("clerk")
    clerk.get(f"/inbox/tasks/{case}-1")
    clerk.post(f"/inbox/tasks/{case}-1/claim")
    with divide.sessions() as session, session.begin():
        assert sweeping.sweep_submissions(session, at=clock.at + timedelta(days=2)) == 0
        assert sweeping.sweep_submissions(session, at=clock.at + timedelta(days=4)) == 1
