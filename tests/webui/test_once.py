"""Sent twice, done once; overtaken, told by whom, with nothing typed lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from models import Case, Entry, Submission
from tests.cast import Cast
from tests.stores import ON_BOTH
from tests.walk import Walk
from tests.webui.conftest import Browser, Clock

pytestmark = ON_BOTH

Enter = Callable[[str], Browser]
SIGN = {"sign_decision": "accept", "owner": "clerk", "post": "卡口专员"}


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def walk(cast: Cast, sessions: sessionmaker[Session], clock: Clock) -> Walk:
    return Walk(sessions, cast)


def of(walk: Walk, element: str, clock: Clock) -> str:
    clock.at = walk.at + timedelta(minutes=1)
    return f"/inbox/tasks/{walk.task(element).id}"


def test_one_form_sent_from_two_windows_at_once_is_one_act(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("sign")
    address, clerk = of(walk, "sign", clock), browser("clerk")
    clerk.get(address)
    twin = Browser(clerk.client.application.test_client())
    twin.client.set_cookie("bihuan", clerk.client.get_cookie("bihuan").value)
    twin.token = clerk.token
    together, answers = threading.Barrier(2), []

    def send(window: Browser) -> None:
        together.wait(30)
        answer = window.post(f"{address}/completion", SIGN)
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=send, args=(window,)) for window in (clerk, twin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [(302, "/inbox")] * 2
    with walk.sessions() as session:
        done = select(func.count()).where(Entry.book == walk.case, Entry.kind == "TaskCompleted")
        assert session.scalar(done.where(Entry.body.contains('"sign"'))) == 1


def test_the_same_page_with_another_answer_is_another_form(walk: Walk, browser: Enter, clock: Clock) -> None:
    expert = browser("expert")
    expert.get("/intake/issue_loop")
    form = {
        "title": "码头卡口", "description": "卡口无人值守。", "category": "checkpoint", "place": "码头",
        "found_at": "2026-03-10", "source": "expert", "source_level": "national", "severity": "major",
        "source_paragraph": "卡口无人值守。",
    }  # fmt: skip
    token = expert.token
    first = expert.post("/intake/issue_loop", form).location
    second = expert.post("/intake/issue_loop", {**form, "title": "北门卡口", "csrf_token": token}).location
    again = expert.post("/intake/issue_loop", {**form, "csrf_token": token}).location
    assert first == again != second


def test_a_form_that_came_back_to_be_corrected_may_be_sent_again(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("sign")
    address, clerk = of(walk, "sign", clock), browser("clerk")
    clerk.get(address)
    token = clerk.token
    assert clerk.post(f"{address}/completion", {}).status_code == 422
    assert clerk.post(f"{address}/completion", {"csrf_token": token}).status_code == 422
    with walk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 0


def test_two_statements_more_and_no_row_for_whoever_reads(walk: Walk, browser: Enter, clock: Clock, app: Flask) -> None:
    walk.to("sign")
    address, clerk = of(walk, "sign", clock), browser("clerk")
    clerk.get(address)
    said: list[str] = []
    database: Engine = app.extensions["database"]
    event.listen(database, "before_cursor_execute", lambda _c, _cur, statement, *_: said.append(statement))
    assert clerk.post(f"{address}/claim").status_code == 302
    assert len([one for one in said if "submissions" in one]) == 2


def test_whoever_is_overtaken_reads_by_whom_and_keeps_his_words(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("sign")
    address, clerk, head = of(walk, "sign", clock), browser("clerk"), browser("head")
    head.get(address)
    clock.at += timedelta(minutes=3)
    clerk.get(address)
    assert clerk.post(f"{address}/completion", SIGN).status_code == 302
    clock.at += timedelta(minutes=3)
    page = head.post(f"{address}/completion", {**SIGN, "owner": "head", "post": "值班负责人老周"})
    assert page.status_code == 409
    assert "已由港口经办办结" in page.text
    assert "您打开表单以后发生的事" in page.text
    assert "签收，开始整改" in page.text  # what the clerk did, and nothing from before the form was opened
    assert "派发给" not in page.text
    assert "值班负责人老周" in page.text
    head.client.set_cookie("language", "en")
    page = head.post(f"{address}/completion", {**SIGN, "owner": "head", "post": "值班负责人老周"})
    assert "What you filled in (nothing is lost" in page.text


def test_a_lock_is_waited_for_shortly_and_never_shown(
    walk: Walk, browser: Enter, clock: Clock, engine: Engine, app: Flask
) -> None:
    walk.to("sign")
    address, clerk = of(walk, "sign", clock), browser("clerk")
    clerk.get(address)
    with app.extensions["database"].connect() as warm:
        shortly = {"sqlite": "PRAGMA busy_timeout = 200", "postgresql": "SET lock_timeout = 200"}
        warm.execute(text(shortly[engine.dialect.name]))  # the connection that the request is given next
        warm.commit()
    with engine.begin() as other:
        other.execute(text("UPDATE cases SET round = round"))
        page = clerk.post(f"{address}/completion", SIGN)
        assert page.status_code == 409
        assert "再提交一次" in page.text
        assert "卡口专员" in page.text
        assert "locked" not in page.text
    form = page.text.split('action="' + address, 1)[1]
    assert 'name="post" value="卡口专员"' in form
    assert clerk.post(f"{address}/completion", SIGN).status_code == 302
    assert walk.row.revision > 0
    with walk.sessions() as session:
        assert session.get_one(Case, walk.case).stage == "rectifying"
