"""Every template that comes with the program, filled and opened with a reader of its own (python-docx)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from engine.notation.papers import filling, parcel
from engine.reads.paper_words import ALWAYS
from engine.words.terms import DOCUMENTS

FOLDER = Path(__file__).resolve().parents[3] / "processes" / "documents"
LONG = "经查，该点位扫码登记不到位、台账缺三天，“两码联查”未落实；" * 12
ROW = {
    "number": "2026-000123", "title": "扫码登记不到位", "unit": "港口街道", "unit_name": "港口街道", "text": "扫码登记",
    "note": "未见登记", "name": "港口街道", "total": 12, "score": 91.5, "rank": 1, "checked": "不符合",
}  # fmt: skip
LISTS = [
    *("issues", "findings", "faults", "fresh", "settled", "standing", "screened", "decisions", "ranking"),
    *("checks", "by_unit", "self_results"),
]
NUMBER = "〔2026〕12号"


def head(kind: str) -> dict[str, Any]:
    day = {"t": "2026年11月20日 09:30", "v": "2026-11-20T09:30:00+08:00", "day": "2026年11月20日", "time": "09:30"}
    sign = {"step": "负责人签字", "who": "张某某", "unit": "港口街道", "at": day}
    return {
        "number": f"{DOCUMENTS[kind].zh}{NUMBER}", "paper_title": f"{DOCUMENTS[kind].zh}：扫码登记", "paper_kind": "…",
        "office": "青澜市指挥部", "city": "青澜市", "to": "港口街道", "to_all": {"l": ["港口街道"], "t": "港口街道"},
        "issued": day, "issuer": "李某某", "case_number": "2026-000123", "process": "问题闭环", "round": 2,
        "level": {"t": "蓝色督办", "v": 2}, "code": "0123-4567-89AB-CDEF", "steps": {"d": {}},
        "contents": {"l": [{"d": {"label": "应报单位", "text": "24", "id": "total"}}], "t": ""},
        "signatures": {"l": [{"d": sign, "t": "张某某"}], "t": "张某某"},
    }  # fmt: skip


def words(made: bytes) -> str:
    """All that a reader of the paper reads, tables and footers included."""
    paper = Document(io.BytesIO(made))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    texts += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    texts += [paragraph.text for section in paper.sections for paragraph in section.footer.paragraphs]
    return "\n".join(texts)


def test_every_kind_of_paper_has_its_template_and_no_template_is_of_no_kind() -> None:
    assert {file.stem for file in FOLDER.glob("*.docx")} == set(DOCUMENTS)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_paper_says_what_it_was_given_and_leaves_no_mark(kind: str) -> None:
    template = (FOLDER / f"{kind}.docx").read_bytes()
    parcel.look_through(template)
    names = set(filling.read(template))
    given: dict[str, Any] = {name: f"【{name}】" for name in names}
    given |= {name: {"l": [{"d": ROW, "t": "行"}] * 3, "t": "三行"} for name in LISTS}
    given |= {name: {"l": [{"p": "现场.jpg"}], "t": "现场.jpg"} for name in names if "photos" in name}
    given |= {name: LONG for name in ("description", "result_text", "requirement", "overall") if name in names}
    read = words(filling.fill(template, {**given, **head(kind)}))
    assert NUMBER in read
    assert "2026年11月20日" in read
    assert "青澜市指挥部" in read
    assert "张某某" in read, "who signed"
    assert "0123-4567-89AB-CDEF" in read
    assert not any(mark in read for mark in ("{{", "}}", "{%", "%}"))
    said = [name for name in names - set(ALWAYS) - set(LISTS) if f"【{name}】" in read or given[name] == LONG]
    lists = [name for name in names & set(LISTS) if "港口街道" in read]
    assert said or lists or "contents" in names, "a paper that says nothing of its case"
    if LONG in given.values():
        assert LONG in read


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_paper_can_be_written_when_all_that_may_be_missing_is(kind: str) -> None:
    template = (FOLDER / f"{kind}.docx").read_bytes()
    bare = {**head(kind), "to": None, "to_all": {"l": [], "t": ""}, "issuer": None, "signatures": {"l": [], "t": ""},
            "contents": {"l": [], "t": ""}}  # fmt: skip
    assert NUMBER in words(filling.fill(template, bare))
    emptied = {**dict.fromkeys(filling.read(template)), **bare}
    read = words(filling.fill(template, emptied))
    assert not any(mark in read for mark in ("{{", "{%", "None"))
