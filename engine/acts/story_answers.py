"""Filling in a form as an officer of a story would: what the story does not name stays as the page shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from engine.acts.desk import Desk
from engine.notation import checklists, forms
from engine.notation.answers import FILES, written
from engine.notation.diagram import Field
from engine.notation.story_book import amount
from engine.reads import pickers
from engine.words.errors import Fault, NotValid
from engine.words.worktime import HOME
from models import Evidence


def filled(session: Session, laid: Desk, answers: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The answers as the page would post them. Raises `NotValid` for what the page would not take."""
    form = laid.element.form
    named = {
        field.id: _lines(session, field, answers[field.id], laid.names, at)
        if field.type == "checklist"
        else _texts(session, field, answers[field.id], at)
        for field in form
        if field.id in answers
    }
    shown = forms.shown(form, laid.names, named, at, before=frozenset(named))
    known = pickers.known(session, pickers.picks(session, form, laid.names, at=at))
    return forms.read(form, {one.field.id: one.raw for one in shown}, names=laid.names, at=at, known=known)


def _texts(session: Session, field: Field, answer: Any, at: datetime) -> list[str]:
    if field.type in FILES:
        names = answer if isinstance(answer, list) else [answer]
        return [orjson.dumps(invented(session, str(name), at)).decode() for name in names]
    length = amount(answer)
    if field.type in {"date", "datetime"} and length is not None:
        moment = (at + length).astimezone(HOME)
        return written(moment.date() if field.type == "date" else moment, HOME)
    return written(answer, HOME)


def _lines(session: Session, field: Field, answer: Any, names: Mapping[str, Any], at: datetime) -> list[str]:
    """`ok` for every line; a line otherwise: `ITEM: fault 情况 [photo.png]`, `ITEM: na`."""
    told = [str(text) for text in (answer if isinstance(answer, list) else [answer])]
    rest = next((text for text in told if ":" not in text), "")
    special = dict(text.split(":", 1) for text in told if ":" in text)
    lines = []
    for line in checklists.items(field, names, at):
        checked, _, note = special.pop(line["item"], rest).strip().partition(" ")
        note, _, photo = note.partition("[")
        photos = [invented(session, photo.rstrip("] "), at)] if photo else []
        lines.append({"item": line["item"], "checked": checked, "note": note.strip(), "photos": photos})
    if special:
        wrong = "、".join(special)
        raise NotValid([Fault(field.id, f"“{field.label}”没有这些检查项：{wrong}", f"no such lines: {wrong}")])
    return [orjson.dumps(line).decode() for line in lines]


def invented(session: Session, name: str, at: datetime) -> dict[str, str]:
    """A small invented picture or paper of this name, as if it had just been uploaded."""
    sha = hashlib.sha256(f"story:{name}".encode()).hexdigest()
    if session.get(Evidence, sha) is None:
        media = "image/png" if name.endswith((".png", ".jpg", ".jpeg")) else "application/pdf"
        session.add(Evidence(sha=sha, size=len(name.encode()), media=media, stored_at=at))
        session.flush()
    return {"sha": sha, "name": name}
