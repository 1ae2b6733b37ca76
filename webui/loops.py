"""The loops around a hub as one picture with live counts; every number leads to its list."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.reads import loops
from engine.words.errors import NotFound
from webui.cases import zone
from webui.request import here

room = Blueprint("loops", __name__, url_prefix="/loops")


@room.get("/<process_id>")
def index(process_id: str) -> ResponseReturnValue:
    return render_template("loops/index.html", picture=_picture(process_id))


@room.get("/<process_id>/picture")
def part(process_id: str) -> ResponseReturnValue:
    """The picture alone: pages that show it fetch it anew every few seconds."""
    return render_template("loops/_picture.html", picture=_picture(process_id))


def _picture(process_id: str) -> loops.Picture:
    session, officer, at = here()
    found = loops.picture(session, process_id, actor=officer, at=at, zone=zone())
    if found is None:
        raise NotFound("这个流程没有画出小闭环。", "This process draws no loops around itself.")
    return found
