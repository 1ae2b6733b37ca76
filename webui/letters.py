"""Messages not received, of cases and from outside: by age, from whom, why; matched, sent anew, or dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.acts import lost_letters
from engine.reads import brought, enclosed, unreceived
from engine.reads.sentences.course import case_number
from engine.words.errors import NotValid
from webui import errors, guards
from webui.locale import say
from webui.request import here

room = Blueprint("letters", __name__, url_prefix="/messages")
ROLES = unreceived.WATCH
guards.for_roles(room, *ROLES)


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, at = here()
    age = request.args.get("age", "")
    age = age if age in {*unreceived.AGES, unreceived.DROPPED} else ""
    return render_template(
        "letters/index.html", messages=unreceived.listed(session, officer, at=at, age=age), age=age, ages=_ages(),
        counts=unreceived.counts(session, officer, at=at), whys=_whys(), kinds=_kinds(), most=unreceived.MOST,
        dropped=unreceived.count_dropped(session, officer),
    )  # fmt: skip


@room.get("/<message_id>")
def one(message_id: str) -> ResponseReturnValue:
    return _page(message_id)


@room.post("/<message_id>/match")
def match(message_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("letters.index"))
    wait, reason = request.form.get("wait", ""), request.form.get("reason", "")
    try:
        with session.begin_nested():
            case = lost_letters.match(session, message_id, wait, reason, by=officer, at=at)
    except NotValid as refused:
        return _page(message_id, refused, "match")
    flash(_("已交给 %(number)s。", number=case_number(case)), "success")
    return redirect(url_for("letters.index"))


@room.post("/<message_id>/resend")
def resend(message_id: str) -> ResponseReturnValue:
    return _settled(message_id, "resend", lost_letters.resend, _("已重新投递。"))


@room.post("/<message_id>/drop")
def drop(message_id: str) -> ResponseReturnValue:
    return _settled(message_id, "drop", lost_letters.drop, _("已作废，不再投递。"))


def _settled(message_id: str, part: str, act: Callable[..., object], said: str) -> ResponseReturnValue:
    """What needs a reason and nothing else."""
    session, officer, at = here()
    errors.way_on(url_for("letters.index"))
    try:
        with session.begin_nested():
            act(session, message_id, request.form.get("reason", ""), by=officer, at=at)
    except NotValid as refused:
        return _page(message_id, refused, part)
    flash(said, "success")
    return redirect(url_for("letters.index"))


def _page(message_id: str, refused: NotValid | None = None, part: str = "") -> ResponseReturnValue:
    session, officer, at = here()
    message = unreceived.find(session, message_id, officer, at=at)
    plain = message.kind == "message" and message.why != "dropped"
    page = render_template(
        "letters/message.html", message=message, whys=_whys(), kinds=_kinds(), part=part, plain=plain,
        waiting=unreceived.candidates(session, message, officer) if plain else (),
        may=message.why != "dropped" and any(officer.has(role) for role in lost_letters.ROLES),
        chosen=request.form.get("wait", ""),
        faults=refused.faults if refused is not None else (), reason=request.form.get("reason", ""),
        payload=_said(session, message),
    )  # fmt: skip
    return page, 422 if refused is not None else 200


def _said(session: Session, message: unreceived.Unreceived) -> list[tuple[str, str]]:
    """Names and values in words; a call's own values stand one deeper."""
    if message.source is not None:
        found: dict[str, Any] = dict(brought.content(session, message.id))
    else:
        found = message.payload if isinstance(message.payload, dict) else {"": message.payload}
        found = found["values"] if isinstance(found.get("values"), dict) else found
    told = enclosed.said(session, message.name if message.kind == "message" else "", found, message.case)
    return [(say(name.zh, name.en), say(value.zh, value.en) or "–") for name, value in told]


def _ages() -> dict[str, str]:
    words = (_("一小时内"), _("一天内"), _("三天内"), _("三天以上"))
    return dict(zip(unreceived.AGES, words, strict=True))


def _kinds() -> dict[str, str]:
    return {
        "message": _("消息"),
        "call": _("发起下级事项"),
        "answer": _("下级事项的答复"),
        "cancel": _("撤销下级事项"),
        "signal": _("信号"),
        "heard": _("信号（传给一处）"),
    }


def _whys() -> dict[str, str]:
    return {
        "way": _("即将投递"),
        "nobody": _("没有事项在等"),
        "several": _("不止一个事项在等"),
        "open": _("同一个键已有在办事项"),
        "stuck": _("等待的事项停住了"),
        "unfit": say("内容不合接收方的表单", "It does not fit the form of whoever waits"),
        "dropped": say("已作废", "Dropped"),
        "broken": _("投递时程序出错"),
    }
