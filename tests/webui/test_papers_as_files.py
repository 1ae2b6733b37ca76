"""Templates in the browser, papers as files that never change, and who has opened them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest
from docx import Document as Reader
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import papers, templates
from engine.reads import tray
from engine.record import chain, journal, replay
from engine.words.errors import NotFound
from models import Document, Entry, Officer, PaperCopy, PaperTemplate, Receipt
from tests.cast import MORNING, Cast
from tests.walk import Walk
from tests.webui.conftest import Browser

KIND = "inspection_notice"
FOLDER = Path(__file__).resolve().parents[2] / "processes" / "documents"


def shelve(walk: Walk, kind: str, content: bytes | None = None) -> None:
    with walk.sessions.begin() as session:
        by = walk.cast.actor(session, "designer")
        content = content or (FOLDER / f"{kind}.docx").read_bytes()
        templates.shelve(session, kind, content, note="", by=by, at=MORNING)


def written(*paragraphs: str) -> bytes:
    paper, out = Reader(), io.BytesIO()
    for text in paragraphs:
        paper.add_paragraph(text)
    paper.save(out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def walk(cast: Cast, sessions: sessionmaker[Session]) -> Walk:
    return Walk(sessions, cast)


def first(walk: Walk, kind: str = KIND) -> Document:
    with walk.sessions() as session:
        query = select(Document).where(Document.kind == kind).order_by(Document.issued_at, Document.number)
        return session.scalars(query).first()  # type: ignore[return-value]


def text_of(content: bytes) -> str:
    paper = Reader(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def test_a_paper_is_numbered_made_once_and_stays_as_it_is(walk: Walk, browser: Callable[[str], Browser]) -> None:
    shelve(walk, KIND)
    walk.to("sign")
    paper = first(walk)
    assert paper.number == "督查情况告知单〔2026〕1号"
    assert paper.template == 1
    clerk = browser("clerk")
    page = clerk.get(f"/documents/{paper.id}", follow_redirects=True)
    assert "生成 Word 文书" in page.text
    assert clerk.get(f"/documents/{paper.id}/file").status_code == 404
    assert clerk.post(f"/documents/{paper.id}/copy").status_code == 302
    made = clerk.get(f"/documents/{paper.id}/file")
    assert made.mimetype.endswith("wordprocessingml.document")
    # Servers send headers in Latin 1; the Chinese name stands beside in the way of RFC 5987.
    assert "%E3%80%942026" in made.headers["Content-Disposition"].encode("latin-1").decode()
    said = text_of(made.data)
    assert "督查情况" in said
    assert "港口街道" in said, "the unit by its name"
    assert "{{" not in said
    shelve(walk, KIND, written("{{ number }} 新版"))
    clerk.post(f"/documents/{paper.id}/copy")
    assert clerk.get(f"/documents/{paper.id}/file").data == made.data
    with walk.sessions() as session:
        copy = session.get(PaperCopy, paper.id)
        assert copy is not None
        assert copy.sha == hashlib.sha256(made.data).hexdigest()
        entry = session.scalars(select(Entry).where(Entry.kind == "PaperMade")).one()
        assert copy.sha in (entry.body or "")
        assert chain.verify(session).intact
        assert replay.differences(session) == []


def test_a_paper_not_made_yet_still_uses_the_template_of_its_own_day(walk: Walk) -> None:
    shelve(walk, KIND, written("旧版 {{ number }}"))
    walk.to("sign")
    shelve(walk, KIND, written("新版 {{ number }}"))
    paper = first(walk)
    with walk.sessions.begin() as session:
        by = walk.cast.actor(session, "liaison")
        copy = papers.make(session, paper.id, fetch=lambda _sha: None, by=by, at=walk.at)
        assert copy.template == 1
        assert "旧版" in text_of(copy.content)


def test_opening_is_recorded_once_for_the_unit_and_the_sender_sees_it(
    walk: Walk, browser: Callable[[str], Browser]
) -> None:
    walk.to("sign")
    paper = first(walk)
    sender, clerk, head = browser("dispatcher"), browser("clerk"), browser("head")
    assert "未阅" in sender.get(f"/documents/{paper.id}", follow_redirects=True).text
    assert paper.number in clerk.get("/documents").text
    page = clerk.get(f"/documents/{paper.id}", follow_redirects=True)
    assert f'hx-post="/documents/{paper.id}/reading"' in page.text
    answer = clerk.post(f"/documents/{paper.id}/reading", headers={"HX-Request": "true"})
    assert "港口经办" in answer.text
    assert "hx-post" not in answer.text
    head.get("/documents")
    head.post(f"/documents/{paper.id}/reading")
    with walk.sessions() as session:
        receipts = session.scalars(select(Receipt).where(Receipt.document_id == paper.id)).all()
        assert [receipt.read_by for receipt in receipts] == [walk.cast.people["clerk"]]
        assert replay.differences(session) == []
    seen = sender.get(f"/documents/{paper.id}", follow_redirects=True).text
    assert "港口经办" in seen
    assert "未阅" not in seen


def test_a_stranger_gets_no_paper(walk: Walk, browser: Callable[[str], Browser]) -> None:
    shelve(walk, KIND)
    walk.to("sign")
    paper = first(walk)
    other = browser("health_clerk")
    assert other.get(f"/documents/{paper.id}").status_code == 404
    assert other.post(f"/documents/{paper.id}/copy").status_code == 404
    assert other.post(f"/documents/{paper.id}/reading").status_code == 404
    with walk.sessions() as session, pytest.raises(NotFound):
        papers.read(session, paper.id, by=walk.cast.actor(session, "health_clerk"), at=MORNING)


def test_numbers_of_a_kind_run_without_a_gap_also_where_a_step_was_undone(walk: Walk) -> None:
    walk.to("sign")
    with walk.sessions() as session:  # a step that is taken back takes its number back
        taken = journal.next_number(session, f"{KIND}:2026")
        session.rollback()
    assert taken == 2
    Walk(walk.sessions, walk.cast).to("sign")
    with walk.sessions() as session:
        query = select(Document.number).where(Document.kind == KIND).order_by(Document.issued_at, Document.id)
        assert sorted(session.scalars(query)) == ["督查情况告知单〔2026〕1号", "督查情况告知单〔2026〕2号"]


def test_a_designer_sends_a_template_in_sees_the_report_and_publishes(
    walk: Walk, browser: Callable[[str], Browser]
) -> None:
    designer = browser("designer")
    assert "inspection_notice" in designer.get("/designer/papers").text
    assert "标记" in designer.get("/designer/papers/help").text
    designer.get("/designer/papers/inspection_notice")

    def send(content: bytes, name: str = "a.docx") -> str:
        sent = {"file": (io.BytesIO(content), name)}
        answer = designer.post("/designer/papers/inspection_notice", sent, content_type="multipart/form-data")
        if answer.status_code == 302:
            answer = designer.get("/designer/papers/inspection_notice")
        return str(answer.text)

    assert "带宏" in send(written("甲"), "a.docm")
    report = send(written("第一段", "{{ no_such_field }}"))
    assert "第 2 段" in report
    assert "no_such_field" in report
    assert "不能发布" in report
    assert designer.post("/designer/papers/inspection_notice/publication", {"note": "x"}).status_code == 422
    report = send(written("{{ number }} {{ title }} {% if nowhere_given %}{{ nowhere_given }}{% endif %}"))
    assert "检查通过" in report
    assert "nowhere_given" in report
    sample = designer.get("/designer/papers/inspection_notice/preview")
    assert "〔2026〕12号" in text_of(sample.data)
    answer = designer.post("/designer/papers/inspection_notice/publication", {"note": "换版式"}, follow_redirects=True)
    assert "第 1 版" in answer.text
    assert "换版式" in answer.text
    with walk.sessions() as session:
        assert session.scalars(select(PaperTemplate.number)).all() == [1]
        assert session.scalars(select(Entry).where(Entry.kind == "TemplatePublished")).one().book == 0
        assert replay.differences(session) == []
    assert text_of(designer.get("/designer/papers/inspection_notice/versions/1").data).startswith("{{ number }}")


def test_only_designers_change_templates(walk: Walk, browser: Callable[[str], Browser]) -> None:
    assert browser("clerk").get("/designer/papers").status_code == 403
    auditor = browser("auditor")
    assert auditor.get("/designer/papers/inspection_notice").status_code == 200
    sent = {"file": (io.BytesIO(written("甲")), "a.docx")}
    answer = auditor.post("/designer/papers/inspection_notice", sent, content_type="multipart/form-data")
    assert answer.status_code == 403


def test_there_is_no_pdf_button_where_the_machine_cannot_make_one(
    walk: Walk, browser: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    walk.to("sign")
    clerk = browser("clerk")
    page = clerk.get(f"/documents/{first(walk).id}", follow_redirects=True)
    assert ">PDF<" not in page.text
    assert clerk.post(f"/documents/{first(walk).id}/pdf").status_code == 422


def test_the_tray_is_turned_page_by_page_and_nothing_is_left_out(walk: Walk, browser: Callable[[str], Browser]) -> None:
    walk.to("sign")
    paper = first(walk)
    with walk.sessions.begin() as session:
        home = session.get_one(Officer, walk.cast.people["clerk"]).unit_id
        for place in range(130):  # several of one moment; every third has been opened
            at = paper.issued_at + timedelta(minutes=place // 4)
            one = Document(
                id=f"{paper.id}-{place:03d}", case_id=paper.case_id, kind=KIND, number=f"告知单〔2026〕{place + 2}号",
                title="告知", fields={}, to_unit_id=home, round=1, level=0, template=None, issued_at=at, issued_by=None,
            )  # fmt: skip
            session.add(one)
            session.flush()
            if place % 3 == 0:
                session.add(Receipt(document_id=one.id, unit_id=home, read_at=at, read_by=None))
    clerk, address, seen = browser("clerk"), "/documents", []
    sizes = []
    while address:
        page = lxml.html.fromstring(clerk.get(address).text)
        rows = page.xpath("//tr[@data-row]")
        sizes.append(len(rows))
        seen += [(row.xpath("string(th)").strip(), "未阅" in row.text_content()) for row in rows]
        address = str(page.xpath("string(//nav/a[@rel='next']/@href)"))
    assert sizes == [tray.PAGE, tray.PAGE, 31]
    assert len({number for number, _ in seen}) == 131
    unread = [is_new for _, is_new in seen]
    assert unread == sorted(unread, reverse=True), "those not opened come first"
    assert f"共 131 份，未阅 {sum(unread)} 份" in clerk.get("/documents").text
    assert clerk.get("/documents?after=nonsense~1").status_code == 200
