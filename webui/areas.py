"""Areas by the colour of their risk: one sheet for each process that colours them, the worst area first."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.reads import areas
from engine.words.terms import COLOURS
from webui.request import here

room = Blueprint("areas", __name__, url_prefix="/areas")


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, at = here()
    only = request.args.get("colour", "")
    return render_template(
        "areas/index.html", sheets=areas.sheets(session, officer, at=at), colours=COLOURS,
        only=only if only in COLOURS else "",
        may=officer.has("designer") or officer.has("admin"),
    )  # fmt: skip
