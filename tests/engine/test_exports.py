"""Files say what the page says, in full, and no cell of them runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from engine.reads import exports
from engine.reads.columns import Cell
from engine.reads.filters import Filters
from engine.words import facts as f
from engine.words.terms import Term
from tests.told import BRAM, DORA, MORNING, Statements, Told, office

AT = MORNING + timedelta(days=2)


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    with office(url) as opened:
        one = Told(opened, 2026_000_001).raised(title='=HYPERLINK("x")').dispatched(3).reported()
        one.closed()
        two = Told(opened, 2026_000_002, at=MORNING + timedelta(hours=1)).raised(place="@here", found=1).dispatched(4)
        two.act(BRAM, f.VariablesChanged({}, {"co_units": ["hexi", "chengguan"], "done_at": {"$day": "2026-11-21"}}))
        yield opened


def rows(session: Session, filters: Filters | None = None) -> list[list[Cell]]:
    return list(exports.ledger_rows(session, filters or Filters(), actor=DORA, at=AT))


def as_table(session: Session, *, english: bool = False) -> list[dict[str, str]]:
    labels = [column.label for column in exports.LEDGER]
    content = b"".join(exports.as_csv(labels, rows(session), english=english)).decode()
    assert content.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))


def test_the_ledger_holds_all_columns_of_the_paper_ledger(session: Session) -> None:
    newest, closed = as_table(session)
    assert closed["问题编号"] == "2026-000001"
    assert closed["检查人／提出人"] == "综合组 登记员甲"
    assert closed["严重等级"] == "较重"
    assert closed["责任单位"] == "城关镇"
    assert closed["派发时间"] == "2026-11-20 10:20"
    assert closed["整改时限"] == "2026-11-23 00:00"
    assert closed["状态"] == "已销号"
    assert closed["是否超期"] == "否"
    assert closed["销号时间"] == "2026-11-20 15:30"
    assert newest["序号"] == "1"
    assert newest["配合单位"] == "河西镇、城关镇"
    assert newest["完成时间"] == "2026-11-21"
    assert newest["状态"] == "已派发"


def test_in_english(session: Session) -> None:
    row = as_table(session, english=True)[1]
    assert row["Responsible unit"] == "Chengguan town"
    assert row["Severity"] == "Major"
    assert row["Stage"] == "Closed"
    assert row["Overdue"] == "no"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\r=1"])
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    content = b"".join(exports.as_csv([Term(text, text)], [[text]])).decode()
    head, cell = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline="")))
    assert head[0] == cell[0] == f"'{text}"
    assert exports.harmless("整改-完成") == "整改-完成"


def test_an_xlsx_opens_with_typed_cells_and_no_formula(session: Session) -> None:
    columns = [(column.label, column.width) for column in exports.LEDGER]
    pieces = exports.as_xlsx(columns, rows(session), title=Term("问题台账", "Ledger"))
    sheet = load_workbook(io.BytesIO(b"".join(pieces)))["问题台账"]
    head = [cell.value for cell in sheet[1]]
    newest: dict[Any, Any] = dict(zip(head, sheet[2], strict=True))
    closed: dict[Any, Any] = dict(zip(head, sheet[3], strict=True))
    assert closed["问题名称"].value == '=HYPERLINK("x")'
    assert closed["问题名称"].data_type == "s"
    assert closed["问题名称"].quotePrefix
    assert closed["提出时间"].value == datetime(2026, 11, 20, 10, 10)  # noqa: DTZ001
    assert newest["序号"].value == 1
    assert newest["点位／地点"].value == "@here"
    assert newest["点位／地点"].data_type == "s"


def test_what_no_spreadsheet_may_hold_is_left_out() -> None:
    row: list[Cell] = [
        "a\x00b\x0bc",
        "x" * 40_000,
        date(2026, 11, 20),
        None,
        datetime(2026, 11, 20, tzinfo=UTC),
    ]
    columns = [(Term(str(n), str(n)), 10) for n in range(5)]
    pieces = exports.as_xlsx(columns, [row], title=Term("x" * 50, "x"))
    cells = [
        cell.value for cell in next(load_workbook(io.BytesIO(b"".join(pieces))).worksheets[0].iter_rows(min_row=2))
    ]
    assert cells[0] == "abc"
    assert len(cells[1]) == 32_767
    assert cells[3] is None


def test_an_empty_ledger_is_a_file_with_a_head(session: Session) -> None:
    assert rows(session, Filters(process="none")) == []
    content = b"".join(exports.as_csv([Term("序号", "No.")], []))
    assert content.decode() == "\ufeff序号\r\n"


def test_an_export_streams_and_its_statements_grow_by_batches_not_by_rows(session: Session) -> None:
    for n in range(60):
        Told(session, 2026_000_100 + n, at=MORNING + timedelta(minutes=n)).raised()
    session.commit()
    with Statements(session) as heard:
        stream = exports.as_csv([Term("x", "x")], exports.ledger_rows(session, Filters(), actor=DORA, at=AT))
        assert len(b"".join(stream).splitlines()) == 63
    assert len(heard) <= 12
