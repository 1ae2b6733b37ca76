"""What programs send and are answered, as JSON Schema; each name stands for one kind of body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.reads.case_list import STATUSES

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def choice(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def a_list(of: Mapping[str, Any]) -> Schema:
    return {"type": "array", "items": dict(of)}


def maybe(schema: Mapping[str, Any]) -> Schema:
    return {"anyOf": [dict(schema), {"type": "null"}]}


def body(required: Mapping[str, Any], **more: Mapping[str, Any]) -> Schema:
    """An object with these members and no others; `more` may be left out."""
    return {
        "type": "object",
        "properties": {**required, **more},
        "required": list(required),
        "additionalProperties": False,
    }


def loose(required: Mapping[str, Any], **more: Mapping[str, Any]) -> Schema:
    """An object with these members; whatever else it has is not looked at."""
    schema = body(required, **more)
    del schema["additionalProperties"]
    return schema


TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
YES: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "string", "pattern": r"^\d{4}-\d{6}$", "description": "The number of a case"}
ANY: Schema = {"type": "object", "additionalProperties": True}
KEY: Schema = {
    "description": "The value that both sides know, or several by name; none: the message has no key",
    "type": ["string", "number", "boolean", "object", "array", "null"],
}
_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 100}
_SECONDS: Schema = {"type": "number", "minimum": 0, "maximum": 10_000_000}
_BEGUN = {"case": NUMBER, "href": TEXT}
_STATE = {
    "definition": TEXT, "status": choice(*STATUSES), "stage": TEXT, "round": WHOLE, "outcome": maybe(TEXT),
    "opened_at": MOMENT, "ended_at": maybe(MOMENT),
}  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail", "zh", "en"],
        "properties": {
            "type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "zh": TEXT, "en": TEXT,
            "faults": a_list(body({"field": TEXT, "zh": TEXT, "en": TEXT})),
        },
    },
    "Description": {"type": "object", "description": "An OpenAPI document"},
    # --- sources
    "Raise": body(
        {"definition": _NAME},
        variables={**ANY, "description": "By the fields of the start form; a field left out takes its default"},
    ),
    "Begun": body(_BEGUN),
    "Cases": body({"cases": a_list(ref("Listed")), "next": maybe({**TEXT, "description": "Where those after are"})}),
    "Listed": body(
        {**_BEGUN, **_STATE, "title": TEXT, "place": TEXT, "level": WHOLE, "due_at": maybe(MOMENT), "overdue": YES}
    ),
    "Case": body({"case": NUMBER, **_STATE, "deadlines": a_list(ref("Deadline"))}),
    "Deadline": body({"name": TEXT, "round": WHOLE, "due_at": MOMENT, "late": YES, "stopped_at": maybe(MOMENT)}),
    "Message": body({"name": _NAME}, correlation=KEY, payload=ANY),
    "Delivered": body({"state": choice("began", "delivered"), **_BEGUN}),
    "Kept": body(
        {"state": choice("kept"), "id": TEXT, "href": TEXT, "why": choice("nobody", "open", "stuck"), "zh": TEXT,
         "en": TEXT}
    ),
    "Fate": body(
        {"id": TEXT, "name": TEXT, "state": choice("kept", "aside", "delivered", "dropped"), "sent_at": MOMENT,
         "at": maybe(MOMENT), "case": maybe(NUMBER)},
        href=TEXT,
    ),
    "Evidence": body({"reference": TEXT, "name": TEXT, "media": TEXT, "size": WHOLE}),
    # --- programs that work for service tasks
    "Topics": body({"topics": a_list(ref("Topic"))}),
    "Topic": body(
        {"topic": TEXT, "waiting": WHOLE, "held": WHOLE, "failing": WHOLE, "stopped": WHOLE, "oldest": MOMENT}
    ),
    "Take": loose({"topics": a_list(TEXT)}, worker=TEXT, most={**WHOLE, "default": 1}, lease_seconds=_SECONDS),
    "Jobs": body({"jobs": a_list(ref("Job"))}),
    "Job": body(
        {"id": TEXT, "lease": TEXT, "leased_until": MOMENT, "topic": TEXT, "step": TEXT, "case": NUMBER, "inputs": ANY,
         "try": WHOLE, "retries": WHOLE, "idempotency_key": TEXT}
    ),
    "Completion": loose({"lease": TEXT}, outputs=ANY),
    "Failure": loose({"lease": TEXT}, message=TEXT, retries={**WHOLE, "minimum": 0}, retry_after_seconds=_SECONDS),
    "Error": loose({"lease": TEXT, "code": TEXT}, message=TEXT, outputs=ANY),
    "Longer": loose({"lease": TEXT}, seconds=_SECONDS),
    "Leased": body({"leased_until": MOMENT}),
    "Outcome": body(
        {"state": choice("done", "kept", "retry", "incident", "error")},
        due_at=MOMENT, why=body({"zh": TEXT, "en": TEXT}),
    ),
}  # fmt: skip
