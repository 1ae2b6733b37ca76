"""Units of the office for administrators: who is below whom, and how a unit is dissolved without losing its work."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from engine.acts import units
from engine.words.errors import NotValid
from models import Unit
from webui import errors, guards
from webui.locale import say
from webui.request import here

room = Blueprint("units", __name__, url_prefix="/units")
guards.for_roles(room, "admin")


@room.get("")
def index() -> ResponseReturnValue:
    rows = here().session.scalars(select(Unit).order_by(Unit.path)).all()
    return render_template("units/index.html", units=rows)


@room.get("/<code>")
def one(code: str) -> ResponseReturnValue:
    return _page(code)


@room.post("/<code>/end")
def end(code: str) -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("units.index"))
    try:
        with session.begin_nested():
            done = units.end(session, code, request.form.get("reason", ""), by=officer, at=at)
    except NotValid as refused:
        return _page(code, refused)
    zh, en = (
        "已撤并，%s 件事项的 %s 项待办已转上级。",
        "Dissolved; the unit above has %s cases with %s tasks of it now.",
    )
    flash(say(zh, en) % (done.cases, done.tasks), "success")
    return redirect(url_for("units.index"))


def _page(code: str, refused: NotValid | None = None) -> ResponseReturnValue:
    page = render_template(
        "units/unit.html", found=units.succession(here().session, code), reason=request.form.get("reason", ""),
        faults=refused.faults if refused is not None else (),
    )  # fmt: skip
    return page, 422 if refused is not None else 200
