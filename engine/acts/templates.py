"""Templates of papers: sent in, looked through and tried, published as the next version; versions never change."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from engine.notation.papers import parcel
from engine.reads.samples import report
from engine.record.journal import lock_book, record_office
from engine.words import facts as f
from engine.words.errors import Fault, NotAllowed, NotFound, NotValid
from engine.words.officers import Actor
from engine.words.terms import DOCUMENTS
from models import PaperDraft, PaperTemplate

LONGEST_NOTE = 300


def send_in(session: Session, kind: str, content: bytes, *, name: str, by: Actor, at: datetime) -> PaperDraft:
    """Keeps a template until it is published or dropped, in place of the one sent in before. Raises `NotFound`,
    `NotAllowed`, `NotValid` for a file that cannot be taken at all."""
    _refuse_stranger(kind, by)
    parcel.look_through(content, name)
    draft = session.get(PaperDraft, kind, with_for_update=True) or PaperDraft(kind=kind)
    draft.content, draft.name, draft.sent_at, draft.sent_by = content, name[:255], at, by.id
    session.add(draft)
    session.flush()
    return draft


def drop(session: Session, kind: str, *, by: Actor) -> None:
    _refuse_stranger(kind, by)
    draft = session.get(PaperDraft, kind)
    if draft is not None:
        session.delete(draft)
        session.flush()


def publish_draft(session: Session, kind: str, *, note: str, by: Actor, at: datetime) -> PaperTemplate:
    """Raises `NotFound` when nothing was sent in, and all that `publish` raises."""
    _refuse_stranger(kind, by)
    draft = session.get(PaperDraft, kind, with_for_update=True)
    if draft is None:
        raise NotFound("没有待发布的模板，请先上传。", "There is nothing to publish; send a template in first.")
    published = publish(session, kind, draft.content, note=note, by=by, at=at)
    session.delete(draft)
    session.flush()
    return published


def publish(session: Session, kind: str, content: bytes, *, note: str, by: Actor, at: datetime) -> PaperTemplate:
    """The next version of this kind's template; the same bytes again are the version there is. Papers issued before
    keep theirs. Raises `NotValid` when the file cannot be taken or one of the steps that issue it could not fill it."""
    if kind not in DOCUMENTS:
        raise _unknown(kind)
    if len(note) > LONGEST_NOTE:
        raise NotValid([Fault("note", f"说明最多 {LONGEST_NOTE} 字", f"At most {LONGEST_NOTE} characters")])
    parcel.look_through(content)
    lock_book(session)
    digest = hashlib.sha256(content).hexdigest()
    last = newest(session, kind)
    if last is not None and last.digest == digest:
        return last
    if faults := report(session, kind, content, at=at).faults:
        raise NotValid(faults)
    return shelve(session, kind, content, note=note, by=by, at=at)


def shelve(session: Session, kind: str, content: bytes, *, note: str, by: Actor, at: datetime) -> PaperTemplate:
    """The next version, as it is: for the templates that come with the program and are tried before it is released."""
    last = newest(session, kind)
    digest = hashlib.sha256(content).hexdigest()
    number = last.number + 1 if last is not None else 1
    fact = f.TemplatePublished(kind, number, digest, len(content), note)
    record_office(session, [fact], by=by, at=at, enclosed={digest: content})
    return session.execute(_one(kind, number)).scalar_one()


def newest(session: Session, kind: str) -> PaperTemplate | None:
    number = select(func.max(PaperTemplate.number)).where(PaperTemplate.kind == kind).scalar_subquery()
    return session.execute(_one(kind, number)).scalar_one_or_none()


def version(session: Session, kind: str, number: int) -> PaperTemplate:
    """Raises `NotFound`."""
    found = session.execute(_one(kind, number)).scalar_one_or_none()
    if found is None:
        raise NotFound("没有这个版本的模板。", "There is no such version of the template.")
    return found


def _one(kind: str, number: int | ScalarSelect[Any]) -> Select[PaperTemplate]:
    return select(PaperTemplate).where(PaperTemplate.kind == kind, PaperTemplate.number == number)


def _unknown(kind: str) -> NotFound:
    return NotFound(f"没有“{kind}”这种文书。", f'There is no kind of paper called "{kind}".')


def _refuse_stranger(kind: str, by: Actor) -> None:
    if kind not in DOCUMENTS:
        raise _unknown(kind)
    if not by.has("designer"):
        raise NotAllowed("只有流程设计员能更换文书模板。", "Only process designers change templates of papers.")
