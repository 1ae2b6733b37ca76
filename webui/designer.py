"""The designer's room: processes and their versions, the working copy drawn in the browser, checking, publishing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.exceptions import RequestEntityTooLarge

from engine.acts import definitions, drafts
from engine.notation import breadth, checks
from engine.notation import diagram as bpmn
from engine.notation.clocks import calendar_named
from engine.notation.differences import Difference
from engine.notation.firings import firings_in
from engine.notation.tables import decisions_in
from engine.notation.xml import MAX_BYTES
from engine.reads import designs
from engine.reads.office import calendars
from engine.words.errors import Finding, NotPublishable, NotValid, OutOfDate, Refusal
from engine.words.terms import ROLES, STAGES, Term
from engine.words.worktime import HOME
from models import Draft
from webui import errors, guards
from webui.locale import say
from webui.pictures import Sheet
from webui.request import here

room = Blueprint("designer", __name__, url_prefix="/designer")
guards.for_roles(room, "designer", "auditor", "admin")

FIELD_TYPES: dict[str, Term] = {
    "string": Term("文字（一行）", "Text (one line)"),
    "text": Term("文字（多行）", "Text (several lines)"),
    "long": Term("整数", "Whole number"),
    "number": Term("数字", "Number"),
    "date": Term("日期", "Date"),
    "datetime": Term("日期和时间", "Date and time"),
    "boolean": Term("是／否", "Yes / no"),
    "enum": Term("单选", "One of a list"),
    "multi": Term("多选", "Several of a list"),
    "unit": Term("单位", "Unit"),
    "units": Term("多个单位", "Units"),
    "officer": Term("人员", "Officer"),
    "photo": Term("照片", "Photos"),
    "file": Term("文件", "Files"),
    "issue": Term("另一件问题", "Another issue"),
    "checklist": Term("检查清单（逐项）", "Checklist (line by line)"),
    "note": Term("提示文字", "Note (shown only)"),
}
STATES: dict[str, Term] = {
    breadth.RUNS: Term("能执行", "Runs"),
    breadth.DRAWN: Term("只作说明", "Documentation"),
    breadth.REFUSED: Term("拒绝", "Refused"),
}


@room.app_template_global("marks")
def _marks(changes: list[Difference]) -> list[dict[str, str]]:
    """Differences as the two drawings mark them: a sentence on each element."""
    return [
        {
            "element": change.element,
            "what": change.what,
            "zh": _arrow(change.what_zh, change.before, change.after),
            "en": _arrow(change.what_en, change.before, change.after),
        }
        for change in changes
    ]


def _arrow(what: str, before: str | None, after: str | None) -> str:
    return f"{what}: {(before or '–')[:80]} → {(after or '–')[:80]}"


# --- reading ---------------------------------------------------------------------------------------------------


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, _at = here()
    return render_template("designer/index.html", designs=designs.designs(session), may=officer.has("designer"))


@room.get("/help/laws")
def laws() -> ResponseReturnValue:
    return render_template("designer/laws.html", laws=checks.LAWS, of_the_file=checks.OF_THE_FILE)


@room.get("/help/elements")
def elements() -> ResponseReturnValue:
    """Every element of BPMN: what runs, what is refused and why. `q` narrows it down."""
    wanted = request.args.get("q", "").strip().casefold()
    parts = [part for part in breadth.PARTS if all(word in _words(part) for word in wanted.split())]
    groups = [(id, term, [p for p in parts if p.group == id]) for id, term in breadth.GROUPS.items()]
    counts = {state: sum(part.state == state for part in breadth.PARTS) for state in STATES}
    return render_template("designer/elements.html", groups=groups, states=STATES, counts=counts, wanted=wanted)


def _words(part: breadth.Part) -> str:
    group, state = breadth.GROUPS[part.group], STATES[part.state]
    terms = (part.name, part.said, group, state)
    return " ".join((part.tag, part.law, part.test, *(f"{term.zh} {term.en}" for term in terms))).casefold()


@room.get("/<process_id>")
def process(process_id: str, faults: dict[str, str] | None = None) -> ResponseReturnValue:
    session, officer, _at = here()
    working = designs.working(session, process_id)
    return render_template(
        "designer/process.html",
        working=working,
        drawing=bpmn.read(working.diagram),
        releases=designs.releases(session, process_id),
        tables=designs.readable_tables(working.tables),
        may=officer.has("designer"),
        faults=faults or {},
    )


@room.get("/<process_id>/versions/<int:number>")
def version(process_id: str, number: int) -> ResponseReturnValue:
    session, officer, _at = here()
    found = designs.version(session, process_id, number)
    release = next(each for each in designs.releases(session, process_id) if each.number == number)
    return render_template(
        "designer/version.html",
        process_id=process_id,
        drawing=bpmn.read(found.diagram),
        release=release,
        digest=found.digest,
        tables=designs.readable_tables(found.tables),
        changes=designs.compared(session, process_id, number - 1, number),
        revision=designs.working(session, process_id).revision,
        may=officer.has("designer"),
    )


@room.get("/<process_id>/versions/<int:number>/diagram")
def version_diagram(process_id: str, number: int) -> ResponseReturnValue:
    found = designs.version(here().session, process_id, number)
    return _file(found.diagram, f"{process_id}-v{number}.bpmn")


@room.get("/<process_id>/versions/<int:number>/tables/<file>")
def version_table(process_id: str, number: int, file: str) -> ResponseReturnValue:
    found = designs.version(here().session, process_id, number)
    return _file(_table(found.tables, file).encode(), file)


@room.get("/<process_id>/differences")
def differences(process_id: str) -> ResponseReturnValue:
    session, _officer, _at = here()
    releases = designs.releases(session, process_id)
    newest = releases[0].number if releases else 0
    before = request.args.get("before", newest - 1, type=int)
    after = request.args.get("after", "draft")
    later = None if after == "draft" or not after.isdigit() else int(after)
    return render_template(
        "designer/differences.html",
        working=(working := designs.working(session, process_id)),
        drawing=bpmn.read(working.diagram),
        releases=releases,
        before=before,
        after=later,
        changes=designs.compared(session, process_id, max(0, before), later),
    )


# --- drawing ---------------------------------------------------------------------------------------------------


@room.get("/<process_id>/diagram")
@guards.policy(guards.MODELER)
def diagram(process_id: str) -> ResponseReturnValue:
    session, _officer, _at = here()
    guards.need("designer")
    working = designs.working(session, process_id)
    decisions = decisions_in(working.tables)
    options = {
        "roles": [{"id": code, "name": say(term.zh, term.en)} for code, term in ROLES.items()],
        "stages": [{"id": code, "name": say(term.zh, term.en)} for code, term in STAGES.items()],
        "types": [{"id": code, "name": say(term.zh, term.en)} for code, term in FIELD_TYPES.items()],
        "decisions": [{"id": id, "name": f"{id} ({file})"} for id, file in sorted(decisions.items())],
        "processes": [{"id": each.id, "name": say(each.name, each.name_en)} for each in designs.designs(session)],
    }
    return render_template(
        "designer/diagram.html", working=working, drawing=bpmn.read(working.diagram), options=options
    )


@room.get("/<process_id>/diagram/xml")
def diagram_xml(process_id: str) -> ResponseReturnValue:
    return _file(designs.working(here().session, process_id).diagram, f"{process_id}.bpmn")


@room.put("/<process_id>/diagram/xml")
def save_diagram(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    draft = drafts.save_diagram(session, process_id, _body(), revision=_revision(), by=officer, at=at)
    return _saved(draft)


@room.post("/<process_id>/diagram/findings")
def check_diagram(process_id: str) -> ResponseReturnValue:
    session, _officer, at = here()
    tables = designs.working(session, process_id).tables
    content = _body()
    findings = definitions.findings_on(session, content, tables, process_id)
    return jsonify(findings=_told(findings), firings=_firings(content, at))


@room.get("/<process_id>/tables/<file>")
@guards.policy(guards.TABLES)
def table(process_id: str, file: str) -> ResponseReturnValue:
    guards.need("designer")
    working = designs.working(here().session, process_id)
    _table(working.tables, file)
    return render_template("designer/table.html", working=working, file=file, drawing=bpmn.read(working.diagram))


@room.get("/<process_id>/tables/<file>/xml")
def table_xml(process_id: str, file: str) -> ResponseReturnValue:
    return _file(_table(designs.working(here().session, process_id).tables, file).encode(), file)


@room.put("/<process_id>/tables/<file>/xml")
def save_table(process_id: str, file: str) -> ResponseReturnValue:
    session, officer, at = here()
    draft = drafts.save_table(session, process_id, file, _body(), revision=_revision(), by=officer, at=at)
    return _saved(draft, file)


@room.post("/<process_id>/tables/<file>/findings")
def check_table(process_id: str, file: str) -> ResponseReturnValue:
    tables = dict(designs.working(here().session, process_id).tables) | {file: drafts.table_text(_body())}
    return jsonify(findings=_told(checks.check_tables(file, tables)))


# --- the working copy ------------------------------------------------------------------------------------------


@room.post("")
def begin() -> ResponseReturnValue:
    """A new process, from a first sheet or from files of another tool."""
    session, officer, at = here()
    try:
        if request.files.getlist("files"):
            draft = drafts.bring_in(session, _uploads(), by=officer, at=at)
        else:
            form = request.form
            draft = drafts.begin(
                session, form.get("id", "").strip(), form.get("name", ""), form.get("name_en", ""), by=officer, at=at
            )
    except (NotValid, NotPublishable) as refusal:
        session.rollback()
        page = render_template(
            "designer/index.html", designs=designs.designs(session), may=True, faults=_faults(refusal)
        )
        return page, errors.code_of(refusal)
    flash(_("草稿已建立。"), "success")
    return redirect(url_for("designer.process", process_id=draft.process_id))


@room.post("/<process_id>/files")
def bring_in(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    try:
        drafts.bring_in(
            session, _uploads(), by=officer, at=at, process_id=process_id, revision=_form_revision()
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
        drafts.add_table(session, process_id, decision, name, revision=_form_revision(), by=officer, at=at)
    except NotValid as refusal:
        return _process_again(process_id, refusal)
    return redirect(url_for("designer.table", process_id=process_id, file=f"{decision}.dmn"))


@room.post("/<process_id>/tables/<file>/removal")
def remove_table(process_id: str, file: str) -> ResponseReturnValue:
    session, officer, at = here()
    drafts.remove_table(session, process_id, file, revision=_form_revision(), by=officer, at=at)
    flash(_("决策表 %(file)s 已从草稿中删除。", file=file), "success")
    return redirect(url_for("designer.process", process_id=process_id))


@room.post("/<process_id>/draft/restoration")
def go_back(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    number = request.form.get("number", 0, type=int)
    drafts.go_back(session, process_id, number, revision=_form_revision(), by=officer, at=at)
    flash(_("第 %(number)s 版已放入草稿；发布后才生效。", number=number), "success")
    return redirect(url_for("designer.process", process_id=process_id))


@room.post("/<process_id>/draft/removal")
def drop(process_id: str) -> ResponseReturnValue:
    session, officer, _at = here()
    drafts.drop(session, process_id, revision=_form_revision(), by=officer)
    flash(_("草稿已丢弃。"), "success")
    return redirect(url_for("designer.index"))


# --- publishing ------------------------------------------------------------------------------------------------


@room.get("/<process_id>/publication")
def publication(process_id: str) -> ResponseReturnValue:
    return _publication(process_id)


@room.post("/<process_id>/publication")
def publish(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    note = request.form.get("note", "")
    try:
        found = drafts.publish(session, process_id, revision=_form_revision(), note=note, by=officer, at=at)
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
        faults=_faults(refusal) if isinstance(refusal, NotValid) else {},
        may=officer.has("designer"),
    )


# --- what the browser sends and gets -----------------------------------------------------------------------------


@room.errorhandler(Refusal)
def _refused(refusal: Refusal) -> ResponseReturnValue:
    """The drawing boards ask for JSON and want both languages; people get the page that says why."""
    if not errors.wants_json():
        return errors.refused(refusal)
    findings = _told(list(refusal.findings)) if isinstance(refusal, NotPublishable) else []
    told = {"zh": refusal.zh, "en": refusal.en, "message": say(refusal.zh, refusal.en), "findings": findings}
    return jsonify(told), errors.code_of(refusal)


def _saved(draft: Draft, file: str | None = None) -> ResponseReturnValue:
    session = here().session
    if file is None:
        findings = definitions.findings_on(session, draft.diagram, draft.tables, draft.process_id)
        firings = _firings(draft.diagram, here().at)
    else:
        findings, firings = checks.check_tables(file, draft.tables), {}
    return jsonify(revision=draft.revision, findings=_told(findings), firings=firings)


def _firings(content: bytes, at: datetime) -> dict[str, list[str]]:
    """When the timers of a diagram would fire, on the clock of the office; by element."""
    try:
        found = firings_in(bpmn.read(content), calendar=calendar_named(calendars(here().session), "work"), at=at)
    except NotPublishable:
        return {}  # the findings say why it cannot be read
    return {id: [moment.astimezone(HOME).strftime("%Y-%m-%d %H:%M") for moment in next] for id, next in found.items()}


def _told(findings: list[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def _faults(refusal: Refusal) -> dict[str, str]:
    """Sentences by the field they belong to."""
    if isinstance(refusal, NotValid):
        return {fault.field: say(fault.zh, fault.en) for fault in refusal.faults}
    if isinstance(refusal, NotPublishable):
        return {"files": " ".join(say(finding.zh, finding.en) for finding in refusal.findings[:5])}
    return {}


def _process_again(process_id: str, refusal: Refusal) -> ResponseReturnValue:
    here().session.rollback()
    return process(process_id, _faults(refusal)), errors.code_of(refusal)  # type: ignore[return-value]


def _body() -> bytes:
    if (request.content_length or 0) > MAX_BYTES:
        raise RequestEntityTooLarge
    return request.get_data(cache=False)


def _uploads() -> dict[str, bytes]:
    """The files of the form, by their plain names. Without JavaScript this is how a diagram comes back."""
    uploads: dict[str, bytes] = {}
    for upload in request.files.getlist("files"):
        if upload.filename:
            uploads[upload.filename.replace("\\", "/").rsplit("/", 1)[-1]] = upload.stream.read(MAX_BYTES + 1)
    return uploads


def _revision() -> int:
    """The revision the drawing board had open."""
    text = request.headers.get("If-Match", "0").strip('"')
    return int(text) if text.isascii() and text.isdigit() else -1


def _form_revision() -> int:
    return request.form.get("revision", -1, type=int)


def _table(tables: Any, file: str) -> str:
    if file not in tables:
        raise NoPage
    text: str = tables[file]
    return text


def _file(content: bytes, name: str) -> Response:
    """Always as a download: what a designer uploaded is never shown by the browser as a page of ours."""
    answer = Response(content, mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
