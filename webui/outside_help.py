"""Help on programs outside, for those who draw and for those who write them; and on incidents, for who repairs them."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webui import guards

room = Blueprint("outside_help", __name__, url_prefix="/help")
guards.for_roles(room, "designer", "admin", "auditor")
WORKER = Path(__file__).with_name("example_worker.py")
SOURCE = Path(__file__).with_name("example_source.py")


@room.get("/outside")
def designers() -> ResponseReturnValue:
    return render_template("outside/designers.html")


@room.get("/sources")
def sources() -> ResponseReturnValue:
    return render_template("outside/sources.html", source=SOURCE.read_text("utf-8"))


@room.get("/workers")
def workers() -> ResponseReturnValue:
    return render_template("outside/workers.html", worker=WORKER.read_text("utf-8"))


@room.get("/incidents")
def incidents() -> ResponseReturnValue:
    return render_template("outside/incidents.html")
