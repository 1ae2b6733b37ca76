"""Cases that wait for a called process or a signal move along, and what they wait for finds them in the new version."""

from __future__ import annotations

from sqlalchemy import select

from engine.acts import moves
from engine.notation.moving import Wishes
from models import Case, MovedCase, Version
from tests.engine.breadth.town import Town, call, form, user
from tests.engine.tokens import drawn as d


def caller(next: str) -> tuple[str, ...]:
    return (d.start(inner=form("a")), call("c", "called", "in a x", "out y b"), user(next), d.end(),
            d.flows(f"s c {next} e"))  # fmt: skip


def called(field: str) -> tuple[str, ...]:
    return (d.start(inner=form("x")), user("v", field), d.end(), d.flows("s v e"))


def moved(town: Town, process: str, to: int = 2, **mapping: str) -> int:
    """Orders the move; the worker does it."""
    with town.sessions() as session, session.begin():
        by = town.cast.actor(session, "designer")
        id = moves.order(session, process, to, Wishes(mapping), by=by, at=town.at, reason="新版").id
    town.hand_on()
    with town.sessions() as session:
        outcomes = session.scalars(select(MovedCase.outcome).where(MovedCase.move_id == id)).all()
        assert set(outcomes) == {"moved"}
    return id


def version(town: Town, case: int) -> int:
    with town.sessions() as session:
        row = session.get_one(Case, case)
        return session.get_one(Version, row.version_id).number


def test_a_caller_moves_while_it_waits_and_the_answer_finds_it(town: Town) -> None:
    town.publish("called", *called("y"))
    town.publish("caller", *caller("n"))
    case = town.open("caller", a=7)
    town.hand_on()
    (child,) = town.children(case)
    town.publish("caller", *caller("later"))
    moved(town, "caller")
    assert (version(town, case), version(town, child)) == (2, 1)
    assert town.children(case) == [child]  # nobody has been called a second time
    town.do(child, "v", y=8)
    town.hand_on()
    assert town.waiting(case) == "later"
    assert town.values(case) == {"a": 7, "b": 8}
    town.do(case, "later")
    assert town.case(case).ended_at is not None
    town.lawful()


def test_a_called_case_moves_and_answers_its_caller_by_the_new_version(town: Town) -> None:
    town.publish("called", *called("z"))
    town.publish("caller", *caller("n"))
    case = town.open("caller", a=7)
    town.hand_on()
    (child,) = town.children(case)
    town.publish("called", *called("y"))
    moved(town, "called")
    assert (version(town, case), version(town, child)) == (1, 2)
    town.do(child, "v", y=9)
    town.hand_on()
    assert town.waiting(case) == "n"
    assert town.values(case)["b"] == 9
    town.lawful()


def test_a_move_is_undone_while_the_child_is_still_at_work(town: Town) -> None:
    town.publish("called", *called("y"))
    town.publish("caller", *caller("n"))
    case = town.open("caller", a=7)
    town.hand_on()
    (child,) = town.children(case)
    town.publish("caller", *caller("later"))
    move = moved(town, "caller")
    with town.sessions() as session, session.begin():
        moves.take_back(session, move, reason="有误", by=town.cast.actor(session, "designer"), at=town.at)
    town.hand_on()
    assert version(town, case) == 1
    town.do(child, "v", y=8)
    town.hand_on()
    assert town.waiting(case) == "n"
    town.lawful()


def test_a_call_on_its_way_is_still_answered_after_a_move(town: Town) -> None:
    town.publish("called", *called("y"))
    town.publish("caller", *caller("n"))
    case = town.open("caller", a=7)  # nobody has handed the call on yet
    town.publish("caller", *caller("later"))
    moved(town, "caller")
    (child,) = town.children(case)
    town.do(child, "v", y=8)
    town.hand_on()
    assert town.waiting(case) == "later"
    town.lawful()


def test_a_signal_finds_those_that_moved(town: Town) -> None:
    def waits(next: str) -> tuple[str, ...]:
        return (d.start(), d.catch("c", d.on("signal", "alarm")), user(next), d.end(), d.flows(f"s c {next} e"))

    town.publish("waits", *waits("n"))
    town.publish("calls", d.start(), d.throws("t", d.on("signal", "alarm")), d.end(), d.flows("s t e"))
    case = town.open("waits")
    town.publish("waits", *waits("later"))
    moved(town, "waits")
    assert town.waiting(case) == ""
    town.open("calls")
    town.hand_on()
    assert town.waiting(case) == "later"
    town.lawful()
