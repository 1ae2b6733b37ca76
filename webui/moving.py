"""Moving running cases, in the designer's room: step for step, a dry run over all, then the move, or its undoing."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.acts import moves as acts
from engine.notation.moving import WHYS, Wishes
from engine.reads import designs, move_reports
from engine.reads import moves as reads
from engine.reads.diagrams import diagram_of
from engine.words.errors import NotFound, NotValid, OutOfDate
from engine.words.terms import Term
from webui import errors, guards
from webui.locale import say
from webui.request import here

room = Blueprint("moving", __name__, url_prefix="/designer")
guards.for_roles(room, "designer", "auditor", "admin")

TIMINGS: dict[str, Term] = {
    "keep": Term("到时时刻不变", "Keep the moment it is due"),
    "restart": Term("从迁移时重新起算", "Begin anew at the move"),
    "recount": Term("按新版从原起点重算", "Count by the new version from when it began"),
}
DUES: dict[str, Term] = {
    "keep": Term("不变", "Keep"),
    "recount": Term("按新版从开办时重算", "Count by the new version from when the task began"),
}
PAIRED: dict[str, Term] = {
    "same": Term("同一步骤", "the same step"),
    "name": Term("名称相同", "same name"),
    "place": Term("位置相近", "similar place"),
    "misfit": Term("同号而不相符", "same id, does not fit"),
    "none": Term("没有对应", "no counterpart"),
}
# What to do about each reason why a case stays.
REMEDIES: dict[str, Term] = {
    "gone": Term("在对应表里指定由哪一步接替，再试算。", "Name the step that takes its place, and try again."),
    "kind": Term(
        "另选同类的步骤接替，或等它办过这一步。", "Choose a step of the same kind, or wait until it has passed."
    ),
    "trigger": Term("另选触发方式相同的事件，或等它触发。", "Choose an event with the same trigger, or wait for it."),
    "scope": Term("子流程里还有别的在办，等办完再迁。", "Something else goes on in there; move it when that is done."),
    "join": Term("等并行的各支汇合后再迁。", "Move it when the branches have come together."),
    "repeat": Term("等各人办完这一步再迁。", "Move it when everybody has done his part."),
    "called": Term("等被调用的流程办完再迁。", "Move it when the called process has answered."),
    "nobody": Term("请管理员授予角色，或在新版改由他人办理。", "Have the role granted, or give the step to others."),
    "table": Term("发布带有这张决策表的新版。", "Publish a version that has the table."),
    "stuck": Term("先在“故障处理”里排除故障。", "Repair it first."),
    "undoing": Term("等撤销做完再迁。", "Move it when everything is undone."),
    "stops": Term("按说明改图或改数据后再试算。", "Change the drawing or the values as the sentence says."),
    "unreadable": Term("请管理员查看这件事项。", "Have an administrator look at the case."),
}
# What of a task may be redrawn, in a designer's words.
CHANGED: dict[str, Term] = {
    "element": Term("步骤编号", "step id"), "name": Term("名称", "name"), "wanted": Term("办理角色", "who does it"),
    "bars": Term("回避", "who is barred"), "unit": Term("单位", "unit"), "priority": Term("优先级", "priority"),
    "clock": Term("时限", "clock"),
}  # fmt: skip


@room.get("/help/moving")
def help() -> ResponseReturnValue:
    """How running cases go on by another version, and what to do about each reason that forbids it."""
    return render_template("moving/help.html", whys=WHYS, remedies=REMEDIES)


@room.get("/<process_id>/moves")
def index(process_id: str) -> ResponseReturnValue:
    session, _officer, _at = here()
    running = reads.running(session, process_id)
    return render_template(
        "moving/index.html", id=process_id, drawing=_drawing(process_id), running=running, choice=_choice(running),
        standings=reads.standings(session, process_id=process_id), may=_may(), outcomes=reads.OUTCOMES,
    )  # fmt: skip


@room.get("/<process_id>/moves/new")
def ask(process_id: str) -> ResponseReturnValue:
    """The mapping, step by step; `like`: a trial whose choices are taken up again."""
    session, _officer, _at = here()
    running = reads.running(session, process_id)
    before, after = _choice(running)
    wishes = Wishes()
    like = request.args.get("like", type=int)
    if like is not None:
        earlier = reads.standing(session, process_id, like)
        wishes = acts.wishes_of(earlier.move.wishes)
        before, after = earlier.move.from_number or before, earlier.to
    return _asked(process_id, running, before, after, wishes if like is not None else None)


@room.post("/<process_id>/moves")
def try_out(process_id: str) -> ResponseReturnValue:
    """The dry run: the worker looks at every open case, and records nothing."""
    session, officer, at = here()
    form = request.form
    before, after = form.get("before", 0, type=int), form.get("after", 0, type=int)
    wishes = _wishes()
    try:
        move = acts.order(session, process_id, after, wishes, by=officer, at=at, number=before, trial=True)
    except NotValid as refusal:
        session.rollback()
        page = _asked(process_id, reads.running(session, process_id), before, after, wishes, refusal)
        return page, errors.code_of(refusal)
    return redirect(url_for("moving.show", process_id=process_id, number=move.id))


@room.get("/<process_id>/moves/<int:number>")
def show(process_id: str, number: int, refusal: NotValid | OutOfDate | None = None) -> ResponseReturnValue:
    session, _officer, _at = here()
    standing = reads.standing(session, process_id, number)
    told = None if standing.under_way else move_reports.report(session, standing.move)
    return render_template(
        "moving/show.html", id=process_id, drawing=_drawing(process_id), standing=standing, report=told, may=_may(),
        refusal=refusal, outcomes=reads.OUTCOMES, how=reads.HOW, changed=CHANGED, samples=move_reports.SAMPLES,
        reason=request.form.get("reason", ""), under_way=acts.under_way(session, process_id),
    )  # fmt: skip


@room.get("/<process_id>/moves/<int:number>/progress")
def progress(process_id: str, number: int) -> Response:
    """Asked for again and again while the move is under way; when it is done, the page is drawn anew."""
    standing = reads.standing(here().session, process_id, number)
    page = render_template("moving/_progress.html", id=process_id, standing=standing, outcomes=reads.OUTCOMES)
    answer = make_response(page)
    if not standing.under_way:
        answer.headers["HX-Refresh"] = "true"
    return answer


@room.get("/<process_id>/moves/<int:number>/cases")
def cases(process_id: str, number: int) -> ResponseReturnValue:
    session, _officer, _at = here()
    standing = reads.standing(session, process_id, number)
    outcome = request.args.get("outcome", "")
    listed, following = move_reports.cases(
        session, standing.move, outcome=outcome, after=request.args.get("after", 0, type=int)
    )
    return render_template(
        "moving/cases.html", id=process_id, drawing=_drawing(process_id), standing=standing, listed=listed,
        following=following, outcome=outcome, outcomes=reads.OUTCOMES,
    )  # fmt: skip


@room.post("/<process_id>/moves/<int:number>/confirmation")
def confirm(process_id: str, number: int) -> ResponseReturnValue:
    """What was tried is ordered in earnest, over all cases that are open now."""
    session, officer, at = here()
    tried = reads.standing(session, process_id, number)
    if not tried.move.trial:
        raise NotFound(f"没有编号为 {number} 的试算", f"There is no dry run {number}")
    try:
        move = acts.order(
            session, process_id, tried.to, acts.wishes_of(tried.move.wishes), by=officer, at=at,
            number=tried.move.from_number, reason=request.form.get("reason", ""),
        )  # fmt: skip
    except (NotValid, OutOfDate) as refusal:
        return _again(process_id, number, refusal)
    flash(say("迁移已开始，事项逐件迁往新版。", "The move has begun; the cases go over one by one."), "success")
    return redirect(url_for("moving.show", process_id=process_id, number=move.id))


@room.post("/<process_id>/moves/<int:number>/undoing")
def undo(process_id: str, number: int) -> ResponseReturnValue:
    session, officer, at = here()
    reads.standing(session, process_id, number)
    try:
        acts.take_back(session, number, reason=request.form.get("reason", ""), by=officer, at=at)
    except (NotValid, OutOfDate) as refusal:
        return _again(process_id, number, refusal)
    flash(say("正在撤销，事项逐件退回原版。", "The move is being undone; the cases go back one by one."), "success")
    return redirect(url_for("moving.show", process_id=process_id, number=number))


def _again(process_id: str, number: int, refusal: NotValid | OutOfDate) -> ResponseReturnValue:
    here().session.rollback()
    return show(process_id, number, refusal), errors.code_of(refusal)  # type: ignore[return-value]


def _asked(
    process_id: str, running: dict[int, int], before: int, after: int, wishes: Wishes | None,
    refusal: NotValid | None = None,
) -> str:  # fmt: skip
    """The page on which every step is given its place. `wishes`: what was chosen before, instead of suggestions."""
    session = here().session
    apart = before != after and {before, after} <= running.keys()
    rows, clocks = reads.mapping(session, process_id, before, after) if apart else ([], [])
    chosen = {row.old.id: row.chosen if wishes is None else wishes.mapping.get(row.old.id, row.old.id) for row in rows}
    return render_template(
        "moving/new.html", id=process_id, drawing=_drawing(process_id), running=running, before=before, after=after,
        apart=apart, rows=rows, clocks=clocks, chosen=chosen, wishes=wishes or Wishes(), refusal=refusal, may=_may(),
        changes=designs.compared(session, process_id, before, after) if apart else [], timings=TIMINGS, dues=DUES,
        paired=PAIRED,
    )  # fmt: skip


def _wishes() -> Wishes:
    """`map.OLD` → the step that takes its place ("" none), `timer.NEW`, `timers` for all others, `dues`."""
    mapping, timers = {}, {"*": request.form.get("timers", "keep")}
    for name, value in request.form.items():
        kind, dot, element = name.partition(".")
        if dot and kind == "map" and value != element:
            mapping[element] = value
        elif dot and kind == "timer" and value:
            timers[element] = value
    return Wishes(mapping, timers, request.form.get("dues", "keep"))


def _choice(running: dict[int, int]) -> tuple[int, int]:
    """From which version to which: as asked for, else from the one with most open cases to the newest."""
    newest = max(running)
    after = request.args.get("after", newest, type=int)
    others = [number for number in running if number != after] or [after]
    likely = max(others, key=lambda number: (running[number], number))
    return request.args.get("before", likely, type=int), after


def _drawing(process_id: str) -> object:
    session = here().session
    newest = designs.version(session, process_id, max(reads.running(session, process_id)))
    return diagram_of(session, newest.id, newest.digest)


def _may() -> bool:
    officer = here().officer
    return officer.has("designer") or officer.has("admin")
