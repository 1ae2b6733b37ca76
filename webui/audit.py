"""The auditor's room: reads every fact, proves the chain, changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import orjson
from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.reads import exports, journal_pages
from engine.reads.columns import Cell
from engine.reads.journal_pages import Record, Sieve
from engine.reads.sentences.kinds import KINDS, PARTS
from engine.record import chain
from engine.words.terms import Term
from webui import guards
from webui.cases import zone
from webui.ledger import day_of
from webui.locale import language, say
from webui.request import here
from webui.streams import streamed

room = Blueprint("audit", __name__, url_prefix="/audit")
guards.for_roles(room, "auditor", "admin")

COLUMNS = (
    Term("事项", "Case"), Term("序号", "No."), Term("时间", "At"), Term("种类", "Kind"), Term("人员", "Officer"),
    Term("登录名", "Login"), Term("单位", "Unit"), Term("经过", "What happened"), Term("内容", "Fact"),
    Term("前一指纹", "Previous hash"), Term("指纹", "Hash"),
)  # fmt: skip


@room.get("")
def index() -> ResponseReturnValue:
    session, _officer, _at = here()
    sieve = asked()
    return render_template(
        "audit/index.html",
        apart=journal_pages.APART,
        sieve=sieve,
        page=journal_pages.page(session, sieve, after=request.args.get("after", type=int), zone=zone()),
        units=journal_pages.units(session),
        kinds=KINDS,
        labels=PARTS,
        to=_to(sieve),
        shown=_shown,
    )


@room.get("/publications")
def publications() -> ResponseReturnValue:
    """Who changed which process, and what."""
    session, _officer, _at = here()
    sieve = Sieve(book="0", kinds=("VersionPublished",))
    after = request.args.get("after", type=int)
    return render_template(
        "audit/publications.html", page=journal_pages.page(session, sieve, after=after, limit=20, zone=zone())
    )


@room.get("/verification")
@guards.limiter.limit("30 per minute")
def verification() -> ResponseReturnValue:
    """Reads the chain when asked to (`now`), of one case or of everything; writes nothing."""
    session, _officer, at = here()
    asked_book = request.args.get("book", "").strip()
    book = journal_pages.book_of(asked_book) if asked_book else None
    verdict, seconds = None, 0.0
    if "now" in request.args:
        begun = perf_counter()
        verdict = chain.verify(session, book)
        seconds = perf_counter() - begun
    return render_template(
        "audit/verification.html", book=asked_book, verdict=verdict, seconds=seconds, at=at, apart=journal_pages.APART
    )


@room.get("/export.csv")
def as_csv() -> ResponseReturnValue:
    records, english, here_zone = _records(), language() == "en", zone()

    def pieces(session: Session) -> Iterator[bytes]:
        rows = (_row(record, english) for record in records(session))
        return exports.as_csv(COLUMNS, rows, english=english, zone=here_zone)

    return streamed(pieces, "journal", "csv", "text/csv; charset=utf-8")


@room.get("/export.jsonl")
def as_jsonl() -> ResponseReturnValue:
    records = _records()
    return streamed(
        lambda session: exports.as_jsonl(_item(record) for record in records(session)),
        "journal",
        "jsonl",
        "application/x-ndjson",
    )


def _records() -> Callable[[Session], Iterator[Record]]:
    sieve, here_zone = asked(), zone()
    return lambda session: journal_pages.every(session, sieve, zone=here_zone)


def _row(record: Record, english: bool) -> list[Cell]:
    kind = KINDS.get(record.kind, Term(record.kind, record.kind))
    fact = orjson.dumps(record.fact).decode() if record.fact is not None else ""
    return [
        record.number or "0", record.seq, record.at, kind, record.who, record.login or "", record.unit,
        record.line.text, fact, record.previous, record.hash,
    ]  # fmt: skip


def _item(record: Record) -> dict[str, Any]:
    """One line: the entry as it is kept, and its sentence in both languages."""
    return {
        "case": record.number,
        "book": record.book,
        "seq": record.seq,
        "at": record.at.isoformat(),
        "kind": record.kind,
        "officer": record.login,
        "unit": record.unit.zh if record.unit else None,
        "zh": record.line.text.zh,
        "en": record.line.text.en,
        "fact": record.fact,
        "digest": record.digest,
        "previous": record.previous,
        "hash": record.hash,
    }


def asked() -> Sieve:
    args = request.args
    return Sieve(
        book=args.get("book", "").strip()[:20],
        officer=args.get("officer", "").strip()[:64],
        unit=args.get("unit", type=int),
        kinds=tuple(kind for kind in dict.fromkeys(args.getlist("kind")) if kind in KINDS),
        since=day_of(args.get("since")),
        until=day_of(args.get("until")),
        text=args.get("text", "").strip()[:100],
    )


def _to(sieve: Sieve) -> Any:
    said = {
        "book": sieve.book,
        "officer": sieve.officer,
        "unit": sieve.unit,
        "kind": list(sieve.kinds),
        "since": sieve.since.isoformat() if sieve.since else None,
        "until": sieve.until.isoformat() if sieve.until else None,
        "text": sieve.text,
    }
    kept = {name: value for name, value in said.items() if value not in (None, "", [])}

    def to(page: str = "audit.index", **changes: Any) -> str:
        return url_for(page, **{**kept, **changes})

    return to


def _shown(value: Any) -> str:
    """A part of a fact as it is kept: words as words, what is nested as JSON."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return say("是", "yes") if value else say("否", "no")
    if isinstance(value, dict | list):
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return str(value)
