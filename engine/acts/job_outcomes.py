"""What comes of a job in its case: the answer goes in, or the way of a failure is taken, or the case is stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from engine.acts.casefiles import find_case, scene_of
from engine.acts.incidents import stop
from engine.acts.job_holding import gone
from engine.acts.personal import comes_back, put_beside
from engine.notation.diagram import Element
from engine.notation.spiff import step
from engine.notation.spiff.serving import Answer
from engine.record.journal import CaseFile, record
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from engine.words.officers import CLOCK
from engine.words.terms import Term
from engine.words.values import to_json
from models import ServiceJob
from models.base import table_of

_JOBS = table_of(ServiceJob)
# Of a job that is due: the lease that has just run out was the last in a row that might.
WORN_OUT = and_(_JOBS.c.lease.is_not(None), _JOBS.c.lost + 1 >= _JOBS.c.leases)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of what a worker said. `state`: done · error · retry · incident · kept (the case could not go on from
    it; the answer is kept, an administrator repairs the case); `due`: when it may be taken again."""

    state: str
    due: datetime | None = None
    why: CannotGoOn | None = None


def answered(session: Session, case: CaseFile, job: ServiceJob, answer: Answer, *, at: datetime) -> Outcome:
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
        raise gone(session, case.id, job.id, answer.lease)
    record(
        session, case, [*beside.facts, *decided.facts], by=CLOCK, at=at, state=decided.state, serial=decided.serial,
        large=decided.large, enclosed=beside.enclosed,
    )  # fmt: skip
    return Outcome("error" if answer.kind == "error" else "done")


def give_up(session: Session, case_id: int, id: str, *, at: datetime) -> None:
    """Workers took it again and again and were not heard of any more: whatever is in it, it stops at this case."""
    case = find_case(session, case_id)  # the case first, as everybody locks them
    query = select(ServiceJob).where(ServiceJob.id == id, WORN_OUT, ServiceJob.due_at <= at).with_for_update()
    job = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if job is None or case.stuck_at is not None:
        return  # somebody answered, or held on to it, meanwhile
    last = job.worker or "?"
    told = Term(
        f"连续 {job.leases} 次被领取后到期都没有交回，最后一次由“{last}”领取：可能这件任务让程序停了机",
        f"was taken {job.leases} times in a row and never answered before the lease ran out, last by {last}; perhaps "
        "the job stops the program",
    )
    failed_for_good(session, case, job, f"{told.zh} {told.en}", told, at=at)


def failed_for_good(
    session: Session, case: CaseFile, job: ServiceJob, message: str, told: Term, *, at: datetime
) -> Outcome:
    """An event on the border takes it, or the case becomes an incident."""
    worker = job.worker or ""
    element = scene_of(session, case, by=CLOCK, at=at).published.diagram.element(job.element)
    if _caught_on_its_border(session, case, element, at=at):
        return answered(session, case, job, Answer("failed", worker, "", message, lease=job.lease or ""), at=at)
    why = CannotGoOn(
        job.element,
        f"“{element.name or element.id}”的外部任务（{job.topic}）{told.zh}",
        f"The work for {element.name_en or element.name or element.id} ({job.topic}) {told.en}",
    )
    last = f.JobFailed(job.id, job.element, worker, message, 0, None)
    stop(session, case, why, {"job": job.id, "element": job.element}, by=CLOCK, at=at, first=[last])
    return Outcome("incident", why=why)


def _caught_on_its_border(session: Session, case: CaseFile, element: Element, *, at: datetime) -> bool:
    """Whether an error event without a name on its border takes a failure instead of an incident."""
    elements = scene_of(session, case, by=CLOCK, at=at).published.diagram.elements.values()
    return any(
        one.attached_to == element.id and one.trigger.kind == "error" and not one.trigger.name for one in elements
    )
