"""The designer's import: a diagram from another tool is read, its report is shown, and only then it becomes a draft."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.acts import drafts
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

# In the order a designer works through them: what changes the process, what to tie in anew, the rest.
GROUPS: tuple[tuple[str, str, str, str], ...] = (
    (imports.LEFT, imports.MEANING, "没有带来，流程会因此不同", "Left: the process runs differently without it"),
    (imports.LEFT, imports.BINDING, "没有带来，请在这里重新设置", "Left: to be set up anew here"),
    (imports.MAPPED, imports.BINDING, "已改写，请看一眼", "Put into our words: look at it"),
    (imports.MAPPED, imports.NOTHING, "已改写成本系统的写法", "Put into our words"),
    (imports.KEPT, imports.NOTHING, "原样保留", "Kept as it is"),
    (imports.LEFT, imports.NOTHING, "没有带来，不影响执行", "Left: of no matter for how it runs"),
)


# Verdict → its words, and the colour of its badge.
KINDS = {
    verdicts.ACCEPTED: ("接收", "Taken in", "green"),
    verdicts.WARNED: ("接收，有提醒", "Taken in, with hints", "green"),
    verdicts.TO_DOS: ("接收，发布前有待办", "Taken in, with work to do before publishing", "yellow"),
    verdicts.DRAWING: ("只是图，还不能执行", "A drawing, not executable yet", "yellow"),
    verdicts.REFUSED: ("不接收：请先在原工具里改正", "Not taken in: mend it in the other tool first", "red"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One file's report. `kind`: the verdict; `findings`: what refuses it or is to do, with its weight; `drafts`: each
    packed with its tables, as the form sends it back, with the revision of a process that is there already."""

    file: str
    brought: Brought
    kind: str
    findings: tuple[tuple[str, Finding], ...]
    groups: tuple[tuple[str, str, tuple[Remark, ...]], ...]
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
            told.append(Told(name, brought, verdict.kind, heavy, grouped(brought), tuple(rows)))
    except (NotValid, NotPublishable) as refusal:
        return ask(_faults(refusal)), errors.code_of(refusal)  # type: ignore[return-value]
    return render_template("designer/import.html", told=told, kinds=KINDS, faults={})


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


def grouped(brought: Brought) -> tuple[tuple[str, str, tuple[Remark, ...]], ...]:
    found = []
    for verdict, weight, zh, en in GROUPS:
        remarks = tuple(each for each in brought.remarks if (each.verdict, each.weight) == (verdict, weight))
        if remarks:
            found.append((zh, en, remarks))
    return tuple(found)


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
