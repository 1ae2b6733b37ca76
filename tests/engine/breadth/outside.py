"""Steps that a program outside does, drawn in a few words; and such a program, played by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

from engine.acts import service_jobs
from engine.acts.service_jobs import Outcome, Taken
from models import ServiceJob
from tests.engine.breadth.town import Town
from tests.engine.tokens import drawn as d


def outside(id: str, topic: str, *handed: str, kind: str = "serviceTask", inner: str = "", **said: str) -> str:
    """`handed` as of a call activity: "in a x" · "in =a+1 x" · "out y b" · "out *" …; `said`: more properties."""
    parts = []
    for one in handed:
        way, source, *target = one.split(" ")
        if source == "*":
            parts.append(f'<camunda:{way} variables="all"/>')
        elif source.startswith("="):
            parts.append(f'<camunda:{way} sourceExpression="{source}" target="{target[0]}"/>')
        else:
            parts.append(f'<camunda:{way} source="{source}" target="{target[0]}"/>')
    told = {"worker": "external", **said} if topic not in {"http", "mail"} else said
    said_here = "".join(
        f'<camunda:property name="{name}" value="{escape(value, {chr(34): "&quot;"})}"/>'
        for name, value in told.items()
    )
    properties = f"<camunda:properties>{said_here}</camunda:properties>"
    extensions = f"<extensionElements>{''.join(parts)}{properties}</extensionElements>"
    return d.el(kind, id, extensions + inner, camunda_type="external", camunda_topic=topic)


def take(town: Town, topic: str = "ask", worker: str = "w1", **more: Any) -> list[Taken]:
    with town.sessions() as session, session.begin():
        return service_jobs.take(session, [topic], worker, at=town.at, **more)


def one(town: Town, topic: str = "ask", worker: str = "w1", **more: Any) -> Taken:
    (taken,) = take(town, topic, worker, **more)
    return taken


def complete(town: Town, job: Taken, **given: Any) -> Outcome:
    with town.sessions() as session, session.begin():
        return service_jobs.complete(session, job.id, job.lease, given, at=town.at)


def fail(town: Town, job: Taken, message: str = "no answer", **more: Any) -> Outcome:
    with town.sessions() as session, session.begin():
        return service_jobs.fail(session, job.id, job.lease, message, at=town.at, **more)


def throw(town: Town, job: Taken, code: str, **given: Any) -> Outcome:
    with town.sessions() as session, session.begin():
        return service_jobs.throw(session, job.id, job.lease, code, "", given, at=town.at)


def jobs(town: Town) -> list[ServiceJob]:
    with town.sessions() as session:
        return list(session.query(ServiceJob).order_by(ServiceJob.id))


def fail_for_good(town: Town, topic: str = "ask") -> Outcome:
    while True:
        outcome = fail(town, one(town, topic))
        if outcome.state != "retry":
            return outcome
        town.at += timedelta(days=1)
