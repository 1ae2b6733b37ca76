"""Photos and files that come with the answers of a form, and whether the people and places named in it exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.notation import checklists
from engine.notation.diagram import Field
from engine.notation.scene import Office
from engine.words import facts as f
from engine.words.errors import Fault, NotValid
from engine.words.numbers import case_id_of
from models import Case, Evidence


def refuse_unknown(session: Session, form: Sequence[Field], answers: Mapping[str, Any], office: Office) -> None:
    """Raises `NotValid` for units, officers, cases or evidence that do not exist, naming the field."""
    faults = [fault for field in form for fault in _unknown(session, field, answers.get(field.id), office)]
    if faults:
        raise NotValid(faults)


def _unknown(session: Session, field: Field, value: Any, office: Office) -> Iterable[Fault]:
    if value in (None, "", []):
        return
    if field.type in {"unit", "units"}:
        for code in value if isinstance(value, list) else [value]:
            if code not in office.units:
                yield Fault(
                    field.id,
                    f"“{field.label}”：没有单位 {code}",
                    f"{field.label_en or field.id}: there is no unit {code}",
                )
    elif field.type == "officer":
        if value not in office.officers:
            yield Fault(
                field.id, f"“{field.label}”：没有人员 {value}", f"{field.label_en or field.id}: no officer {value}"
            )
    elif field.type == "issue":
        if session.execute(select(Case.id).where(Case.id == (case_id_of(str(value)) or 0))).first() is None:
            yield Fault(
                field.id,
                f"“{field.label}”：没有编号为 {value} 的事项",
                f"{field.label_en or field.id}: no case {value}",
            )
    elif hung := checklists.refs(field, value):
        shas = {ref["sha"] for ref in hung}
        known = set(session.execute(select(Evidence.sha).where(Evidence.sha.in_(shas))).scalars())
        for ref in hung:
            if ref["sha"] not in known:
                yield Fault(
                    field.id,
                    f"“{field.label}”：找不到上传的文件 {ref.get('name', '')}",
                    f"{field.label_en or field.id}: the uploaded file {ref.get('name', '')} is missing",
                )


def attached(
    case_id: int, serial: int, form: Sequence[Field], answers: Mapping[str, Any], *, round: int, task: str | None
) -> tuple[list[f.CaseFact], int]:
    """One fact for each photo or file among the answers, numbered on from `serial`."""
    facts: list[f.CaseFact] = []
    for field in form:
        if field.type in {"photo", "file", "checklist"}:
            kind = field.properties.get("evidence") or ("document" if field.type == "file" else "before")
            for ref in checklists.refs(field, answers.get(field.id)):
                serial += 1
                facts.append(
                    f.EvidenceAttached(
                        f"{case_id}-{serial}", ref["sha"], str(ref.get("name", "")), kind, field.id, task, round
                    )
                )
    return facts, serial
