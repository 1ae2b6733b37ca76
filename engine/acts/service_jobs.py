"""Work that programs outside do for cases: they take jobs on a lease, and say what came of each.

A worker that loses its lease loses the job: what it says afterwards is refused with a sentence. What it says in time is
one step of the case, all or nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.acts.casefiles import find_case, scene_of
from engine.acts.incidents import stop
from engine.acts.personal import comes_back, put_beside
from engine.notation.diagram import Element
from engine.notation.spiff import step
from engine.notation.spiff.serving import Answer
from engine.record.journal import CaseFile, record
from engine.words import backoff
from engine.words import facts as f
from engine.words.errors import CannotGoOn, Fault, NotFound, NotValid, OutOfDate
from engine.words.officers import CLOCK
from engine.words.values import from_json, to_json
from models import Case, Entry, ServiceJob
from models.base import table_of

MOST = 100  # jobs in one look
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(hours=24)
LONGEST_TEXT = 2000
_JOBS, _CASES = table_of(ServiceJob), table_of(Case)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job somebody holds until `until`. `inputs` are JSON; `tries`: which try this is; `retries`: how many are left
    after it; `key`: the same at every try of this job, for whoever must not do it twice."""

    id: str
    lease: str
    until: datetime
    topic: str
    element: str
    case: int
    inputs: dict[str, Any]
    tries: int
    retries: int

    @property
    def number(self) -> str:
        return f"{self.case // 1_000_000}-{self.case % 1_000_000:06d}"

    @property
    def key(self) -> str:
        return f"bihuan-{self.id}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of what a worker said. `state`: done · error · retry · incident · kept (the case could not go on from
    it; the answer is kept, an administrator repairs the case); `due`: when it may be taken again."""

    state: str
    due: datetime | None = None
    why: CannotGoOn | None = None


def take(
    session: Session,
    topics: Collection[str],
    worker: str,
    *,
    at: datetime,
    most: int = 1,
    lease: timedelta = timedelta(minutes=1),
    case: int | None = None,
) -> list[Taken]:
    """The jobs of these topics that have been due longest, held for this worker; none that somebody else holds, or
    whose case waits for its repair. `case`: only its jobs. Raises `NotValid`."""
    faults = []
    if not topics or any(not topic or len(topic) > 100 for topic in topics):
        faults.append(Fault("topics", "请写明要领取哪些主题（topics）", "Say which topics to work for"))
    if not worker.strip() or len(worker) > 100:
        faults.append(
            Fault("worker", "请写明程序的名称（worker，至多 100 字）", "Name the worker (at most 100 characters)")
        )
    if not 1 <= most <= MOST:
        faults.append(Fault("most", f"一次领取 1 到 {MOST} 件", f"Take 1 to {MOST} jobs at once"))
    faults += _wrong_lease(lease)
    if faults:
        raise NotValid(faults)
    due = (
        select(_JOBS)
        .join(_CASES, _CASES.c.id == _JOBS.c.case_id)
        .where(_JOBS.c.topic.in_(sorted(topics)), _JOBS.c.due_at <= at, _CASES.c.stuck_at.is_(None))
        .order_by(_JOBS.c.due_at, _JOBS.c.id)
        .limit(most)
        .with_for_update(of=_JOBS, skip_locked=True)
    )
    if case is not None:
        due = due.where(_JOBS.c.case_id == case)
    found = session.connection().execute(due).mappings().all()
    taken = []
    for job in found:
        mark = secrets.token_hex(16)
        held = {"worker": worker, "lease": mark, "leased_until": at + lease, "due_at": at + lease}
        session.connection().execute(
            update(_JOBS).where(_JOBS.c.id == job["id"]).values(**held, tries=job["tries"] + 1)
        )
        taken.append(
            Taken(
                job["id"], mark, at + lease, job["topic"], job["element"], job["case_id"], job["inputs"],
                job["tries"] + 1, job["retries"],
            )
        )  # fmt: skip
    return taken


def complete(session: Session, id: str, lease: str, given: Mapping[str, Any], *, at: datetime) -> Outcome:
    """The work is done; what it gave goes into the case, through the diagram's mapping. Raises `NotFound`, `NotValid`,
    `OutOfDate` (done already, dropped, held by another, or the case waits for its repair)."""
    case, job = _held(session, id, lease, at=at)
    return _answered(session, case, job, Answer("done", job.worker or "", given=_legible(given), lease=lease), at=at)


def throw(
    session: Session, id: str, lease: str, code: str, message: str, given: Mapping[str, Any], *, at: datetime
) -> Outcome:
    """A BPMN error that the diagram knows comes out of the task. Raises as `complete`."""
    if not code.strip() or len(code) > 200:
        raise NotValid([Fault("code", "请写明错误代码（code）", "Say the code of the error")])
    case, job = _held(session, id, lease, at=at)
    answer = Answer("error", job.worker or "", code.strip(), message[:LONGEST_TEXT], _legible(given), lease)
    return _answered(session, case, job, answer, at=at)


def fail(
    session: Session,
    id: str,
    lease: str,
    message: str,
    *,
    at: datetime,
    retries: int | None = None,
    after: timedelta | None = None,
) -> Outcome:
    """The try came to nothing. `retries`: tries left from now, `after`: the wait before the next; both as the diagram
    says when the worker says nothing. After the last the case becomes an incident. Raises as `complete`."""
    if retries is not None and not 0 <= retries <= backoff.MOST_RETRIES:
        raise NotValid([Fault("retries", "剩余次数须是 0 到 1000 的整数", "Retries are a whole number from 0 to 1000")])
    if after is not None and not timedelta(0) <= after <= timedelta(days=30):
        raise NotValid([Fault("after", "间隔须在 0 到 30 天之间", "The wait is between 0 and 30 days")])
    case, job = _held(session, id, lease, at=at)
    message, worker = message.strip()[:LONGEST_TEXT], job.worker or ""
    if job.retries > 0 if retries is None else retries > 0:
        left = job.retries - 1 if retries is None else retries - 1
        due = at + (after if after is not None else backoff.wait_after(job.backoff, job.tries))
        record(session, case, [f.JobFailed(job.id, job.element, worker, message, left, due)], by=CLOCK, at=at)
        return Outcome("retry", due)
    element = scene_of(session, case, by=CLOCK, at=at).published.diagram.element(job.element)
    if _caught_on_its_border(session, case, element, at=at):
        return _answered(session, case, job, Answer("failed", worker, "", message, lease=lease), at=at)
    why = CannotGoOn(
        job.element,
        f"“{element.name or element.id}”的外部任务（{job.topic}）试了 {job.tries} 次都没有办成："
        f"{message or '没有说明'}",
        f"The work for {element.name_en or element.name or element.id} ({job.topic}) failed {job.tries} times: "
        f"{message or 'nothing was said'}",
    )
    last = f.JobFailed(job.id, job.element, worker, message, 0, None)
    stop(session, case, why, {"job": job.id, "element": job.element}, by=CLOCK, at=at, first=[last])
    return Outcome("incident", why=why)


def extend(session: Session, id: str, lease: str, by: timedelta, *, at: datetime) -> datetime:
    """Holds the job for so long from now; until when. Raises as `complete`."""
    if faults := _wrong_lease(by):
        raise NotValid(faults)
    _case, job = _held(session, id, lease, at=at, stuck_too=True)
    until = at + by
    session.connection().execute(update(_JOBS).where(_JOBS.c.id == job.id).values(leased_until=until, due_at=until))
    return until


def put_back(session: Session, job: Taken, *, at: datetime) -> None:
    """As if it had never been taken."""
    free = {"worker": None, "lease": None, "leased_until": None, "due_at": at, "tries": job.tries - 1}
    session.connection().execute(update(_JOBS).where(_JOBS.c.id == job.id, _JOBS.c.lease == job.lease).values(**free))


def topic_of(session: Session, id: str) -> str | None:
    """The topic of a job that waits; None when it waits no more."""
    return session.scalar(select(ServiceJob.topic).where(ServiceJob.id == id))


def _answered(session: Session, case: CaseFile, job: ServiceJob, answer: Answer, *, at: datetime) -> Outcome:
    scene = scene_of(session, case, by=CLOCK, at=at)
    diagram = scene.published.diagram
    beside = put_beside(session, case.id, comes_back(diagram, diagram.elements.get(job.element)), answer.given)
    answer = replace(answer, given=beside.answers)
    try:
        decided = step.served(scene, case.state, job.id, answer)
    except CannotGoOn as why:
        # The work is done and must not be done again: nobody may take the job, the answer waits with the incident.
        kept = {
            "job": job.id, "element": job.element, "kind": answer.kind, "worker": answer.worker, "code": answer.code,
            "message": answer.message, "lease": answer.lease, "answers": to_json(dict(answer.given)),
        }  # fmt: skip
        stop(session, case, why, kept, by=CLOCK, at=at, first=beside.facts, enclosed=beside.enclosed)
        session.connection().execute(update(_JOBS).where(_JOBS.c.id == job.id).values(due_at=None))
        return Outcome("kept", why=why)
    if decided is None:
        raise _gone(session, case.id, job.id, answer.lease)
    record(
        session, case, [*beside.facts, *decided.facts], by=CLOCK, at=at, state=decided.state, serial=decided.serial,
        large=decided.large, enclosed=beside.enclosed,
    )  # fmt: skip
    return Outcome("error" if answer.kind == "error" else "done")


def _caught_on_its_border(session: Session, case: CaseFile, element: Element, *, at: datetime) -> bool:
    """Whether an error event without a name on its border takes a failure instead of an incident."""
    elements = scene_of(session, case, by=CLOCK, at=at).published.diagram.elements.values()
    return any(
        one.attached_to == element.id and one.trigger.kind == "error" and not one.trigger.name for one in elements
    )


def _held(
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
        raise _gone(session, case.id, id, lease)
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


def _gone(session: Session, case_id: int, id: str, lease: str) -> OutOfDate | NotFound:
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


def _legible(given: Mapping[str, Any]) -> dict[str, Any]:
    if any(not name or len(name) > 200 for name in given):
        raise NotValid([Fault("outputs", "输出的名称须是 1 到 200 个字", "Names of outputs have 1 to 200 characters")])
    try:
        read: dict[str, Any] = from_json(dict(given))
    except (ValueError, TypeError, KeyError) as error:
        raise NotValid([Fault("outputs", f"输出读不懂：{error}", f"The outputs cannot be read: {error}")]) from error
    return read


def _wrong_lease(lease: timedelta) -> list[Fault]:
    if SHORTEST <= lease <= LONGEST:
        return []
    return [Fault("lease", "领取时长须在 1 秒到 24 小时之间", "A lease lasts from 1 second to 24 hours")]
