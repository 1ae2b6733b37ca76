"""What all doors for programs have in common: a token each, JSON in and out, every refusal a sentence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engine.acts import worker_keys
from engine.words.errors import CannotGoOn, Fault, NotAllowed, NotFound, NotValid, OutOfDate, Refusal
from models import WorkerToken
from webui import once
from webui.request import database, now

LARGEST = 4 * 1024 * 1024
LONGEST_KEY = 200
Answer = tuple[dict[str, Any], HTTPStatus]
_CODES: dict[type[Refusal], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    OutOfDate: HTTPStatus.CONFLICT,
    CannotGoOn: HTTPStatus.CONFLICT,
}


class NoToken(Exception):
    """Nobody known asks."""


def door(room: Blueprint) -> None:
    """Whatever goes wrong in this room is told as `application/problem+json`."""
    room.register_error_handler(Refusal, _refused)
    room.register_error_handler(NoToken, _unknown)
    room.register_error_handler(StaleDataError, _busy)
    room.register_error_handler(OperationalError, _busy)
    room.register_error_handler(HTTPException, _by_code)


def token() -> WorkerToken:
    """The key that was shown. Raises `NoToken`."""
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    found = worker_keys.known(database(), shown.strip()) if kind.lower() == "bearer" else None
    if found is None:
        raise NoToken
    return found


def told(largest: int = LARGEST) -> Mapping[str, Any]:
    """The JSON object that was sent. Raises `NotValid`: larger, no JSON, no object."""
    request.max_content_length = largest + 1
    if (request.content_length or 0) > largest:
        raise NotValid([Fault("", f"内容超过 {largest >> 20} MB", f"More than {largest >> 20} MB was sent")])
    try:
        sent = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        sent = None
    if not isinstance(sent, dict):
        raise NotValid([Fault("", "须发送一个 JSON 对象", "Send a JSON object")])
    return sent


def only(sent: Mapping[str, Any], names: Collection[str]) -> None:
    """Raises `NotValid` naming whatever else was sent."""
    others = [name[:100] for name in sent if name not in names][:20]
    if others:
        raise NotValid([Fault(name, f"不认识“{name}”", f'There is no "{name}" here') for name in others])


def text(sent: Mapping[str, Any], name: str, *, most: int | None = None) -> str:
    value = sent.get(name)
    if not isinstance(value, str) or not value:
        raise NotValid([Fault(name, f"缺少 {name}", f"{name} is missing")])
    if most is not None and (len(value) > most or not value.isprintable()):
        raise NotValid([Fault(name, f"{name} 至多 {most} 个可见字符", f"{name}: at most {most} printable characters")])
    return value


def mapping(sent: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = sent.get(name)
    value = {} if value is None else value
    if not isinstance(value, dict):
        raise NotValid([Fault(name, f"{name} 须是 JSON 对象", f"{name} is a JSON object")])
    return value


def once_only(token: WorkerToken, content: bytes, act: Callable[[], Answer]) -> Response:
    """What `act` says; of a call with an `Idempotency-Key` that was made before, what it said then. Raises `NotValid`
    for a key that was used for something else."""
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


def problem(code: HTTPStatus, zh: str, en: str, **more: Any) -> Response:
    body = {"type": "about:blank", "title": code.phrase, "status": int(code), "detail": en, "zh": zh, "en": en, **more}
    answer = jsonify(body)
    answer.status_code = int(code)
    answer.mimetype = "application/problem+json"
    return answer


def _refused(refusal: Refusal) -> ResponseReturnValue:
    code = next((code for kind, code in _CODES.items() if isinstance(refusal, kind)), HTTPStatus.UNPROCESSABLE_ENTITY)
    faults = [{"field": one.field, "zh": one.zh, "en": one.en} for one in getattr(refusal, "faults", ())]
    return problem(code, refusal.zh, refusal.en, **({"faults": faults} if faults else {}))


def _unknown(_error: NoToken) -> ResponseReturnValue:
    answer = problem(HTTPStatus.UNAUTHORIZED, "密钥无效或已收回", "This token is none, or has been ended")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _busy(error: Exception) -> ResponseReturnValue:
    """Nothing was kept; the same call may be sent again."""
    g.pop("database").rollback()
    current_app.logger.warning("a program was told to come again: %s", error)
    answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, "此刻很忙，请稍后再发一次", "Busy just now; send it again")
    answer.headers["Retry-After"] = "1"
    return answer


def _by_code(error: HTTPException) -> ResponseReturnValue:
    code = HTTPStatus(error.code or 500)
    return problem(code, "请求有误", error.description or code.phrase)
