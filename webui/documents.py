"""Papers for those they are addressed to: what lies in the tray, the paper itself, its file, and who has opened it."""

from __future__ import annotations

import io

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from engine.acts import evidence, papers
from engine.jobs import pdfs
from engine.notation.papers import office_suite
from engine.reads import documents, personal, sight, tray
from engine.words.errors import Fault, NotFound, NotValid
from engine.words.personal import refs
from models import Evidence
from webui import errors
from webui.cases import zone
from webui.locale import say
from webui.request import here

room = Blueprint("documents", __name__, url_prefix="/documents")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@room.app_template_global("pdf_possible")
def _pdf_possible() -> bool:
    return office_suite.program() is not None


@room.app_template_global("paper_copy")
def _paper_copy(document_id: str) -> object:
    return documents.copy_of(here().session, document_id)


@room.app_template_global("paper_readers")
def _paper_readers(document_id: str) -> tuple[documents.Reader, ...]:
    session, officer, _at = here()
    return documents.readers(session, documents.open(session, document_id, actor=officer)[0])


@room.app_template_global("names_persons")
def _names_persons(document_id: str) -> str:
    """How the officer stands to the persons a paper names: nothing where it names none."""
    session, officer, _at = here()
    paper = documents.open(session, document_id, actor=officer)[0]
    return personal.standing(session, paper.case_id, officer) if any(refs(paper.fields)) else ""


@room.app_template_global("owes_reading")
def _owes_reading(document_id: str) -> bool:
    """Whether opening the page is the first opening for a unit of this officer."""
    session, officer, _at = here()
    return documents.owes_reading(session, document_id, officer)


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, _at = here()
    return render_template(
        "documents/index.html", tray=tray.received(session, officer, after=request.args.get("after"))
    )


@room.get("/<document_id>")
def one(document_id: str) -> ResponseReturnValue:
    """The paper alone, for a unit that need not see the whole case; whoever sees it is led to its page there."""
    session, officer, _at = here()
    paper, sheet = documents.open(session, document_id, actor=officer, zone=zone())
    if sight.may_see(session, paper.case_id, officer):
        return redirect(url_for("cases.paper", case_id=paper.case_id, document_id=paper.id))
    return render_template("documents/one.html", sheet=sheet, case_id=paper.case_id)


@room.post("/<document_id>/reading")
def reading(document_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    papers.read(session, document_id, by=officer, at=at)
    if request.headers.get("HX-Request"):
        return render_template("documents/_readers.html", document_id=document_id)
    return redirect(url_for("documents.one", document_id=document_id))


@room.post("/<document_id>/copy")
def make(document_id: str) -> ResponseReturnValue:
    """Makes the file if it has not been made, and leads to it."""
    session, officer, at = here()
    errors.way_on(url_for("documents.one", document_id=document_id))
    papers.make(session, document_id, fetch=_bytes_of, by=officer, at=at, zone=zone())
    return redirect(url_for("documents.file", document_id=document_id))


@room.get("/<document_id>/file")
def file(document_id: str) -> ResponseReturnValue:
    session, officer, _at = here()
    paper, _sheet = documents.open(session, document_id, actor=officer)
    copy = documents.copy_of(session, document_id)
    if copy is None:
        raise NotFound("这份文书还没有成文，请先生成。", "This paper has not been written yet; have it made first.")
    answer = send_file(
        io.BytesIO(copy.content), mimetype=DOCX, as_attachment=True, download_name=f"{paper.number}.docx", etag=copy.sha
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@room.post("/<document_id>/full")
def in_full(document_id: str) -> ResponseReturnValue:
    """The Word file with its persons named, for a reason that is recorded; it is sent and not kept."""
    session, officer, at = here()
    errors.way_on(url_for("documents.one", document_id=document_id))
    reason = request.form.get("reason", "")
    made = papers.in_full(session, document_id, reason, fetch=_bytes_of, by=officer, at=at, zone=zone())
    paper = documents.open(session, document_id, actor=officer)[0]
    answer = send_file(io.BytesIO(made), mimetype=DOCX, as_attachment=True, download_name=f"{paper.number}.docx")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@room.post("/<document_id>/pdf")
def pdf(document_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    if office_suite.program() is None:
        zh = "本机没有装 LibreOffice，不能转成 PDF。"
        raise NotValid([Fault("", zh, "LibreOffice is not installed on this machine; there is no PDF.")])
    copy = papers.make(session, document_id, fetch=_bytes_of, by=officer, at=at, zone=zone())
    pdfs.ask(session, copy.document_id, by=officer, at=at)
    flash(say("正在后台转换，完成后可在这里下载。", "It is being made; fetch it here when it is done."))
    return redirect(url_for("jobs.index"))


def _bytes_of(sha: str) -> bytes | None:
    """A photo for a paper: the small picture is enough, and far lighter."""
    if here().session.get(Evidence, sha) is None:
        return None
    try:
        return evidence.thumbnail(current_app.config["EVIDENCE_FOLDER"], sha, 1280).read_bytes()
    except (NotFound, OSError):  # no picture, or its file is gone: the paper says its name
        return None
