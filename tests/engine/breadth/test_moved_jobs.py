"""Cases that wait for a program outside move along with their job, held or not, and come back."""

from __future__ import annotations

from sqlalchemy import select

from engine.acts import moves
from engine.notation.moving import Wishes
from models import MovedCase
from tests.engine.breadth.outside import complete, jobs, one, outside, take
from tests.engine.breadth.test_moved_calls import moved, version
from tests.engine.breadth.town import Town, form, user
from tests.engine.tokens import drawn as d


def asking(town: Town, step: str, id: str = "ask") -> None:
    town.publish("asking", d.start(inner=form("a")), step, user("n"), d.end(), d.flows(f"s {id} n e"))


def test_a_job_that_is_held_moves_along_and_its_answer_goes_by_the_new_mapping(town: Town) -> None:
    asking(town, outside("ask", "ask", "in a x", "out y b"))
    case = town.open("asking", a=7)
    job = one(town)
    asking(town, outside("ask2", "ask", "in a x", "out y c", backoff="PT5S"), "ask2")
    moved(town, "asking", ask="ask2")
    assert version(town, case) == 2
    (row,) = jobs(town)
    assert (row.id, row.element, row.backoff, row.lease) == (job.id, "ask2", "PT5S", job.lease)
    assert complete(town, job, y=3).state == "done"
    assert town.values(case) == {"a": 7, "c": 3}
    assert town.waiting(case) == "n"
    town.lawful()


def test_another_topic_asks_another_program_and_the_first_has_lost_its_lease(town: Town) -> None:
    asking(town, outside("ask", "ask", "in a x", "out y b"))
    case = town.open("asking", a=7)
    one(town)
    asking(town, outside("ask", "newer", "in =a*2 z", "out y b", retries="9"))
    moved(town, "asking")
    assert take(town) == []
    job = one(town, "newer", worker="w2")
    assert (job.inputs, job.tries, job.retries) == ({"z": 14}, 1, 9)
    complete(town, job, y=1)
    assert town.waiting(case) == "n"
    town.lawful()


def test_taken_back_the_job_is_what_it_was(town: Town) -> None:
    asking(town, outside("ask", "ask", "in a x", "out y b"))
    case = town.open("asking", a=7)
    asking(town, outside("ask", "newer", "in =a*2 z", "out y b"))
    id = moved(town, "asking")
    with town.sessions() as session, session.begin():
        moves.take_back(session, id, reason="错了", by=town.cast.actor(session, "designer"), at=town.at)
    town.hand_on()
    assert version(town, case) == 1
    job = one(town)
    assert job.inputs == {"x": 7}
    complete(town, job, y=1)
    town.lawful()


def test_a_step_bihuan_does_itself_cannot_take_the_place_of_one_outside(town: Town) -> None:
    asking(town, outside("ask", "ask"))
    case = town.open("asking", a=7)
    count = d.el("serviceTask", "ask", d.properties(name="x"), camunda_type="external", camunda_topic="counter.add")
    asking(town, count)
    with town.sessions() as session, session.begin():
        by = town.cast.actor(session, "designer")
        id = moves.order(session, "asking", 2, Wishes({}), by=by, at=town.at, reason="新版").id
    town.hand_on()
    with town.sessions() as session:
        row = session.scalars(select(MovedCase).where(MovedCase.move_id == id)).one()
    assert (row.outcome, row.reasons[0]["why"]) == ("refused", "kind")
    assert "another program" in row.reasons[0]["en"]
    assert version(town, case) == 1
    town.lawful()
