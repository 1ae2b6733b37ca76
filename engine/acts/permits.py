"""Refusing: what one may not know of is not found, may not do is not allowed, and what changed is out of date."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.elements import Element
from engine.reads import openings, sight
from engine.words.errors import NotAllowed, NotFound, OutOfDate
from engine.words.officers import Actor
from engine.words.terms import ROLES
from models import Officer, Subscription, Task


def refuse_unless_doable(session: Session, task: Task | sight.TaskFile, by: Actor) -> None:
    """Returns only when the actor may do this task now."""
    reason = sight.may_do(session, task, by)
    if reason is None:
        return
    if not sight.may_see(session, task.case_id, by):
        raise NotFound("没有这项任务", "There is no such task")
    if reason.kind == "done":
        _refuse_done(session, task)
    if reason.kind == "claimed":
        raise OutOfDate(reason.zh, reason.en)
    raise NotAllowed(reason.zh, reason.en)


def _refuse_done(session: Session, task: Task | sight.TaskFile) -> None:
    if task.outcome == "cancelled":
        raise OutOfDate(
            "这项任务已由流程撤回，无须再办。", "The process has taken this task back; nothing is left to do."
        )
    who = session.get(Officer, task.done_by) if task.done_by is not None else None
    raise OutOfDate(
        f"这项任务已由{who.name if who else '他人'}办结。",
        f"This task has already been completed by {(who.name_en or who.name) if who else 'somebody else'}.",
    )


def refuse_reader(by: Actor) -> None:
    """Returns only when the actor may raise issues: everybody but auditors, who judge what others raise."""
    if by.reads_only:
        raise NotAllowed("审计人员只查阅，不提出问题。", "Auditors read; they raise no issues themselves.")


def refuse_unless_may_begin(start: Element, by: Actor) -> None:
    """Returns only when cases of this process are for the actor to begin: the start's property `role` says for whom."""
    if openings.may_begin(start, by):
        return
    terms = [ROLES[role] for role in openings.beginners(start) if role in ROLES]
    raise NotAllowed(
        f"这个流程由{'、'.join(term.zh for term in terms)}发起。",
        f"This process is begun by: {', '.join(term.en for term in terms)}.",
    )


def refuse_unless_pressable(session: Session, wait: Subscription, by: Actor) -> None:
    """Returns only when the button of this wait is meant for the actor."""
    meant = select(Subscription.id).where(
        Subscription.id == wait.id, sight.meant(Subscription.id, by), sight.not_hidden(Subscription.case_id, by)
    )
    if wait.button is not None and session.scalar(meant) is not None:
        return
    if not sight.may_see(session, wait.case_id, by):
        raise NotFound("没有这个按钮", "There is no such button")
    raise NotAllowed("这个操作不属于您的岗位职责。", "This is not among the duties of your post.")
