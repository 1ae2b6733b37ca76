"""The door for programs that work for cases: they take jobs, answer them, in JSON, each with a token of its own.

Every refusal is a sentence, as `application/problem+json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, jsonify
from flask.typing import ResponseReturnValue

from engine.acts import service_jobs, worker_keys
from engine.acts.service_jobs import Outcome, Taken
from engine.reads import service_jobs as reads
from engine.words.errors import Fault, NotAllowed, NotValid
from models import WorkerToken
from webui import guards, programs
from webui.request import database, now

room = Blueprint("worker_api", __name__, url_prefix="/api/v1/jobs")
programs.door(room)


def prepare(app: Flask) -> None:
    """No cookie lets anybody in here, so no form can be forged."""
    app.extensions["csrf"].exempt(room)


@room.get("")
@guards.public
def index() -> ResponseReturnValue:
    """What waits, by topic, for this worker."""
    token = programs.token()
    found = [one for one in reads.topics(database(), at=now()) if worker_keys.may_work_for(token, one.name)]
    return jsonify(
        topics=[
            {"topic": one.name, "waiting": one.waiting, "held": one.held, "failing": one.failing,
             "stopped": one.stopped, "oldest": one.oldest.isoformat()}
            for one in found
        ]
    )  # fmt: skip


@room.post("/lease")
@guards.public
def lease() -> ResponseReturnValue:
    """{"topics", "worker"?, "most"?, "lease_seconds"?} → the jobs this worker holds now."""
    token, told = programs.token(), programs.told()
    topics = told.get("topics")
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise NotValid([Fault("topics", "topics 须是主题名称的列表", "topics is a list of names")])
    for topic in topics:
        _refuse_other(token, topic)
    taken = service_jobs.take(
        database(), topics, str(told.get("worker") or token.name), at=now(), most=_whole(told, "most", 1),
        lease=timedelta(seconds=_number(told, "lease_seconds", 60)),
    )  # fmt: skip
    return jsonify(jobs=[_shown(job) for job in taken])


@room.post("/<id>/completion")
@guards.public
def completion(id: str) -> ResponseReturnValue:
    """{"lease", "outputs"?} → {"state": done · kept}."""
    told = _about(id)
    done = service_jobs.complete(
        database(), id, programs.text(told, "lease"), programs.mapping(told, "outputs"), at=now()
    )
    return jsonify(_outcome(done))


@room.post("/<id>/failure")
@guards.public
def failure(id: str) -> ResponseReturnValue:
    """{"lease", "message"?, "retries"?, "retry_after_seconds"?} → {"state": retry · incident · done}."""
    told = _about(id)
    wait = _number(told, "retry_after_seconds", 0) if told.get("retry_after_seconds") is not None else None
    done = service_jobs.fail(
        database(), id, programs.text(told, "lease"), str(told.get("message") or ""), at=now(),
        retries=_whole(told, "retries", 0) if told.get("retries") is not None else None,
        after=timedelta(seconds=wait) if wait is not None else None,
    )  # fmt: skip
    return jsonify(_outcome(done))


@room.post("/<id>/error")
@guards.public
def error(id: str) -> ResponseReturnValue:
    """{"lease", "code", "message"?, "outputs"?} → {"state": error · kept}: a BPMN error the diagram knows."""
    told = _about(id)
    outputs = programs.mapping(told, "outputs")
    done = service_jobs.throw(
        database(), id, programs.text(told, "lease"), programs.text(told, "code"), str(told.get("message") or ""),
        outputs, at=now(),
    )  # fmt: skip
    return jsonify(_outcome(done))


@room.post("/<id>/lease")
@guards.public
def extension(id: str) -> ResponseReturnValue:
    """{"lease", "seconds"} → {"leased_until"}."""
    told = _about(id)
    by = timedelta(seconds=_number(told, "seconds", 60))
    until = service_jobs.extend(database(), id, programs.text(told, "lease"), by, at=now())
    return jsonify(leased_until=until.isoformat())


# --- who asks, and for what -----------------------------------------------------------------------------------------


def _refuse_other(token: WorkerToken, topic: str) -> None:
    if not worker_keys.may_work_for(token, topic):
        raise NotAllowed(f"这个密钥不能办理主题“{topic[:100]}”。", f"This token may not work for {topic[:100]!r}.")


def _about(id: str) -> Mapping[str, Any]:
    """What was sent about one job, by somebody who may work for it."""
    token, told = programs.token(), programs.told()
    topic = service_jobs.topic_of(database(), id)
    if topic is not None:
        _refuse_other(token, topic)
    return told


def _number(told: Mapping[str, Any], name: str, usual: float) -> float:
    value = told.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10_000_000:
        raise NotValid([Fault(name, f"{name} 须是不小于 0 的数", f"{name} is a number, not below 0")])
    return float(value)


def _whole(told: Mapping[str, Any], name: str, usual: int) -> int:
    value = _number(told, name, usual)
    if value != int(value):
        raise NotValid([Fault(name, f"{name} 须是整数", f"{name} is a whole number")])
    return int(value)


# --- what is told ---------------------------------------------------------------------------------------------------


def _shown(job: Taken) -> dict[str, Any]:
    return {
        "id": job.id, "lease": job.lease, "leased_until": job.until.isoformat(), "topic": job.topic,
        "step": job.element, "case": job.number, "inputs": _plain(job.inputs), "try": job.tries,
        "retries": job.retries, "idempotency_key": job.key,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Days, moments and durations as their ISO text."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith("$"):
            return next(iter(value.values()))
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _outcome(done: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {"state": done.state}
    if done.due is not None:
        told["due_at"] = done.due.isoformat()
    if done.why is not None:
        told["why"] = {"zh": done.why.zh, "en": done.why.en}
    return told
