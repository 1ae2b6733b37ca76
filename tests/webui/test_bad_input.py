"""What is wrong, forged, doubled or too late is answered in a sentence, and nothing of it is written."""

from __future__ import annotations

import html
import io
import re
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from models import Attachment, Base, Draft, Entry, Task
from tests.cast import Cast
from tests.walk import Walk
from tests.webui.conftest import Browser, Clock

Enter = Callable[[str], Browser]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REPORT = {
    "result": "done", "measures": "增派两班人员", "result_text": "卡口全天有人", "done_at": "2026-03-10T09:04",
    "cause": "排班脱节",
}  # fmt: skip
XXE = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">&b;</definitions>'
)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
    + b"]><definitions>&k;</definitions>"
)


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def walk(cast: Cast, sessions: sessionmaker[Session], clock: Clock) -> Walk:
    return Walk(sessions, cast)


def of(walk: Walk, element: str, clock: Clock) -> str:
    """The address of the open task of this element; the pages' clock follows the walk's."""
    clock.at = walk.at + timedelta(minutes=1)
    return f"/inbox/tasks/{walk.task(element).id}"


def jpeg(width: int = 400) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, 300), (10, 90, 60)).save(written, "JPEG")
    return written.getvalue()


def packed(inside: str, megabytes: int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inside, bytes(megabytes * 1024 * 1024))
    return written.getvalue()


