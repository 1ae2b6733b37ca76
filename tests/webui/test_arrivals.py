"""A diagram from another tool is uploaded, its report read, and only then it becomes a draft."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.notation.imports import told
from models import Draft
from tests.cast import Cast
from tests.webui.conftest import Browser
from webui import arrivals

DRAWN = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<process id="leave" name="Leave" isExecutable="true"><startEvent id="s"/>
<sequenceFlow id="a" sourceRef="s" targetRef="t"/>
<userTask id="t" camunda:assignee="${boss}" camunda:formKey="embedded:x"/></process></definitions>"""


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    return published


def sent(client: Browser, name: str, content: bytes) -> tuple[int, str]:
    form = {"csrf_token": client.token, "files": (io.BytesIO(content), name)}
    answer = client.client.post("/designer/import", data=form, content_type="multipart/form-data")
    return answer.status_code, answer.get_data(as_text=True)


def test_a_report_then_a_draft(browser: Callable[[str], Browser], sessions: sessionmaker[Session]) -> None:
    client = browser("designer")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("inner/leave.bpmn", DRAWN)
    for name, content in (("leave.bpmn", DRAWN), ("all.zip", archive.getvalue())):
        code, page = sent(client, name, content)
        assert code == 200
        assert "camunda:formKey" in page
        assert "=boss" in page
    packed = unescape(re.search(r'name="packed" value="([^"]+)"', page).group(1))  # type: ignore[union-attr]
    form = {"csrf_token": client.token, "process": "leave", "revision": "0", "packed": packed}
    assert client.client.post("/designer/import/draft", data=form).status_code == 302
    with sessions() as session:
        draft = session.get(Draft, "leave")
        assert draft is not None
        assert b'assignee="=boss"' in draft.diagram


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04junk", b"{}"])
def test_what_is_no_diagram_is_refused_in_a_sentence(browser: Callable[[str], Browser], content: bytes) -> None:
    code, page = sent(browser("designer"), "x.bpmn", content)
    assert code in {400, 422}
    assert "field-error" in page


def test_the_report_has_its_kinds_and_its_help(browser: Callable[[str], Browser]) -> None:
    client = browser("designer")
    _code, page = sent(client, "leave.bpmn", DRAWN)
    assert page.count('data-kind="todo"') == 1
    assert page.count('data-kind="mapped"') >= 1
    assert 'data-missed="[' in page
    assert 'data-show-element="t"' in page
    for part in re.findall(r'name="kind-1" value="(\w+)"', page)[1:]:
        assert f'data-kind="{part}"' in page
    help_page = client.get("/designer/help/imports").text
    assert "taskDefinition" in help_page
    assert "imports_are_settled" in help_page
    client.post("/language", {"language": "en"})
    assert "What becomes of it" in client.get("/designer/help/imports").text


def test_every_fate_is_told_in_both_languages() -> None:
    for fate in told.FATES:
        assert fate.kind in arrivals.SORTS
        assert fate.now.zh != fate.now.en
