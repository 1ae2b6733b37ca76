"""The designer's import: a diagram from another tool is read, its report is shown, and only then it becomes a draft."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.acts import drafts
from engine.notation import diagram as bpmn
from engine.notation import imports
from engine.notation.imports import Arrival, Brought, Remark, verdicts
from engine.notation.imports.parcels import unpack
from engine.notation.imports.weighing import HINT
from engine.notation.xml import MAX_BYTES
from engine.reads import designs
from engine.words.errors import Fault, Finding, NotPublishable, NotValid, Refusal
from webui import errors, guards
from webui.locale import say
from webui.request import here

room = Blueprint("arrivals", __name__, url_prefix="/designer/import")
guards.for_roles(room, "designer")

# In the order a designer works through them. Kind → its words, the colour of its badge.
SORTS: dict[str, tuple[str, str, str]] = {
    "todo": ("待办", "To do", "yellow"),
    "look": ("请看一眼", "Look at it", "blue"),
    "mapped": ("已改写", "Mapped", "cyan"),
    "kept": ("原样保留", "Kept", "green"),
    "left": ("没有带来，不影响执行", "Left, of no matter", "secondary"),
}


# Verdict → its words, and the colour of its badge.
KINDS = {
    verdicts.ACCEPTED: ("接收", "Taken in", "green"),
    verdicts.WARNED: ("接收，有提醒", "Taken in, with hints", "green"),
    verdicts.TO_DOS: ("接收，发布前有待办", "Taken in, with work to do before publishing", "yellow"),
    verdicts.DRAWING: ("只是图，还不能执行", "A drawing, not executable yet", "yellow"),
    verdicts.REFUSED: ("不接收：请先在原工具里改正", "Not taken in: mend it in the other tool first", "red"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report. `kind`: one of `SORTS`; `name`: what its element is called, or ""."""

    kind: str
    name: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class Told:
    """One file's report. `kind`: the verdict; `findings`: what refuses it or is to do, with its weight; `drafts`: each
    packed with its tables, as the form sends it back, with the revision of a process that is there already."""

    file: str
    brought: Brought
    kind: str
    findings: tuple[tuple[str, Finding], ...]
    rows: tuple[Row, ...]
    drafts: tuple[tuple[Arrival, str, int, bool], ...]


@room.get("")
def ask(faults: dict[str, str] | None = None) -> ResponseReturnValue:
    return render_template("designer/import.html", told=None, faults=faults or {})


@room.post("")
def report() -> ResponseReturnValue:
    session, _officer, _at = here()
    files = {
        upload.filename.replace("\\", "/").rsplit("/", 1)[-1]: upload.stream.read(MAX_BYTES + 1)
        for upload in request.files.getlist("files")
        if upload.filename
    }
    try:
        if not files:
            raise NotValid([Fault("files", "请选择文件。", "Choose a file.")])
        parcel = unpack(files)
        if not parcel.diagrams:
            raise NotValid(
                [Fault("files", "没有流程图文件（.bpmn）。", "There is no diagram (.bpmn) among the files.")]
            )
        tables = {name: drafts.table_text(content) for name, content in parcel.tables.items()}
        told = []
        for name, content in parcel.diagrams.items():
            brought = imports.bring(content, parcel.forms)
            rows = []
            for arrival in brought.arrivals:
                known = designs.exists(session, arrival.process)
                revision = designs.working(session, arrival.process).revision if known else 0
                rows.append((arrival, _packed(arrival.content, tables), revision, known))
            verdict = verdicts.judge_brought(brought, content, tables)
            heavy = tuple(
                (weight, finding)
                for weight, finding in zip(verdict.weights, verdict.findings, strict=True)
                if weight != HINT
            )
            told.append(Told(name, brought, verdict.kind, heavy, sorted_out(brought), tuple(rows)))
    except (NotValid, NotPublishable) as refusal:
        return ask(_faults(refusal)), errors.code_of(refusal)  # type: ignore[return-value]
    return render_template("designer/import.html", told=told, kinds=KINDS, sorts=SORTS, faults={})


@room.post("/draft")
def save() -> ResponseReturnValue:
    session, officer, at = here()
    process_id = request.form.get("process", "")
    known = designs.exists(session, process_id)
    try:
        draft = drafts.bring_in(
            session, _unpacked(request.form.get("packed", "")), by=officer, at=at,
            process_id=process_id if known else "", revision=request.form.get("revision", -1, type=int),
        )  # fmt: skip
    except (NotValid, NotPublishable) as refusal:
        session.rollback()
        return ask(_faults(refusal)), errors.code_of(refusal)  # type: ignore[return-value]
    flash(
        say(
            "已存为草稿，可以继续修改，检查通过后发布。",
            "Saved as a draft; go on drawing, and publish it once it is clean.",
        ),
        "success",
    )
    return redirect(url_for("designer.process", process_id=draft.process_id))


def sorted_out(brought: Brought) -> tuple[Row, ...]:
    """Every remark with its kind and the name of its element; to-dos first, each kind in the order of the file."""
    names: dict[str, str] = {}
    for arrival in brought.arrivals:
        drawing = bpmn.read(arrival.content)
        names |= {element.id: element.name for element in drawing.elements.values()}
        names |= {flow.id: flow.name for flow in drawing.flows}
    order = list(SORTS)
    rows = [Row(kind_of(each), names.get(each.element, ""), each) for each in brought.remarks]
    return tuple(sorted(rows, key=lambda row: (order.index(row.kind), row.remark.line or 0)))


def kind_of(remark: Remark) -> str:
    if remark.verdict == imports.LEFT:
        return "left" if remark.weight == imports.NOTHING else "todo"
    if remark.verdict == imports.MAPPED:
        return "mapped" if remark.weight == imports.NOTHING else "look"
    return "kept"


def _packed(diagram: bytes, tables: dict[str, str]) -> str:
    kept = json.dumps({"diagram": diagram.decode(), "tables": tables})
    return base64.b64encode(zlib.compress(kept.encode(), 9)).decode()


def _unpacked(packed: str) -> dict[str, bytes]:
    """What the page sent along, back again: never more than a file may hold, whatever it says."""
    try:
        opener = zlib.decompressobj()
        kept = json.loads(opener.decompress(base64.b64decode(packed, validate=True), 3 * MAX_BYTES))
        tables = {str(name): str(text).encode() for name, text in kept["tables"].items()}
        return {"diagram.bpmn": str(kept["diagram"]).encode(), **tables}
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
        raise NotValid(
            [Fault("files", "页面内容不完整，请重新上传。", "The page came back incomplete; upload it again.")]
        ) from None


def _faults(refusal: Refusal) -> dict[str, str]:
    if isinstance(refusal, NotValid):
        return {fault.field: say(fault.zh, fault.en) for fault in refusal.faults}
    assert isinstance(refusal, NotPublishable)
    return {"files": " ".join(say(finding.zh, finding.en) for finding in refusal.findings[:5])}
