"""Programs outside: what waits for them by topic, the tokens that let them in, the hosts that cases may speak to."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.acts import worker_keys
from engine.reads import service_jobs
from engine.words.errors import NotValid
from webui import errors, guards, once
from webui.request import here

room = Blueprint("outside", __name__, url_prefix="/operations/outside")
guards.for_roles(room, "admin", "auditor")


@room.get("")
def index() -> ResponseReturnValue:
    return _page()


@room.post("/tokens")
@once.repeatable
def make_token() -> ResponseReturnValue:
    """The token stands on the answer itself and nowhere else: it is shown once."""
    session, officer, at = here()
    errors.way_on(url_for("outside.index"))
    try:
        with session.begin_nested():
            token = worker_keys.make_token(
                session, request.form.get("name", ""), _names("topics"), by=officer, at=at,
                officer=request.form.get("officer", ""), messages=_names("messages"),
            )  # fmt: skip
    except NotValid as refused:
        return _page(refused, "token")
    return _page(token=token)


@room.post("/tokens/<int:number>/end")
def end_token(number: int) -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("outside.index"))
    worker_keys.end_token(session, number, by=officer, at=at)
    flash(_("密钥已收回。"), "success")
    return redirect(url_for("outside.index"))


@room.post("/hosts")
def allow_hosts() -> ResponseReturnValue:
    session, officer, at = here()
    errors.way_on(url_for("outside.index"))
    try:
        with session.begin_nested():
            worker_keys.allow_hosts(session, request.form.get("hosts", "").split(), by=officer, at=at)
    except NotValid as refused:
        return _page(refused, "hosts")
    flash(_("允许访问的主机已保存。"), "success")
    return redirect(url_for("outside.index"))


def _names(field: str) -> list[str]:
    return request.form.get(field, "").replace("，", ",").replace("、", ",").split(",")


def _page(refused: NotValid | None = None, part: str = "", *, token: str = "") -> ResponseReturnValue:
    session, officer, at = here()
    page = render_template(
        "outside/index.html", topics=service_jobs.topics(session, at=at), keys=service_jobs.keys(session),
        hosts=request.form.get("hosts", "\n".join(service_jobs.hosts(session))), may=officer.has("admin"), token=token,
        part=part, faults=refused.faults if refused is not None else (),
    )  # fmt: skip
    return page, 422 if refused is not None else 200
