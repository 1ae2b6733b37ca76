"""A designer sees what an import left to do, cannot publish, settles it with a reason, and then can."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.notation.checks.examples import INVALID, example
from models import Draft
from tests.cast import Cast
from tests.webui.conftest import Browser
from tests.webui.test_designer import JSON

LOOP, TODO = "loop", "/designer/loop/todos"
HEADERS = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    return published


@pytest.fixture
def designer(browser: Callable[[str], Browser]) -> Browser:
    client = browser("designer")
    content = example("imports_are_settled", INVALID).content
    form = {"csrf_token": client.token, "files": (io.BytesIO(content), "loop.bpmn")}
    assert client.client.post("/designer", data=form, content_type="multipart/form-data").status_code == 302
    return client


def sent(client: Browser, path: str, revision: int, **form: str) -> int:
    answer = client.client.post(path, data={"csrf_token": client.token, "revision": str(revision), **form})
    return answer.status_code


def test_settled_then_published(designer: Browser, sessions: sessionmaker[Session]) -> None:
    assert TODO in designer.get("/designer/loop").text
    page = designer.get(TODO).text
    assert "任务监听器" in page
    assert "org.example.TellTheHead" in page
    assert "还有 1 条待办" in page
    refused = designer.client.post(
        "/designer/loop/publication", data={"csrf_token": designer.token, "revision": "1", "note": "试"}
    )
    assert refused.status_code == 422
    assert "imports_are_settled" in refused.text
    assert sent(designer, f"{TODO}/sign/1", 1, reason="  ") == 422
    assert sent(designer, f"{TODO}/sign/1", 1, reason="收件箱里看得到") == 302
    assert sent(designer, f"{TODO}/sign/1", 1, reason="再来一次") == 409  # somebody saved meanwhile
    assert sent(designer, f"{TODO}/sign/9", 2, reason="没有这条") == 404
    page = designer.get(TODO).text
    assert "收件箱里看得到" in page
    assert "没有未了的待办" in page
    with sessions() as session:
        draft = session.get(Draft, LOOP)
        assert draft is not None
        assert "todo.1.settled" in draft.diagram.decode()
        assert re.search('todo.1.by" value="designer"', unescape(draft.diagram.decode()))
    assert sent(designer, f"{TODO}/sign/1", 2, again="1") == 302
    assert "还有 1 条待办" in designer.get(TODO).text
    assert sent(designer, f"{TODO}/sign/1", 3, reason="收件箱里看得到") == 302
    assert sent(designer, "/designer/loop/publication", 4, note="导入") == 302


def test_the_auditor_reads_and_settles_nothing(designer: Browser, browser: Callable[[str], Browser]) -> None:
    auditor = browser("auditor")
    page = auditor.get(TODO)
    assert page.status_code == 200
    assert 'name="reason"' not in page.text
    assert sent(auditor, f"{TODO}/sign/1", 1, reason="不归我") == 403
    assert browser("clerk").get(TODO).status_code == 403
    checked = designer.client.post(
        "/designer/loop/diagram/findings",
        data=example("imports_are_settled", INVALID).content,
        headers={**JSON, "X-CSRFToken": designer.token},
    )
    assert [f["law"] for f in checked.get_json()["findings"]] == ["imports_are_settled"]
