"""Raising an issue: the start form of a process, open to every officer."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.acts import cases, desk
from engine.acts.permits import refuse_reader, refuse_unless_may_begin
from engine.reads import openings
from engine.words.errors import NotValid
from engine.words.terms import PROCESS_GROUPS
from models import Case
from webui import errors
from webui.papers import Paper, blank, filled, refreshed
from webui.request import here
from webui.shell import case_url, say_if_stuck

room = Blueprint("intake", __name__, url_prefix="/intake")


@room.before_request
def _for_whoever_may_raise() -> None:
    refuse_reader(here().officer)


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, _at = here()
    ways = openings.open_to_officers(session, officer)
    groups = [(PROCESS_GROUPS[code], list(listed)) for code, listed in groupby(ways, key=lambda way: way.group)]
    if len(ways) == 1:
        return redirect(url_for("intake.fill", process_id=ways[0].id))
    return render_template("intake/index.html", groups=groups)


@room.get("/<process_id>")
def fill(process_id: str) -> ResponseReturnValue:
    return _page(process_id, None)


@room.post("/<process_id>")
def hand_in(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("intake.fill", process_id=process_id))
    _process, laid = desk.at_start(session, process_id, by=officer)
    paper = filled(laid)
    try:
        answers = paper.answers()
        twin = openings.just_raised(session, process_id, answers, by=officer, at=at)
        if twin is not None:
            flash(_("这件问题刚才已提出，编号 %(number)s，没有重复登记。", number=Case(id=twin).number))
            return redirect(case_url(twin))
        with session.begin_nested():
            case_id = cases.open(session, process_id, answers, by=officer, at=at)
    except NotValid as refused:
        return _page(process_id, paper.with_faults(refused.faults))
    flash(_("已提出，编号 %(number)s。", number=Case(id=case_id).number), "success")
    say_if_stuck(case_id)
    return redirect(case_url(case_id))


@room.post("/<process_id>/form")
def form(process_id: str) -> ResponseReturnValue:
    session, officer, _at = here()
    return refreshed(desk.at_start(session, process_id, by=officer)[1])


def _page(process_id: str, paper: Paper | None) -> ResponseReturnValue:
    session, officer, _at = here()
    process, laid = desk.at_start(session, process_id, by=officer)
    refuse_unless_may_begin(laid.element, officer)
    page = render_template(
        "intake/fill.html", process=process, diagram=laid.diagram, element=laid.element, paper=paper or blank(laid)
    )
    return page, 422 if paper is not None and paper.faults else 200
