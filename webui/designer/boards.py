"""The two drawing boards, for the diagram and for a decision table: opened, saved, checked after every change."""

from __future__ import annotations

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from engine.acts import definitions, drafts
from engine.notation import checks
from engine.notation import diagram as bpmn
from engine.notation.tables import decisions_in
from engine.reads import designs
from engine.words.terms import ROLES, STAGES, Term
from webui import guards
from webui.designer.answers import as_file, body, firings, revision, saved, table_of, told
from webui.designer.room import room
from webui.locale import say
from webui.request import here

FIELD_TYPES: dict[str, Term] = {
    "string": Term("文字（一行）", "Text (one line)"),
    "text": Term("文字（多行）", "Text (several lines)"),
    "long": Term("整数", "Whole number"),
    "number": Term("数字", "Number"),
    "date": Term("日期", "Date"),
    "datetime": Term("日期和时间", "Date and time"),
    "boolean": Term("是／否", "Yes / no"),
    "enum": Term("单选", "One of a list"),
    "multi": Term("多选", "Several of a list"),
    "unit": Term("单位", "Unit"),
    "units": Term("多个单位", "Units"),
    "officer": Term("人员", "Officer"),
    "photo": Term("照片", "Photos"),
    "file": Term("文件", "Files"),
    "issue": Term("另一件问题", "Another issue"),
    "checklist": Term("检查清单（逐项）", "Checklist (line by line)"),
    "note": Term("提示文字", "Note (shown only)"),
}


@room.get("/<process_id>/diagram")
@guards.policy(guards.MODELER)
def diagram(process_id: str) -> ResponseReturnValue:
    session, _officer, _at = here()
    guards.need("designer")
    working = designs.working(session, process_id)
    decisions = decisions_in(working.tables)
    options = {
        "roles": [{"id": code, "name": say(term.zh, term.en)} for code, term in ROLES.items()],
        "stages": [{"id": code, "name": say(term.zh, term.en)} for code, term in STAGES.items()],
        "types": [{"id": code, "name": say(term.zh, term.en)} for code, term in FIELD_TYPES.items()],
        "decisions": [{"id": id, "name": f"{id} ({file})"} for id, file in sorted(decisions.items())],
        "processes": [{"id": each.id, "name": say(each.name, each.name_en)} for each in designs.designs(session)],
    }
    return render_template(
        "designer/diagram.html", working=working, drawing=bpmn.read(working.diagram), options=options
    )


@room.get("/<process_id>/diagram/xml")
def diagram_xml(process_id: str) -> ResponseReturnValue:
    return as_file(designs.working(here().session, process_id).diagram, f"{process_id}.bpmn")


@room.put("/<process_id>/diagram/xml")
def save_diagram(process_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    draft = drafts.save_diagram(session, process_id, body(), revision=revision(), by=officer, at=at)
    return saved(draft)


@room.post("/<process_id>/diagram/findings")
def check_diagram(process_id: str) -> ResponseReturnValue:
    session, _officer, at = here()
    tables = designs.working(session, process_id).tables
    content = body()
    findings = definitions.findings_on(session, content, tables, process_id)
    return jsonify(findings=told(findings), firings=firings(content, at))


@room.get("/<process_id>/tables/<file>")
@guards.policy(guards.TABLES)
def table(process_id: str, file: str) -> ResponseReturnValue:
    guards.need("designer")
    working = designs.working(here().session, process_id)
    table_of(working.tables, file)
    return render_template("designer/table.html", working=working, file=file, drawing=bpmn.read(working.diagram))


@room.get("/<process_id>/tables/<file>/xml")
def table_xml(process_id: str, file: str) -> ResponseReturnValue:
    return as_file(table_of(designs.working(here().session, process_id).tables, file).encode(), file)


@room.put("/<process_id>/tables/<file>/xml")
def save_table(process_id: str, file: str) -> ResponseReturnValue:
    session, officer, at = here()
    draft = drafts.save_table(session, process_id, file, body(), revision=revision(), by=officer, at=at)
    return saved(draft, file)


@room.post("/<process_id>/tables/<file>/findings")
def check_table(process_id: str, file: str) -> ResponseReturnValue:
    tables = dict(designs.working(here().session, process_id).tables) | {file: drafts.table_text(body())}
    return jsonify(findings=told(checks.check_tables(file, tables)))
