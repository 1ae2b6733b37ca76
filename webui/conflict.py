"""Two at once: what has happened to the case since the form was opened, and what was typed, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import current_app, g, request

from engine.notation.diagram import Field
from engine.reads import sight, story
from engine.reads.story import Sentence
from webui import once
from webui.locale import say
from webui.request import here

_FACTS = 200
_ACTS = 12
_OWN = {"csrf_token", "_fields", "revision"}


@dataclass(frozen=True, slots=True)
class Typed:
    """One field as it was filled in: `name` and `values` as they were sent, `label` and `text` as people read them."""

    name: str
    label: str
    values: Sequence[str]
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """`happened`: newest first. `again`: the very form may be sent once more. `files`: names of those that were sent,
    which have to be chosen anew."""

    happened: Sequence[Sentence]
    typed: Sequence[Typed]
    files: Sequence[str]
    again: bool


def about(case_id: int, form: Sequence[Field] = ()) -> None:
    """Said by a view before it acts: which case this request is about, and which form was filled in."""
    g.conflict = (case_id, tuple(form))


def drawn(*, again: bool) -> Conflict | None:
    """What to show when this request has been overtaken; None when there is nothing to show."""
    case_id, form = g.get("conflict", (None, ()))
    typed = _typed(form)
    files = [file.filename or "" for file in request.files.values() if file.filename]
    happened = _happened(case_id) if case_id is not None else []
    if not (happened or typed or files or again):
        return None
    return Conflict(happened, typed, files, again and request.method == "POST")


def _happened(case_id: int) -> list[Sentence]:
    session, officer, at = here()
    since = once.drawn_at() or at - timedelta(minutes=10)
    if not sight.may_see(session, case_id, officer):
        return []
    zone = ZoneInfo(current_app.config["ZONE"])
    told = story.newest(session, case_id, limit=_FACTS, zone=zone).sentences
    return [sentence for sentence in told if sentence.at > since][:_ACTS]


def _typed(form: Sequence[Field]) -> list[Typed]:
    known = {field.id: field for field in form}
    found = []
    for name, values in request.form.lists():
        field = known.get(name)
        if name in _OWN or not any(values) or (field is None and name.endswith(".kept")):
            continue
        label = say(field.label, field.label_en) if field is not None else name
        found.append(Typed(name, label, values, say("、", ", ").join(_read(field, value) for value in values)))
    return found


def _read(field: Field | None, value: str) -> str:
    if field is None:
        return value
    if field.type == "boolean":
        return say("是", "Yes") if value == "true" else say("否", "No")
    chosen = next((choice for choice in field.choices if choice.id == value), None)
    return say(chosen.name, chosen.name_en) if chosen is not None else value
