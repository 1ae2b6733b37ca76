"""The door for sources outside, a hotline, a device, another city's system: they raise issues and bring messages.

Each has a token that acts for one officer, and may do what he may. A POST that carries an `Idempotency-Key` is done
once, however often it is sent; what was refused has not been done and may be corrected under the same key.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue

from engine.acts import desk, evidence, sources, worker_keys
from engine.notation.answers import FILES
from engine.notation.diagram import Field
from engine.reads import brought, case_list, case_page
from engine.reads.filters import Filters
from engine.reads.office import office
from engine.words.errors import Fault, NotValid
from models import Case, WorkerToken
from webui import guards, openapi, programs
from webui.asked import Asked
from webui.request import database, here, now
from webui.uploads import sealed, unsealed

room = Blueprint("source_api", __name__, url_prefix="/api/v1")
programs.door(room)
LARGEST = 1024 * 1024


def prepare(app: Flask) -> None:
    """No cookie lets anybody in here, so no form can be forged."""
    app.extensions["csrf"].exempt(room)


@room.post("/cases")
@guards.public
def raise_case() -> ResponseReturnValue:
    """{"definition", "variables"} → 201 {"case", "href"}: begun by the start form, as if by the officer."""
    token = _source()
    sent = programs.told(LARGEST)

    def act() -> programs.Answer:
        programs.only(sent, ("definition", "variables"))
        definition = programs.text(sent, "definition", most=100)
        session, officer, at = here()
        form = desk.at_start(session, definition)[1].element.form
        variables = _with_files(form, programs.mapping(sent, "variables"))
        case = sources.raise_case(session, definition, variables, by=officer, at=at)
        return _at(case), HTTPStatus.CREATED

    return programs.once_only(token, request.get_data(), act)


@room.get("/openapi.json")
@guards.public
def described() -> ResponseReturnValue:
    """All this as programs read it: OpenAPI 3.1. It gives nothing away, so it asks for no token."""
    return jsonify(openapi.document(current_app.url_map))


@room.get("/cases")
@guards.public
def cases() -> ResponseReturnValue:
    """{"cases": […], "next"}: those the officer may see, the newest first; `next` is where those after them are."""
    _source()
    session, officer, at = here()
    asked = Asked()
    unit = asked.text("unit")
    units = office(session).units
    if unit and unit not in units:
        asked.wrong("unit", "须是单位代码", "is the code of a unit")
    being = asked.text("status", among=case_list.STATUSES)
    filters = Filters(
        text=asked.text("text"), stages=asked.texts("stage"), unit=units.get(unit), process=asked.text("definition"),
        parent=asked.case("parent"), overdue=asked.yes("overdue"), again=asked.yes("again"), since=asked.day("since"),
        until=asked.day("until"),
    )  # fmt: skip
    most, after = asked.whole("limit", 50, least=1, most=200), asked.case("after")
    asked.finish()
    rows, more = case_list.listed(session, filters, actor=officer, at=at, most=most, being=being, after=after)
    again = [*((name, value) for name, value in request.args.items(multi=True) if name != "after")]
    onward = f"{room.url_prefix}/cases?{urlencode([*again, ('after', Case(id=rows[-1].id).number)])}" if more else None
    return jsonify(cases=[_listed(row) for row in rows], next=onward)


def _listed(row: case_list.Row) -> dict[str, Any]:
    return {
        **_at(row.id), "definition": row.process, "title": row.title, "place": row.place, "status": row.status,
        "stage": row.stage, "round": row.round, "level": row.level, "outcome": row.outcome,
        "opened_at": row.opened_at.isoformat(), "due_at": row.due_at.isoformat() if row.due_at else None,
        "overdue": row.overdue, "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }  # fmt: skip


@room.get("/cases/<case:case_id>")
@guards.public
def case(case_id: int) -> ResponseReturnValue:
    """Where a case stands; not found for one that the officer may not see."""
    _source()
    session, officer, at = here()
    head = case_page.find(session, case_id, actor=officer)
    deadlines = [
        {"name": ring.code, "round": ring.round, "due_at": ring.effective_at.isoformat(), "late": ring.late,
         "stopped_at": ring.stopped_at.isoformat() if ring.stopped_at else None}
        for ring in case_page.clocks(session, head, at=at)
    ]  # fmt: skip
    return jsonify(
        case=head.number, definition=head.process_id, status=case_list.status(head.ended_at, head.stuck_at),
        stage=head.stage, round=head.round,
        outcome=head.outcome, opened_at=head.opened_at.isoformat(), deadlines=deadlines,
        ended_at=head.ended_at.isoformat() if head.ended_at else None,
    )  # fmt: skip


@room.post("/messages")
@guards.public
def message() -> ResponseReturnValue:
    """{"name", "correlation"?, "payload"?} → {"state": began · delivered, "case", "href"}; 202 {"state": kept, "id",
    "href", "why", "zh", "en"} while nobody can have it."""
    token = _source()
    sent = programs.told(LARGEST)

    def act() -> programs.Answer:
        programs.only(sent, ("name", "correlation", "payload"))
        name = programs.text(sent, "name", most=100)
        worker_keys.refuse_other_message(token, name)
        session, officer, at = here()
        got = sources.bring(
            session, name, sent.get("correlation"), programs.mapping(sent, "payload"), token=token, by=officer, at=at
        )
        if got.case is None:
            return _kept(got), HTTPStatus.ACCEPTED
        code = HTTPStatus.CREATED if got.state == "began" else HTTPStatus.OK
        return {"state": got.state, **_at(got.case)}, code

    return programs.once_only(token, request.get_data(), act)


@room.get("/messages/<id>")
@guards.public
def kept_message(id: str) -> ResponseReturnValue:
    """What has become of a message that was kept: {"state": kept · aside · delivered · dropped}, with its case."""
    token = _source()
    fate = brought.fate(database(), id, officer=token.officer_id or 0)
    return jsonify(
        id=fate.id, name=fate.name, state=fate.state, sent_at=fate.sent_at.isoformat(),
        at=fate.at.isoformat() if fate.at else None, **(_at(fate.case) if fate.case is not None else {"case": None}),
    )  # fmt: skip


@room.post("/evidence")
@guards.public
def upload() -> ResponseReturnValue:
    """One file, as multipart/form-data under the name "file" → 201 {"reference", "name", "media", "size"}."""
    token = _source()
    request.max_content_length = evidence.LARGEST + LARGEST
    if (request.content_length or 0) > request.max_content_length:
        most = evidence.LARGEST >> 20
        raise NotValid([Fault("file", f"文件超过 {most} MB", f"The file is larger than {most} MB")])
    files = request.files.getlist("file")
    if len(files) != 1 or not files[0].filename:
        raise NotValid([Fault("file", "须以 file 为名上传一个文件", "Send one file under the name file")])
    file, name = files[0], files[0].filename

    def act() -> programs.Answer:
        session, officer, at = here()
        folder = current_app.config["EVIDENCE_FOLDER"]
        kept = evidence.store(session, file.stream, name, folder=folder, by=officer, at=at)
        told = {part: kept[part] for part in ("name", "media", "size")}
        return {"reference": sealed(kept), **told}, HTTPStatus.CREATED

    content = sha256(name.encode("utf-8", "replace"))
    while chunk := file.stream.read(256 * 1024):
        content.update(chunk)
    file.stream.seek(0)
    return programs.once_only(token, content.digest(), act)


def _source() -> WorkerToken:
    """The token of a source; from here on `here()` is the officer it acts for."""
    token = programs.token()
    officer = worker_keys.source(database(), token, at=now())
    if officer is None:
        raise programs.NoToken
    g.actor = officer
    return token


def _at(case_id: int) -> dict[str, Any]:
    number = Case(id=case_id).number
    return {"case": number, "href": f"{room.url_prefix}/cases/{number}"}


def _kept(got: sources.Brought) -> dict[str, Any]:
    zh, en = _WHY[got.why]
    return {
        "state": "kept",
        "id": got.message,
        "href": f"{room.url_prefix}/messages/{got.message}",
        "why": got.why,
        "zh": f"{zh}；已经留存，轮到时自动送达，派遣员、指挥人员或系统管理人员也可以手工交给等它的事项。",
        "en": f"{en}; it is kept and handed on when its time comes, and a dispatcher, commander or administrator may "
        "match it by hand to a case that waits.",
    }


_WHY = {
    "nobody": ("现在没有事项等这个消息", "No case waits for this message now"),
    "open": ("这个 correlation 的事项已经在办", "A case with this correlation is open already"),
    "stuck": ("等这个消息的事项停住了，正待处理", "The case that waits for it is stuck and being repaired"),
}


def _with_files(form: tuple[Field, ...], variables: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with each reference of an upload read as the file it stands for. Raises `NotValid` for one that this
    officer was not given."""
    read = dict(variables)
    for field in form:
        value = read.get(field.id)
        if field.type in FILES and value is not None:
            read[field.id] = _files(field, value)
        elif field.type == "checklist" and isinstance(value, list):
            read[field.id] = [
                {**line, "photos": _files(field, line.get("photos") or [])} if isinstance(line, dict) else line
                for line in value
            ]
    return read


def _files(field: Field, value: Any) -> list[dict[str, str]]:
    refs = [unsealed(one) if isinstance(one, str) else None for one in (value if isinstance(value, list) else [value])]
    found = [ref for ref in refs if ref is not None]
    if len(found) != len(refs):
        zh = f"“{field.label}”须是 /api/v1/evidence 给出的 reference 的列表。"
        en = f"“{field.label_en or field.label}” is a list of references that /api/v1/evidence gave."
        raise NotValid([Fault(field.id, zh, en)])
    return found
