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
from engine.notation.checklists import MOST_LINES
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
            came.raw[asked.id] = _kept(asked.id) + (_new(asked, asked.id, came.faults) if with_files else [])
        elif asked.type == "checklist":
            came.raw[asked.id] = _lines(asked, came.faults, with_files=with_files)
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


def _lines(asked: Field, faults: list[Fault], *, with_files: bool) -> list[str]:
    """The lines of a checklist: posted as `field.0.item`, `field.0`, `field.0.note`, `field.0.photos` …"""
    lines = []
    for place in range(MOST_LINES):
        name = f"{asked.id}.{place}"
        if f"{name}.item" not in request.form:
            break
        photos = _kept(f"{name}.photos") + (_new(asked, f"{name}.photos", faults) if with_files else [])
        line = {"item": request.form[f"{name}.item"], "checked": request.form.get(name, "")}
        note = request.form.get(f"{name}.note", "")
        lines.append(json.dumps({**line, "note": note, "photos": [json.loads(photo) for photo in photos]}))
    return lines


def _kept(name: str) -> list[str]:
    refs = [unsealed(text) for text in request.form.getlist(f"{name}.kept")]
    return [json.dumps(ref) for ref in refs if ref is not None]


def _new(asked: Field, name: str, faults: list[Fault]) -> list[str]:
    session, officer, at = here()
    refs = []
    for file in request.files.getlist(name):
        if not file.filename:
            continue
        folder = current_app.config["EVIDENCE_FOLDER"]
        try:
            stored = evidence.store(session, file.stream, file.filename, folder=folder, by=officer, at=at)
        except NotValid as refused:
            faults += [Fault(asked.id, fault.zh, fault.en) for fault in refused.faults]
            continue
        if asked.type in {"photo", "checklist"} and not stored["media"].startswith("image/"):
            faults.append(Fault(asked.id, f"“{stored['name']}”不是图片。", f"“{stored['name']}” is not a picture."))
            continue
        refs.append(json.dumps({"sha": stored["sha"], "name": stored["name"]}))
    return refs
