"""Reads a table that somebody kept in a spreadsheet: CSV as Chinese and Western offices write it, or XLSX."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from engine.words.errors import Fault, NotValid

LARGEST_CELL = 1024 * 1024  # characters
LARGEST_UNPACKED = 256 * 1024 * 1024  # bytes of an XLSX, whatever the archive promises
_DELIMITERS = ",;\t，；"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is what the spreadsheet shows at its left (the header is row 1); `cells` by our own column names."""

    number: int
    cells: Mapping[str, str]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    columns: tuple[str, ...]
    # Headers nobody knows: told, not used.
    unknown: tuple[str, ...]
    rows: tuple[Row, ...]


def read(content: bytes, aliases: Mapping[str, Sequence[str]], required: Sequence[str]) -> Sheet:
    """The rows under a header whose names are found in `aliases` (our name → how offices write it).

    Raises `NotValid` with one sentence when the file as a whole cannot be read; what is wrong with a row stands there.
    """
    known = {_plain(word): name for name, words in aliases.items() for word in (name, *words)}
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise _refused("文件是空的。", "The file is empty.")
    if content.startswith(b"PK\x03\x04"):
        records: Iterable[tuple[int, list[str]]] = _workbook(content)
    elif content.startswith(_OLD_EXCEL):
        raise _refused(
            "这是旧版 Excel（.xls）文件，请另存为 .xlsx 或 CSV 再导入。",
            "This is an old Excel file (.xls). Save it as .xlsx or CSV first.",
        )
    else:
        records = _lines(_text(content), known)
    return _sheet(iter(records), known, aliases, required)


def _sheet(
    records: Iterator[tuple[int, list[str]]],
    known: Mapping[str, str],
    aliases: Mapping[str, Sequence[str]],
    required: Sequence[str],
) -> Sheet:
    _, header = next(records, (1, []))
    names = [known.get(_plain(word), "") for word in header]
    missing = [name for name in required if name not in names]
    if missing:
        zh = "、".join(f"“{aliases[name][0]}”（{name}）" for name in missing)
        en = ", ".join(f'"{name}"' for name in missing)
        there = "、".join(word.strip()[:40] for word in header[:30] if word.strip())
        raise _refused(
            f"第 1 行（表头）缺少列：{zh}。现有的列：{there or '无'}。",
            f"Row 1 (the header) lacks: {en}. There is: {there or 'nothing'}.",
        )
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise _refused(
            f"第 1 行（表头）中这些列出现了两次：{'、'.join(twice)}。", f"Twice in row 1: {', '.join(twice)}."
        )
    rows = tuple(_row(number, cells, names, header) for number, cells in records if any(cell.strip() for cell in cells))
    if not rows:
        raise _refused("表头下面没有任何数据行。", "There is no row under the header.")
    unknown = tuple(word.strip()[:60] for word, name in zip(header, names, strict=True) if word.strip() and not name)
    return Sheet(tuple(name for name in names if name), unknown, rows)


def _row(number: int, cells: list[str], names: list[str], header: list[str]) -> Row:
    faults: list[Fault] = []
    if any(cell.strip() for cell in cells[len(names) :]):
        faults.append(
            Fault("", f"有 {len(cells)} 格，多于表头的 {len(names)} 列（文字里的分隔符要加引号）",
                  f"{len(cells)} cells under {len(names)} columns (a delimiter inside a text needs quotes)")
        )  # fmt: skip
    kept: dict[str, str] = dict.fromkeys((name for name in names if name), "")
    for name, word, cell in zip(names, header, cells, strict=False):
        if len(cell) > LARGEST_CELL:
            faults.append(
                Fault(name or word.strip(), f"这一格有 {len(cell):,} 个字，超过 1 MB",
                      f"this cell has {len(cell):,} characters, more than 1 MB")
            )  # fmt: skip
        elif name:
            kept[name] = cell.strip()
    return Row(number, kept, tuple(faults))


def _text(content: bytes) -> str:
    """Strictly, in this order: what announces itself, UTF-8, then the Chinese national standard, which includes GBK."""
    encodings = ["utf-16"] if content.startswith(_UTF16) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused(
        "这不是文本表格：既不是 UTF-8，也不是 GB18030（GBK）编码。请另存为 CSV（UTF-8）或 .xlsx。",
        "This is no table in text: neither UTF-8 nor GB18030 (GBK). Save it as CSV (UTF-8) or .xlsx.",
    )


def _lines(text: str, known: Mapping[str, str]) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    first = text.split("\n", 1)[0]

    def recognised(delimiter: str) -> int:
        return sum(_plain(word.strip('"')) in known for word in first.rstrip("\r").split(delimiter))

    best = max(_DELIMITERS, key=recognised)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=best, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        raise _refused(
            f"第 {number + 1} 行（文件第 {reader.line_num} 行）的引号不成对或格式有误，从这里起读不下去。",
            f"Row {number + 1} (line {reader.line_num} of the file) cannot be read, its quotes do not match: {error}.",
        ) from None


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise _refused(
                    "这个工作簿展开后超过 256 MB，没有读取。",
                    "Unpacked, this workbook exceeds 256 MB; it was not read.",
                )
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise _refused(
            "这不是可以打开的 Excel 工作簿（.xlsx）。",
            f"This is no Excel workbook (.xlsx) that can be opened: {error}.",
        ) from None
    try:
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            yield number, [_cell(value) for value in cells]
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _plain(word: str) -> str:
    """Headers are compared without blanks, case, and the stars and brackets that forms put around them."""
    return "".join(letter for letter in word.lower() if letter.isalnum())


def _refused(zh: str, en: str) -> NotValid:
    return NotValid([Fault("", zh, en)])
