"""The inbox: the tasks that wait for this officer, one task with its form, and the buttons of a case."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.reads import inbox
from engine.reads.inbox import Sieve, Tray
from webui.request import here

room = Blueprint("inbox", __name__, url_prefix="/inbox")


@room.get("")
def index() -> ResponseReturnValue:
    session, officer, at = here()
    counts = inbox.counts(session, officer, at=at)
    asked = request.args.get("tray", "")
    tray = Tray(asked) if asked in set(Tray) else Tray.MINE if counts[Tray.MINE] else Tray.UNIT
    sieve = Sieve(*(request.args.get(name, "")[:100] for name in ("text", "process", "element")))
    return render_template(
        "inbox/index.html",
        tray=tray,
        sieve=sieve,
        counts=counts,
        page=inbox.page(session, officer, tray, at=at, sieve=sieve, after=request.args.get("after")),
        steps=inbox.steps(session, officer),
        notices=inbox.notices(session, officer, at=at),
    )
