"""Help: what the processes are for, where each mechanism of the source documents is carried, five stories told."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.notation.mechanisms import CORE, Also, Place
from engine.reads import mechanisms, openings, retold
from engine.words.terms import PROCESS_GROUPS
from webui.request import here

room = Blueprint("help_pages", __name__, url_prefix="/help")
DESIGNERS = ("designer", "auditor", "admin")


@room.get("")
def index() -> ResponseReturnValue:
    """Every process, by group, with what it is for, and how to begin or look at it."""
    session, officer, _at = here()
    processes = mechanisms.published(session)
    mine = {way.id for way in openings.open_to_officers(session, officer)} if not officer.reads_only else set()
    groups = [(term, [one for one in processes if one.group == code]) for code, term in PROCESS_GROUPS.items()]
    return render_template("help/index.html", groups=groups, mine=mine, draws=any(officer.has(r) for r in DESIGNERS))


@room.get("/mechanisms")
def mechanisms_page() -> ResponseReturnValue:
    """A row for each mechanism: its name, and every place that carries it, as a link."""
    session, officer, _at = here()
    draws = any(officer.has(role) for role in DESIGNERS)
    carried = mechanisms.carried(session)
    rows = [(one, carried.get(one.id, ())) for one in mechanisms.listed().values()]
    parts = [[row for row in rows if row[0].core], [row for row in rows if not row[0].core]]
    counts = [(sum(bool(places or one.also) for one, places in part), len(part)) for part in parts]
    return render_template(
        "help/mechanisms.html",
        parts=parts,
        counts=counts,
        core=CORE,
        names={one.id: one for one in mechanisms.published(session)},
        link=_link if draws else _no_link,
        page=partial(_page, draws=draws),
    )


@room.get("/seeds")
def seeds() -> ResponseReturnValue:
    """The five source documents as stories that run, each with a picture: which process each step is in."""
    return render_template("help/seeds.html", stories=retold.retold())


def _link(place: Place) -> str:
    if place.kind in {"table", "rule"}:
        return url_for("designer.table", process_id=place.process, file=place.element)
    return url_for("designer.process", process_id=place.process, at=place.element or None) + "#diagram"


def _no_link(_place: Place) -> str:
    """Drawings are for designers and auditors; everybody else reads where it is."""
    return ""


def _page(also: Also, *, draws: bool) -> str:
    """Where a page is; empty for what has no address of its own, or none for this officer."""
    if also.kind in {"step", "table"}:
        process, _, part = also.name.partition("/")
        return _link(Place("rule" if also.kind == "table" else "element", process, part, also.said)) if draws else ""
    return url_for(also.name) if also.kind == "page" and also.name in current_app.view_functions else ""
