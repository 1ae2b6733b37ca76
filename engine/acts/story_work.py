"""A program outside answers in a story: it takes the job of a case by its topic, and gives, fails or throws."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts import service_jobs
from engine.notation.story_book import Step
from models import ServiceJob

NAME = "story"


class NothingToDo(Exception):
    """No job, or more than one, of this topic can be taken now."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def answer(session: Session, case_id: int, step: Step, *, at: datetime) -> int:
    """Plays the worker; returns the case. Raises `NothingToDo`."""
    taken = service_jobs.take(session, [step.what], NAME, at=at, most=100, case=case_id, lease=timedelta(seconds=1))
    chosen = [job for job in taken if not step.unit or step.unit in map(str, job.inputs.values())]
    if len(chosen) != 1:
        waiting = select(ServiceJob.topic).where(ServiceJob.case_id == case_id)
        topics = ", ".join(sorted(session.scalars(waiting))) or "—"
        raise NothingToDo(
            f"主题“{step.what}”此时有 {len(chosen)} 件可办（多件时用 for 指明输入里的一个值），在等的：{topics}",
            f"{len(chosen)} jobs of the topic {step.what} can be taken now (several: name one value of the inputs with "
            f"`for`); waiting are: {topics}",
        )
    job = chosen[0]
    for other in taken:
        if other is not job:
            service_jobs.put_back(session, other, at=at)
    if step.how == "fails":
        service_jobs.fail(session, job.id, job.lease, step.key, at=at)
    elif step.how == "throws":
        service_jobs.throw(session, job.id, job.lease, step.key, "", step.answers, at=at)
    else:
        service_jobs.complete(session, job.id, job.lease, step.answers, at=at)
    return job.case
