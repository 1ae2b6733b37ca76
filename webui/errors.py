"""A refusal becomes an answer, once: which code, and the sentence in the officer's own language."""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict
from http import HTTPStatus

from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from engine.words.errors import CannotGoOn, NotAllowed, NotFound, NotPublishable, NotValid, OutOfDate, Refusal
from webui import conflict
from webui.locale import say
from webui.request import read_only

CODES: dict[type[Refusal], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotValid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotPublishable: HTTPStatus.UNPROCESSABLE_ENTITY,
    OutOfDate: HTTPStatus.CONFLICT,
    CannotGoOn: HTTPStatus.CONFLICT,
}
_log = logging.getLogger(__name__)


def prepare(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(StaleDataError, _overtaken)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _by_code)
    app.register_error_handler(500, _broken)


def way_on(address: str) -> None:
    """Where to go on if this request is refused: the newest state of what the officer was at."""
    g.way_on = address


def code_of(refusal: Refusal) -> HTTPStatus:
    found = (CODES[kind] for kind in type(refusal).__mro__ if kind in CODES)
    return next(found, HTTPStatus.UNPROCESSABLE_ENTITY)


def refused(refusal: Refusal) -> ResponseReturnValue:
    faults: list[dict[str, object]] = []
    if isinstance(refusal, NotValid):
        faults = [{"field": fault.field, "sentence": say(fault.zh, fault.en)} for fault in refusal.faults]
    if isinstance(refusal, NotPublishable):
        faults = [{**asdict(finding), "sentence": say(finding.zh, finding.en)} for finding in refusal.findings]
    return _answer(code_of(refusal), say(refusal.zh, refusal.en), faults=faults)


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return bool(best == "application/json" and request.accept_mimetypes[best] > request.accept_mimetypes["text/html"])


def _overtaken(_stale: StaleDataError) -> ResponseReturnValue:
    read_only()
    g.again = True
    return refused(
        OutOfDate(
            "就在您办理的同时，别人也更改了这件事项，您的这一步没有保存。请打开最新页面再办。",
            "Somebody else changed this at the same moment; your step was not kept. Open the page again and repeat it.",
        )
    )


def _busy(error: OperationalError) -> ResponseReturnValue:
    """A writer had to wait too long for the others: said as that. A database that is away is a fault like any other."""
    told = str(error.orig).lower()
    if not any(word in told for word in ("locked", "lock timeout", "deadlock", "could not serialize")):
        return _broken(InternalServerError(original_exception=error))
    read_only()
    g.again = True
    return refused(
        OutOfDate(
            "此刻办理的人较多，您的这一步没有保存。请稍等片刻再提交一次。",
            "Many are at work just now; your step was not kept. Please wait a moment and submit it again.",
        )
    )


def _forged(_error: CSRFError) -> ResponseReturnValue:
    return _answer(
        HTTPStatus.BAD_REQUEST,
        _("表单已失效（可能已在别处重新登录），没有保存任何内容。请返回上一页，刷新后再提交。"),
    )


def _by_code(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    sentences = {
        400: _("请求有误，没有办理。"),
        403: _("您没有权限做这一步。"),
        404: _("没有找到您要的内容：它可能不存在，或不在您的查看范围内。"),
        405: _("这个地址不能这样使用。"),
        413: _("提交的内容太大，没有保存。请减少附件后再试。"),
        429: _("操作太频繁，请稍后再试。"),
    }
    code = HTTPStatus(error.code or 500)
    return _answer(code, sentences.get(int(code), _("没有办成。")))


def _broken(error: InternalServerError) -> ResponseReturnValue:
    # A page of refusal must be drawable even when the database is what failed.
    g.plain = True
    reference = secrets.token_hex(4).upper()
    _log.error("%s %s %s", reference, request.method, request.path, exc_info=error.original_exception or error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, _("系统出错，这一步没有保存。"), reference=reference)


def _conflict() -> conflict.Conflict | None:
    """What is shown beside the sentence is read anew: the transaction of the act is over."""
    read_only()
    return conflict.drawn(again=bool(g.get("again")))


def _answer(
    code: HTTPStatus, sentence: str, *, faults: list[dict[str, object]] | None = None, reference: str | None = None
) -> ResponseReturnValue:
    if wants_json():
        told = {"error": code.phrase, "sentence": sentence, "faults": faults or [], "reference": reference}
        return jsonify({key: value for key, value in told.items() if value not in (None, [])}), code
    page = render_template(
        "errors/error.html",
        code=int(code),
        conflict=_conflict() if code == HTTPStatus.CONFLICT else None,
        sentence=sentence,
        faults=faults,
        reference=reference,
        where=g.get("way_on") if code in {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY} else None,
    )
    return page, code
