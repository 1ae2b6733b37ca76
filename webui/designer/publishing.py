"""Checking and publishing: every finding, what changed since the last version, and the button."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.acts import definitions, drafts
from engine.notation import diagram as bpmn
from engine.reads import designs
from engine.words.errors import NotPublishable, NotValid, OutOfDate, Refusal
from webui import errors
from webui.designer.answers import faults_of, form_revision
from webui.designer.room import room
from webui.pictures import Sheet
from webui.request import here


@room.get("/<process_id>/publication")
def publication(process_id: str) -> ResponseReturnValue:
    return _publication(process_id)


@room.post("/<process_id>/publication")
def publish(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    note = request.form.get("note", "")
    try:
        found = drafts.publish(session, process_id, revision=form_revision(), note=note, by=officer, at=at)
    except (NotPublishable, NotValid, OutOfDate) as refusal:
        session.rollback()
        return _publication(process_id, note=note, refusal=refusal), errors.code_of(refusal)
    flash(_("第 %(number)s 版已发布；新提出的问题按它办理，办理中的仍按原版本。", number=found.number), "success")
    return redirect(url_for("designer.version", process_id=process_id, number=found.number))


def _publication(process_id: str, *, note: str = "", refusal: Refusal | None = None) -> str:
    session, officer, _at = here()
    working = designs.working(session, process_id)
    newest = definitions.newest(session, process_id)
    return render_template(
        "designer/publication.html",
        working=working,
        drawing=(drawing := bpmn.read(working.diagram)),
        sheet=Sheet(drawing, working.diagram),
        newest=newest.number if newest is not None else 0,
        findings=definitions.findings_on(session, working.diagram, working.tables, process_id),
        changes=designs.compared(session, process_id, newest.number if newest is not None else 0, None),
        note=note,
        refusal=refusal,
        faults=faults_of(refusal) if isinstance(refusal, NotValid) else {},
        may=officer.has("designer"),
    )
