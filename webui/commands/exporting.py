"""export ledger, export log: everything there is, as a stream, for a spreadsheet or another program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.reads import exports, kept
from engine.reads.columns import Cell
from engine.reads.filters import Filters, conditions
from engine.words.officers import Actor, Held
from engine.words.terms import Term
from models import Case, Entry, Officer, Unit
from webui.cli import say
from webui.place import MACHINE, Place, now

ZONE = ZoneInfo("Asia/Shanghai")
LOG = ("book", "seq", "at", "kind", "officer", "unit", "body", "digest", "previous", "hash", "kept")
_OPTIONS = (
    click.option("--format", "kind", type=click.Choice(["csv", "xlsx", "jsonl"]), default="csv", show_default=True),
    click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day. 起"),
    click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Last day. 止"),
    click.option("--process", default="", help="Only this process. 流程"),
    click.option("-o", "to", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File. 输出文件"),
)


def _asked(command: Any) -> Any:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group(short_help="Ledger and journal as files 导出")
def export() -> None:
    """Ledger and journal as files, without a limit of rows. With --by, what that officer may see. 导出"""


@export.command("ledger")
@_asked
@click.pass_obj
def ledger(place: Place, kind: str, since: datetime | None, until: datetime | None, process: str, to: Path) -> None:
    """The ledger of issues. 问题台账"""
    filters = Filters(process=process, since=_day(since), until=_day(until))
    with place.reading() as session:
        actor, at = _reader(place, session), now()
        total = session.scalar(select(func.count()).select_from(Case).where(*conditions(filters, actor, at, ZONE)))
        rows = exports.ledger_rows(session, filters, actor=actor, at=at)
        columns = [(column.label, column.width) for column in exports.LEDGER]
        _write(to, kind, columns, rows, total or 0, title=Term("问题台账", "Issue ledger"))


@export.command("log")
@_asked
@click.pass_obj
def log(place: Place, kind: str, since: datetime | None, until: datetime | None, process: str, to: Path) -> None:
    """The journal: every fact with its seal. 事实日志"""
    with place.reading() as session:
        query = select(Entry.id)
        if since is not None:
            query = query.where(Entry.at >= since.replace(tzinfo=ZONE))
        if until is not None:
            query = query.where(Entry.at <= datetime.combine(until, time.max, tzinfo=ZONE))
        if process:
            query = query.where(Entry.book.in_(select(Case.id).where(Case.process_id == process)))
        if place.officer is not None:
            seen = conditions(Filters(), _reader(place, session), now(), ZONE)
            query = query.where(Entry.book.in_(select(Case.id).where(*seen)))
        total = session.scalar(select(func.count()).select_from(query.subquery()))
        columns = [(Term(name, name), 20) for name in LOG]
        _write(to, kind, columns, _entries(session, query), total or 0, title=Term("事实日志", "Journal"))


def _entries(session: Session, wanted: Any) -> Iterator[list[Cell]]:
    query = (
        select(
            Entry.book, Entry.seq, Entry.at, Entry.kind, Officer.login, Unit.code, Entry.body, Entry.digest,
            Entry.previous, Entry.hash,
        )
        .outerjoin(Officer, Officer.id == Entry.officer_id)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .where(Entry.id.in_(wanted))
        .order_by(Entry.book, Entry.seq)
    )  # fmt: skip
    for row in session.execute(query.execution_options(yield_per=1000)):
        yield [row[0], row[1], row[2].astimezone(UTC).isoformat(), *row[3:], kept.beside(session, row[0], row[6])]


def _write(
    to: Path, kind: str, columns: list[tuple[Term, int]], rows: Iterable[list[Cell]], total: int, *, title: Term
) -> None:
    """Into a file beside the wanted one, which it replaces only when it is whole."""
    english = say("zh", "en") == "en"
    labels = [label for label, _ in columns]
    beside = to.with_name(f".{to.name}.unfinished")
    try:
        with beside.open("wb") as opened, click.progressbar(rows, length=total, label=str(to)) as counted:
            if kind == "csv":
                pieces = exports.as_csv(labels, counted, english=english)
            elif kind == "xlsx":
                pieces = exports.as_xlsx(columns, counted, title=title, english=english)
            else:
                pieces = exports.as_jsonl(_named(labels, row, english) for row in counted)
            for piece in pieces:
                opened.write(piece)
        beside.replace(to)
    finally:
        beside.unlink(missing_ok=True)


def _named(labels: list[Term], row: list[Cell], english: bool) -> dict[str, Any]:
    words = [(label.en if english else label.zh) for label in labels]
    return {
        word: orjson.Fragment(cell)
        if word in {"body", "kept"} and isinstance(cell, str)
        else (cell.en if english else cell.zh)
        if isinstance(cell, Term)
        else cell
        for word, cell in zip(words, row, strict=True)
    }


def _reader(place: Place, session: Session) -> Actor:
    """The officer named with --by; else whoever sits at the machine, who could read the database file anyway."""
    if place.officer is not None:
        return place.actor(session)
    return Actor(MACHINE.id, MACHINE.login, MACHINE.name, None, held=(Held("auditor", 0, ""),))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None
