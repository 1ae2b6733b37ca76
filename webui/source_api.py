"""The door for sources outside, a hotline, a device, another city's system: they raise issues and bring messages.

Each has a token that acts for one officer, and may do what he may. A POST that carries an `Idempotency-Key` is done
once, however often it is sent; what was refused has not been done and may be corrected under the same key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from engine.acts import desk, evidence, sources, worker_keys
from engine.notation.answers import FILES
from engine.notation.diagram import Field
from engine.reads import case_page
from engine.words.errors import Fault, NotValid
from models import Case, WorkerToken
from webui import guards, once, programs
from webui.request import database, here, now
from webui.uploads import sealed, unsealed

room = Blueprint("source_api", __name__, url_prefix="/api/v1")
programs.door(room)
LARGEST = 1024 * 1024
LONGEST_KEY = 200
Answer = tuple[dict[str, Any], HTTPStatus]


def prepare(app: Flask) -> None:
    """No cookie lets anybody in here, so no form can be forged."""
    app.extensions["csrf"].exempt(room)


@room.post("/cases")
@guards.public
def raise_case() -> ResponseReturnValue:
    """{"definition", "variables"} → 201 {"case", "href"}: begun by the start form, as if by the officer."""
    token = _source()
    sent = programs.told(LARGEST)

    def act() -> Answer:
        programs.only(sent, ("definition", "variables"))
        definition = programs.text(sent, "definition", most=100)
        session, officer, at = here()
        form = desk.at_start(session, definition)[1].element.form
        variables = _with_files(form, programs.mapping(sent, "variables"))
        case = sources.raise_case(session, definition, variables, by=officer, at=at)
        return _at(case), HTTPStatus.CREATED

    return _once(token, request.get_data(), act)


@room.get("/cases/<case:case_id>")
@guards.public
def case(case_id: int) -> ResponseReturnValue:
    """Where a case stands; not found for one that the officer may not see."""
    _source()
    session, officer, at = here()
    head = case_page.find(session, case_id, actor=officer)
    status = "ended" if head.ended_at else "stopped" if head.stuck_at else "open"
    deadlines = [
        {"name": ring.code, "round": ring.round, "due_at": ring.effective_at.isoformat(), "late": ring.late,
         "stopped_at": ring.stopped_at.isoformat() if ring.stopped_at else None}
        for ring in case_page.clocks(session, head, at=at)
    ]  # fmt: skip
    return jsonify(
        case=head.number, definition=head.process_id, status=status, stage=head.stage, round=head.round,
        outcome=head.outcome, opened_at=head.opened_at.isoformat(), deadlines=deadlines,
        ended_at=head.ended_at.isoformat() if head.ended_at else None,
    )  # fmt: skip


@room.post("/messages")
@guards.public
def message() -> ResponseReturnValue:
    """{"name", "correlation"?, "payload"?} → {"state": began · delivered, "case", "href"}; 409 while nobody waits."""
    token = _source()
    sent = programs.told(LARGEST)

    def act() -> Answer:
        programs.only(sent, ("name", "correlation", "payload"))
        name = programs.text(sent, "name", most=100)
        worker_keys.refuse_other_message(token, name)
        session, officer, at = here()
        brought = sources.bring(
            session, name, sent.get("correlation"), programs.mapping(sent, "payload"), by=officer, at=at
        )
        code = HTTPStatus.CREATED if brought.state == "began" else HTTPStatus.OK
        return {"state": brought.state, **_at(brought.case)}, code

    return _once(token, request.get_data(), act)


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

    def act() -> Answer:
        session, officer, at = here()
        folder = current_app.config["EVIDENCE_FOLDER"]
        kept = evidence.store(session, file.stream, name, folder=folder, by=officer, at=at)
        told = {part: kept[part] for part in ("name", "media", "size")}
        return {"reference": sealed(kept), **told}, HTTPStatus.CREATED

    content = sha256(name.encode("utf-8", "replace"))
    while chunk := file.stream.read(256 * 1024):
        content.update(chunk)
    file.stream.seek(0)
    return _once(token, content.digest(), act)


def _source() -> WorkerToken:
    """The token of a source; from here on `here()` is the officer it acts for."""
    token = programs.token()
    officer = worker_keys.source(database(), token, at=now())
    if officer is None:
        raise programs.NoToken
    g.actor = officer
    return token


def _once(token: WorkerToken, content: bytes, act: Callable[[], Answer]) -> Response:
    shown = request.headers.get("Idempotency-Key")
    if shown is None:
        return _answer(*act())
    if not 0 < len(shown) <= LONGEST_KEY:
        raise NotValid([_key_fault(f"须为 1 至 {LONGEST_KEY} 个字符", f"has 1 to {LONGEST_KEY} characters")])
    session, digest = database(), sha256(content).hexdigest()
    named = sha256(f"{request.path}\n{shown}".encode()).hexdigest()
    key = f"token:{token.id}:{named}"
    before = once.claim(session, key, officer=token.officer_id, at=now())
    if before is None:
        body, code = act()
        once.keep_answer(session, key, {"code": int(code), "body": body, "digest": digest})
        return _answer(body, code)
    if before["digest"] != digest:
        raise NotValid([_key_fault("已经用于另一份内容", "has been used for something else")])
    again = _answer(before["body"], HTTPStatus(before["code"]))
    again.headers["Idempotent-Replayed"] = "true"
    return again


def _key_fault(zh: str, en: str) -> Fault:
    return Fault("Idempotency-Key", f"Idempotency-Key {zh}", f"Idempotency-Key {en}")


def _answer(body: dict[str, Any], code: HTTPStatus) -> Response:
    answer = jsonify(body)
    answer.status_code = int(code)
    return answer


def _at(case_id: int) -> dict[str, Any]:
    number = Case(id=case_id).number
    return {"case": number, "href": f"{room.url_prefix}/cases/{number}"}


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
