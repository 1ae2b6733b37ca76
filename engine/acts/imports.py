"""Issues that somebody kept in a spreadsheet: each row is judged by itself, and may come twice in peace.

One act takes one row, so that whoever calls decides what is kept together: the command line commits row by row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts import cases, desk
from engine.notation import forms, sheets
from engine.notation.diagram import Field
from engine.notation.sheets import Row, Sheet
from engine.words.errors import Fault, NotValid
from engine.words.officers import Actor
from models import Case, Grant, Officer, Unit

PROCESS = "issue_loop"
ZONE = ZoneInfo("Asia/Shanghai")
LONGEST_TITLE = 80

# Our name of a column → how offices head it. The first Chinese name is the one refusals use.
ISSUE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("问题编号", "编号", "序号", "issue id", "no", "number"),
    "seed": ("来源", "来源文件", "来源材料", "批次", "batch"),
    "raised_by": ("提出方", "督查方", "检查人", "提出单位", "raised by", "raiser"),
    "raised_on": ("提出时间", "提出日期", "发现日期", "检查日期", "raised on", "date"),
    "responsible_unit": ("责任单位", "被检查单位", "承办单位", "responsible unit", "unit"),
    "place": ("点位", "地点", "具体地点", "点位地点", "location"),
    "category": ("类别", "问题类别", "隐患类别"),
    "title": ("标题", "问题名称"),
    "description": ("问题描述", "存在的问题", "问题", "issue", "problem"),
    "suggested_measure": ("整改建议", "整改要求", "整改措施", "suggested measure", "measure"),
    "deadline_rule": ("时限要求", "整改时限", "整改期限", "deadline rule", "deadline"),
    "status_in_text": ("状态", "整改情况", "status in text", "status"),
    "severity": ("严重程度", "严重等级", "等级"),
    "accountability": ("问责", "问责情况"),
    "source": ("来源渠道", "channel"),
    "source_level": ("来源层级", "source level"),
}
NEEDED = ("id", "description", "place", "category", "severity")
# What has no field of its own stays readable in the case as the paragraph it came from.
_PARAGRAPH = ("raised_by", "raised_on", "responsible_unit", "deadline_rule", "status_in_text", "accountability", "seed")
_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one row. `remarks` warn (the row was taken) or say why it was refused."""

    row: int
    key: str
    verdict: Literal["raised", "added", "already there", "refused"]
    remarks: tuple[Fault, ...] = ()
    case: int | None = None


@dataclass(slots=True)
class _Reading:
    """Answers being made of one row, and what was noticed on the way."""

    row: Row
    raw: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def read_issues(content: bytes) -> Sheet:
    """The rows of an issues file; an id that comes twice is a fault of the later row. Raises `NotValid`."""
    sheet = sheets.read(content, ISSUE_COLUMNS, NEEDED)
    return Sheet(sheet.columns, sheet.unknown, tuple(_without_twins(sheet.rows, "id")))


def issue(
    session: Session,
    row: Row,
    *,
    by: Actor,
    at: datetime,
    raiser_unit: int | None = None,
    strict: bool = False,
    zone: tzinfo = ZONE,
) -> Line:
    """Opens a case for one row, unless one with the row's id is there. Its raiser is the unit named in the row when
    somebody there may verify, else `raiser_unit`. `strict` refuses what is else only remarked on: an unknown unit or
    category. Raises nothing for a bad row: the line says what is wrong with it."""
    key = row.cells.get("id", "")
    there = session.execute(select(Case.id).where(Case.external_id == key)).scalar_one_or_none() if key else None
    if there is not None and not row.faults:
        return Line(row.number, key, "already there", case=there)

    reading = _Reading(row, faults=list(row.faults))
    if not key:
        reading.faults.append(_fault("id", "不能为空", "must not be empty"))
    _, start = desk.at_start(session, PROCESS)
    form = {asked.id: asked for asked in start.element.form}
    _texts(reading, form)
    _choices(reading, form)
    _day(reading, form, at.astimezone(zone).date())
    _unit(session, reading, form)
    faults = reading.faults + (reading.warnings if strict else [])
    if faults:
        return Line(row.number, key, "refused", tuple(faults))
    try:
        answers = forms.read(list(form.values()), _with_defaults(form, reading.raw, at), names={}, at=at)
        unit = _raiser(session, row) or raiser_unit
        opened = cases.open(session, PROCESS, answers, by=by, at=at, raiser_unit=unit, external_id=key)
    except NotValid as refusal:
        return Line(row.number, key, "refused", refusal.faults)
    return Line(row.number, key, "raised", tuple(reading.warnings), opened)


def raiser_unit_of(session: Session) -> int | None:
    """The unit that raises what comes without a raiser: where a liaison officer sits who may also verify."""
    desk = select(Officer.unit_id).join(Grant).where(Grant.role == "liaison", Officer.ended_at.is_(None))
    query = select(Grant.unit_id).where(Grant.role == "raiser", Grant.unit_id.in_(desk)).order_by(Grant.unit_id)
    return session.execute(query.limit(1)).scalar_one_or_none()


def _raiser(session: Session, row: Row) -> int | None:
    name = row.cells.get("raised_by", "")
    query = select(Unit.id).join(Grant, Grant.unit_id == Unit.id).where(Unit.name == name, Grant.role == "raiser")
    return session.execute(query.limit(1)).scalar_one_or_none() if name else None


