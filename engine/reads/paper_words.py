"""What a template may say about an issued paper: its fields, the case as it stood then, who signed, units, dates."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation.diagram import Diagram
from engine.reads import spoken
from engine.reads.codes import codes_of
from engine.reads.documents import Sheet
from engine.reads.drawn import drawings
from engine.reads.kept import whole
from engine.reads.names import ZONE, Mentioned, Names, names_for
from engine.reads.shown import Shown
from engine.words.numbers import number_of
from engine.words.terms import CHECKED, DOCUMENTS, LEVELS
from engine.words.values import from_json
from models import Addressee, Case, Document, Entry, Process, Unit

# Whoever completes a step in one of these roles signs for it.
SIGNING = frozenset(
    {"unit_head", "leader", "lead_leader", "reviewer", "arbiter", "commander", "discipline", "inspector", "raiser"}
)
# What every template knows, whatever the case: name → (Chinese, English).
ALWAYS: dict[str, tuple[str, str]] = {
    "number": ("文号", "Number of the paper"),
    "paper_title": ("文书标题", "Title of the paper"),
    "paper_kind": ("文书种类", "Kind of paper"),
    "office": ("出文单位", "Unit that issues it"),
    "city": ("本级单位（单位树最上一级）", "The office at the top of the tree"),
    "to": ("主送单位", "Unit it is addressed to"),
    "to_all": ("全部送达单位", "All units addressed"),
    "issued": ("成文时间（issued.day 是日期）", "When it was issued (issued.day is the date)"),
    "issuer": ("经办人", "Officer whose step issued it"),
    "contents": ("单据内容：逐项 label、text", "What the paper says: label and text, one by one"),
    "signatures": ("签批：逐项 step、who、unit、at", "Who signed: step, who, unit and at, one by one"),
    "steps": ("各步办理人：steps.步骤编号.who", "Who did each step: steps.ID.who"),
    "case_number": ("事项编号", "Number of the case"),
    "process": ("流程名称", "Name of the process"),
    "round": ("第几轮", "Round"),
    "level": ("督办等级", "Supervision level"),
    "code": ("核验码", "Verification code"),
}
Fetch = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Told:
    """Turns kept values into what a template is given (see `engine/notation/papers/filling.py`)."""

    names: Names
    fetch: Fetch

    def value(self, id: str, kept: Any, element: str = "") -> Any:
        value = from_json(kept)
        if value is None:
            return None
        if isinstance(value, list):
            return self._list(id, value, element)
        if isinstance(value, Mapping):
            return self._record(id, value, element)
        said = self.names.value(id, value, element).zh
        if isinstance(value, datetime):
            here = value.astimezone(self.names.zone)
            day = spoken.day(here.date()).zh
            return {"t": f"{day} {here:%H:%M}", "v": here.isoformat(), "day": day, "time": f"{here:%H:%M}"}
        if isinstance(value, date):
            return {"t": spoken.day(value).zh, "v": value.isoformat(), "day": spoken.day(value).zh}
        if isinstance(value, bool):
            return {"t": said, "v": value}
        if isinstance(value, int | float):
            return value if said == str(value) else {"t": said, "v": value}
        said = spoken.days_in(said) if id == "title" else said
        return {"t": said, "v": value if isinstance(value, str) else str(value)}

    def _list(self, id: str, value: list[Any], element: str) -> Any:
        if value and all(isinstance(each, Mapping) and "sha" in each for each in value):
            photos = [self._photo(each) for each in value]
            return {"l": photos, "t": "、".join(photo["p"] for photo in photos)}
        said = self.names.value(id, value, element).zh
        return {"l": [self.value(id, each, element) for each in value], "t": said}

    def _record(self, id: str, value: Mapping[str, Any], element: str) -> Any:
        if "sha" in value:
            return self._photo(value)
        told = {str(name): self.value(str(name), each, element) for name, each in value.items()}
        if value.get("checked") in CHECKED:
            told["checked"] = {"t": CHECKED[value["checked"]].zh, "v": value["checked"]}
        return {"d": told, "t": self.names.value(id, value, element).zh}

    def _photo(self, ref: Mapping[str, Any]) -> dict[str, Any]:
        photo: dict[str, Any] = {"p": str(ref.get("name") or ref["sha"][:8])}
        content = self.fetch(str(ref["sha"])) if str(ref.get("media", "image/")).startswith("image/") else None
        if content is not None:
            photo["b"] = base64.b64encode(content).decode()
        return photo


def words_of(
    session: Session,
    paper: Document,
    sheet: Sheet,
    *,
    fetch: Fetch,
    zone: tzinfo = ZONE,
    persons: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Name → value for the paper, as everything stood when it was issued. `fetch`: the bytes of a photo by its SHA;
    `persons`: personal values in full, for whom they were shown to, else they are masked. Raises `LookupError` when
    the facts it rests on have been erased."""
    entries, sealed = _until(session, paper)
    variables, doers = _case_then(entries)
    variables = whole(session, paper.case_id, variables)
    own = whole(session, paper.case_id, paper.fields)
    diagram = drawings(session, [paper.case_id]).at(paper.case_id, paper.issued_at)
    mentioned = Mentioned()
    for part in (variables, own):
        mentioned.read(part)
    mentioned.officer_ids |= {doer.officer for doer in doers.values() if doer.officer is not None}
    mentioned.unit_ids |= {doer.unit for doer in doers.values() if doer.unit is not None}
    names = replace(names_for(session, diagram, mentioned, zone=zone), codes=codes_of(session))
    names = replace(names, masks={**names.masks, **(persons or {})})
    told = Told(names, fetch)
    process = session.execute(
        select(Process.name).join(Case, Case.process_id == Process.id).where(Case.id == paper.case_id)
    ).scalar_one()
    return {
        # A form this case never came to leaves its fields empty; they are no mistakes of the template.
        **dict.fromkeys(known_fields(diagram)),
        **{name: told.value(name, value) for name, value in variables.items()},
        **{name: told.value(name, value) for name, value in own.items()},
        **_head(paper, sheet, process, sealed),
        "to_all": _all(session, paper),
        "city": session.scalar(select(Unit.name).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)) or "",
        "contents": contents(sheet),
        "signatures": {"l": [_signed(told, doer) for doer in doers.values() if _signs(diagram, doer.element)]},
        "steps": {"d": {
            **dict.fromkeys(diagram.elements if diagram else ()),
            **{id: _signed(told, doer) for id, doer in doers.items()},
        }},
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Doer:
    element: str
    officer: int | None
    unit: int | None
    at: datetime


