"""The columns of the paper ledger (问题台账), in its order: what each is called and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.reads.full_rows import Full
from engine.reads.names import Names
from engine.reads.sentences.course import case_number
from engine.reads.tongues import EMPTY, NO, YES, joined, named, say
from engine.words.terms import LEVELS, STAGES, Term
from engine.words.values import from_json

Cell = Term | str | int | datetime | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in characters, for a spreadsheet."""

    label: Term
    cell: Callable[[Full], Cell]
    width: int = 14


def _said(*variables: str) -> Callable[[Full], Cell]:
    return lambda row: row.told(*variables)


def _moment(variable: str) -> Callable[[Full], Cell]:
    def cell(row: Full) -> Cell:
        value = from_json(row.variables.get(variable))
        return value if isinstance(value, date) else row.told(variable)

    return cell


def _raiser(row: Full) -> Cell:
    unit, who = row.names.unit(row.case.raiser_unit_id), row.case.opened_by
    if who is None:
        return unit
    return (
        say("{unit} {who}", "{who} ({unit})", unit=unit, who=row.names.officer(who))
        if unit.zh
        else row.names.officer(who)
    )


def _responsible(row: Full) -> Cell:
    owner, post = row.told("owner"), row.told("post")
    return Term("／".join(t.zh for t in (owner, post) if t.zh), " / ".join(t.en for t in (owner, post) if t.en))


def _checked(answer: Callable[[Full, Any], Cell]) -> Callable[[Full], Cell]:
    def cell(row: Full) -> Cell:
        step = row.last_step("verify")
        return answer(row, step) if step else None

    return cell


def _verdict(names: Names, element: str, row: Full) -> Term:
    known = names.diagram.elements.get(element) if names.diagram else None
    chosen = [field.id for field in (known.form if known else ()) if field.type == "enum"]
    return row.told(*chosen[:1]) if chosen else EMPTY


def _sources(row: Full) -> Cell:
    return joined(
        told for told in (row.told("source"), row.told("source_ref"), row.told("source_paragraph")) if told.zh
    )


def _stage(row: Full) -> Cell:
    return STAGES.get(row.case.stage, named(row.case.stage, ""))


def _overdue(row: Full) -> Cell:
    return YES if row.late("rectify") else NO


def _why_late(row: Full) -> Cell:
    return joined(told for told in (row.told("cause_class"), row.told("cause_text")) if told.zh)


def _remark(row: Full) -> Cell:
    parts = [
        told for told in (row.told("closing_note"), row.told("decline_reason"), row.told("void_reason")) if told.zh
    ]
    if row.case.merged_into:
        parts.append(say("并入 {n}", "merged into {n}", n=case_number(row.case.merged_into)))
    if row.case.round > 1:
        parts.append(say("第 {n} 轮", "round {n}", n=row.case.round))
    return Term("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


COLUMNS: tuple[Column, ...] = (
    Column(Term("问题编号", "Number"), lambda row: case_number(row.case.id)),
    Column(Term("问题名称", "Title"), lambda row: row.case.title, 28),
    Column(Term("来源", "Source"), _sources, 18),
    Column(Term("提出时间", "Raised at"), lambda row: row.case.opened_at, 17),
    Column(Term("检查人／提出人", "Raised by"), _raiser, 20),
    Column(Term("点位／地点", "Place"), lambda row: row.case.place, 18),
    Column(Term("问题描述", "Description"), _said("description"), 40),
    Column(Term("问题类别", "Category"), _said("category")),
    Column(Term("严重等级", "Severity"), _said("severity"), 10),
    Column(Term("属实情况", "Finding"), _said("finding"), 10),
    Column(Term("整改方式", "Way of rectifying"), _said("mode"), 12),
    Column(Term("牵头领导", "Lead leader"), _said("lead_leader"), 12),
    Column(Term("责任单位", "Responsible unit"), lambda row: row.names.unit(row.case.lead_unit_id), 20),
    Column(Term("配合单位", "Co-units"), _said("co_units"), 20),
    Column(Term("责任人／岗位", "In charge / post"), _responsible, 16),
    Column(Term("派发时间", "Dispatched at"), lambda row: c.started_at if (c := row.first("rectify")) else None, 17),
    Column(
        Term("原定时限", "Original deadline"), lambda row: c.original_at if (c := row.clock("rectify")) else None, 17
    ),
    Column(Term("整改时限", "Deadline"), lambda row: c.effective_at if (c := row.clock("rectify")) else None, 17),
    Column(Term("整改措施", "Measures"), _said("measures", "plan"), 40),
    Column(Term("完成时间", "Done at"), _moment("done_at"), 17),
    Column(Term("复查时间", "Verified at"), _checked(lambda row, step: step.at), 17),
    Column(Term("复查人", "Verified by"), _checked(lambda row, step: row.names.officer(step.by)), 14),
    Column(Term("复查结果", "Verdict"), _checked(lambda row, step: _verdict(row.names, step.element, row)), 12),
    Column(Term("状态", "Stage"), _stage, 12),
    Column(Term("督办等级", "Supervision level"), lambda row: LEVELS.get(row.case.level), 12),
    Column(Term("是否超期", "Overdue"), _overdue, 10),
    Column(Term("超期原因", "Why overdue"), _why_late, 24),
    Column(Term("销号时间", "Closed at"), lambda row: row.case.closed_at, 17),
    Column(Term("回头看结果", "Re-check"), _said("relapse_note", "recheck_result"), 16),
    Column(Term("备注", "Remarks"), _remark, 30),
    Column(
        Term("上级事项", "Called by"), lambda row: case_number(row.case.parent_id) if row.case.parent_id else None, 14
    ),
)