def _without_twins(rows: Sequence[Row], name: str) -> list[Row]:
    first: dict[str, int] = {}
    kept = []
    for row in rows:
        key = row.cells.get(name, "")
        if key and key in first:
            twin = _fault(
                name, f"与第 {first[key]} 行的编号 {key} 重复", f"{key} is already the id of row {first[key]}"
            )
            row = Row(row.number, row.cells, (*row.faults, twin))
        first.setdefault(key, row.number)
        kept.append(row)
    return kept


def _texts(reading: _Reading, form: Mapping[str, Field]) -> None:
    cells = reading.row.cells
    description = cells.get("description", "")
    title = cells.get("title") or _first_sentence(description)
    paragraph = "；".join(f"{ISSUE_COLUMNS[name][0]}：{cells[name]}" for name in _PARAGRAPH if cells.get(name))
    found = {
        "title": title,
        "description": description,
        "place": cells.get("place", ""),
        "suggested_measure": cells.get("suggested_measure", ""),
        "source_ref": cells.get("id", ""),
        "source_paragraph": paragraph or description,
    }
    reading.raw |= {name: [text] for name, text in found.items() if name in form and text}
    for name in ("description", "place"):
        if not cells.get(name):
            reading.faults.append(_fault(name, "不能为空", "must not be empty"))


def _choices(reading: _Reading, form: Mapping[str, Field]) -> None:
    """Enum columns take a choice's code or its name in either language, as the published form has them."""
    for name in ("category", "severity", "source", "source_level"):
        asked, text = form.get(name), reading.row.cells.get(name, "")
        if asked is None or (not text and name not in NEEDED):
            continue
        chosen = next((c.id for c in asked.choices if text.lower() in {c.id, c.name, c.name_en.lower()}), None)
        if chosen is None and text and any(choice.id == "other" for choice in asked.choices):
            chosen = "other"
            reading.warnings.append(
                _fault(name, f"“{text[:40]}”不在可选项中，记为“其他”", f'"{text[:40]}" is no choice; taken as "other"')
            )
            reading.raw["source_paragraph"] = [
                f"{_first(reading.raw, 'source_paragraph')}；{ISSUE_COLUMNS[name][0]}：{text}"
            ]
        if chosen is None:
            allowed = "、".join(choice.name for choice in asked.choices)
            known = ", ".join(choice.id for choice in asked.choices)
            reading.faults.append(
                _fault(name, f"“{text[:40]}”不在可选项中（{allowed}）", f'"{text[:40]}" is none of {known}')
            )
        else:
            reading.raw[name] = [chosen]
    if "source" in form and "source" not in reading.raw:
        raiser = f"{reading.row.cells.get('raised_by', '')} {reading.row.cells.get('seed', '')}"
        named = next((choice.id for choice in form["source"].choices if choice.name in raiser), None)
        if named is not None:
            reading.raw["source"] = [named]


def _day(reading: _Reading, form: Mapping[str, Field], today: date) -> None:
    """ "08-11" is of this year, or of the last one when it has not come yet; less than a day stays in the paragraph."""
    text = reading.row.cells.get("raised_on", "")
    match = _DAY.fullmatch(text)
    if match is None or "found_at" not in form:
        return
    year, month, day = match.groups()
    try:
        found = date(int(year or today.year), int(month), int(day))
        if year is None and found > today:
            found = date(today.year - 1, int(month), int(day))
    except ValueError:
        reading.faults.append(_fault("raised_on", f"没有“{text}”这一天", f"there is no day {text}"))
        return
    reading.raw["found_at"] = [found.isoformat()]


def _unit(session: Session, reading: _Reading, form: Mapping[str, Field]) -> None:
    """By name or code. One that is not known, or known twice, stays as text: who dispatches will know better."""
    text = reading.row.cells.get("responsible_unit", "")
    if not text or "suggested_unit" not in form:
        return
    query = select(Unit.code).where((Unit.name == text) | (Unit.code == text), Unit.ended_at.is_(None)).limit(2)
    codes = session.execute(query).scalars().all()
    if len(codes) == 1:
        reading.raw["suggested_unit"] = [codes[0]]
    elif codes:
        reading.warnings.append(
            _fault(
                "responsible_unit",
                f"有不止一个“{text[:60]}”，只保留原文",
                f'more than one unit is called "{text[:60]}"',
            )
        )
    else:
        reading.warnings.append(
            _fault(
                "responsible_unit",
                f"没有单位“{text[:60]}”，只保留原文",
                f'no unit is called "{text[:60]}"; kept as text',
            )
        )


def _with_defaults(form: Mapping[str, Field], raw: dict[str, list[str]], at: datetime) -> dict[str, Sequence[str]]:
    shown = forms.shown(list(form.values()), {}, None, at)
    return {**{field.field.id: field.raw for field in shown}, **raw}


def _first_sentence(text: str) -> str:
    first = re.split(r"[。；;\n]", text.strip(), maxsplit=1)[0]
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


def _first(raw: Mapping[str, Sequence[str]], name: str) -> str:
    return raw.get(name, [""])[0]


def _fault(column: str, zh: str, en: str) -> Fault:
    heading = ISSUE_COLUMNS[column][0] if column in ISSUE_COLUMNS else column
    return Fault(column, f"“{heading}”{zh}", f"{column}: {en}")
