"""Hand-over slips: what one group has handed to another, whether it was received, accepted, returned, or is overdue."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.reads import slips
from engine.words.terms import Term
from webui.request import here

room = Blueprint("slips", __name__, url_prefix="/slips")

STATES = {
    "overdue": Term("逾期未答复", "Overdue"),
    "sent": Term("已发出", "Sent"),
    "received": Term("已收到，待签收", "Received, to be accepted"),
    "returned": Term("已退回", "Returned"),
    "accepted": Term("已签收", "Accepted"),
    "dropped": Term("已作废", "Dropped"),
}


@room.get("")
def index() -> ResponseReturnValue:
    """All that is not settled first; whoever sees either end of a hand-over sees it here."""
    session, officer, at = here()
    state, process = request.args.get("state", "open"), request.args.get("process", "")
    state = state if state in {*slips.STATES, "open", "all"} else "open"
    return render_template(
        "slips/index.html", slips=slips.listed(session, officer, at=at, state=state, process=process), state=state,
        counts=slips.counts(session, officer, at=at, process=process), states=STATES, open=slips.OPEN,
        most=slips.MOST, process=process, processes=slips.processes(session, officer),
    )  # fmt: skip


@room.get("/<slip_id>")
def one(slip_id: str) -> ResponseReturnValue:
    session, officer, at = here()
    return render_template("slips/slip.html", slip=slips.find(session, slip_id, officer, at=at), states=STATES)
