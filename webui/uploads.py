"""What came with a form: texts, and files that are kept at once, so that a form with faults loses none of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from engine.acts import evidence
from engine.notation.answers import FILES
from engine.notation.diagram import Field
from engine.words.errors import Fault, NotValid
from webui.request import here

# Posted beside the fields: which of them were on the page.
ON_PAGE = "_fields"


@dataclass
class Posted:
    """`raw`: for `forms.read`. `before`: ids of the fields that were on the page, or None when it did not say.
    `faults`: files that were not taken."""

    raw: dict[str, list[str]] = field(default_factory=dict)
    before: frozenset[str] | None = None
    faults: list[Fault] = field(default_factory=list)


def posted(fields: Sequence[Field], *, with_files: bool = True) -> Posted:
    """Texts as they are; of files, those kept earlier and (`with_files`) those that come now, which are kept."""
    came = Posted()
    listed = request.form.get(ON_PAGE)
    if listed is not None:
        came.before = frozenset(listed.split(","))
    for asked in fields:
        if asked.type in FILES:
            came.raw[asked.id] = _kept(asked) + (_new(asked, came.faults) if with_files else [])
        else:
            came.raw[asked.id] = request.form.getlist(asked.id)
    return came


def sealed(ref: dict[str, Any]) -> str:
    """A file that was uploaded by this officer but hangs on no case yet, as text that only we can write: posted back
    with the form, and the pass to look at it meanwhile."""
    return _seal().dumps([ref["sha"], ref["name"]])


def unsealed(text: str) -> dict[str, str] | None:
    try:
        sha, name = _seal().loads(text)
    except (BadSignature, ValueError):
        return None
    return {"sha": sha, "name": name}


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"upload {here().officer.id}")


def _kept(asked: Field) -> list[str]:
    refs = [unsealed(text) for text in request.form.getlist(f"{asked.id}.kept")]
    return [json.dumps(ref) for ref in refs if ref is not None]


def _new(asked: Field, faults: list[Fault]) -> list[str]:
    session, officer, at = here()
    refs = []
    for file in request.files.getlist(asked.id):
        if not file.filename:
            continue
        folder = current_app.config["EVIDENCE_FOLDER"]
        try:
            stored = evidence.store(session, file.stream, file.filename, folder=folder, by=officer, at=at)
        except NotValid as refused:
            faults += [Fault(asked.id, fault.zh, fault.en) for fault in refused.faults]
            continue
        if asked.type == "photo" and not stored["media"].startswith("image/"):
            faults.append(Fault(asked.id, f"“{stored['name']}”不是图片。", f"“{stored['name']}” is not a picture."))
            continue
        refs.append(json.dumps({"sha": stored["sha"], "name": stored["name"]}))
    return refs
