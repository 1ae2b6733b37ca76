"""The personal fields of a case: masked for all who see it, in full for those on it and, with a reason, auditors.

Nothing in full is ever in the answer to a GET: it is asked for by a form, told once, and not kept by any cache.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.acts import personal as acts
from engine.reads import beside, case_page, exports
from engine.reads import personal as reads
from engine.reads.columns import Cell
from engine.reads.names import Names
from engine.reads.sentences.course import case_number
from engine.words.errors import NotFound, NotValid
from engine.words.terms import Term
from webui import errors
from webui.cases import zone
from webui.locale import language
from webui.request import here

room = Blueprint("personal", __name__, url_prefix="/cases/<case:case_id>/personal")
_COLUMNS = (Term("字段", "Field"), Term("内容", "Value"), Term("填写于", "Given at"))


@room.get("")
def page(case_id: int) -> ResponseReturnValue:
    return _page(case_id)


@room.post("")
def show(case_id: int) -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("personal.page", case_id=case_id))
    try:
        told = acts.show(session, case_id, request.form.get("reason", ""), by=officer, at=at)
    except NotValid as refusal:
        return _page(case_id, refused=refusal), 422
    return _page(case_id, told=told)


@room.post("/export.csv")
def export(case_id: int) -> ResponseReturnValue:
    """What the export of facts never holds."""
    session, officer, at = here()
    errors.way_on(url_for("personal.page", case_id=case_id))
    try:
        told = acts.show(session, case_id, request.form.get("reason", ""), by=officer, at=at, way="export")
    except NotValid as refusal:
        return _page(case_id, refused=refusal), 422
    names = _names(case_id)
    rows: list[list[Cell]] = [[names.label(one.field), names.value(one.field, one.value), one.kept_at] for one in told]
    content = b"".join(exports.as_csv(_COLUMNS, rows, english=language() == "en", zone=zone()))
    answer = Response(content, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="personal-{case_number(case_id)}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _names(case_id: int) -> Names:
    session, officer, _at = here()
    head = case_page.find(session, case_id, actor=officer, zone=zone())
    return Names(head.diagram, {}, {}, {}, {}, {}, zone=zone())


def _page(case_id: int, *, told: Sequence[acts.Told] = (), refused: NotValid | None = None) -> Response:
    session, officer, _at = here()
    head = case_page.find(session, case_id, actor=officer, zone=zone())
    if not head.personal:
        raise NotFound("这件事项没有个人信息。", "This case has no personal fields.")
    names = Names(head.diagram, {}, {}, {}, {}, {}, zone=zone())
    standing = reads.standing(session, head.id, officer)
    page = render_template(
        "cases/personal.html", case=head, tab="personal", audits=officer.sees_all, standing=standing, refused=refused,
        kept=beside.kept(session, head.id, names), told=[(names.label(one.field), one) for one in told],
        value=lambda one: names.value(one.field, one.value),
        readings=beside.readings(session, head.id, names) if standing in {"on", "auditor"} else (),
    )  # fmt: skip
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer
