"""The inbox: the tasks that wait for this officer, one task with its form beside the case, the buttons of a case."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.acts import desk, incidents, messages, tasks
from engine.acts.permits import refuse_unless_doable
from engine.reads import brief, inbox, sight
from engine.reads.inbox import Sieve, Tray
from engine.reads.sight import Reason
from engine.words.errors import NotValid
from webui import conflict, errors
from webui.locale import named
from webui.papers import Paper, blank, filled, refreshed
from webui.request import here
from webui.shell import case_url, say_if_stuck

room = Blueprint("inbox", __name__, url_prefix="/inbox")


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, at = here()
    counts = inbox.counts(session, officer, at=at)
    asked = request.args.get("tray", "")
    tray = Tray(asked) if asked in set(Tray) else Tray.MINE if counts[Tray.MINE] else Tray.UNIT
    sieve = Sieve(*(request.args.get(name, "")[:100] for name in ("text", "process", "element")))
    return render_template(
        "inbox/index.html",
        tray=tray,
        sieve=sieve,
        counts=counts,
        page=inbox.page(session, officer, tray, at=at, sieve=sieve, after=request.args.get("after")),
        steps=inbox.steps(session, officer),
        notices=inbox.notices(session, officer, at=at),
    )


@room.get("/tasks/<task_id>")
def task(task_id: str) -> ResponseReturnValue:
    return _task_page(task_id, None)


@room.post("/tasks/<task_id>/completion")
def complete(task_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("inbox.task", task_id=task_id))
    waiting = inbox.task(session, task_id, officer)
    # Before the files are kept: nobody leaves any at a task that is not theirs.
    conflict.about(waiting.case_id, brief.form_of(session, waiting.case_id, waiting.element))
    refuse_unless_doable(session, waiting, officer)
    laid = desk.at_task(session, waiting, by=officer, at=at)
    paper = filled(laid)
    try:
        with session.begin_nested():
            tasks.complete(session, task_id, paper.answers(), by=officer, at=at)
    except NotValid as refused:
        return _task_page(task_id, paper.with_faults(refused.faults))
    if not say_if_stuck(waiting.case_id):
        flash(_("已办结：%(task)s（%(number)s）", task=named(waiting), number=waiting.case.number), "success")
    return redirect(url_for("inbox.index"))


@room.post("/tasks/<task_id>/form")
def task_form(task_id: str) -> ResponseReturnValue:
    """What of the form has changed by what was just chosen; the page puts it in place."""
    session, officer, at = here()
    waiting = inbox.task(session, task_id, officer)
    return refreshed(desk.at_task(session, waiting, by=officer, at=at))


@room.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("inbox.task", task_id=task_id))
    conflict.about(case_of(task_id))
    tasks.claim(session, task_id, by=officer, at=at)
    flash(_("您已领取这项任务。"), "success")
    return redirect(url_for("inbox.task", task_id=task_id))


@room.post("/tasks/<task_id>/release")
def release(task_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("inbox.task", task_id=task_id))
    conflict.about(case_of(task_id))
    tasks.release(session, task_id, by=officer, at=at)
    flash(_("您已退回这项任务，本岗位的其他人员可以领取。"), "success")
    return redirect(url_for("inbox.index"))


@room.get("/waits/<wait_id>")
def wait(wait_id: str) -> ResponseReturnValue:
    return _wait_page(wait_id, None)


@room.post("/waits/<wait_id>")
def press(wait_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    number = case_of(wait_id)
    if number:
        errors.way_on(case_url(number))
        conflict.about(number)
    waiting, laid = desk.at_wait(session, wait_id, by=officer, at=at)
    conflict.about(waiting.case_id, laid.element.form)
    paper = filled(laid)
    try:
        with session.begin_nested():
            messages.press(session, wait_id, paper.answers(), by=officer, at=at)
    except NotValid as refused:
        return _wait_page(wait_id, paper.with_faults(refused.faults))
    if not say_if_stuck(waiting.case_id):
        flash(_("已办理：%(button)s", button=named(laid.element)), "success")
    return redirect(case_url(waiting.case_id))


@room.post("/waits/<wait_id>/form")
def wait_form(wait_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    return refreshed(desk.at_wait(session, wait_id, by=officer, at=at)[1])


def case_of(id: str) -> int:
    """The case in the id of a task or wait ("2026000001-7"); 0 when it is none."""
    number = id.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def _task_page(task_id: str, paper: Paper | None) -> ResponseReturnValue:
    session, officer, at = here()
    found = inbox.task(session, task_id, officer)
    reason = sight.may_do(session, found, officer)
    if reason is None and paper is None and found.case.stuck_at is None:
        paper = blank(desk.at_task(session, found, by=officer, at=at))
    about = brief.of(session, found.case_id, item=found.item)
    stuck = incidents.told(session, found.case_id) if about.case.stuck_at is not None else None
    if stuck is not None and reason is None:
        zh = f"流程停住了，正等管理人员处理；已提交的内容都已保留，不用重填。（{stuck.zh}）"
        en = f"The process is stuck and waits for repair; what was handed in is kept, nothing to do again. ({stuck.en})"
        reason = Reason("stuck", zh, en)
    page = render_template(
        "inbox/task.html",
        task=found,
        element=about.diagram.elements[found.element],
        reason=reason,
        paper=paper,
        brief=about,
        claimed_by_me=found.claimed_by == officer.id,
    )
    return page, 422 if paper is not None and paper.faults else 200


def _wait_page(wait_id: str, paper: Paper | None) -> ResponseReturnValue:
    session, officer, at = here()
    found, laid = desk.at_wait(session, wait_id, by=officer, at=at)
    page = render_template(
        "inbox/wait.html",
        wait=found,
        element=laid.element,
        paper=paper or blank(laid),
        brief=brief.of(session, found.case_id),
    )
    return page, 422 if paper is not None and paper.faults else 200
