"""Incidents: a case that cannot go on stops with a sentence; what was handed in is kept, and no other case notices."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts.casefiles import find_case
from engine.record.journal import CaseFile, record
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from engine.words.officers import CLOCK, Actor
from engine.words.terms import Term
from engine.words.values import to_json
from models import Case

_log = logging.getLogger(__name__)


def stop(
    session: Session,
    case: CaseFile,
    stuck: CannotGoOn,
    trigger: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    first: Sequence[f.CaseFact] = (),
    serial: int | None = None,
    enclosed: Mapping[str, Any] | None = None,
) -> None:
    """Nothing of the failed step is kept but what set it off (`trigger`), so that it can be tried again: {"task": id,
    "element", "answers", "officer"} · {"wait": id, "element", "answers", "officer", "message"} · {"timer": id} ·
    {"start": true, "officer"} · {"job": id, "element"}, and what the worker has said if the case cannot go on from
    that: "kind", "answers", "worker", "code", "message", "lease".
    `first`: facts that hold all the same (evidence that was handed in)."""
    fact = f.CaseStuck(stuck.element, stuck.zh, stuck.en, dict(trigger))
    record(session, case, [*first, fact], by=by, at=at, serial=serial, enclosed=enclosed)


def handed_in(key: str, id: str, element: str, answers: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """What an officer (or a message) set off."""
    return {key: id, "element": element, "answers": to_json(dict(answers)), "officer": by.id}


def told(session: Session, case_id: int) -> Term | None:
    """Why a case is stuck, in the sentence its officers read; None when it is not."""
    row = session.execute(select(Case.stuck_at, Case.stuck_why).where(Case.id == case_id)).one_or_none()
    if row is None or row.stuck_at is None:
        return None
    why = row.stuck_why or {}
    return Term(str(why.get("zh", "")), str(why.get("en", "")))


def refuse_stuck(session: Session, case: CaseFile, element: str) -> None:
    """Raises `CannotGoOn` while a case waits for its repair: nobody is to fill in a form for nothing."""
    if case.stuck_at is None:
        return
    why = told(session, case.id) or Term("", "")
    raise CannotGoOn(
        element,
        f"本事项的流程停住了，正等管理人员处理，请稍后再办。（{why.zh}）",
        f"This case is stuck and waits for repair; please come back later. ({why.en})",
    )


def broke(
    sessions: sessionmaker[Session], case_id: int, element: str, trigger: Mapping[str, Any], *, at: datetime
) -> None:
    """The program itself failed on one case (called while that error is being handled): it becomes an incident of this
    case, with a reference to the log, and the worker goes on with the others."""
    reference = secrets.token_hex(4).upper()
    _log.exception("%s case %s: the program failed at %s", reference, case_id, element)
    sentence = CannotGoOn(
        element,
        f"程序在这一步出错（编号 {reference}，见运行日志）",
        f"The program failed at this step (reference {reference} in the log)",
    )
    with sessions() as session, session.begin():
        case = find_case(session, case_id)
        if case.stuck_at is None:
            stop(session, case, sentence, trigger, by=CLOCK, at=at)