def _until(session: Session, paper: Document) -> tuple[list[Any], str]:
    """The facts of the case up to the one that issued the paper, and the hash of that one."""
    query = select(Entry.seq, Entry.kind, Entry.body, Entry.at, Entry.officer_id, Entry.unit_id, Entry.hash)
    wanted = ("CaseOpened", "VariablesChanged", "FieldsCorrected", "TaskCompleted", "RoundOpened", "DocumentIssued")
    found, sealed = [], ""
    for entry in session.execute(query.where(Entry.book == paper.case_id, Entry.kind.in_(wanted)).order_by(Entry.seq)):
        # What else was written down in the same act belongs to it; an act completes one task at most, and that first.
        if sealed and (entry.at != paper.issued_at or entry.kind == "TaskCompleted"):
            break
        found.append(entry)
        if entry.kind == "DocumentIssued" and entry.body and orjson.loads(entry.body)["document"] == paper.id:
            sealed = entry.hash
    if not sealed:
        raise LookupError(paper.id)
    return found, sealed


def _case_then(entries: Iterable[Any]) -> tuple[dict[str, Any], dict[str, _Doer]]:
    variables: dict[str, Any] = {}
    doers: dict[str, _Doer] = {}
    for entry in entries:
        if entry.body is None:
            continue
        body = orjson.loads(entry.body)
        if entry.kind in {"VariablesChanged", "FieldsCorrected"}:
            variables |= body["after"]
        elif entry.kind == "RoundOpened":
            doers = {}
        elif entry.kind == "TaskCompleted":
            doers.pop(body["element"], None)  # the last to do it stands at the end
            doers[body["element"]] = _Doer(body["element"], entry.officer_id, entry.unit_id, entry.at)
    return variables, doers


def _head(paper: Document, sheet: Sheet, process: str, hash: str) -> dict[str, Any]:
    here = paper.issued_at.astimezone(ZONE)
    day = spoken.day(here.date()).zh
    term = DOCUMENTS.get(paper.kind)
    level = LEVELS.get(paper.level)
    return {
        "number": paper.number,
        "paper_title": sheet.title,
        "paper_kind": term.zh if term else paper.kind,
        "office": sheet.office.zh,
        "to": sheet.to.zh if sheet.to else None,
        "issued": {"t": f"{day} {here:%H:%M}", "v": here.isoformat(), "day": day, "time": f"{here:%H:%M}"},
        "issuer": sheet.who.zh if sheet.who else None,
        "case_number": number_of(paper.case_id),
        "process": process,
        "round": paper.round,
        "level": {"t": level.zh if level else str(paper.level), "v": paper.level},
        "code": verification(hash),
    }


def verification(hash: str) -> str:
    """The first sixteen places of the entry's hash, in fours: whoever has the paper can have it compared."""
    return "-".join(hash[place : place + 4] for place in range(0, 16, 4)).upper()


def _all(session: Session, paper: Document) -> dict[str, Any]:
    more = select(Addressee.unit_id).where(Addressee.document_id == paper.id)
    query = select(Unit.name).where((Unit.id == paper.to_unit_id) | Unit.id.in_(more)).order_by(Unit.path)
    units = list(session.scalars(query))
    return {"l": units, "t": "、".join(units)}


def contents(sheet: Sheet) -> dict[str, Any]:
    """What the paper says, one by one, for templates that list it all."""
    lines = []
    for shown in sheet.fields:
        text = shown.text.zh or "、".join(str(ref.get("name")) for ref in shown.refs)
        if shown.table:
            text = "\n".join(f"{place}. {_row(row)}" for place, row in enumerate(shown.table.rows, 1))
        lines.append({"d": {"label": shown.label.zh, "text": text, "id": shown.id}})
    return {"l": lines}


def _row(row: Iterable[Shown]) -> str:
    return "；".join(f"{cell.label.zh}：{cell.text.zh}" for cell in row if cell.text.zh)


def _signed(told: Told, doer: _Doer) -> dict[str, Any]:
    who, unit = told.names.officer(doer.officer).zh, told.names.unit(doer.unit).zh
    at = told.value("at", doer.at)
    step = told.names.element(doer.element).zh
    return {"d": {"step": step, "who": who, "unit": unit, "at": at}, "t": who}


def _signs(diagram: Diagram | None, id: str) -> bool:
    element = diagram.elements.get(id) if diagram else None
    roles = {wish.partition("@")[0].strip() for wish in (element.groups if element else "").split(",")}
    return bool(roles & SIGNING)


def known_fields(diagram: Diagram | None) -> set[str]:
    """Every name the process may give a value: fields of forms, results of decisions and services, lists, scripts."""
    found: set[str] = set()
    for element in diagram.elements.values() if diagram else ():
        found |= {field.id for field in element.form}
        found |= {name for name in (element.result, element.property("result"), element.property("collect")) if name}
    return found
