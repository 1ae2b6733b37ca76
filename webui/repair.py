"""The repair room: cases that are stuck, why, and what helps: try again, pass over, set a field right, give back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.acts import repairs
from engine.reads import incidents
from engine.words.errors import Fault, NotValid
from engine.words.values import from_json
from webui import errors, guards
from webui.cases import zone
from webui.locale import say
from webui.request import here

room = Blueprint("repair", __name__, url_prefix="/repair")
guards.for_roles(room, "admin", "designer", "auditor")
KINDS = ("text", "number", "yes_no", "day", "moment", "json", "empty")


@room.get("")
def index() -> ResponseReturnValue:
    session, _officer, at = here()
    process, element = request.args.get("process", "")[:100], request.args.get("element", "")[:100]
    found = incidents.waiting(session, process, element)
    places: dict[tuple[str, str], list[incidents.Incident]] = {}
    for incident in found:
        places.setdefault((incident.process_id, incident.element), []).append(incident)
    return render_template(
        "repair/index.html", incidents=found, places=places, process=process, element=element, at=at, may=_may()
    )


@room.get("/<case:case_id>")
def case(case_id: int) -> ResponseReturnValue:
    return _page(case_id)


@room.get("/<case:case_id>/diagram.bpmn")
def diagram(case_id: int) -> ResponseReturnValue:
    opened = incidents.one(here().session, case_id)
    return Response(opened.diagram.content, mimetype="application/xml")


@room.post("/<case:case_id>/retry")
def retry(case_id: int) -> ResponseReturnValue:
    session, officer, at = here()
    _way(case_id)
    return _ended(repairs.retry(session, case_id, request.form.get("reason", ""), by=officer, at=at))


@room.post("/<case:case_id>/skip")
def skip(case_id: int) -> ResponseReturnValue:
    session, officer, at = here()
    _way(case_id)
    try:
        outputs = _by_hand()
        with session.begin_nested():
            done = repairs.skip(
                session, case_id, request.form.get("reason", ""), by=officer, at=at, outputs=outputs
            )  # fmt: skip
    except NotValid as refused:
        return _page(case_id, refused, "skip")
    return _ended(done)


@room.post("/<case:case_id>/return")
def give_back(case_id: int) -> ResponseReturnValue:
    session, officer, at = here()
    _way(case_id)
    try:
        with session.begin_nested():
            repairs.give_back(session, case_id, request.form.get("reason", ""), by=officer, at=at)
    except NotValid as refused:
        return _page(case_id, refused, "return")
    flash(_("已退回办理人，请他重新填写。"), "success")
    return redirect(url_for("repair.index"))


@room.post("/<case:case_id>/fields")
def correct(case_id: int) -> ResponseReturnValue:
    session, officer, at = here()
    _way(case_id)
    try:
        fields = _corrected(request.form)
        with session.begin_nested():
            done = repairs.correct(session, case_id, fields, request.form.get("reason", ""), by=officer, at=at)
    except NotValid as refused:
        return _page(case_id, refused, "fields")
    return _ended(done)


@room.post("/retries")
def retry_all() -> ResponseReturnValue:
    """Every incident at one element, each by itself."""
    session, officer, at = here()
    process, element = request.form.get("process", ""), request.form.get("element", "")
    done = repairs.retry_all(session, process, element, request.form.get("reason", ""), by=officer, at=at)
    free = sum(1 for one in done if one.stuck is None)
    flash(
        _("重试了 %(all)s 件：%(free)s 件已继续，%(rest)s 件仍停住。", all=len(done), free=free, rest=len(done) - free)
    )
    return redirect(url_for("repair.index"))


def _may() -> bool:
    return any(here().officer.has(role) for role in repairs.ROLES)


def _way(case_id: int) -> None:
    errors.way_on(url_for("repair.index"))


def _ended(done: repairs.Outcome) -> ResponseReturnValue:
    if done.stuck is None:
        flash(_("已继续办理。"), "success")
        return redirect(url_for("repair.index"))
    flash(_("又停住了：%(why)s", why=say(done.stuck.zh, done.stuck.en)), "warning")
    return redirect(url_for("repair.case", case_id=done.case))


def _page(case_id: int, refused: NotValid | None = None, part: str = "") -> ResponseReturnValue:
    opened = incidents.one(here().session, case_id, zone=zone())
    chosen = request.args.get("field") or request.form.get("name") or ""
    known = {id: value for id, _label, value, _text in opened.fields}
    kind, text = _written(known.get(chosen))
    page = render_template(
        "repair/case.html", opened=opened, incident=opened.incident, may=_may(), kinds=_kinds(), chosen=chosen,
        kind=request.form.get("kind") or kind, text=request.form.get("value", text), part=part,
        faults=refused.faults if refused is not None else (),
    )  # fmt: skip
    return page, 422 if refused is not None else 200


def _kinds() -> list[tuple[str, str]]:
    words = (
        _("文字"),
        _("数字"),
        _("是否（true / false）"),
        _("日期"),
        _("日期时间"),
        _("列表或多项（JSON）"),
        _("空"),
    )
    return list(zip(KINDS, words, strict=True))


def _written(kept: Any) -> tuple[str, str]:
    """How a kept value is put into the form: its kind, and its text."""
    value = from_json(kept)
    match value:
        case None:
            return "text", ""
        case bool():
            return "yes_no", "true" if value else "false"
        case int() | float():
            return "number", str(value)
        case datetime():
            return "moment", value.astimezone(zone()).strftime("%Y-%m-%dT%H:%M")
        case date():
            return "day", value.isoformat()
        case str():
            return "text", value
    return "json", json.dumps(kept, ensure_ascii=False, indent=1)


def _by_hand() -> dict[str, Any]:
    """The fields that a program outside should have given."""
    form = request.form
    told = zip(form.getlist("output"), form.getlist("output.kind"), form.getlist("output.value"), strict=False)
    found: dict[str, Any] = {}
    for name, kind, text in told:
        # A text that was written while the kind still says nothing is a text.
        found |= _corrected({"name": name, "kind": "text" if kind == "empty" and text.strip() else kind, "value": text})
    return found


def _corrected(form: Mapping[str, str]) -> dict[str, Any]:
    name, kind, text = form.get("name", "").strip(), form.get("kind", ""), form.get("value", "").strip()
    if not name.isidentifier() or len(name) > 100:
        raise NotValid([Fault("name", "请选择字段。", "Choose a field.")])
    try:
        return {name: _read(kind, text)}
    except (ValueError, InvalidOperation):
        zh = f"“{text[:60]}”不是{dict(_kinds()).get(kind, kind)}。"
        raise NotValid([Fault("value", zh, f'"{text[:60]}" is no {kind.replace("_", "/")}.')]) from None


def _read(kind: str, text: str) -> Any:
    if kind == "text":
        return text
    if kind == "number":
        number = Decimal(text)
        if not number.is_finite():
            raise ValueError(text)
        return number
    if kind == "yes_no" and text in {"true", "false"}:
        return text == "true"
    if kind == "day":
        return date.fromisoformat(text)
    if kind == "moment":
        return datetime.fromisoformat(text).replace(tzinfo=zone())
    if kind == "json":
        return from_json(json.loads(text))
    if kind == "empty":
        return None
    raise ValueError(text)
