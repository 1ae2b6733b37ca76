"""The page of one case: story, evidence, diagram, deadlines, papers, fields. What may not be seen is not there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter, ValidationError

from engine.reads import case_page, course, coverage, documents, kin, loops, pictures, spoken, story, waiting
from engine.reads.case_page import Head
from engine.reads.sentences.course import case_number
from engine.words.numbers import case_id_of
from webui.locale import day_text, moment_text, say
from webui.request import here

room = Blueprint("cases", __name__, url_prefix="/cases")


class CaseNumber(BaseConverter):
    """A case in an address: "2026-000012", in the program its id."""

    regex = r"\d{4}-?\d{6}"

    def to_python(self, value: str) -> int:
        id = case_id_of(value)
        if id is None:
            raise ValidationError
        return id

    def to_url(self, value: int) -> str:
        return case_number(int(value))


@room.record_once
def _knows_case_numbers(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["case"] = CaseNumber


def zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["ZONE"])


def _head(case_id: int) -> Head:
    session, officer, _at = here()
    return case_page.find(session, case_id, actor=officer, zone=zone())


def _page(tab: str, head: Head, **rest: Any) -> str:
    return render_template(f"cases/{tab}.html", case=head, tab=tab, audits=here().officer.sees_all, **rest)


@room.get("/<case:case_id>")
def index(case_id: int) -> ResponseReturnValue:
    session, officer, at = here()
    head = _head(case_id)
    before = request.args.get("before", type=int)
    told = story.newest(session, head.id, before=before, zone=zone())
    if request.headers.get("HX-Request") and before is not None:
        return render_template("cases/_story.html", case=head, story=told)
    start = head.diagram.start
    asked = [field.id for field in start.form if field.id != "title"] if start else []
    return _page(
        "index",
        head,
        story=told,
        before=before,
        waiting=waiting.of(session, head, actor=officer),
        coverage=coverage.of(session, head, at=at),
        clocks=case_page.clocks(session, head, at=at, round=head.round),
        raised=case_page.fields(session, head, only=asked, zone=zone()),
        above=kin.above(session, head.id, officer),
        below=kin.below(session, head.id, officer),
        is_hub=bool(loops.names(head.diagram)),
    )


@room.get("/<case:case_id>/evidence")
def evidence(case_id: int) -> ResponseReturnValue:
    head = _head(case_id)
    return _page("evidence", head, rounds=pictures.of(here().session, head))


@room.get("/<case:case_id>/letters")
def letters(case_id: int) -> ResponseReturnValue:
    session, officer, _at = here()
    head = _head(case_id)
    above, below = kin.above(session, head.id, officer), kin.below(session, head.id, officer)
    return _page("letters", head, above=above, below=below, slips=kin.slips(session, head, officer))


@room.get("/<case:case_id>/diagram")
def diagram(case_id: int) -> ResponseReturnValue:
    session, officer, _at = here()
    head = _head(case_id)
    return _page("diagram", head, steps=course.steps(session, head), below=kin.below(session, head.id, officer))


@room.get("/<case:case_id>/diagram.bpmn")
def diagram_file(case_id: int) -> ResponseReturnValue:
    head = _head(case_id)
    answer = Response(head.diagram.content, mimetype="application/xml")
    answer.headers["Content-Disposition"] = f'inline; filename="{head.process_id}-{head.version}.bpmn"'
    # A published version never changes, but who may see it does.
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer


@room.get("/<case:case_id>/position.json")
def position(case_id: int) -> ResponseReturnValue:
    head = _head(case_id)
    session, officer, _at = here()
    tokens, passed, undone = course.position(session, head)
    called: dict[str, list[dict[str, str]]] = {}
    for child in kin.below(session, head.id, officer):
        link = {"number": child.number, "url": url_for("cases.index", case_id=child.id)}
        called.setdefault(child.element, []).append(link)
    return jsonify(tokens=tokens, passed=passed, undone=undone, called=called)


@room.get("/<case:case_id>/clocks")
def clocks(case_id: int) -> ResponseReturnValue:
    session, _officer, at = here()
    head = _head(case_id)
    return _page("clocks", head, clocks=case_page.clocks(session, head, at=at))


@room.get("/<case:case_id>/documents")
def papers(case_id: int) -> ResponseReturnValue:
    head = _head(case_id)
    return _page("papers", head, papers=documents.listed(here().session, head))


@room.get("/<case:case_id>/documents/<document_id>")
def paper(case_id: int, document_id: str) -> ResponseReturnValue:
    head = _head(case_id)
    return _page("paper", head, sheet=documents.of(here().session, head, document_id, zone=zone()))


@room.get("/<case:case_id>/fields")
def fields(case_id: int) -> ResponseReturnValue:
    head = _head(case_id)
    return _page("fields", head, fields=case_page.fields(here().session, head, zone=zone()))


@room.app_template_global("case_number")
def _case_number(case_id: int) -> str:
    return case_number(case_id)


@room.app_template_global("long_day")
def _long_day(moment: datetime) -> str:
    """A date as papers are signed with: 2026年11月20日."""
    told = spoken.day(moment.astimezone(zone()).date())
    return say(told.zh, told.en)


@room.app_template_global("due_text")
def _due_text(moment: datetime) -> str:
    """A deadline as it is spoken of: midnight is 24:00 of the day that ends."""
    here_ = moment.astimezone(zone())
    if (here_.hour, here_.minute) != (0, 0):
        return moment_text(moment)
    return f"{day_text((here_ - timedelta(days=1)).date())} 24:00"
