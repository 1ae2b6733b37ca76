"""Tries a template with made-up cases: one for each step of a published process that issues such a paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation import expressions
from engine.notation.diagram import Diagram, Element, Field
from engine.notation.papers import clerk
from engine.reads import spoken
from engine.reads.diagrams import diagram_of
from engine.reads.names import ZONE, Mentioned, names_for
from engine.reads.paper_words import ALWAYS, Told, known_fields, verification
from engine.words.errors import Fault, NotValid
from engine.words.terms import DOCUMENTS, Term
from models import NEWEST, Process, Unit, Version

ISSUES = "document.issue"


@dataclass(frozen=True, slots=True)
class Issuer:
    """A step of a published process that issues such papers."""

    process: str
    process_name: Term
    element: str
    name: Term


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a template. `names`: what it asks for; `strange`: names that no process gives a value."""

    names: tuple[str, ...]
    strange: tuple[str, ...]
    faults: tuple[Fault, ...]
    issuers: tuple[Issuer, ...]


def issuers(session: Session) -> dict[str, list[Issuer]]:
    """Kind of paper → the steps that issue it, in the newest version of each process."""
    found: dict[str, list[Issuer]] = {}
    for process, diagram, tables in _newest(session):
        for element in diagram.elements.values():
            if element.topic == ISSUES:
                one = Issuer(
                    process.id, Term(process.name, process.name_en), element.id, Term(element.name, element.name_en)
                )
                for kind in kinds_of(element, tables):
                    found.setdefault(kind, []).append(one)
    return found


def kinds_of(element: Element, tables: dict[str, str]) -> list[str]:
    """The kinds a step issues: said outright, named in its expression, or in the decision tables it asks."""
    said = element.property("kind").strip()
    if not said.startswith("="):
        return [said] if said in DOCUMENTS else []
    named = [kind for kind in DOCUMENTS if f'"{kind}"' in said]
    return named or [kind for kind in DOCUMENTS if any(f'"{kind}"' in text for text in tables.values())]


def report(session: Session, kind: str, content: bytes, *, at: datetime) -> Tried:
    """Reads the marks of a template, then fills it for every step that issues such a paper."""
    try:
        names = clerk.names_in(content)
    except NotValid as refused:
        return Tried((), (), refused.faults, ())
    tried, faults, known = [], [], set(ALWAYS)
    for issuer, sample in samples(session, kind, at=at):
        tried.append(issuer)
        known |= set(sample)
        try:
            clerk.filled(content, sample)
        except NotValid as refused:
            faults += [
                Fault("file", f"按“{issuer.process_name.zh}”的“{issuer.name.zh}”试填：{fault.zh}",
                      f"Tried as {issuer.name.en or issuer.element} of {issuer.process_name.en} fills it: {fault.en}")
                for fault in refused.faults
            ]  # fmt: skip
    if not tried:
        try:
            clerk.filled(content, nobody(session, kind, names, at=at))
        except NotValid as refused:
            faults += refused.faults
    strange = [name for name in names if name not in known] if tried else []
    return Tried(tuple(names), tuple(strange), tuple(faults), tuple(tried))


def preview(session: Session, kind: str, content: bytes, *, at: datetime) -> bytes:
    """The template filled for the first step that issues such a paper. Raises `NotValid`."""
    for _issuer, sample in samples(session, kind, at=at):
        return clerk.filled(content, sample)
    return clerk.filled(content, nobody(session, kind, clerk.names_in(content), at=at))


def samples(session: Session, kind: str, *, at: datetime) -> Iterator[tuple[Issuer, dict[str, Any]]]:
    """For each step that issues this kind: every field of its process with a made-up value, and what it gives."""
    units = session.execute(select(Unit.id, Unit.code, Unit.name).order_by(Unit.path).limit(6)).all()
    for process, diagram, tables in _newest(session):
        for element in diagram.elements.values():
            if element.topic == ISSUES and kind in kinds_of(element, tables):
                issuer = Issuer(
                    process.id, Term(process.name, process.name_en), element.id, Term(element.name, element.name_en)
                )
                yield issuer, _sample(session, diagram, element, kind, units, process.name, at)


