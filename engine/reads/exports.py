"""Lists as files, in full and as a stream: CSV that Excel opens in Chinese, XLSX, and JSON lines."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, tzinfo
from io import StringIO
from tempfile import TemporaryFile
from typing import IO, Any

import orjson
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from sqlalchemy.orm import Session

from engine.reads import ledger
from engine.reads.columns import COLUMNS, Cell, Column
from engine.reads.filters import Filters
from engine.reads.full_rows import full
from engine.reads.names import ZONE
from engine.words.officers import Actor
from engine.words.terms import Term

BOM = "\ufeff"
# What a spreadsheet would take for a formula, also in the wide characters of a Chinese keyboard.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_MOST_CHARACTERS = 32_767
_TOP = Alignment(wrap_text=True, vertical="top")
Row = Sequence[Cell]


def ledger_rows(
    session: Session, filters: Filters, *, actor: Actor, at: datetime, zone: tzinfo = ZONE
) -> Iterator[list[Cell]]:
    """All columns of the paper ledger for all cases of the same filter, with a running number in front."""
    number = 0
    for batch in ledger.every(session, filters, actor=actor, at=at, zone=zone):
        for row in full(session, [line.id for line in batch], at=at, zone=zone):
            number += 1
            yield [number, *(column.cell(row) for column in COLUMNS)]
        session.expunge_all()


LEDGER: tuple[Column, ...] = (Column(Term("序号", "No."), lambda row: None, 6), *COLUMNS)


def as_csv(
    labels: Iterable[Term], rows: Iterable[Row], *, english: bool = False, zone: tzinfo = ZONE
) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, one piece per two hundred rows."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    writer.writerow([harmless(_text(label, english, zone)) for label in labels])
    for count, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(cell, english, zone) for cell in row])
        if count % 200 == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def as_xlsx(
    columns: Sequence[tuple[Term, int]], rows: Iterable[Row], *, title: Term, english: bool = False, zone: tzinfo = ZONE
) -> Iterator[bytes]:
    """One sheet, written row by row to a file of its own: no more than a row is held. `columns`: label and width."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_text(title, english, zone)[:31])
    sheet.freeze_panes = "C2"
    for place, (_label, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_head(sheet, _text(label, english, zone)) for label, _width in columns])
    for row in rows:
        sheet.append([_xlsx_cell(sheet, cell, english, zone) for cell in row])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        yield from _pieces(file)


def as_jsonl(items: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for item in items:
        yield orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before what begins like one."""
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    return text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)


def _csv_cell(cell: Cell, english: bool, zone: tzinfo) -> str | int:
    return cell if isinstance(cell, int) else harmless(_text(cell, english, zone))


def _text(cell: Cell, english: bool, zone: tzinfo) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Term):
        return cell.en if english else cell.zh
    if isinstance(cell, datetime):
        return f"{cell.astimezone(zone):%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _xlsx_cell(sheet: Any, cell: Cell, english: bool, zone: tzinfo) -> Any:
    if isinstance(cell, int) or cell is None:
        return cell
    if isinstance(cell, datetime):
        made = WriteOnlyCell(sheet, cell.astimezone(zone).replace(tzinfo=None))
        made.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(cell, date):
        made = WriteOnlyCell(sheet, datetime.combine(cell, time()))
        made.number_format = "yyyy-mm-dd"
    else:
        text = ILLEGAL_CHARACTERS_RE.sub("", _text(cell, english, zone))[:_MOST_CHARACTERS]
        made = WriteOnlyCell(sheet, text)
        made.data_type = "s"
        # As Excel itself marks a text that begins like a formula.
        made.quotePrefix = _is_formula(text)
    made.alignment = _TOP
    return made


def _head(sheet: Any, text: str) -> Any:
    made = WriteOnlyCell(sheet, text)
    made.font = Font(bold=True)
    made.fill = PatternFill("solid", start_color="E8EFF9")
    made.alignment = Alignment(wrap_text=True, vertical="center")
    return made


def _taken(buffer: StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _pieces(file: IO[bytes], size: int = 64 * 1024) -> Iterator[bytes]:
    read: Callable[[], bytes] = lambda: file.read(size)  # noqa: E731
    yield from iter(read, b"")
