"""The designer draws, checks and publishes in the browser; the auditor reads; nobody else comes in."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions
from engine.notation import checks
from models import Draft, Process
from tests.cast import MORNING, Cast
from tests.conftest import files_of
from tests.webui.conftest import Browser

DIAGRAMS = Path(checks.__file__).parent / "examples"
JSON = {"Accept": "application/json", "Content-Type": "application/xml"}


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def designer(browser: Callable[[str], Browser]) -> Browser:
    return browser("designer")


def text_of(name: str) -> bytes:
    return (DIAGRAMS / name).read_bytes()


def saved(client: Browser, path: str, content: bytes, revision: object) -> tuple[int, dict[str, object]]:
    headers = {**JSON, "X-CSRFToken": client.token, "If-Match": str(revision)}
    answer = client.client.put(path, data=content, headers=headers)
    return answer.status_code, answer.get_json()


def test_the_list_names_process_version_and_draft(designer: Browser) -> None:
    page = designer.get("/designer").text
    assert "issue_loop" in page
    assert "第 1 版" in page
    assert 'name="files"' in page


@pytest.mark.parametrize(
    "path", ["", "/issue_loop", "/issue_loop/versions/1", "/help/laws", "/help/elements", "/issue_loop/publication"]
)
def test_the_auditor_reads_and_changes_nothing(browser: Callable[[str], Browser], path: str) -> None:
    auditor = browser("auditor")
    answer = auditor.get(f"/designer{path}")
    assert answer.status_code == 200
    assert "发布第" not in answer.text
    assert "/draft/" not in answer.text
    content, _tables = files_of("issue_loop")
    assert saved(auditor, "/designer/issue_loop/diagram/xml", content, 0)[0] == 403
    assert auditor.get("/designer/issue_loop/diagram").status_code == 403


def test_others_stay_outside(browser: Callable[[str], Browser], stranger: Browser) -> None:
    assert browser("clerk").get("/designer").status_code == 403
    assert stranger.get("/designer").status_code == 302


def test_nothing_is_saved_without_the_token_of_a_page(designer: Browser) -> None:
    content, _tables = files_of("issue_loop")
    designer.token = ""
    answer = designer.client.put("/designer/issue_loop/diagram/xml", data=content, headers={**JSON, "If-Match": "0"})
    assert answer.status_code == 400
    assert designer.post("/designer/issue_loop/draft/restoration", {"revision": 0, "number": 1}).status_code == 400


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "", "/help/laws", "/help/elements", "/issue_loop", "/issue_loop/versions/1",
        "/issue_loop/differences?before=1&after=draft",
        "/issue_loop/diagram", "/issue_loop/tables/deadline_class.dmn", "/issue_loop/publication",
    ],
)  # fmt: skip
def test_every_page_is_drawn_in_both_languages(designer: Browser, path: str, language: str) -> None:
    designer.client.set_cookie("language", language)
    answer = designer.get(f"/designer{path}")
    assert answer.status_code == 200
    assert f'lang="{"en" if language == "en" else "zh-CN"}"' in answer.text


def test_the_drawing_boards_have_their_own_content_policy(designer: Browser) -> None:
    board = designer.get("/designer/issue_loop/diagram").headers["Content-Security-Policy"]
    assert "style-src-attr 'unsafe-inline'" in board
    table = designer.get("/designer/issue_loop/tables/triage.dmn").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in table
    plain = designer.get("/designer/issue_loop").headers["Content-Security-Policy"]
    assert "unsafe" not in plain + board.split("style-src-attr")[0]


def test_a_draft_is_saved_checked_and_published_while_the_version_stays(
    designer: Browser, sessions: sessionmaker[Session]
) -> None:
    content, _tables = files_of("issue_loop")
    changed = content.replace("签收".encode(), "签收确认".encode())
    assert changed != content
    status, told = saved(designer, "/designer/issue_loop/diagram/xml", changed, 0)
    assert (status, told["revision"]) == (200, 1)
    assert [f for f in told["findings"] if f["severity"] == "error"] == []  # type: ignore[attr-defined,index]

    page = designer.get("/designer/issue_loop/publication").text
    assert "签收确认" in page
    assert "发布第 2 版" in page
    answer = designer.post("/designer/issue_loop/publication", {"revision": 1, "note": "说清楚是确认"})
    assert answer.status_code == 302
    assert "说清楚是确认" in designer.get(answer.headers["Location"]).text
    assert designer.get("/designer/issue_loop/versions/1/diagram").data == content
    assert designer.get("/designer/issue_loop/versions/2/diagram").data == changed
    with sessions() as session:
        assert session.get_one(Process, "issue_loop").newest == 2
        assert session.get(Draft, "issue_loop") is None
    again = designer.post("/designer/issue_loop/publication", {"revision": 1, "note": "again"})
    assert again.status_code == 409


def test_two_designers_notice_each_other(designer: Browser, sessions: sessionmaker[Session]) -> None:
    content, _tables = files_of("issue_loop")
    assert saved(designer, "/designer/issue_loop/diagram/xml", content, 0)[0] == 200
    status, told = saved(
        designer, "/designer/issue_loop/diagram/xml", content.replace(b"</bpmn:process>", b"\n</bpmn:process>"), 0
    )
    assert status == 409
    assert told["zh"]
    assert told["en"]
    with sessions() as session:
        assert session.get_one(Draft, "issue_loop").diagram == content


def test_a_cell_of_a_table_is_changed_and_shown_as_a_difference(designer: Browser) -> None:
    path = "/designer/issue_loop/tables/deadline_class.dmn/xml"
    text = designer.get(path).data
    assert b"<text>" in text
    first = text.index(b"<outputEntry")
    cell = text.index(b"<text>", first) + len(b"<text>")
    end = text.index(b"</text>", cell)
    status, told = saved(designer, path, text[:cell] + b'"9 work days"' + text[end:], 0)
    assert (status, told["revision"], told["findings"]) == (200, 1, [])
    page = designer.get("/designer/issue_loop/differences?before=1&after=draft").text
    assert "9 work days" in page
    assert "deadline_class.dmn" in page


def test_what_cannot_be_run_is_listed_and_not_published(designer: Browser, sessions: sessionmaker[Session]) -> None:
    content, _tables = files_of("issue_loop")
    broken = content.replace(b"camunda:candidateGroups=", b"camunda:candidateUsers=")
    status, told = saved(designer, "/designer/issue_loop/diagram/xml", broken, 0)
    assert status == 200
    findings = told["findings"]
    assert {"tasks_have_a_role"} <= {f["law"] for f in findings}  # type: ignore[attr-defined,index]
    checked = designer.client.post(
        "/designer/issue_loop/diagram/findings", data=broken, headers={**JSON, "X-CSRFToken": designer.token}
    ).get_json()
    assert checked["findings"] == findings
    answer = designer.post("/designer/issue_loop/publication", {"revision": 1, "note": "try"})
    assert answer.status_code == 422
    assert "没有办理角色" in answer.text
    with sessions() as session:
        assert session.get_one(Process, "issue_loop").newest == 1


@pytest.mark.parametrize(
    ("content", "law"),
    [
        (b"", "file_is_readable"),
        (b"<a>", "file_is_readable"),
        (b"<a/>", "file_is_bpmn"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "file_is_readable"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_law(designer: Browser, content: bytes, law: str) -> None:
    status, told = saved(designer, "/designer/issue_loop/diagram/xml", content, 0)
    assert status == 422
    assert [f["law"] for f in told["findings"]] == [law]  # type: ignore[attr-defined,index]
    assert designer.get("/designer/issue_loop/diagram/xml").data == files_of("issue_loop")[0]


def test_another_process_is_not_saved_under_this_name(designer: Browser) -> None:
    status, told = saved(designer, "/designer/issue_loop/diagram/xml", text_of("one_start.valid.bpmn"), 0)
    assert status == 422
    assert "loop" in str(told["zh"])


def test_more_than_twenty_megabytes_are_refused(designer: Browser) -> None:
    status, _told = saved(designer, "/designer/issue_loop/diagram/xml", b"<a>" + b" " * 20 * 1024 * 1024, 0)
    assert status == 413


def test_a_process_comes_from_files_without_any_script(designer: Browser, sessions: sessionmaker[Session]) -> None:
    files = [
        (io.BytesIO(text_of("decisions_exist.valid.bpmn")), "anything.bpmn"),
        (io.BytesIO(text_of("triage.valid.dmn")), "triage.dmn"),
    ]
    answer = designer.post("/designer", {"files": files}, content_type="multipart/form-data")
    assert answer.headers["Location"] == "/designer/loop"
    page = designer.get("/designer/loop/publication").text
    assert "检查通过" in page
    assert designer.post("/designer/loop/publication", {"revision": 2, "note": "第一版"}).status_code == 302
    with sessions() as session:
        assert session.get_one(Process, "loop").newest == 1
    twice = [(io.BytesIO(text_of("one_start.valid.bpmn")), "again.bpmn")]
    answer = designer.post("/designer", {"files": twice}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "已经有了" in answer.text


def test_a_process_begins_on_a_first_sheet_that_the_laws_accept(designer: Browser) -> None:
    answer = designer.post("/designer", {"id": "hazard", "name": "隐患 <整改>", "name_en": "Hazards"})
    assert answer.headers["Location"] == "/designer/hazard"
    assert "检查通过" in designer.get("/designer/hazard/publication").text
    answer = designer.post("/designer/hazard/tables", {"decision": "limits", "name": "时限", "revision": 1})
    assert answer.headers["Location"] == "/designer/hazard/tables/limits.dmn"
    assert "检查通过" in designer.get("/designer/hazard/publication").text
    assert "隐患 &lt;整改&gt;" in designer.get("/designer").text
    for bad in ({"id": "issue_loop", "name": "又一个"}, {"id": "两个词", "name": "x"}, {"id": "ok", "name": " "}):
        assert designer.post("/designer", bad).status_code == 422
    removed = designer.post("/designer/hazard/tables/limits.dmn/removal", {"revision": 2})
    assert removed.status_code == 302
    assert "tables/limits.dmn" not in designer.get("/designer/hazard").text
    assert designer.post("/designer/hazard/draft/removal", {"revision": 3}).status_code == 302
    assert designer.get("/designer/hazard").status_code == 404


def test_an_earlier_version_comes_back_with_its_tables(
    designer: Browser, sessions: sessionmaker[Session], cast: Cast
) -> None:
    content, tables = files_of("issue_loop")
    with sessions() as session, session.begin():
        by = cast.actor(session, "designer")
        later = {**tables, "extra.dmn": text_of("triage.valid.dmn").decode().replace("triage", "extra")}
        definitions.publish(session, content + b"\n", later, note="with one more", by=by, at=MORNING)
    assert "extra.dmn" in designer.get("/designer/issue_loop").text
    answer = designer.post("/designer/issue_loop/draft/restoration", {"revision": 0, "number": 1})
    assert answer.status_code == 302
    assert "extra.dmn" not in designer.get("/designer/issue_loop").text
    assert designer.get("/designer/issue_loop/diagram/xml").data == content


def test_unknown_processes_versions_and_files_are_not_found(designer: Browser) -> None:
    for path in ("nothing", "issue_loop/versions/7", "issue_loop/tables/none.dmn", "issue_loop/tables/none.dmn/xml"):
        assert designer.get(f"/designer/{path}").status_code == 404


def test_the_elements_of_bpmn_are_found_by_a_word(designer: Browser) -> None:
    page = designer.get("/designer/help/elements?q=补偿 结束").text
    assert "compensation end event keeps its scope open" in page
    assert "complexGateway" not in page
    designer.client.set_cookie("language", "en")
    page = designer.get("/designer/help/elements?q=complex").text
    assert "Use an exclusive or inclusive gateway with conditions." in page
    assert 'href="/designer/help/laws/nothing_unsupported"' in page
    assert "No element" in designer.get("/designer/help/elements?q=zzz").text
