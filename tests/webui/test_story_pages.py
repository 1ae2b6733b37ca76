"""The designer writes stories in the browser, plays them on the working copy, and publishes them with it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import story_files
from models import StoryFile
from tests.cast import Cast
from tests.conftest import files_of
from tests.engine.test_stories import DONE, ERRAND, HEAD, RAISED
from tests.webui.conftest import Browser
from tests.webui.test_designer import saved

PAGE = "/designer/small_errand/stories"


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def designer(browser: Callable[[str], Browser]) -> Browser:
    found = browser("designer")
    found.post("/designer", {"id": "small_errand", "name": "小差事", "name_en": "Small errand"})
    assert saved(found, "/designer/small_errand/diagram/xml", ERRAND, 1)[0] == 200
    return found


def book(*steps: str) -> str:
    return HEAD + "".join(f"      - {step}\n" for step in steps)


def written(designer: Browser, text: str, seen: str = "") -> tuple[int, str]:
    answer = designer.post(PAGE, {"text": text, "seen": seen})
    return answer.status_code, html.unescape(answer.text)


def test_a_mistake_is_named_with_its_line_and_nothing_is_kept(designer: Browser) -> None:
    text = book(RAISED, "{does: run, by: nobody}")
    line = next(number for number, part in enumerate(text.splitlines(), 1) if "nobody" in part)
    status, page = written(designer, text)
    assert status == 422
    assert f"第 {line} 行" in page
    assert "cast 里没有“nobody”" in page
    assert "{does: run, by: nobody}" in page  # what was typed is still there
    assert "nobody" not in designer.get(PAGE).text
    status, page = written(designer, "stories: [")
    assert status == 422
    assert re.search(r"第 \d+ 行", page)


def test_stories_are_played_with_a_result_at_each_step_and_what_was_passed(designer: Browser) -> None:
    assert written(designer, book(RAISED, DONE, "expect: {stage: closed}"))[0] == 302
    page = designer.get(PAGE).text
    assert "还没有走过" in page
    assert "data-passed" not in page
    assert designer.post(f"{PAGE}/run", {}).status_code == 302
    page = html.unescape(designer.get(PAGE).text)
    assert "走过 1 / 1 个故事，0 个通过" in page
    assert page.count('class="story-well"') == 2
    assert page.count('class="story-badly"') == 1
    assert "stage 应为" in page
    assert "data-passed='[\"" in page or 'data-passed="[' in page
    assert "data-missed" in page
    assert "走过元素 50%（5/10），连线 37%（3/8）" in page


def test_a_browser_plays_them_one_after_the_other(designer: Browser) -> None:
    written(designer, book(RAISED, DONE))
    one = {"HX-Request": "true"}

    def ask(**form: str) -> tuple[str, bool]:
        answer = designer.client.post(f"{PAGE}/run", data={**form, "csrf_token": designer.token}, headers=one)
        assert answer.status_code == 200
        return answer.text, answer.headers.get("HX-Refresh") == "true"

    first, over = ask(all="1")
    assert 'hx-trigger="load, submit"' in first
    assert not over
    last, over = ask(all="1", story="errand")
    assert "hx-trigger" not in last
    assert over


def test_they_are_published_with_the_version_and_dropped_with_the_draft(
    designer: Browser, sessions: sessionmaker[Session]
) -> None:
    content, _tables = files_of("issue_loop")
    text = book(RAISED)
    answer = designer.post("/designer/issue_loop/stories", {"text": text, "seen": ""})
    assert answer.status_code == 302
    changed = content.replace("问题闭环".encode(), "问题整改闭环".encode(), 1)
    assert saved(designer, "/designer/issue_loop/diagram/xml", changed, 0)[0] == 200
    assert designer.post("/designer/issue_loop/publication", {"revision": 1, "note": "改名"}).status_code == 302
    with sessions() as session:
        assert story_files.of_version(session, "issue_loop", 2) == text
        assert story_files.of_version(session, "issue_loop", 1) == ""
        assert story_files.working(session, "issue_loop") == text
        assert session.get(StoryFile, ("issue_loop", 0)) is None
    written(designer, text)
    assert designer.post("/designer/small_errand/draft/removal", {"revision": 2}).status_code == 302
    with sessions() as session:
        assert story_files.working(session, "small_errand") == ""


def test_who_was_overtaken_is_told(designer: Browser) -> None:
    assert written(designer, book(RAISED))[0] == 302
    status, page = written(designer, book(RAISED, DONE), seen="")
    assert status == 409
    assert "故事刚被他人改过" in page


def test_the_auditor_reads_and_changes_nothing(designer: Browser, browser: Callable[[str], Browser]) -> None:
    written(designer, book(RAISED))
    auditor = browser("auditor")
    page = auditor.get(PAGE)
    assert page.status_code == 200
    assert "保存故事" not in page.text
    assert auditor.post(PAGE, {"text": "", "seen": book(RAISED)}).status_code == 403
    assert auditor.post(f"{PAGE}/run", {}).status_code == 403
    assert browser("clerk").get(PAGE).status_code == 403
