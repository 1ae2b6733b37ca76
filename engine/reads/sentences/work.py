"""Sentences about tasks: opened for somebody, taken, done, taken away."""

from __future__ import annotations

from engine.reads.names import Names
from engine.reads.sentences.line import Body, Detail, Line, Voice, tells
from engine.reads.tongues import say
from engine.words.terms import Term


def answers(body: Body, names: Names, without: frozenset[str] = frozenset()) -> tuple[Detail, ...]:
    """What was filled in, in the order of the form, but for the fields in `without`; evidence is told by its own
    facts."""
    element = body["element"]
    given = {id: value for id, value in body["answers"].items() if value not in (None, "", []) and id not in without}
    known = names.diagram.elements.get(element) if names.diagram else None
    order = [field.id for field in known.form if field.id in given] if known else []
    return tuple(
        Detail(names.label(id, element), None, names.value(id, given[id], element))
        for id in [*order, *(id for id in given if id not in order)]
        if (asked := names.field(id, element)) is None or asked.type not in {"photo", "file"}
    )


def _due(due: Term | None) -> Term:
    return say("，{due} 前办结", ", due {due}", due=due) if due else Term("", "")


@tells("TaskOpened")
def task_opened(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "待办「{task}」交 {whom}{due}",
            "“{task}” now waits for {whom}{due}",
            task=Term(b["name"] or b["element"], b["name_en"] or b["name"] or b["element"]),
            whom=v.names.wanted(b["wanted"]) if b["wanted"] else v.names.unit(b["unit"]),
            due=_due(v.moment(b["due"]) if b["due"] else None),
        )
    )


@tells("TaskClaimed")
def task_claimed(b: Body, v: Voice) -> Line:
    return Line(say("领取「{task}」", "took “{task}”", task=v.names.element(b["element"])))


@tells("TaskReleased")
def task_released(b: Body, v: Voice) -> Line:
    return Line(say("放回「{task}」", "put back “{task}”", task=v.names.element(b["element"])))


@tells("TaskCompleted")
def task_completed(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "办结「{task}」{late}",
            "completed “{task}”{late}",
            task=v.names.element(b["element"]),
            late=Term("（已超期）", " (late)") if b.get("late") else Term("", ""),
        ),
        mood="bad" if b.get("late") else "",
        details=answers(b, v.names),
    )


@tells("TaskCancelled")
def task_cancelled(b: Body, v: Voice) -> Line:
    return Line(
        say("待办「{task}」撤销，不再需要办理", "“{task}” is no longer needed", task=v.names.element(b["element"])),
        folded=True,
    )


@tells("TaskDueChanged")
def task_due_changed(b: Body, v: Voice) -> Line:
    task = v.names.element(b["element"])
    if b["after"] is None:
        return Line(
            say("「{task}」暂停计时", "the time for “{task}” stands still", task=task), mood="clock", folded=True
        )
    return Line(
        say(
            "「{task}」办理时限改为 {after}",
            "“{task}” is now due {after}",
            task=task,
            after=v.moment(b["after"]),
        ),
        mood="clock",
        folded=True,
        details=(Detail(Term("办理时限", "Due"), v.moment(b["before"]), v.moment(b["after"])),),
    )


@tells("StepChosen")
def step_chosen(b: Body, v: Voice) -> Line:
    return Line(say("选定下一步「{step}」", "chose “{step}” to come next", step=v.names.button(b["element"])))


@tells("StepUndone")
def step_undone(b: Body, v: Voice) -> Line:
    step = v.names.element(b["element"])
    if not b["handler"]:
        return Line(say("撤销「{step}」里已办完的各步", "what was done in “{step}” is undone", step=step), "bad")
    return Line(
        say(
            "撤销已办完的「{step}」：转入「{handler}」",
            "“{step}”, done before, is undone by “{handler}”",
            step=step,
            handler=v.names.element(b["handler"]),
        ),
        "bad",
    )


@tells("TransactionCancelled")
def transaction_cancelled(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "事务「{step}」取消：未办完的撤回，已办完的按相反顺序撤销",
            "transaction “{step}” cancelled: open work is taken back, what was done is undone, the last first",
            step=v.names.element(b["element"]),
        ),
        "bad",
    )


@tells("WorkPassed")
def work_passed(b: Body, v: Voice) -> Line:
    return Line(
        say(
            "「{unit}」撤并，{n} 项待办转由「{to}」办理",
            "“{unit}” was dissolved: what waited for it ({n}) passes to “{to}”",
            unit=v.names.unit(b["unit"]),
            n=len(b["wanted"]),
            to=v.names.unit(b["to"]),
        ),
        why=b["reason"],
    )
