"""The description of the doors for programs is that of the program: its routes, what it takes and what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator

from tests.cast import Cast
from tests.webui.test_source_api import VARIABLES, Source, source
from tests.webui.test_twenty_issues import photo
from tests.webui.test_worker_api import Worker, token, ward, worker
from webui import openapi

__all__ = ["source", "token", "ward", "worker"]


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    told = app.test_client().get("/api/v1/openapi.json")
    assert (told.status_code, told.mimetype) == (200, "application/json")
    found: dict[str, Any] = told.get_json()
    return found


def _refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from _refs(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _refs(inner)


def test_it_describes_every_route_of_these_doors_and_no_other(app: Flask, document: dict[str, Any]) -> None:
    routed = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower(), rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {endpoint for *_, endpoint in routed} == set(openapi.CALLS)
    told = {(path, method) for path, calls in document["paths"].items() for method in calls}
    assert told == {(path, method) for path, method, _ in routed}
    ids = [call["operationId"] for calls in document["paths"].values() for call in calls.values()]
    assert len(ids) == len(set(ids)) == len(openapi.CALLS)
    for path, calls in document["paths"].items():
        for call in calls.values():
            drawn = {one["name"] for one in call.get("parameters", ()) if one["in"] == "path"}
            assert drawn == set(re.findall(r"{(\w+)}", path)), path


def test_every_schema_is_one_and_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    used = set(_refs(document))
    for one in used:
        place: Any = document
        for part in one.removeprefix("#/").split("/"):
            place = place[part]
    assert {f"#/components/schemas/{name}" for name in schemas} == {one for one in used if "/schemas/" in one}


class Fits:
    """Holds calls, and what was answered, against the description."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.seen: set[tuple[str, int]] = set()

    def __call__(self, method: str, path: str, answer: Any, sent: Any = None) -> Any:
        call = self.document["paths"][path][method]
        told = call["responses"][str(answer.status_code)]
        if "$ref" in told:
            told = self.document["components"]["responses"][told["$ref"].rpartition("/")[2]]
        (media,) = told["content"]
        assert answer.mimetype == media
        self._hold(told["content"][media]["schema"], answer.get_json())
        if sent is not None and answer.status_code < 300:
            self._hold(call["requestBody"]["content"]["application/json"]["schema"], sent)
        self.seen.add((call["operationId"], answer.status_code))
        return answer.get_json()

    def _hold(self, schema: dict[str, Any], value: Any) -> None:
        whole = {**schema, "components": self.document["components"]}
        Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


def test_what_sources_send_and_are_answered_is_as_described(
    published: Cast, document: dict[str, Any], source: Callable[..., Source]
) -> None:
    fits, camera = Fits(document), source("expert", "m")
    reference = fits("post", "/api/v1/evidence", camera.upload(photo()))["reference"]
    sent = {"definition": "issue_loop", "variables": {**VARIABLES, "photos_before": [reference]}}
    raised = fits("post", "/api/v1/cases", camera.post("/cases", **sent), sent)
    fits("post", "/api/v1/cases", camera.post("/cases", definition="issue_loop", variables={}))
    fits("post", "/api/v1/cases", camera.post("/cases", definition="nowhere", variables={}))
    fits("get", "/api/v1/cases", camera.get("/api/v1/cases?status=open&limit=1"))
    fits("get", "/api/v1/cases", camera.get("/api/v1/cases?nonsense=1"))
    fits("get", "/api/v1/cases/{case_id}", camera.get(raised["href"]))
    fits("get", "/api/v1/cases/{case_id}", camera.get("/api/v1/cases/2026-999999"))
    sent = {"name": "m", "correlation": {"a": 1}, "payload": {"level": 5}}
    kept = fits("post", "/api/v1/messages", camera.post("/messages", **sent), sent)
    fits("post", "/api/v1/messages", camera.post("/messages", name="other"))
    fits("get", "/api/v1/messages/{id}", camera.get(kept["href"]))
    fits("get", "/api/v1/messages/{id}", camera.get("/api/v1/messages/1-77"))
    camera.headers["Authorization"] = "Bearer bihuan_none"
    fits("get", "/api/v1/cases", camera.get("/api/v1/cases"))
    assert {code for _, code in fits.seen} == {200, 201, 202, 401, 403, 404, 422}


def test_what_workers_send_and_are_answered_is_as_described(document: dict[str, Any], worker: Worker) -> None:
    fits, jobs = Fits(document), "/api/v1/jobs"

    def call(name: str, id: str = "", **sent: Any) -> Any:
        place = f"/{id}/{name}" if id else f"/{name}"
        return fits("post", f"{jobs}/{{id}}/{name}" if id else f"{jobs}/{name}", worker.call(place, **sent), sent)

    fits("get", jobs, worker.client.get(jobs, headers=worker.headers))
    (job,) = call("lease", topics=["ask"], worker="w", most=1, lease_seconds=60)["jobs"]
    call("lease", job["id"], lease=job["lease"], seconds=90)
    assert call("failure", job["id"], lease=job["lease"], message="busy", retries=2, retry_after_seconds=0)["due_at"]
    call("completion", job["id"], lease=job["lease"])  # it is no longer held
    (job,) = call("lease", topics=["ask"])["jobs"]
    call("completion", job["id"], lease=job["lease"], outputs={"y": 1})
    call("error", "1-1", lease="x", code="e")
    call("lease", topics="ask")
    assert {code for _, code in fits.seen} == {200, 404, 409, 422}
    assert len({name for name, _ in fits.seen}) == 6
