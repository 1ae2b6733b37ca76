"""What the browser sends to the designer's room, and what it gets back: findings, firings, files, refusals."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.exceptions import RequestEntityTooLarge

from engine.acts import definitions
from engine.notation import checks
from engine.notation import diagram as bpmn
from engine.notation.clocks import calendar_named
from engine.notation.firings import firings_in
from engine.notation.xml import MAX_BYTES
from engine.reads.office import calendars
from engine.words.errors import Finding, NotPublishable, NotValid, Refusal
from engine.words.worktime import HOME
from models import Draft
from webui import errors
from webui.designer.room import room
from webui.locale import say
from webui.request import here


@room.errorhandler(Refusal)
def _refused(refusal: Refusal) -> ResponseReturnValue:
    """The drawing boards ask for JSON and want both languages; people get the page that says why."""
    if not errors.wants_json():
        return errors.refused(refusal)
    findings = told(list(refusal.findings)) if isinstance(refusal, NotPublishable) else []
    answer = {"zh": refusal.zh, "en": refusal.en, "message": say(refusal.zh, refusal.en), "findings": findings}
    return jsonify(answer), errors.code_of(refusal)


def saved(draft: Draft, file: str | None = None) -> ResponseReturnValue:
    session = here().session
    if file is None:
        findings = definitions.findings_on(session, draft.diagram, draft.tables, draft.process_id)
        next = firings(draft.diagram, here().at)
    else:
        findings, next = checks.check_tables(file, draft.tables), {}
    return jsonify(revision=draft.revision, findings=told(findings), firings=next)


def firings(content: bytes, at: datetime) -> dict[str, list[str]]:
    """When the timers of a diagram would fire, on the clock of the office; by element."""
    try:
        found = firings_in(bpmn.read(content), calendar=calendar_named(calendars(here().session), "work"), at=at)
    except NotPublishable:
        return {}  # the findings say why it cannot be read
    return {id: [moment.astimezone(HOME).strftime("%Y-%m-%d %H:%M") for moment in next] for id, next in found.items()}


def told(findings: list[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def faults_of(refusal: Refusal) -> dict[str, str]:
    """Sentences by the field they belong to."""
    if isinstance(refusal, NotValid):
        return {fault.field: say(fault.zh, fault.en) for fault in refusal.faults}
    if isinstance(refusal, NotPublishable):
        return {"files": " ".join(say(finding.zh, finding.en) for finding in refusal.findings[:5])}
    return {}


def body() -> bytes:
    if (request.content_length or 0) > MAX_BYTES:
        raise RequestEntityTooLarge
    return request.get_data(cache=False)


def uploads() -> dict[str, bytes]:
    """The files of the form, by their plain names. Without JavaScript this is how a diagram comes back."""
    found: dict[str, bytes] = {}
    for upload in request.files.getlist("files"):
        if upload.filename:
            found[upload.filename.replace("\\", "/").rsplit("/", 1)[-1]] = upload.stream.read(MAX_BYTES + 1)
    return found


def revision() -> int:
    """The revision the drawing board had open."""
    text = request.headers.get("If-Match", "0").strip('"')
    return int(text) if text.isascii() and text.isdigit() else -1


def form_revision() -> int:
    return request.form.get("revision", -1, type=int)


def table_of(tables: Any, file: str) -> str:
    if file not in tables:
        raise NoPage
    text: str = tables[file]
    return text


def as_file(content: bytes, name: str) -> Response:
    """Always as a download: what a designer uploaded is never shown by the browser as a page of ours."""
    answer = Response(content, mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
