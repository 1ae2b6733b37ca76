"""Whether a worker still holds the job it speaks of; if not, what became of that job."""

from __future__ import annotations

import secrets
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts.casefiles import find_case
from engine.record.journal import CaseFile
from engine.words.errors import NotFound, OutOfDate
from models import Entry, ServiceJob


def held(
    session: Session, id: str, lease: str, *, at: datetime, stuck_too: bool = False
) -> tuple[CaseFile, ServiceJob]:
    """The job this worker holds, and its case, both locked."""
    head = id.partition("-")[0]
    if not (head.isascii() and head.isdecimal()) or len(head) > 18:
        raise NotFound("没有这件外部任务", "There is no such job")
    case = find_case(session, int(head))
    query = select(ServiceJob).where(ServiceJob.id == id).with_for_update()
    job = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if job is None or job.case_id != case.id:
        raise gone(session, case.id, id, lease)
    if job.due_at is None:
        raise OutOfDate(
            "这件外部任务已有结果或已失败，正等管理人员处理。",
            "This job has been answered, or has failed for good, and waits for an administrator.",
        )
    if job.lease is None or not lease or not secrets.compare_digest(job.lease, lease):
        if job.worker and job.leased_until is not None and job.leased_until > at:
            raise OutOfDate(
                f"领取已过期：这件外部任务现由“{job.worker}”办理。",
                f"The lease is lost: {job.worker} holds this job now.",
            )
        raise OutOfDate(
            "领取已失效：请重新领取后再提交。",
            "This lease does not hold (any more); take the job anew before answering.",
        )
    if case.stuck_at is not None and not stuck_too:
        raise OutOfDate(
            "事项的流程停住了，正等管理人员处理；请稍后再提交，或等领取到期后由他人重办。",
            "The case is stuck and waits for its repair; answer again later, or let the lease run out.",
        )
    return case, job


def gone(session: Session, case_id: int, id: str, lease: str) -> OutOfDate | NotFound:
    """What became of a job that waits no more, as the case's own book says."""
    query = (
        select(Entry.kind, Entry.body, Entry.at)
        .where(Entry.book == case_id, Entry.kind.in_(("JobAnswered", "JobDropped")))
        .order_by(Entry.seq.desc())
    )
    for entry in session.execute(query):
        body = orjson.loads(entry.body) if isinstance(entry.body, str | bytes) else entry.body or {}
        if body.get("job") != id:
            continue
        when = entry.at.isoformat(timespec="seconds")
        if entry.kind == "JobDropped":
            return OutOfDate(
                f"流程已不再等待这件外部任务（{when} 撤下）。",
                f"The case no longer waits for this job; it was withdrawn at {when}.",
            )
        own = bool(lease) and body.get("lease") == lease
        zh = "就是这次领取提交的" if own else f"由“{body.get('worker') or '人工'}”提交"
        en = "by this very lease" if own else f"by {body.get('worker') or 'hand'}"
        return OutOfDate(
            f"这件外部任务已于 {when} 办结（{body.get('kind')}，{zh}），不再接受结果。",
            f"This job was over at {when} ({body.get('kind')}, {en}); nothing more is taken.",
        )
    return NotFound("没有这件外部任务", "There is no such job")
