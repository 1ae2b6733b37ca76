"""Rows of work that programs outside do, of the keys that let them in, and of the hosts one may speak to."""

from __future__ import annotations

from typing import Any

from engine.record.page import Page
from engine.record.writers import writes
from engine.words import facts as f
from models import AllowedHost, ServiceJob, WorkerToken

_FREE: dict[str, Any] = {"worker": None, "lease": None, "leased_until": None, "lost": 0}


@writes(f.JobMade)
def job_made(page: Page, fact: f.JobMade) -> None:
    page.add(
        ServiceJob,
        id=fact.job,
        case_id=page.book,
        element=fact.element,
        token=fact.token,
        topic=fact.topic,
        inputs=fact.inputs,
        backoff=fact.backoff,
        made_at=page.at,
        due_at=page.at,
        tries=0,
        retries=fact.retries,
        leases=fact.leases,
    )


@writes(f.JobAnswered)
def job_answered(page: Page, fact: f.JobAnswered) -> None:
    page.remove(ServiceJob, fact.job)


@writes(f.JobDropped)
def job_dropped(page: Page, fact: f.JobDropped) -> None:
    page.remove(ServiceJob, fact.job)


@writes(f.JobFailed)
def job_failed(page: Page, fact: f.JobFailed) -> None:
    told = {"trouble": fact.message or None, "due_at": fact.due}
    page.change(ServiceJob, fact.job, retries=fact.retries, **told, **_FREE)


@writes(f.JobRetried)
def job_retried(page: Page, fact: f.JobRetried) -> None:
    anew = {"due_at": page.at, "tries": 0, "trouble": None}
    page.change(ServiceJob, fact.job, retries=fact.retries, inputs=fact.inputs, **anew, **_FREE)


@writes(f.JobRedrawn)
def job_redrawn(page: Page, fact: f.JobRedrawn) -> None:
    other = {**_FREE, "due_at": page.at, "tries": 0} if "topic" in fact.after else {}  # another program is asked now
    page.change(ServiceJob, fact.job, **fact.after, **other)


@writes(f.WorkerTokenMade)
def worker_token_made(page: Page, fact: f.WorkerTokenMade) -> None:
    page.add(
        WorkerToken,
        id=fact.number,
        name=fact.name,
        digest=fact.digest,
        topics=fact.topics,
        officer_id=fact.officer,
        messages=fact.messages,
        made_at=page.at,
        made_by=page.officer,
    )


@writes(f.WorkerTokenEnded)
def worker_token_ended(page: Page, fact: f.WorkerTokenEnded) -> None:
    page.change(WorkerToken, fact.number, ended_at=page.at)


@writes(f.HostsAllowed)
def hosts_allowed(page: Page, fact: f.HostsAllowed) -> None:
    for host in fact.before:
        if host not in fact.after:
            page.remove(AllowedHost, host)
    for host in fact.after:
        if host not in fact.before:
            page.add(AllowedHost, host=host, allowed_at=page.at, allowed_by=page.officer)
