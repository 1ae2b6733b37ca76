"""Rows of a spreadsheet become cases and units, whatever office wrote the file; what cannot be taken is said by row."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import imports, rosters
from engine.acts.imports import Line
from engine.notation import sheets
from engine.words.errors import NotValid
from models import Case, Entry, Unit
from tests.cast import MORNING, Cast

FIXTURES = Path(__file__).parent.parent / "fixtures"
HEADER = ["id", "raised_by", "raised_on", "responsible_unit", "place", "category", "description", "severity"]
CHINESE = ["问题编号", "提出方", "提出时间", "责任单位", "点位", "类别", "问题描述", "严重程度"]
ROW = ["A1", "上级专家组", "03-08", "港口街道", "码头社区三号卡口", "卡口值守", "夜间无人值守，栏杆敞开", "较重"]


def table(*rows: list[str], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def one_line(session: Session, cast: Cast, content: bytes, **options: bool) -> Line:
    (row,) = imports.read_issues(content).rows
    return imports.issue(session, row, by=cast.actor(session, "liaison"), at=MORNING, **options)


def refusal(content: bytes) -> NotValid:
    with pytest.raises(NotValid) as caught:
        imports.read_issues(content)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_office_writes_it(encoding: str, delimiter: str) -> None:
    sheet = imports.read_issues(table(CHINESE, ROW, delimiter=delimiter).encode(encoding))
    assert [row.cells["description"] for row in sheet.rows] == ["夜间无人值守，栏杆敞开"]
    assert sheet.rows[0].number == 2
    assert sheet.unknown == ()


def test_workbook() -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["问题编号 *", "提出时间", "点位／地点", "问题类别", "问题描述", "严重等级", "备注"])
    book.active.append([17, date(2026, 3, 8), "码头社区", "卡口值守", "无人值守", "较重", "x"])
    book.active.append([None] * 7)
    book.active.append([18.0, "03-09", "码头社区", "卡口值守", "无人值守", "较重", None])
    content = io.BytesIO()
    book.save(content)
    sheet = imports.read_issues(content.getvalue())
    assert [(row.number, row.cells["id"], row.cells["raised_on"]) for row in sheet.rows] == [
        (2, "17", "2026-03-08"),
        (4, "18", "03-09"),
    ]
    assert sheet.unknown == ("备注",)


@given(st.lists(st.lists(st.text(max_size=20), min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_was_written_is_read(rows: list[list[str]]) -> None:
    written = [[cell.replace("\0", "") for cell in row] for row in rows]
    full = [row for row in written if any(cell.strip() for cell in row)]
    content = table(["unit", "kind"], ["first", ""], *written).encode("utf-8", "surrogatepass")
    if any("\ud800" <= letter <= "\udfff" for row in written for cell in row for letter in cell):
        return
    read = sheets.read(content, rosters.UNIT_COLUMNS, ["unit"]).rows[1:]
    assert [[row.cells["unit"], row.cells["kind"]] for row in read] == [[cell.strip() for cell in row] for row in full]


def test_a_row_becomes_a_case(issue_loop: Cast, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        line = one_line(session, issue_loop, table(HEADER, ROW).encode())
        assert (line.verdict, line.remarks) == ("raised", ())
        case = session.get_one(Case, line.case)
        assert (case.external_id, case.severity, case.category) == ("A1", "major", "checkpoint")
        assert case.title == "夜间无人值守，栏杆敞开"
        assert case.raiser_unit_id == issue_loop.units["EXPERTS"], "the raiser named in the row"
        assert case.variables["suggested_unit"] == "HARBOUR"
        assert case.variables["found_at"] == {"$day": "2026-03-08"}
        assert "提出方：上级专家组" in case.variables["source_paragraph"]


def test_a_row_is_taken_once(issue_loop: Cast, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        first = one_line(session, issue_loop, table(HEADER, ROW).encode())
        again = one_line(session, issue_loop, table(HEADER, ROW).encode())
        assert (again.verdict, again.case) == ("already there", first.case)
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_an_unknown_unit_is_remarked_on_or_refused(issue_loop: Cast, sessions: sessionmaker[Session]) -> None:
    content = table(HEADER, [*ROW[:3], "不存在的单位", *ROW[4:]]).encode()
    with sessions.begin() as session:
        strict = one_line(session, issue_loop, content, strict=True)
        assert strict.verdict == "refused"
        assert session.scalar(select(func.count()).select_from(Case)) == 0
        line = one_line(session, issue_loop, content)
        assert line.verdict == "raised"
        assert [remark.field for remark in line.remarks] == ["responsible_unit"]
        assert "不存在的单位" in session.get_one(Case, line.case).variables["source_paragraph"]


def test_an_unknown_category_is_other_and_its_text_is_kept(issue_loop: Cast, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        line = one_line(session, issue_loop, table(HEADER, [*ROW[:5], "闻所未闻", *ROW[6:]]).encode())
        case = session.get_one(Case, line.case)
        assert case.category == "other"
        assert "闻所未闻" in case.variables["source_paragraph"]


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("id", "", "“问题编号”不能为空"),
        ("place", "", "“点位”不能为空"),
        ("description", "", "“问题描述”不能为空"),
        ("severity", "很严重", "“严重程度”“很严重”不在可选项中"),
        ("raised_on", "02-30", "没有“02-30”这一天"),
        ("place", "长" * 300, "点位"),
    ],
)
def test_a_bad_row_is_refused_by_column(
    issue_loop: Cast, sessions: sessionmaker[Session], column: str, text: str, said: str
) -> None:
    row = [text if name == column else cell for name, cell in zip(HEADER, ROW, strict=True)]
    with sessions.begin() as session:
        before = session.scalar(select(func.count()).select_from(Entry))
        line = one_line(session, issue_loop, table(HEADER, row).encode())
        assert line.verdict == "refused"
        assert any(said in remark.zh for remark in line.remarks), line.remarks
        assert session.scalar(select(func.count()).select_from(Entry)) == before, "a refused row writes nothing"


@pytest.mark.parametrize(
    ("text", "day"),
    [("03-08", "2026-03-08"), ("2025-12-31", "2025-12-31"), ("12-31", "2025-12-31"), ("3月8日", "2026-03-08")],
)
def test_days_without_a_year(issue_loop: Cast, sessions: sessionmaker[Session], text: str, day: str) -> None:
    with sessions.begin() as session:
        line = one_line(session, issue_loop, table(HEADER, [*ROW[:2], text, *ROW[3:]]).encode())
        assert session.get_one(Case, line.case).variables["found_at"] == {"$day": day}


def test_twins_in_one_file() -> None:
    rows = imports.read_issues(table(HEADER, ROW, ROW).encode()).rows
    assert rows[0].faults == ()
    assert [fault.zh for fault in rows[1].faults] == ["“问题编号”与第 2 行的编号 A1 重复"]


def test_missing_columns_are_named() -> None:
    told = refusal(table(["id", "place", "问题描述"], ["1", "x", "y"]).encode())
    assert "“类别”（category）" in told.zh
    assert "severity" in told.en
    assert "place" in told.zh, "what is there is said, too"


def test_a_huge_cell_is_refused_by_row_and_column() -> None:
    rows = imports.read_issues(table(HEADER, [*ROW[:6], "长" * 10_000_000, "较重"], ["A2", *ROW[1:]]).encode()).rows
    assert [(fault.field, "超过 1 MB" in fault.zh) for fault in rows[0].faults] == [("description", True)]
    assert rows[1].faults == ()


def test_too_many_cells_in_a_row() -> None:
    (row,) = imports.read_issues((table(HEADER) + ",".join([*ROW, "a", "b"])).encode()).rows
    assert ["多于表头" in fault.zh for fault in row.faults] == [True]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf \r\n", "文件是空的"),
        (table(HEADER).encode(), "没有任何数据行"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), ".xls"),
        (b"PK\x03\x04" + bytes(100), "不是可以打开的 Excel"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "不是文本表格"),
        (("id,place\n" + '"open').encode(), "缺少列"),
        ((table(HEADER, ROW) + 'A2,"never closed').encode(), "引号"),
        ((",".join([*HEADER, "description"]) + "\n" + ",".join(ROW)).encode(), "出现了两次"),
    ],
)
def test_no_table(content: bytes, said: str) -> None:
    assert said in refusal(content).zh


def test_a_workbook_that_unpacks_without_end_is_not_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(300 * 1024 * 1024))
    assert "256 MB" in refusal(packed.getvalue()).zh


def test_every_issue_of_the_seeds(issue_loop: Cast, sessions: sessionmaker[Session]) -> None:
    sheet = imports.read_issues((FIXTURES / "issues.csv").read_bytes())
    verdicts = []
    for number, row in enumerate(sheet.rows):
        with sessions.begin() as session:
            by = issue_loop.actor(session, "liaison")
            line = imports.issue(session, row, by=by, at=MORNING + timedelta(minutes=number))
        verdicts.append(line.verdict)
    assert verdicts == ["raised"] * 180
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Case).where(Case.stuck_at.is_(None))) == 180


def test_the_units_of_the_seeds_make_a_tree(cast: Cast, sessions: sessionmaker[Session]) -> None:
    sheet = rosters.read_units((FIXTURES / "org.csv").read_bytes())
    with sessions.begin() as session:
        lines = rosters.units(session, sheet, by=cast.actor(session, "admin"), at=datetime.now(UTC))
    assert [line.verdict for line in lines] == ["added"] * 299
    with sessions.begin() as session:
        jiefang = session.scalars(select(Unit).where(Unit.name == "流调工作组信息组")).one()
        above = session.get_one(Unit, jiefang.parent_id)
        assert (above.name, jiefang.path) == ("流调工作组", f"{above.path}{jiefang.id}.")
        assert jiefang.code.startswith("U0")
        before = session.scalar(select(func.count()).select_from(Unit))
        again = rosters.units(session, sheet, by=cast.actor(session, "admin"), at=datetime.now(UTC))
        assert {line.verdict for line in again} == {"already there"}
        assert session.scalar(select(func.count()).select_from(Unit)) == before


def test_a_circle_of_superiors_is_refused(cast: Cast, sessions: sessionmaker[Session]) -> None:
    text = "单位,上级\n甲,乙\n乙,丙\n丙,甲\n丁,丙\n戊,\n己,己\n,戊\n戊,\n"
    with sessions.begin() as session:
        by = cast.actor(session, "admin")
        lines = rosters.units(session, rosters.read_units(text.encode()), by=by, at=MORNING)
    assert [line.verdict for line in lines] == [*["refused"] * 4, "added", *["refused"] * 3]
    assert "成环" in lines[0].remarks[0].zh
    assert "不能为空" in lines[6].remarks[0].zh
    assert "与第 6 行重复" in lines[7].remarks[0].zh
