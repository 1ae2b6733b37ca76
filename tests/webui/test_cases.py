"""The page of one case: whoever may see it finds everything there, whoever may not finds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import casefiles
from engine.reads.sentences.course import case_number
from engine.record import journal
from engine.words import facts as f
from models import Document, Task
from tests.cast import Cast
from tests.conftest import files_of
from tests.told import Statements
from tests.walk import Walk
from tests.webui.conftest import Browser, Clock

TABS = ("", "/evidence", "/diagram", "/clocks", "/documents", "/fields")
Opens = Callable[[str], Browser]


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def walk(cast: Cast, sessions: sessionmaker[Session], clock: Clock) -> Walk:
    """An issue that is reported and waits for its review."""
    walked = Walk(sessions, cast)
    walked.to("review")
    clock.at = walked.at
    return walked


@pytest.fixture
def path(walk: Walk) -> str:
    return f"/cases/{case_number(walk.case)}"


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("login", ["expert", "clerk", "auditor"])
def test_every_page_opens_for_whoever_may_see_the_case(browser: Opens, path: str, login: str, tab: str) -> None:
    page = browser(login).get(path + tab)
    assert page.status_code == 200
    assert "码头社区卡口无人值守" in page.text
    assert 'aria-current="step">待审核' in page.text


@pytest.mark.parametrize("tab", [*TABS, "/diagram.bpmn", "/position.json", "/documents/x"])
def test_what_an_officer_may_not_know_of_is_not_there(browser: Opens, path: str, tab: str) -> None:
    other = browser("health_clerk")
    assert other.get(path + tab).status_code == 404
    assert other.get(f"/cases/2026-999999{tab}").status_code == 404


@pytest.mark.parametrize("address", ["/cases/12", "/cases/x", "/cases/2026-12", "/cases/../x"])
def test_what_is_no_case_number_is_not_there(browser: Opens, path: str, address: str) -> None:
    assert browser("auditor").get(address).status_code == 404


def test_the_task_is_a_link_only_for_those_who_may_do_it(browser: Opens, walk: Walk, path: str) -> None:
    link = f"/inbox/tasks/{walk.task('review').id}"
    assert link in browser("reviewer").get(path).text
    seen = browser("clerk").get(path).text
    assert link not in seen
    assert "审核负责人" in seen  # for whom it waits


def test_a_button_is_offered_only_to_those_who_may_press_it(browser: Opens, walk: Walk) -> None:
    walk.to("rectify")
    path = f"/cases/{case_number(walk.case)}"
    wait = re.compile(r"/inbox/waits/\S+?\"")
    assert wait.search(browser("inspector").get(path).text)
    plain = browser("clerk").get(path).text
    assert not wait.search(plain)
    assert "催办／督办：由" in plain


def test_the_story_is_told_in_both_languages(browser: Opens, path: str) -> None:
    auditor = browser("auditor")
    page = auditor.get(path).text
    assert "市指挥部 派遣员甲 将问题派发给 港口街道（整改时限" in page
    assert "专家服务组 联络员甲 同意立案，交派发" in page
    auditor.client.set_cookie("language", "en")
    page = auditor.get(path).text
    assert "dispatched the issue to Harbour street (Rectification deadline:" in page
    assert not re.search(r"<h2[^>]*>[^<]*[\u4e00-\u9fff]", page)


def test_an_old_case_opens_with_as_few_statements_as_a_young_one(
    browser: Opens, sessions: sessionmaker[Session], engine: Engine, walk: Walk, path: str
) -> None:
    auditor = browser("auditor")
    auditor.get(path)
    with sessions() as session, Statements(session) as young:
        auditor.get(path)
    with sessions() as session, session.begin():
        actor = walk.cast.actor(session, "liaison", walk.at)
        for n in range(150):
            case = casefiles.find_case(session, walk.case)
            journal.record(
                session,
                case,
                [f.Counted("rework")] * 10,
                by=actor,
                at=walk.at + timedelta(minutes=n),
                serial=case.serial,
            )
    with sessions() as session, Statements(session) as old:
        page = auditor.get(path).text
    assert len(old) == len(young) <= 25
    earlier = re.search(r'href="([^"]+before=\d+)"', page)
    assert earlier
    assert "提出并登记" not in page
    link = earlier[1].replace("&amp;", "&")
    seen = 0
    while link:
        part = auditor.get(link, headers={"HX-Request": "true"}).text
        assert "<html" not in part
        found = re.search(r'href="([^"]+before=\d+)"', part)
        link, seen = (found[1].replace("&amp;", "&") if found else ""), seen + 1
    assert "提出并登记" in part
    assert seen >= 2


def test_the_diagram_is_that_of_the_cases_own_version_with_its_tokens(browser: Opens, path: str) -> None:
    auditor = browser("auditor")
    answer = auditor.get(f"{path}/diagram.bpmn")
    assert answer.mimetype == "application/xml"
    assert answer.data == files_of("issue_loop")[0]
    position = auditor.get(f"{path}/position.json").get_json()
    assert position["tokens"] == ["review"]
    assert {"dispatch", "sign", "report"} <= set(position["passed"])
    page = auditor.get(f"{path}/diagram").text
    assert f'data-tokens-url="{path}/position.json"' in page
    assert 'data-show-element="review"' in page


def test_deadlines_show_original_and_effective(browser: Opens, path: str) -> None:
    page = browser("auditor").get(f"{path}/clocks").text
    for word in ("派发时限", "整改时限", "2026-03-10 24:00", "按时完成", "当日"):
        assert word in page


def test_papers_are_listed_and_laid_out_as_sheets(
    browser: Opens, sessions: sessionmaker[Session], walk: Walk, path: str
) -> None:
    auditor = browser("auditor")
    with sessions() as session:
        papers = session.scalars(select(Document).where(Document.case_id == walk.case)).all()
    listed = auditor.get(f"{path}/documents").text
    assert papers
    for paper in papers:
        assert paper.number in listed
        sheet = auditor.get(f"{path}/documents/{paper.id}")
        assert sheet.status_code == 200
        assert "sheet-office" in sheet.text
        assert "2026年3月10日" in sheet.text
        assert "{" not in re.sub(
            r"<(script|style).*?</\1>", "", sheet.text.split('class="sheet', 1)[1].split("</article>")[0]
        )
    assert auditor.get(f"{path}/documents/2026000001-0").status_code == 404


def test_a_paper_of_another_case_is_not_shown_under_this_one(
    browser: Opens, sessions: sessionmaker[Session], walk: Walk, path: str
) -> None:
    with sessions() as session:
        paper = session.scalars(select(Document.id).where(Document.case_id == walk.case)).first()
    walk.raise_issue()
    assert browser("auditor").get(f"/cases/{case_number(walk.case)}/documents/{paper}").status_code == 404


def test_evidence_stands_before_and_after(browser: Opens, path: str) -> None:
    page = browser("clerk").get(f"{path}/evidence").text
    before, after = page.split('class="photo-side"')[1:]
    assert "before.jpg" in before
    assert "after.jpg" in after
    assert "照片没有记录拍摄时间" in before


def test_fields_are_called_as_the_forms_call_them(browser: Opens, path: str) -> None:
    page = browser("clerk").get(f"{path}/fields").text
    assert "卡口值守" in page
    assert "较重" in page
    assert ">checkpoint<" not in page


def test_text_of_officers_is_never_markup(browser: Opens, walk: Walk) -> None:
    walk.raise_issue(title="<script>alert(1)</script>", description='"><img src=x onerror=alert(1)>')
    for tab in TABS:
        page = browser("auditor").get(f"/cases/{case_number(walk.case)}{tab}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_pages_follow_the_case_to_its_end(
    browser: Opens, sessions: sessionmaker[Session], walk: Walk, path: str, clock: Clock
) -> None:
    for step in ("review", "verify", "close_off"):
        walk.do(step)
    clock.at = walk.at
    page = browser("expert").get(path).text
    assert "予以销号" in page
    assert 'class="stage stage-closed"' in page
    with sessions() as session:
        assert not session.scalars(select(Task).where(Task.case_id == walk.case, Task.done_at.is_(None))).all()
