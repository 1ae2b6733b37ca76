"""The ledger (问题台账): find, filter, sort, count, and take the same list away as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from engine.reads import exports, ledger
from engine.reads.columns import Cell
from engine.reads.filters import Filters
from engine.words.terms import SETTLED, STAGES, Term
from webui.cases import zone
from webui.locale import language
from webui.request import here

room = Blueprint("ledger", __name__, url_prefix="/ledger")

TITLE = Term("问题台账", "Issue ledger")
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
        late=sum(over for _number, over in counts.values()),
        choices=ledger.choices(session, actor=officer),
        page=ledger.page(session, filters, actor=officer, at=at, after=request.args.get("after"), zone=zone()),
        to=_to(filters),
    )


@room.get("/export.csv")
def as_csv() -> ResponseReturnValue:
    english = language() == "en"
    labels = [column.label for column in exports.LEDGER]
    return _file(exports.as_csv(labels, _rows(), english=english, zone=zone()), "csv", "text/csv; charset=utf-8")


@room.get("/export.xlsx")
def as_xlsx() -> ResponseReturnValue:
    columns = [(column.label, column.width) for column in exports.LEDGER]
    pieces = exports.as_xlsx(columns, _rows(), title=TITLE, english=language() == "en", zone=zone())
    return _file(pieces, "xlsx", XLSX)


def _rows() -> Iterator[list[Cell]]:
    session, officer, at = here()
    return exports.ledger_rows(session, asked(), actor=officer, at=at, zone=zone())


def _file(pieces: Iterator[bytes], ending: str, media: str) -> Response:
    """Sent piece by piece while it is being read; the transaction stays open until the last one."""
    answer = Response(stream_with_context(pieces), content_type=media)
    day = here().at.astimezone(zone()).strftime("%Y%m%d-%H%M")
    answer.headers["Content-Disposition"] = f'attachment; filename="ledger-{day}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


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
        overdue="overdue" in args,
        again="again" in args,
        since=day_of(args.get("since")),
        until=day_of(args.get("until")),
        sort=sort if sort in ledger.SORTS else "newest",
    )


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
