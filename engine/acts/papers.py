"""An issued paper as a file: made once and then for ever the same; and that a unit it is addressed to has opened it."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts import personal, templates
from engine.acts.casefiles import find_case
from engine.notation.papers import clerk
from engine.reads import documents, spoken
from engine.reads.names import ZONE
from engine.reads.paper_words import Fetch, words_of
from engine.record.journal import record
from engine.words import facts as f
from engine.words.errors import Fault, NotFound, NotValid
from engine.words.officers import Actor
from engine.words.personal import refs
from models import Document, PaperCopy, Receipt


def make(
    session: Session, document_id: str, *, fetch: Fetch, by: Actor, at: datetime, zone: tzinfo = ZONE
) -> PaperCopy:
    """The file of a paper, made now if it has not been: by the template that was newest when the paper was issued, or
    where there was none or it cannot be filled, by the newest there is. Raises `NotFound` for a paper this officer may
    not see, `NotValid` with the reason when no template fits."""
    paper, sheet = documents.open(session, document_id, actor=by, zone=zone)
    made = session.get(PaperCopy, paper.id)
    if made is not None:
        return made
    try:
        words = words_of(session, paper, sheet, fetch=fetch, zone=zone)
    except LookupError:
        raise _erased() from None
    number, content = _filled(session, paper, words)
    case = find_case(session, paper.case_id)  # locked: whoever was first has made it
    made = session.get(PaperCopy, paper.id, populate_existing=True)
    if made is not None:
        return made
    sha = hashlib.sha256(content).hexdigest()
    fact = f.PaperMade(paper.id, number, sha, len(content))
    record(session, case, [fact], by=by, at=at, enclosed={sha: content})
    return session.execute(select(PaperCopy).where(PaperCopy.document_id == paper.id)).scalar_one()


def in_full(
    session: Session, document_id: str, reason: str, *, fetch: Fetch, by: Actor, at: datetime, zone: tzinfo = ZONE
) -> bytes:
    """The paper with the persons it was given (in `fields`) named in full, for whoever may be shown that; that he was,
    and what for, is a fact of the case. Nothing of it is kept: the file that is kept has them masked. Raises
    `NotFound`, `NotAllowed` and `NotValid` as `make` and `personal.show` do."""
    paper = documents.open(session, document_id, actor=by, zone=zone)[0]
    try:
        told = personal.show(
            session, paper.case_id, reason, by=by, at=at, way="paper", only=set(refs(paper.fields)),
            document=paper.number,
        )  # fmt: skip
        if not told:
            zh = "这份文书里没有个人信息，或已按保存期限删除。"
            raise NotValid(
                [Fault("", zh, "This paper names no person, or the names have been deleted after their time.")]
            )
        persons = {one.id: _said(one.value) for one in told}
        sheet = documents.open(session, document_id, actor=by, zone=zone, persons=persons)[1]
        words = words_of(session, paper, sheet, fetch=fetch, zone=zone, persons=persons)
    except LookupError:
        raise _erased() from None
    return _filled(session, paper, words)[1]


def _said(value: Any) -> str:
    return spoken.day(value).zh if isinstance(value, date) else str(value)


def _erased() -> NotValid:
    zh = "事实记录已按期删除，不能再成文。"
    return NotValid([Fault("", zh, "The facts it rests on have been erased; it cannot be written.")])


def _filled(session: Session, paper: Document, words: dict[str, object]) -> tuple[int, bytes]:
    last = templates.newest(session, paper.kind)
    if last is None:
        zh = "这种文书还没有模板，请流程设计员发布。"
        raise NotValid([Fault("", zh, "This kind of paper has no template; a designer can publish one.")])
    numbers = dict.fromkeys(number for number in (paper.template, last.number) if number is not None)
    refused: NotValid | None = None
    for number in numbers:
        try:
            return number, clerk.filled(templates.version(session, paper.kind, number).content, words)
        except NotValid as fault:
            refused = refused or fault
    raise refused or NotFound("没有模板", "There is no template")


def read(session: Session, document_id: str, *, by: Actor, at: datetime) -> bool:
    """Records, once for each unit addressed, that one of its officers has opened the paper. True when this was the
    first time. Raises `NotFound` for a paper this officer may not see."""
    paper = documents.open(session, document_id, actor=by)[0]
    owing = [unit for unit in documents.addressed(session, paper) if unit in documents.units_of(by)]
    if not owing:
        return False
    case = find_case(session, paper.case_id)
    query = select(Receipt.unit_id).where(Receipt.document_id == paper.id)
    there = set(session.scalars(query))
    facts = [f.PaperRead(paper.id, unit) for unit in owing if unit not in there]
    if facts:
        record(session, case, facts, by=by, at=at)
    return bool(facts)
