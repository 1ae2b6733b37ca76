"""How the machine room stands: which workers run, how late timers fire, what long jobs are under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from engine.jobs import desk, pulse
from engine.reads import moves, service_jobs
from engine.words.terms import Term
from webui import guards
from webui.jobs import shown
from webui.request import here

room = Blueprint("operations", __name__, url_prefix="/operations")
guards.for_roles(room, "admin", "auditor")

# The drawing of the last hour, in its own units.
WIDE, HIGH = 1000, 110
MOVES = 5


@room.get("")
def index() -> ResponseReturnValue:
    session, _officer, at = here()
    standing = standing_now()
    jobs = [shown(job) for job in desk.every(session)]
    # A move is its own list: each case is ticked off in the transaction that moves it, so that whichever worker looks
    # next goes on with it. It needs no job around it, only to be seen here.
    moving = moves.standings(session)[:MOVES]
    top, line = _drawn(standing.minutes, at)
    return render_template(
        "operations/index.html", standing=standing, jobs=jobs, moving=moving, outcomes=moves.OUTCOMES, line=line,
        topics=service_jobs.topics(session, at=at), top=top, wide=WIDE, high=HIGH,
        late=round(pulse.LATE.total_seconds()),
    )  # fmt: skip


def standing_now() -> pulse.Standing:
    """Asked once a page."""
    if "standing" not in g:
        session, _officer, at = here()
        g.standing = pulse.standing(session, at=at)
    found: pulse.Standing = g.standing
    return found


def alarm() -> Term | None:
    """What an administrator is told on every page, when something is wrong."""
    return standing_now().alarm if here().officer.has("admin") else None


def _drawn(minutes: Sequence[tuple[datetime, float, int]], at: datetime) -> tuple[float, list[tuple[float, float]]]:
    """The greatest lag of the drawing (at least ten seconds, so that noise stays flat), and its points."""
    top = max([10.0, *(lag for _minute, lag, _things in minutes)])
    begin = at - timedelta(hours=1)
    points = [
        (round((minute - begin).total_seconds() / 3600 * WIDE, 1), round(HIGH - lag / top * HIGH, 1))
        for minute, lag, _things in minutes
    ]
    return top, points