def endless_png(side: int) -> bytes:
    """A few hundred kilobytes that unpack to side × side pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


NO_PHOTOS: list[tuple[str, Callable[[], bytes], str]] = [
    ("50MB.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(50 * 1024 * 1024), "超过 20 MB，没有保存"),
    ("bomb.jpg", lambda: packed("x", 300), "是压缩包"),
    ("paper.jpg", lambda: packed("word/document.xml", 300), "是压缩包"),
    ("huge.png", lambda: endless_png(20_000), "像素太多"),
    ("script.jpg", lambda: SVG, "可能含有脚本"),
    ("script.svg", lambda: b'<?xml version="1.0"?>' + SVG, "可能含有脚本"),
    ("utf16.svg", lambda: SVG.decode().encode("utf-16"), "的类型不能上传"),
    ("both.jpg", lambda: b"\xff\xd8\xff\xe0<script>alert(1)</script>", "不是完好的图片"),
    ("cut.jpg", lambda: jpeg()[:400], "不是完好的图片"),
    ("program.jpg", lambda: b"MZ" + bytes(1000), "的类型不能上传"),
    ("empty.jpg", lambda: b"", "是空文件"),
    ("note.jpg", lambda: "整改后照片另附".encode(), "的类型不能上传"),
]


def faults(page: Any) -> list[str]:
    return [html.unescape(said) for said in re.findall(r'class="field-error"[^>]*>([^<]*)<', page.text)]


def written(sessions: sessionmaker[Session]) -> dict[str, int]:
    """Rows of every table: what a refused request must leave as it was."""
    with sessions() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.mark.parametrize(("name", "content", "said"), NO_PHOTOS, ids=[name for name, *_ in NO_PHOTOS])
def test_what_is_no_photo(
    walk: Walk, browser: Enter, clock: Clock, tmp_path: Path, name: str, content: Callable[[], bytes], said: str
) -> None:
    walk.to("report")
    address, clerk = of(walk, "report", clock), browser("clerk")
    clerk.get(address)
    before = written(walk.sessions)
    form = {**REPORT, "photos_after": [(io.BytesIO(content()), name, "image/jpeg")]}
    page = clerk.post(f"{address}/completion", form, content_type="multipart/form-data")
    assert page.status_code == 422
    assert [fault for fault in faults(page) if f"“{name}”" in fault and said in fault], faults(page)
    assert "卡口全天有人" in page.text
    assert written(walk.sessions) == before
    assert [file for file in (tmp_path / "evidence").rglob("*") if file.is_file()] == []


def test_a_form_of_ten_megabytes_of_text_is_not_read(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("report")
    address, clerk = of(walk, "report", clock), browser("clerk")
    clerk.get(address)
    answer = clerk.post(
        f"{address}/completion", {**REPORT, "measures": "长" * 4_000_000}, content_type="multipart/form-data"
    )
    assert answer.status_code == 413
    assert "提交的内容太大" in answer.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("done_at", "2026-02-30T10:00", "“完成时间”须填日期和时间"),
        ("done_at", "99999-01-01T00:00", "“完成时间”须填日期和时间"),
        ("done_at", "2026-03-11T10:00", "完成时间不能晚于现在"),
        ("result", "<script>", "“完成情况”中没有“<script>”这个选项"),
        ("cause", "\0", "“原因分析”不能为空"),
        ("measures", " \n\t　", "“整改措施”不能为空"),
    ],
)
def test_what_is_no_answer(walk: Walk, browser: Enter, clock: Clock, field: str, value: str, said: str) -> None:
    walk.to("report")
    address, clerk = of(walk, "report", clock), browser("clerk")
    clerk.get(address)
    page = clerk.post(
        f"{address}/completion",
        {**REPORT, field: value, "photos_after": [(io.BytesIO(jpeg()), "后.jpg")]},
        content_type="multipart/form-data",
    )
    assert page.status_code == 422
    assert [fault for fault in faults(page) if said in fault], faults(page)
    assert "<script>" not in page.text
    assert walk.waiting == ["report"]


def test_only_what_the_form_asks_is_taken(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("report")
    address, clerk = of(walk, "report", clock), browser("clerk")
    clerk.get(address)
    form = {
        **REPORT, "measures": "增派\0两班\x1b[31m人员", "lead_unit": "HEALTH", "nonsense": "x", "case": "x",
        "photos_after": [(io.BytesIO(jpeg()), "../../后<b>.jpg")],
        "documents": [(io.BytesIO("编号,内容\n1,值守".encode("gbk")), "登记.csv")],
    }  # fmt: skip
    assert clerk.post(f"{address}/completion", form, content_type="multipart/form-data").location == "/inbox"
    assert walk.variable("lead_unit") == "HARBOUR"
    assert not {"nonsense", "case"} & set(walk.row.variables)
    assert "\0" not in walk.variable("measures")
    with walk.sessions() as session:
        names = set(session.scalars(select(Attachment.name).where(Attachment.field.in_(["photos_after", "documents"]))))
    assert names == {"后b.jpg", "登记.csv"}


def test_a_page_that_has_become_stale(walk: Walk, browser: Enter, clock: Clock) -> None:
    """Nobody signed in time, the process went on by itself; the clerk still has the form open."""
    walk.to("sign")
    address, clerk = of(walk, "sign", clock), browser("clerk")
    clerk.get(address)
    walk.later(hours=5)
    clock.at = walk.at
    assert "sign" not in walk.waiting
    before = written(walk.sessions)
    form = {"sign_decision": "accept", "owner": "clerk", "post": "卡口专员"}
    for late in (f"{address}/completion", f"{address}/claim", f"{address}/release"):
        answer = clerk.post(late, form)
        assert answer.status_code == 409, late
        assert "这项任务已由流程撤回" in answer.text
        assert f'href="{address}"' in answer.text
    assert clerk.get(address).status_code == 200
    assert written(walk.sessions) == before


def test_what_was_possible_when_the_page_was_opened(walk: Walk, browser: Enter, clock: Clock) -> None:
    """The extension was asked for on a page opened in time, and sent after the deadline."""
    walk.to("rectify")
    address, clerk = of(walk, "rectify", clock), browser("clerk")
    clerk.get(address)
    walk.later(days=1)
    clock.at = walk.at
    form = {
        "unit_choice": "extend", "extension_until": "2026-03-20T18:00", "extension_reason": "材料未到。",
        "interim_measure": "增派两人。",
    }  # fmt: skip
    page = clerk.post(f"{address}/completion", form)
    assert page.status_code == 422
    assert any("延期须在到期前提出" in fault for fault in faults(page))
    assert "材料未到。" in page.text


def test_two_officers_send_the_same_task_at_once(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("sign")
    address = of(walk, "sign", clock)
    form = {"sign_decision": "accept", "owner": "clerk", "post": "卡口专员"}
    both = [browser("clerk"), browser("head")]
    start = threading.Barrier(len(both))
    answers: list[int] = []

    def send(officer: Browser) -> None:
        start.wait(30)
        answers.append(officer.post(f"{address}/completion", form).status_code)

    threads = [threading.Thread(target=send, args=(officer,)) for officer in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [302, 409]
    with walk.sessions() as session:
        done = select(func.count()).where(Entry.book == walk.case, Entry.kind == "TaskCompleted")
        assert session.scalar(done.where(Entry.body.contains('"sign"'))) == 1
        signed = session.scalars(select(Task).where(Task.case_id == walk.case, Task.element == "rectify"))
        assert len(signed.all()) == 1


def test_what_another_has_claimed(walk: Walk, browser: Enter, clock: Clock) -> None:
    walk.to("sign")
    address, clerk, head = of(walk, "sign", clock), browser("clerk"), browser("head")
    assert clerk.post(f"{address}/claim").status_code == 302
    before = written(walk.sessions)
    answer = head.post(f"{address}/completion", {"sign_decision": "accept", "owner": "head", "post": "负责人"})
    assert answer.status_code == 409
    assert "港口经办" in answer.text
    assert written(walk.sessions) == before


@pytest.mark.parametrize("ending", ["bpmn", "dmn"])
@pytest.mark.parametrize("content", [XXE, LAUGHS], ids=["xxe", "billion laughs"])
@pytest.mark.parametrize("where", ["/designer", "/designer/issue_loop/files"])
def test_a_diagram_that_reaches_for_more(walk: Walk, browser: Enter, where: str, content: bytes, ending: str) -> None:
    designer = browser("designer")
    designer.get("/designer/issue_loop")
    before = written(walk.sessions)
    files = [(io.BytesIO(content), f"evil.{ending}")]
    page = designer.post(where, {"revision": 0, "files": files}, content_type="multipart/form-data")
    assert page.status_code == 422
    assert faults(page) == ["文件含有 DOCTYPE 或实体定义，出于安全原因不予读取"]
    assert "root:" not in page.text
    assert written(walk.sessions) == before
    designer.client.set_cookie("language", "en")
    files = [(io.BytesIO(content), f"evil.{ending}")]
    page = designer.post(where, {"revision": 0, "files": files}, content_type="multipart/form-data")
    assert faults(page) == ["The file declares a DOCTYPE or entities; it is not read, for safety"]
    with walk.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_an_issue_whose_form_came_twice_is_raised_once(walk: Walk, browser: Enter, clock: Clock) -> None:
    expert = browser("expert")
    expert.get("/intake/issue_loop")
    form = {
        "title": "码头卡口", "description": "卡口无人值守。", "category": "checkpoint", "place": "码头",
        "found_at": "2026-03-10", "source": "expert", "source_level": "national", "severity": "major",
        "source_paragraph": "卡口无人值守。",
    }  # fmt: skip
    first = expert.post("/intake/issue_loop", form)
    assert first.status_code == 302
    before = written(walk.sessions)
    again = expert.post("/intake/issue_loop", form)  # a double click
    assert again.location == first.location
    assert "已提出" in expert.get(again.location).text
    assert written(walk.sessions) == before
    again = expert.post("/intake/issue_loop", form)  # typed once more on another page
    assert again.location == first.location
    assert "没有重复登记" in expert.get(again.location).text
    assert written(walk.sessions) == {**before, "submissions": before["submissions"] + 1}
    # Another place is another issue; so is the same one later on.
    assert expert.post("/intake/issue_loop", {**form, "place": "北门"}).location != first.location
    clock.at += timedelta(minutes=5)
    assert expert.post("/intake/issue_loop", form).location != first.location
