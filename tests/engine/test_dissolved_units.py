"""A unit is dissolved while its issue is under way: its tasks, buttons and claims pass to the unit above, at once."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import officers, tasks, units
from engine.reads import sight
from engine.record import chain, replay
from engine.words.errors import NotAllowed, NotValid, OutOfDate
from engine.words.officers import CLOCK
from models import Task, Unit
from tests.cast import MORNING, PASSWORD, Cast
from tests.walk import Walk


@pytest.fixture
def walk(issue_loop: Cast, sessions: sessionmaker[Session]) -> Walk:
    return Walk(sessions, issue_loop)


def ended(walk: Walk, code: str, *, by: str = "admin", reason: str = "机构合并") -> None:
    with walk.sessions() as session, session.begin():
        units.end(session, code, reason, by=walk.cast.actor(session, by, walk.at), at=walk.at)


def above(walk: Walk) -> None:
    """Somebody at the city who may do what the street's clerk and head did."""
    with walk.sessions() as session, session.begin():
        city = walk.cast.units["CITY"]
        roles = [("unit_clerk", city), ("unit_head", city)]
        walk.cast.people["city_clerk"] = officers.add_officer(
            session, "city_clerk", "市经办", unit=city, roles=roles, password=PASSWORD, by=CLOCK, at=MORNING
        )


def test_work_passes_to_the_unit_above_and_goes_on_there(walk: Walk) -> None:
    walk.to("sign")
    above(walk)
    task = walk.task("sign").id
    with walk.sessions() as session, session.begin():
        tasks.claim(session, task, by=walk.cast.actor(session, "clerk"), at=walk.at)
    with pytest.raises(NotValid, match="below"):
        ended(walk, "HARBOUR")
    ended(walk, "PIER")
    ended(walk, "HARBOUR")
    with walk.sessions() as session:
        row = session.get_one(Task, task)
        assert (row.claimed_by, row.unit_id) == (None, walk.cast.units["CITY"])
        assert sight.may_do(session, row, walk.cast.actor(session, "clerk")) is not None
        assert sight.may_do(session, row, walk.cast.actor(session, "city_clerk")) is None
        assert session.get_one(Unit, walk.cast.units["HARBOUR"]).ended_at == walk.at
    # What follows is meant for the unit above, too, although the issue still names the street.
    walk.do("sign", by="city_clerk", owner="city_clerk")
    walk.do("rectify", by="city_clerk")
    assert walk.row.lead_unit_id == walk.cast.units["CITY"]
    with walk.sessions() as session:
        assert chain.verify(session).intact
        assert list(replay.differences(session)) == []


def test_what_cannot_be_dissolved(walk: Walk) -> None:
    walk.to("sign")
    with pytest.raises(NotAllowed):
        ended(walk, "HEALTH", by="dispatcher")
    with pytest.raises(NotValid, match="no unit above"):
        ended(walk, "CITY")
    ended(walk, "PIER")
    with pytest.raises(NotValid, match="Nobody holds"):
        ended(walk, "HARBOUR")
    with pytest.raises(NotValid):
        ended(walk, "HEALTH", reason=" ")
    with pytest.raises(OutOfDate):
        ended(walk, "PIER")