def nobody(session: Session, kind: str, names: list[str], *, at: datetime) -> dict[str, Any]:
    """For a kind that no process issues yet: every name has something to say."""
    top = session.scalar(select(Unit.name).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)) or "本级单位"
    return {**{name: f"（{name}）" for name in names}, **_head(kind, top, top, DOCUMENTS[kind].zh, at)}


def _newest(session: Session) -> Iterator[tuple[Process, Diagram, dict[str, str]]]:
    query = select(Process, Version.id, Version.digest, Version.tables).join(Version, NEWEST)
    for process, id, digest, tables in session.execute(query.order_by(Process.id)).all():
        yield process, diagram_of(session, id, digest), tables


def _sample(
    session: Session, diagram: Diagram, element: Element, kind: str, units: Any, process: str, at: datetime
) -> dict[str, Any]:
    codes = [unit.code for unit in units] or ["CITY"]
    values: dict[str, Any] = dict.fromkeys(known_fields(diagram))
    for each in diagram.elements.values():
        values |= {field.id: _made_up(field, codes, at) for field in each.form}
    given: Any = {}
    if element.property("fields"):
        world = {**values, "case": {"number": f"{at.year}-000123", "round": 1, "level": 2}, "clocks": {}}
        try:
            given = expressions.evaluate(element.property("fields"), world, at=at)
        except expressions.ExpressionFailed:
            given = {}
    mentioned = Mentioned()
    mentioned.read(values)
    told = Told(names_for(session, diagram, mentioned), lambda _sha: None)
    top, to = (units[0].name, units[-1].name) if units else ("本级单位", "责任单位")
    signed = {"d": {"step": "负责人签字", "who": "张某某", "unit": to, "at": told.value("at", at)}, "t": "张某某"}
    own = given if isinstance(given, dict) else {}
    return {
        **{name: told.value(name, value) for name, value in values.items()},
        **{name: told.value(name, value) for name, value in own.items()},
        **_head(kind, top, to, process, at),
        "contents": {"l": [_content(told, name, value) for name, value in own.items()]},
        "signatures": {"l": [signed]},
        "steps": {"d": dict.fromkeys(diagram.elements, signed)},
    }  # fmt: skip


def _content(told: Told, name: str, value: Any) -> dict[str, Any]:
    return {"d": {"label": told.names.label(name).zh, "text": told.names.value(name, value).zh, "id": name}}


def _head(kind: str, top: str, to: str, process: str, at: datetime) -> dict[str, Any]:
    day = spoken.day(at.astimezone(ZONE).date()).zh
    return {
        "number": f"{DOCUMENTS[kind].zh}〔{at.year}〕12号", "paper_title": f"{DOCUMENTS[kind].zh}（样例）",
        "paper_kind": DOCUMENTS[kind].zh, "office": top, "city": top, "to": to, "to_all": {"l": [to], "t": to},
        "issued": {"t": f"{day} 09:30", "v": at.isoformat(), "day": day, "time": "09:30"}, "issuer": "李某某",
        "case_number": f"{at.year}-000123", "process": process, "round": 1,
        "level": {"t": "蓝色督办", "v": 2}, "code": verification("0123456789abcdef"),
        "contents": {"l": []}, "signatures": {"l": []}, "steps": {"d": {}},
    }  # fmt: skip


def _made_up(field: Field, codes: list[str], at: datetime) -> Any:
    match field.type:
        case "date":
            return at.astimezone(ZONE).date() + timedelta(days=3)
        case "datetime":
            return at + timedelta(days=3)
        case "long" | "number":
            return 12
        case "boolean":
            return True
        case "enum":
            return field.choices[0].id if field.choices else ""
        case "multi":
            return [choice.id for choice in field.choices[:2]]
        case "unit":
            return codes[-1]
        case "units":
            return codes[:2]
        case "photo" | "file":
            return [{"sha": "0" * 64, "name": "样例.jpg", "media": "image/jpeg"}]
        case "checklist":
            line = {"text": "扫码登记是否到位", "checked": "fault", "note": "未见登记", "photos": []}
            return [{"item": "1", **line}]
        case "issue":
            return f"{at.year}-000124"
        case "text":
            return f"（{field.label}）" + "此处为样例文字，用来查看较长内容在纸面上怎样换行、怎样分段。" * 2
        case _:
            return f"（{field.label}）"
