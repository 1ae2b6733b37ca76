"""Messages, signals and the clock begin cases; several keys; nobody waits, several do, or one case is open already."""

from __future__ import annotations

from datetime import timedelta

from tests.engine.breadth.town import Town, form, properties, user
from tests.engine.tokens import drawn as d

WAITER = (
    d.start(inner=form("a", "b")),
    d.catch("c", properties(d.on("message", "m"), correlation_x="=a", correlation_y="=b")),
    user("n"), d.end(), d.flows("s c n e"),
)  # fmt: skip


def sender(**keys: str) -> tuple[str, ...]:
    throws = d.throws("t", properties(d.on("message", "m"), payload="={p: 1}", **keys))
    return d.start(inner=form("a", "b")), throws, user("u"), d.end(), d.flows("s t u e")


def test_two_keys_find_the_one_case(town: Town) -> None:
    town.publish("waiter", *WAITER)
    town.publish("sender", *sender(correlation_y="=b", correlation_x="=a"))
    right, wrong = town.open("waiter", a=1, b=2), town.open("waiter", a=2, b=1)
    town.open("sender", a=1, b=2)
    town.hand_on()
    assert (town.waiting(right), town.waiting(wrong)) == ("n", "")
    assert town.values(right)["p"] == 1
    town.lawful()


def test_a_message_for_two_cases_is_put_aside(town: Town) -> None:
    town.publish("waiter", *WAITER)
    town.publish("sender", *sender(correlation_x="=a", correlation_y="=b"))
    first, second = town.open("waiter", a=1, b=2), town.open("waiter", a=1, b=2)
    town.open("sender", a=1, b=2)
    town.hand_on()
    assert (town.waiting(first), town.waiting(second)) == ("", "")
    assert [one.dead_why for one in town.outbox("message")] == ["several"]
    town.lawful()


def test_a_message_begins_a_case_and_a_second_one_with_its_key_does_not(town: Town) -> None:
    town.publish("begun", d.start("ms", d.on("message", "m")), user("v"), d.end(), d.flows("ms v e"))
    town.publish("sender", *sender(correlation="=a"))
    town.open("sender", a=1)
    town.hand_on()
    (case,) = town.cases("begun")
    assert town.waiting(case) == "v"
    assert town.values(case) == {"p": 1}
    town.open("sender", a=1)
    town.open("sender", a=2)
    town.hand_on()
    assert len(town.cases("begun")) == 2
    assert sorted(one.dead_why or "" for one in town.outbox("message")) == ["", "", "open"]
    town.lawful()


def test_a_timer_start_opens_a_case_each_time_and_makes_up_once_for_what_was_missed(town: Town) -> None:
    town.publish("daily", d.start("ts", d.timer("R3/PT1H")), user("v"), d.end(), d.flows("ts v e"))
    town.later(minutes=30)
    assert town.cases("daily") == []
    town.later(minutes=31)
    assert len(town.cases("daily")) == 1
    town.later(hours=10)
    assert len(town.cases("daily")) == 2
    assert town.waiting(town.cases("daily")[0]) == "v"
    town.lawful()


def test_a_newer_version_without_the_timer_start_stops_it(town: Town) -> None:
    town.publish("daily", d.start("ts", d.timer("R/PT1H")), user("v"), d.end(), d.flows("ts v e"))
    town.publish("daily", d.start(), user("v"), d.end(), d.flows("s v e"))
    town.at += timedelta(hours=5)
    town.hand_on()
    assert town.cases("daily") == []
    town.lawful()


def test_a_signal_reaches_every_waiting_case_and_every_start_but_not_when_kept_inside(town: Town) -> None:
    town.publish("hears", d.start(), d.catch("c", d.on("signal", "go")), user("n"), d.end(), d.flows("s c n e"))
    town.publish("begins", d.start("ss", d.on("signal", "go")), user("v"), d.end(), d.flows("ss v e"))
    town.publish("throws", d.start(), d.throws("t", d.on("signal", "go")), user("u"), d.end(), d.flows("s t u e"))
    kept = properties(d.on("signal", "go"), scope="case")
    town.publish("keeps", d.start(), d.throws("t", kept), user("u"), d.end(), d.flows("s t u e"))
    first, second = town.open("hears"), town.open("hears")
    town.open("keeps")
    town.hand_on()
    assert (town.waiting(first), town.waiting(second)) == ("", "")
    town.open("throws")
    town.hand_on()
    assert (town.waiting(first), town.waiting(second)) == ("n", "n")
    assert len(town.cases("begins")) == 1
    late = town.open("hears")
    town.hand_on()
    assert town.waiting(late) == ""
    town.lawful()
