"""Personal values at the door: put beside the case before the case hears of them, shown to whom they concern, deleted.

From here on only references go with the case: into its state, facts, messages, papers. Nothing behind this door ever
holds a name or a telephone number, and so nothing can give one away.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts.casefiles import find_case, find_free_case, version_of
from engine.notation.clocks import moment_of
from engine.notation.diagram import Diagram, Element
from engine.reads import personal as reads
from engine.record.journal import record
from engine.words import facts as f
from engine.words import personal as words
from engine.words.calendar import ALWAYS
from engine.words.errors import Fault, NotAllowed, NotFound, NotValid
from engine.words.officers import CLOCK, Actor
from engine.words.values import from_json
from models import Case, PersonalValue
from models.for_good import rewrite

LONGEST_REASON = 200


@dataclass(slots=True)
class Put:
    """What a case may be told, the facts of what was put beside it, and, enclosed, what was put there."""

    answers: dict[str, Any]
    facts: list[f.CaseFact] = field(default_factory=list)
    enclosed: dict[str, tuple[str, str]] = field(default_factory=dict)


def put_beside(session: Session, case_id: int, fields: Iterable[str], answers: Mapping[str, Any]) -> Put:
    """`fields`: those of the case that are personal. Their values are put beside the case; references to values of
    another case become values of this one, but only in such a field: anywhere else they are left out (null)."""
    put = Put(dict(answers))
    personal = frozenset(fields)
    strange = {name for value in answers.values() for name in words.refs(value) if not _own(name, case_id)}
    if not strange and not personal & answers.keys():
        return put
    others = _others(session, strange)

    def keep(name: str, text: str) -> dict[str, str]:
        id, salt = f"{case_id}-{name}-{secrets.token_hex(8)}", secrets.token_hex(16)
        digest = words.digest_of(salt, text)
        put.facts.append(f.PersonalKept(id, name, digest))
        put.enclosed[id] = (text, salt)
        return {"personal": id, "digest": digest}

    def take_over(field: str, reference: Mapping[str, Any]) -> Any:
        if _own(reference["personal"], case_id):
            return reference
        other = others.get(reference["personal"])
        # Whoever only guesses the name of a reference does not know its digest.
        return keep(field, other[0]) if other is not None and other[1] == reference["digest"] else None

    def leave_out(reference: Mapping[str, Any]) -> Any:
        return reference if _own(reference["personal"], case_id) else None

    for name, value in answers.items():
        if name not in personal:
            put.answers[name] = words.replaced(value, leave_out)
        elif any(True for _ in words.refs(value)):
            put.answers[name] = words.replaced(value, partial(take_over, name))
        elif value not in (None, "", []):
            put.answers[name] = keep(name, words.text_of(value))
    return put


def comes_back(diagram: Diagram, element: Element | None) -> set[str]:
    """Of what a called case or a program outside answers: the names that go into a personal field, as they are."""
    taken = set(diagram.personal)
    for one in element.hands_out if element is not None else ():
        if one.source and one.target in diagram.personal:
            taken.add(one.source)
    return taken


def _own(reference: str, case_id: int) -> bool:
    return reference.startswith(f"{case_id}-")


def _others(session: Session, names: set[str]) -> dict[str, tuple[str, str]]:
    """Value and digest of what other cases keep; what is deleted there is gone here as well."""
    if not names:
        return {}
    query = select(PersonalValue).where(PersonalValue.id.in_(names), PersonalValue.deleted_at.is_(None))
    return {
        row.id: (row.value, words.digest_of(row.salt, row.value))
        for row in session.scalars(query)
        if row.value is not None and row.salt is not None
    }


@dataclass(frozen=True, slots=True)
class Told:
    """One value in full, as it was given. `id`: by which references name it."""

    field: str
    value: Any
    kept_at: datetime
    id: str


def show(
    session: Session,
    case_id: int,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    way: str = "page",
    only: Collection[str] | None = None,
    document: str = "",
) -> Sequence[Told]:
    """All personal values of a case in full, or (`only`) those that a paper refers to (`document`: its number); who
    was shown them, and what for, is a fact of the case. Raises `NotFound`
    for whom the case is not to be known, `NotAllowed` for whoever is neither on it nor an auditor, `NotValid` without
    a reason."""
    standing = reads.standing(session, case_id, by)
    if standing == "stranger":
        raise NotFound("没有这件事项，或不在您的查看范围内。", "There is no such case, or it is not yours to see.")
    if standing == "outside":
        raise NotAllowed(
            "个人信息只对本事项的办理人员开放。", "Personal fields are for those who work on this case only."
        )
    why = reason.strip()
    if len(why) < 2 or len(why) > LONGEST_REASON:
        raise NotValid(
            [
                Fault(
                    "reason",
                    f"请写明查看个人信息的用途（2 至 {LONGEST_REASON} 字）。",
                    f"Say what the personal fields are needed for (2 to {LONGEST_REASON} characters).",
                )
            ]
        )
    case = find_case(session, case_id)
    query = select(PersonalValue).where(PersonalValue.case_id == case_id, PersonalValue.deleted_at.is_(None))
    if only is not None:
        query = query.where(PersonalValue.id.in_(only))
    rows = list(session.scalars(query.order_by(PersonalValue.kept_at, PersonalValue.id)))
    if rows:
        fields = list(dict.fromkeys(row.field for row in rows))
        record(session, case, [f.PersonalRead(fields, why, way, document)], by=by, at=at)
    return [Told(row.field, from_json(orjson.loads(row.value or "null")), row.kept_at, row.id) for row in rows]


def delete_due(sessions: sessionmaker[Session], *, at: datetime) -> int:
    """Deletes the personal values of cases that ended longer ago than their diagram says (`personal.keep`), with their
    salts; of how many cases. The chain keeps the digests, and holds."""
    done = 0
    with sessions() as session:
        session.connection(execution_options={"read_only": True})
        query = (
            select(Case.id)
            .where(
                Case.ended_at.is_not(None),
                Case.id.in_(select(PersonalValue.case_id).where(PersonalValue.deleted_at.is_(None))),
            )
            .order_by(Case.ended_at)
        )
        found = list(session.scalars(query))
    for case_id in found:
        with sessions() as session, session.begin():
            done += _delete(session, case_id, at=at)
    if done:
        rewrite(sessions)
    return done


def _delete(session: Session, case_id: int, *, at: datetime) -> bool:
    case = find_free_case(session, case_id)
    if case is None or case.ended_at is None:
        return False
    kept_for = version_of(session, case).diagram.properties.get("personal.keep", "").strip()
    until = moment_of(kept_for, case.ended_at, ALWAYS) if kept_for else None
    if until is None or until > at:
        return False
    query = select(PersonalValue.id, PersonalValue.field).where(
        PersonalValue.case_id == case_id, PersonalValue.deleted_at.is_(None)
    )
    rows = session.execute(query.order_by(PersonalValue.id)).all()
    fact = f.PersonalDeleted([row.id for row in rows], [row.field for row in rows], kept_for)
    record(session, case, [fact], by=CLOCK, at=at)
    return True
