"""The doors for programs as OpenAPI 3.1: addresses come from the routes themselves, what is said there from here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.routing import Map, Rule

from engine.reads.case_list import STATUSES
from webui import programs
from webui.openapi_words import SCHEMAS, a_list, choice, ref

_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One address and method. `sends`, `answers`: names of schemas, answers by status; `asks`: parameters of the
    address; `once`: it honours an Idempotency-Key; `refuses`: statuses, besides those that every call may answer."""

    id: str
    summary: str
    answers: Mapping[int, str]
    sends: str = ""
    asks: Mapping[str, Json] | None = None
    once: bool = False
    refuses: tuple[int, ...] = ()
    file: bool = False
    secured: bool = True


_TEXT: Json = {"type": "string"}
_YES: Json = {"type": "boolean"}
_DAY: Json = {"type": "string", "format": "date"}
_CASE: Json = {"type": "string", "pattern": r"^\d{4}-?\d{6}$", "examples": ["2026-000012"]}
_FILTERS: Mapping[str, Json] = {
    "definition": _TEXT, "status": choice(*STATUSES), "stage": a_list(_TEXT), "unit": _TEXT, "text": _TEXT,
    "overdue": _YES, "again": _YES, "since": _DAY, "until": _DAY, "parent": _CASE, "after": _CASE,
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
}  # fmt: skip
# Every address of these doors is here, and nothing else is: a test compares them with the routes.
CALLS: Mapping[str, Call] = {
    "source_api.described": Call("describe", "This description", {200: "Description"}, secured=False),
    "source_api.raise_case": Call(
        "raiseCase", "A case begins by its start form, as if the officer had filled it in", {201: "Begun"},
        sends="Raise", once=True, refuses=(404, 409),
    ),
    "source_api.cases": Call(
        "listCases", "The cases the officer may see, the newest first", {200: "Cases"}, asks=_FILTERS
    ),
    "source_api.case": Call("getCase", "Where a case stands", {200: "Case"}, refuses=(404,)),
    "source_api.message": Call(
        "bringMessage", "A message for the case that waits for it, or the process that begins with it; else it is kept",
        {200: "Delivered", 201: "Delivered", 202: "Kept"}, sends="Message", once=True, refuses=(409,),
    ),
    "source_api.kept_message": Call(
        "getMessage", "What has become of a message that was kept", {200: "Fate"}, refuses=(404,)
    ),
    "source_api.upload": Call(
        "uploadEvidence", "One photo or file, for a field of a start form", {201: "Evidence"}, once=True, file=True
    ),
    "worker_api.index": Call("countJobs", "What waits for this worker, by topic", {200: "Topics"}),
    "worker_api.lease": Call("leaseJobs", "Takes jobs for a while", {200: "Jobs"}, sends="Take"),
    "worker_api.completion": Call(
        "completeJob", "A job is done", {200: "Outcome"}, sends="Completion", refuses=(404, 409)
    ),
    "worker_api.failure": Call(
        "failJob", "A job could not be done this time", {200: "Outcome"}, sends="Failure", refuses=(404, 409)
    ),
    "worker_api.error": Call(
        "throwError", "An error of the matter, which the diagram knows", {200: "Outcome"}, sends="Error",
        refuses=(404, 409),
    ),
    "worker_api.extension": Call(
        "extendLease", "Holds a job for longer", {200: "Leased"}, sends="Longer", refuses=(404, 409)
    ),
}  # fmt: skip
_REFUSALS: Mapping[int, str] = {
    401: "The token is none, or has been ended",
    403: "This token, or the officer it acts for, may not do this",
    404: "There is no such thing, or it is not for this officer to see",
    409: "It cannot be done as things stand now; detail says why",
    413: "More was sent than is taken",
    422: "What was sent is wrong; faults names each field",
    503: "Busy; nothing was changed, send the same again",
}
_ALWAYS = (401, 403, 413, 422, 503)


def document(routes: Map) -> dict[str, Any]:
    """The description of every call, with its address as the program itself routes it."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in routes.iter_rules():
        call = CALLS.get(rule.endpoint)
        if call is not None:
            (method,) = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            paths.setdefault(_PART.sub(r"{\g<name>}", rule.rule), {})[method.lower()] = _operation(call, rule)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Bihuan 闭环",
            "version": "1",
            "description": "For sources outside (a hotline, a device, another city's system) and for programs that "
            "work for service tasks. Each has a token; a source may do what the officer may for whom it was made.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                str(code): {"description": said, "content": {"application/problem+json": {"schema": ref("Problem")}}}
                for code, said in _REFUSALS.items()
            },
        },
    }


def _operation(call: Call, rule: Rule) -> dict[str, Any]:
    parameters = [
        {"name": part["name"], "in": "path", "required": True, "schema": _CASE if part["kind"] == "case" else _TEXT}
        for part in _PART.finditer(rule.rule)
    ]
    parameters += [{"name": name, "in": "query", "schema": schema} for name, schema in (call.asks or {}).items()]
    if call.once:
        key = {"type": "string", "minLength": 1, "maxLength": programs.LONGEST_KEY}
        said = "The same key with the same content is done once, and answered as it was the first time"
        parameters.append({"name": "Idempotency-Key", "in": "header", "description": said, "schema": key})
    told: dict[str, Any] = {
        str(code): {"description": _SAID[code], "content": {"application/json": {"schema": ref(name)}}}
        for code, name in call.answers.items()
    }
    refused = sorted({*_ALWAYS, *call.refuses}) if call.secured else []
    told |= {str(code): {"$ref": f"#/components/responses/{code}"} for code in refused}
    operation: dict[str, Any] = {"operationId": call.id, "summary": call.summary, "responses": told}
    if parameters:
        operation["parameters"] = parameters
    if call.sends:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref(call.sends)}}}
    if call.file:
        form = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    if not call.secured:
        operation["security"] = []
    return operation


_SAID = {200: "Done", 201: "Made", 202: "Kept until somebody can have it"}
