"""The list of processes, one process with its versions, a version by itself, and what changed between two."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.notation import diagram as bpmn
from engine.reads import designs, todos
from webui.designer.answers import as_file, table_of
from webui.designer.room import room
from webui.request import here


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, _at = here()
    return render_template("designer/index.html", designs=designs.designs(session), may=officer.has("designer"))


@room.get("/<process_id>")
def process(process_id: str, faults: dict[str, str] | None = None) -> ResponseReturnValue:
    session, officer, _at = here()
    working = designs.working(session, process_id)
    return render_template(
        "designer/process.html",
        working=working,
        drawing=bpmn.read(working.diagram),
        releases=designs.releases(session, process_id),
        tables=designs.readable_tables(working.tables),
        left=todos.standing(working.diagram),
        may=officer.has("designer"),
        faults=faults or {},
    )


@room.get("/<process_id>/versions/<int:number>")
def version(process_id: str, number: int) -> ResponseReturnValue:
    session, officer, _at = here()
    found = designs.version(session, process_id, number)
    release = next(each for each in designs.releases(session, process_id) if each.number == number)
    return render_template(
        "designer/version.html",
        process_id=process_id,
        drawing=bpmn.read(found.diagram),
        release=release,
        digest=found.digest,
        tables=designs.readable_tables(found.tables),
        changes=designs.compared(session, process_id, number - 1, number),
        revision=designs.working(session, process_id).revision,
        may=officer.has("designer"),
    )


@room.get("/<process_id>/versions/<int:number>/diagram")
def version_diagram(process_id: str, number: int) -> ResponseReturnValue:
    found = designs.version(here().session, process_id, number)
    return as_file(found.diagram, f"{process_id}-v{number}.bpmn")


@room.get("/<process_id>/versions/<int:number>/tables/<file>")
def version_table(process_id: str, number: int, file: str) -> ResponseReturnValue:
    found = designs.version(here().session, process_id, number)
    return as_file(table_of(found.tables, file).encode(), file)


@room.get("/<process_id>/differences")
def differences(process_id: str) -> ResponseReturnValue:
    session, _officer, _at = here()
    releases = designs.releases(session, process_id)
    newest = releases[0].number if releases else 0
    before = request.args.get("before", newest - 1, type=int)
    after = request.args.get("after", "draft")
    later = None if after == "draft" or not after.isdigit() else int(after)
    return render_template(
        "designer/differences.html",
        working=(working := designs.working(session, process_id)),
        drawing=bpmn.read(working.diagram),
        releases=releases,
        before=before,
        after=later,
        changes=designs.compared(session, process_id, max(0, before), later),
    )
