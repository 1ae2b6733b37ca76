"""An officer's long jobs: how far each is, calling one off, fetching the file that came of it."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.jobs import desk, pdfs
from engine.jobs.exports import LedgerExport
from engine.words.errors import NotFound
from engine.words.terms import Term
from models import LongJob
from webui.locale import say
from webui.request import here

room = Blueprint("jobs", __name__, url_prefix="/jobs")

# What each kind is called; a page must not load the worker's rooms to say so.
LABELS = {"ledger": LedgerExport.label, pdfs.KIND: pdfs.PaperPdf.label}
STATES = {
    desk.WAITING: Term("排队中", "Waiting"), desk.RUNNING: Term("进行中", "Under way"),
    desk.DONE: Term("已完成", "Done"), desk.FAILED: Term("未完成", "Failed"),
    desk.CANCELLED: Term("已取消", "Called off"),
}  # fmt: skip


class Shown(NamedTuple):
    """`share` in percent; None while nobody knows how much there is to do."""

    job: LongJob
    label: Term
    state: Term
    open: bool
    share: int | None
    trouble: str


def shown(job: LongJob) -> Shown:
    share = None if job.total is None else 100 if job.total == 0 else round(100 * job.done / job.total)
    label = LABELS.get(job.kind, Term(job.kind, job.kind))
    trouble = say(job.trouble or "", job.trouble_en or "")
    return Shown(job, label, STATES[job.state], job.state in desk.OPEN, share, trouble)


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, _at = here()
    jobs = [shown(job) for job in desk.mine(session, by=officer)]
    return render_template("jobs/index.html", jobs=jobs, kept=desk.KEPT.days)


@room.get("/<job_id>")
def row(job_id: str) -> ResponseReturnValue:
    """One row of the list, asked for again and again while the job is under way."""
    session, officer, _at = here()
    return render_template("jobs/_row.html", one=shown(desk.find(session, job_id, by=officer)))


@room.post("/<job_id>/call-off")
def call_off(job_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    desk.call_off(session, job_id, by=officer, at=at)
    flash(_("已取消。"))
    return redirect(url_for("jobs.index"))


@room.get("/<job_id>/file")
def file(job_id: str) -> ResponseReturnValue:
    session, officer, _at = here()
    job = desk.find(session, job_id, by=officer)
    made = job.result if job.state == desk.DONE else None
    path = current_app.config["JOBS_FOLDER"] / job.id / made["file"] if made else None
    if made is None or path is None or not path.is_file():
        raise NotFound("文件还没有做好，或已过期删除。", "The file is not ready yet, or has been deleted.")
    answer = send_file(path, mimetype=made["media"], as_attachment=True, download_name=made["name"])
    answer.headers["Cache-Control"] = "no-store"
    return answer
