"""The ledger as a file, however long it is: a thousand issues a part, put together at the end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.jobs.kinds import KINDS, Errand
from engine.reads import exports
from engine.reads.columns import Cell
from engine.reads.filters import Filters, conditions
from engine.reads.full_rows import full
from engine.words.terms import Term
from engine.words.values import from_json, to_json
from models import Case
from models.session import reading

PER_PART = 1000
TITLE = Term("问题台账", "Issue ledger")
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def asked(filters: Filters, *, format: str, english: bool, zone: str) -> dict[str, Any]:
    """What the desk keeps of the wish for an export."""
    kept = {one.name: to_json(getattr(filters, one.name)) for one in fields(Filters)}
    return {"filters": kept, "format": format, "english": english, "zone": zone}


class LedgerExport:
    label = Term("导出台账", "Export of the ledger")

    def plan(self, sessions: sessionmaker[Session], errand: Errand) -> int:
        """The cases are settled when the job begins, so that no part sees a different list."""
        zone = ZoneInfo(errand.args["zone"])
        wanted = conditions(_filters(errand.args["filters"]), errand.by, errand.asked_at, zone)
        with reading(sessions) as session:
            query = select(Case.id).where(*wanted).order_by(Case.opened_at.desc(), Case.id.desc())
            ids = list(session.scalars(query).all())
        _write(errand.folder / "cases.json", [orjson.dumps(ids)])
        return -(-len(ids) // PER_PART)

    def part(self, sessions: sessionmaker[Session], errand: Errand, number: int, *, at: datetime) -> None:
        ids = orjson.loads((errand.folder / "cases.json").read_bytes())[number * PER_PART : (number + 1) * PER_PART]
        zone = ZoneInfo(errand.args["zone"])
        with reading(sessions) as session:
            rows = full(session, ids, at=errand.asked_at, zone=zone)
            lines = [
                [number * PER_PART + place, *(column.cell(row) for column in exports.LEDGER[1:])]
                for place, row in enumerate(rows, start=1)
            ]
        kept = (orjson.dumps([_kept(cell) for cell in line], option=orjson.OPT_APPEND_NEWLINE) for line in lines)
        _write(_part(errand.folder, number), kept)

    def finish(self, sessions: sessionmaker[Session], errand: Errand, *, at: datetime) -> dict[str, Any]:
        english, zone = bool(errand.args["english"]), ZoneInfo(errand.args["zone"])
        rows = _rows(errand.folder)
        if errand.args["format"] == "xlsx":
            columns = [(column.label, column.width) for column in exports.LEDGER]
            pieces = exports.as_xlsx(columns, rows, title=TITLE, english=english, zone=zone)
        else:
            labels = [column.label for column in exports.LEDGER]
            pieces = exports.as_csv(labels, rows, english=english, zone=zone)
        file = errand.folder / f"result.{errand.args['format']}"
        _write(file, pieces)
        for part in errand.folder.glob("part-*.jsonl"):
            part.unlink()
        name = f"ledger-{errand.asked_at.astimezone(zone):%Y%m%d-%H%M}.{errand.args['format']}"
        return {"file": file.name, "name": name, "media": FORMATS[errand.args["format"]], "size": file.stat().st_size}


def _filters(kept: Mapping[str, Any]) -> Filters:
    known = {one.name for one in fields(Filters)}
    read: dict[str, Any] = {}
    for name in known & kept.keys():
        value = from_json(kept[name])
        read[name] = tuple(value) if isinstance(value, list) else value
    return Filters(**read)


def _part(folder: Path, number: int) -> Path:
    return folder / f"part-{number:06d}.jsonl"


def _rows(folder: Path) -> Iterator[list[Cell]]:
    for part in sorted(folder.glob("part-*.jsonl")):
        with part.open("rb") as lines:
            for line in lines:
                yield [_cell(kept) for kept in orjson.loads(line)]


def _kept(cell: Cell) -> Any:
    return {"$term": [cell.zh, cell.en]} if isinstance(cell, Term) else to_json(cell)


def _cell(kept: Any) -> Cell:
    if isinstance(kept, dict) and "$term" in kept:
        return Term(*kept["$term"])
    cell: str | int | datetime | date | None = from_json(kept)
    return cell


def _write(file: Path, pieces: Iterable[bytes]) -> None:
    """The file is there whole or not at all, also when the machine stops in the middle."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(f".{os.getpid()}.new")
    with new.open("wb") as out:
        for piece in pieces:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


KINDS["ledger"] = LedgerExport()
