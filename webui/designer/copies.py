"""The working copy of a process: begun, filled from files, given tables, taken back to a version, dropped."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.acts import drafts
from engine.reads import designs
from engine.words.errors import NotPublishable, NotValid, Refusal
from webui import errors
from webui.designer.answers import faults_of, form_revision, uploads
from webui.designer.processes import process
from webui.designer.room import room
from webui.request import here


@room.post("")
def begin() -> ResponseReturnValue:
    """A new process, from a first sheet or from files of another tool."""
    session, officer, at = here()
    try:
        if request.files.getlist("files"):
            draft = drafts.bring_in(session, uploads(), by=officer, at=at)
        else:
            form = request.form
            draft = drafts.begin(
                session, form.get("id", "").strip(), form.get("name", ""), form.get("name_en", ""), by=officer, at=at
            )
    except (NotValid, NotPublishable) as refusal:
        session.rollback()
        page = render_template(
            "designer/index.html", designs=designs.designs(session), may=True, faults=faults_of(refusal)
        )
        return page, errors.code_of(refusal)
    flash(_("草稿已建立。"), "success")
    return redirect(url_for("designer.process", process_id=draft.process_id))


@room.post("/<process_id>/files")
def bring_in(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    try:
        drafts.bring_in(
            session, uploads(), by=officer, at=at, process_id=process_id, revision=form_revision()
        )  # fmt: skip
    except (NotValid, NotPublishable) as refusal:
        return _process_again(process_id, refusal)
    flash(_("文件已放入草稿。"), "success")
    return redirect(url_for("designer.process", process_id=process_id))


@room.post("/<process_id>/tables")
def add_table(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    decision, name = request.form.get("decision", "").strip(), request.form.get("name", "")
    try:
        drafts.add_table(session, process_id, decision, name, revision=form_revision(), by=officer, at=at)
    except NotValid as refusal:
        return _process_again(process_id, refusal)
    return redirect(url_for("designer.table", process_id=process_id, file=f"{decision}.dmn"))


@room.post("/<process_id>/tables/<file>/removal")
def remove_table(process_id: str, file: str) -> ResponseReturnValue:
    session, officer, at = here()
    drafts.remove_table(session, process_id, file, revision=form_revision(), by=officer, at=at)
    flash(_("决策表 %(file)s 已从草稿中删除。", file=file), "success")
    return redirect(url_for("designer.process", process_id=process_id))


@room.post("/<process_id>/draft/restoration")
def go_back(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    number = request.form.get("number", 0, type=int)
    drafts.go_back(session, process_id, number, revision=form_revision(), by=officer, at=at)
    flash(_("第 %(number)s 版已放入草稿；发布后才生效。", number=number), "success")
    return redirect(url_for("designer.process", process_id=process_id))


@room.post("/<process_id>/draft/removal")
def drop(process_id: str) -> ResponseReturnValue:
    session, officer, _at = here()
    drafts.drop(session, process_id, revision=form_revision(), by=officer)
    flash(_("草稿已丢弃。"), "success")
    return redirect(url_for("designer.index"))


def _process_again(process_id: str, refusal: Refusal) -> ResponseReturnValue:
    here().session.rollback()
    return process(process_id, faults_of(refusal)), errors.code_of(refusal)  # type: ignore[return-value]
