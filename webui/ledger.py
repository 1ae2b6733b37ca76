"""The ledger (问题台账): find, filter, sort, count, and take the same list away as a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.jobs import desk
from engine.jobs import exports as background
from engine.reads import exports, ledger
from engine.reads.columns import Cell
from engine.reads.filters import Filters
from engine.reads.sentences.course import case_number
from engine.words.errors import NotFound
from engine.words.terms import SETTLED, STAGES, Term
from webui.cases import zone
from webui.locale import language
from webui.request import here
from webui.streams import streamed

room = Blueprint("ledger", __name__, url_prefix="/ledger")

# A ledger longer than this is written in the background.
MANY = 5_000
TITLE = Term("问题台账", "Issue ledger")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, at = here()
    filters = asked()
    counts = ledger.counts(session, filters, actor=officer, at=at, zone=zone())
    return render_template(
        "ledger/index.html",
        filters=filters,
        tabs=_tabs(counts, filters),
        many=sum(number for number, _over in counts.values()) > MANY,
        late=sum(over for _number, over in counts.values()),
        choices=ledger.choices(session, actor=officer),
        page=ledger.page(session, filters, actor=officer, at=at, after=request.args.get("after"), zone=zone()),
        to=_to(filters),
    )


@room.get("/export.csv")
def as_csv() -> ResponseReturnValue:
    labels = [column.label for column in exports.LEDGER]
    rows, english, here_zone = _rows(), language() == "en", zone()
    return streamed(
        lambda session: exports.as_csv(labels, rows(session), english=english, zone=here_zone), "ledger", "csv", CSV
    )


@room.get("/export.xlsx")
def as_xlsx() -> ResponseReturnValue:
    columns = [(column.label, column.width) for column in exports.LEDGER]
    rows, english, here_zone = _rows(), language() == "en", zone()
    return streamed(
        lambda session: exports.as_xlsx(columns, rows(session), title=TITLE, english=english, zone=here_zone),
        "ledger",
        "xlsx",
        XLSX,
    )


@room.post("/export")
def in_background() -> ResponseReturnValue:
    """A long ledger is written by a worker; the officer need not wait for it."""
    session, officer, at = here()
    format = request.form.get("format", "")
    if format not in background.FORMATS:
        raise NotFound("没有这种格式。", "There is no such format.")
    args = background.asked(asked(), format=format, english=language() == "en", zone=current_app.config["ZONE"])
    desk.ask(session, "ledger", args, by=officer, at=at)
    return redirect(url_for("jobs.index"))


def _rows() -> Callable[[Session], Iterator[list[Cell]]]:
    """What is asked, and who asks, is settled now; the rows are read when they are sent."""
    filters, officer, at, here_zone = asked(), here().officer, here().at, zone()
    return lambda session: exports.ledger_rows(session, filters, actor=officer, at=at, zone=here_zone)


def asked() -> Filters:
    """The filters as the address says them; what cannot be read there counts as not asked."""
    args = request.args
    sort = args.get("sort", "newest")
    return Filters(
        text=args.get("text", "").strip()[:100],
        stages=tuple(dict.fromkeys(stage for stage in args.getlist("stage") if stage))[:20],
        unit=args.get("unit", type=int),
        category=args.get("category", "")[:100],
        severity=args.get("severity", "")[:40],
        level=args.get("level", type=int),
        source=args.get("source", "")[:100],
        process=args.get("process", "")[:100],
        parent=number_of(args.get("parent")),
        overdue="overdue" in args,
        again="again" in args,
        since=day_of(args.get("since")),
        until=day_of(args.get("until")),
        sort=sort if sort in ledger.SORTS else "newest",
    )


def number_of(text: str | None) -> int | None:
    found = re.fullmatch(r"(\d{4})-?(\d{6})", (text or "").strip(), re.ASCII)
    return int(found[1] + found[2]) if found else None


def day_of(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def address(filters: Filters) -> dict[str, Any]:
    """The same filters as arguments of an address; the usual ones are left out."""
    said = {
        "text": filters.text,
        "stage": list(filters.stages),
        "unit": filters.unit,
        "category": filters.category,
        "severity": filters.severity,
        "level": filters.level,
        "source": filters.source,
        "process": filters.process,
        "parent": case_number(filters.parent) if filters.parent is not None else None,
        "overdue": 1 if filters.overdue else None,
        "again": 1 if filters.again else None,
        "since": filters.since.isoformat() if filters.since else None,
        "until": filters.until.isoformat() if filters.until else None,
        "sort": filters.sort if filters.sort != "newest" else None,
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def _to(filters: Filters) -> Callable[..., str]:
    """Addresses of this ledger with something changed: `to(stages=("closed",))`, `to(page="ledger.as_csv")`."""

    def to(page: str = "ledger.index", after: str | None = None, **changes: Any) -> str:
        return url_for(page, **address(replace(filters, **changes)), after=after)

    return to


def _tabs(counts: dict[str, tuple[int, int]], filters: Filters) -> list[dict[str, Any]]:
    """All, those still owed, and each stage that occurs, in the order of the loop."""
    known = [code for code in STAGES if code in counts] + sorted(set(counts) - set(STAGES))
    owed = tuple(code for code in known if code not in SETTLED)
    groups = [("all", ()), ("owed", owed), *((code, (code,)) for code in known)]
    return [
        {
            "code": code,
            "stages": stages,
            "number": sum(counts[stage][0] for stage in (stages or known)) if stages or code == "all" else 0,
            "here": set(stages) == set(filters.stages) or code in filters.stages,
        }
        for code, stages in groups
        if stages or code == "all"
    ]
