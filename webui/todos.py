"""The designer's list of what an import left to do: each with its element on the drawing, settled with a reason."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.acts import settling
from engine.notation import diagram as bpmn
from engine.reads import designs
from engine.reads import todos as reading
from engine.words.errors import NotValid
from webui import errors, guards
from webui.locale import say
from webui.request import here

room = Blueprint("todos", __name__, url_prefix="/designer/<process_id>/todos")
guards.for_roles(room, "designer", "auditor", "admin")


@room.get("")
def page(process_id: str, faults: dict[str, str] | None = None) -> ResponseReturnValue:
    session, officer, _at = here()
    working = designs.working(session, process_id)
    listed = reading.standing(working.diagram)
    return render_template(
        "designer/todos.html",
        working=working,
        drawing=bpmn.read(working.diagram),
        listed=listed,
        left=sum(each.state == reading.OPEN for each in listed),
        may=officer.has("designer"),
        faults=faults or {},
    )


@room.post("/<element>/<int:number>")
def settle(process_id: str, element: str, number: int) -> ResponseReturnValue:
    """With a reason it is settled; `again` opens it anew."""
    session, officer, at = here()
    revision = request.form.get("revision", -1, type=int)
    if "again" in request.form:
        settling.reopen(session, process_id, element, number, revision=revision, by=officer, at=at)
        flash(say("这条待办重新打开了。", "It is open again."), "success")
        return redirect(url_for("todos.page", process_id=process_id))
    try:
        settling.settle(
            session, process_id, element, number, request.form.get("reason", ""),
            revision=revision, by=officer, at=at,
        )  # fmt: skip
    except NotValid as refusal:
        session.rollback()
        faults = {fault.field: say(fault.zh, fault.en) for fault in refusal.faults}
        return page(process_id, faults), errors.code_of(refusal)  # type: ignore[return-value]
    flash(say("已了结，理由写在图上。", "Settled; the reason stands on the drawing."), "success")
    return redirect(url_for("todos.page", process_id=process_id))
