"""A designer moves running cases in the browser: steps matched, tried, moved, undone; others see, or are refused."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, moves
from engine.words.officers import CLOCK
from models import Case, Move
from tests.cast import Cast
from tests.conftest import files_of
from tests.processes.changed_loop import changed
from tests.stores import ON_BOTH
from tests.walk import Walk
from tests.webui.conftest import Browser, Clock

pytestmark = ON_BOTH

ROOM = "/designer/issue_loop/moves"
Sessions = sessionmaker[Session]


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    return published


@pytest.fixture
def walk(cast: Cast, sessions: Sessions, clock: Clock) -> Walk:
    """Two issues to be dispatched, one whose removal is asked for (no such step in version 2), version 2 published."""
    walk = Walk(sessions, cast)
    walk.to("dispatch")
    walk.to("dispatch")
    walk.to("dispatch")
    reason = "重复派发的同一问题，已在其他事项办理"
    walk.do("dispatch", dispatch_decision="void", void_reason=reason)
    assert walk.waiting == ["approve_withdrawal"]
    content, tables = files_of("issue_loop")
    with sessions() as session, session.begin():
        definitions.publish(session, changed(content), tables, note="两项调整", by=CLOCK, at=walk.at)
    clock.at = walk.at
    return walk


def finish(walk: Walk) -> None:
    while moves.go_on(walk.sessions, at=walk.at):
        pass


def versions(walk: Walk) -> list[int]:
    with walk.sessions() as session:
        return list(session.scalars(select(Case.version_id).order_by(Case.id)))


def test_matched_tried_moved_and_undone(walk: Walk, browser: Callable[[str], Browser]) -> None:
    designer = browser("designer")
    first = versions(walk)
    assert f'href="{ROOM}"' in designer.get("/designer/issue_loop").text
    assert "在办 3 件" in designer.get(ROOM).text
    page = designer.get(f"{ROOM}/new?before=1&after=2").text
    row = page[page.index('name="map.approve_withdrawal"') :]
    assert re.search(r'<option value="approve_cancelling" selected>', row[: row.index("</select>")])
    assert "名称相同" in row[: row.index("</tr>")]
    lost = page[page.index('name="map.ask_again"') :]
    assert "同号而不相符" in lost[: lost.index("</tr>")]

    asked = {"before": "1", "after": "2", "timers": "keep", "dues": "keep", "timer.dispatch_overdue": "recount"}
    wish = {**asked, "map.approve_withdrawal": "", "map.dispatch": "dispatch"}
    tried = designer.post(ROOM, wish)
    assert tried.status_code == 302
    assert designer.post(ROOM, wish).location == tried.location  # a double click tries once
    trial = tried.location
    under_way = designer.get(trial).text
    assert 'hx-trigger="every 1s"' in under_way
    assert "HX-Refresh" not in designer.get(f"{trial}/progress").headers
    finish(walk)
    assert designer.get(f"{trial}/progress").headers["HX-Refresh"] == "true"
    report = designer.get(trial).text
    assert versions(walk) == first
    for told in ("可以迁移 2 件", "不能迁移 1 件", "所在步骤在新版中没有对应", "dispatch_overdue",
                 "按新版从原起点重算", "2 个的时刻变了"):  # fmt: skip
        assert told in report, told
    assert f"/cases/{walk.case}" in report or str(walk.case % 1_000_000) in report
    assert "审核依据" not in report  # nobody is at the review: its form is no matter of this move

    answer = designer.post(f"{trial}/confirmation", {"reason": " "})
    assert answer.status_code == 422
    assert "请写明为什么迁移" in answer.text
    designer.get(trial)
    moved = designer.post(f"{trial}/confirmation", {"reason": "派发时限放宽"})
    assert moved.status_code == 302
    designer.get(trial)
    again = designer.post(f"{trial}/confirmation", {"reason": "再来一次"})
    assert again.status_code == 409
    assert "正在进行" in again.text
    finish(walk)
    assert versions(walk) == [2, 2, first[2]]
    page = designer.get(moved.location).text
    assert "已迁移 2 件" in page
    listed = designer.get(f"{moved.location}/cases?outcome=refused").text
    assert listed.count("data-row") == 1
    assert designer.get(f"{moved.location}/cases").text.count("data-row") == 3

    designer.get(moved.location)
    assert designer.post(f"{moved.location}/undoing", {"reason": ""}).status_code == 422
    designer.get(moved.location)
    assert designer.post(f"{moved.location}/undoing", {"reason": "还没有通知各单位"}).status_code == 302
    finish(walk)
    assert versions(walk) == first
    page = designer.get(moved.location).text
    assert "已退回 2 件" in page
    assert "没有，全部退回。" in page
    assert "没有迁移、留在原版的：1 件" in page
    assert "还没有通知各单位" in page
    assert designer.post(f"{moved.location}/undoing", {"reason": "再撤销"}).status_code == 409
    assert "已撤销" in designer.get(ROOM).text


def test_a_form_that_changes_is_told_with_how_many_fill_it_in(walk: Walk, browser: Callable[[str], Browser]) -> None:
    walk.to("review")  # raised now, by version 2: it goes back to version 1
    designer = browser("designer")
    designer.get(f"{ROOM}/new?before=2&after=1")
    tried = designer.post(ROOM, {"before": "2", "after": "1"})
    finish(walk)
    report = designer.get(tried.location).text
    assert "删除表单字段“审核依据”" in report
    assert "审核" in report


def test_what_is_no_choice_is_refused_in_sentences(walk: Walk, browser: Callable[[str], Browser]) -> None:
    designer = browser("designer")
    designer.get(f"{ROOM}/new")
    answer = designer.post(
        ROOM, {"before": "1", "after": "2", "map.dispatch": "nowhere", "timers": "perhaps", "dues": "never"}
    )
    assert answer.status_code == 422
    for told in (
        "新版没有步骤“nowhere”",
        "取 keep、restart 或 recount",
        "任务时限须是 keep 或 recount",
    ):
        assert told in answer.text
    assert 'value="nowhere" selected' in answer.text  # what was chosen is still there
    designer.get(f"{ROOM}/new")
    assert designer.post(ROOM, {"before": "1", "after": "1"}).status_code == 422
    designer.get(f"{ROOM}/new")
    assert designer.post(ROOM, {"before": "1", "after": "9"}).status_code == 404
    assert designer.get(f"{ROOM}/new?before=1&after=1").status_code == 200
    assert designer.get(f"{ROOM}/99").status_code == 404
    assert designer.get("/designer/nothing/moves").status_code == 404
    with walk.sessions() as session:
        assert session.scalars(select(Move.id)).all() == []


def test_auditors_see_administrators_move_others_stay_out(walk: Walk, browser: Callable[[str], Browser]) -> None:
    admin = browser("admin")
    admin.get(f"{ROOM}/new")
    trial = admin.post(ROOM, {"before": "1", "after": "2"}).location
    page = admin.get("/operations").text
    assert f'href="{trial}"' in page
    assert "0 / 3" in page
    finish(walk)
    auditor = browser("auditor")
    assert "可以迁移" in auditor.get("/operations").text
    assert auditor.get(ROOM).status_code == 200
    page = auditor.get(trial)
    assert page.status_code == 200
    assert "confirmation" not in page.text
    assert auditor.post(f"{trial}/confirmation", {"reason": "x"}).status_code == 403
    assert auditor.post(ROOM, {"before": "1", "after": "2"}).status_code == 403
    assert browser("clerk").get(ROOM).status_code == 403
    assert versions(walk)[0] == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_says_what_to_do_about_every_reason(browser: Callable[[str], Browser], language: str) -> None:
    designer = browser("designer")
    designer.post("/language", {"language": language})
    page = designer.get("/designer/help/moving")
    assert page.status_code == 200
    assert page.text.count("<tr id=") == 13
