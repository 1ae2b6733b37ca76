"""Gateways: what splits and joins, what races."""

from __future__ import annotations

import pytest

from engine.notation.diagram import read
from engine.words import facts as f
from tests.engine.breadth.gate import refused
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def inclusive(*more: str) -> str:
    drawn = (d.start(), d.gateway("inclusive", "g", "g-a"), d.task("a"), d.task("b"), d.task("c"), d.task("n"))
    ways = d.flow("g", "b", "=k > 0") + d.flow("g", "c", "=k > 0") + d.flows("s g a j n e", "b j")
    return "".join((*drawn, d.gateway("inclusive", "j"), d.end(), ways, *more))


def test_inclusive_split_2_of_3_the_join_waits_for_both() -> None:
    played = Played(d.process(inclusive(d.flows("c j"))), k=1)
    assert played.waiting == "b c"
    played.do("b")
    assert played.waiting == "c"
    played.do("c")
    assert played.waiting == "n"


def test_inclusive_join_with_the_live_token_behind_the_first_parent() -> None:
    merged = d.gateway("exclusive", "m") + d.task("c2") + d.flows("c m j", "c2 m")
    played = Played(d.process(inclusive(merged)), k=1)
    played.do("b")
    assert played.waiting == "c"
    played.do("c")
    assert played.waiting == "n"


def test_inclusive_join_other_branch_leaves_by_its_own_end_event() -> None:
    leaving = d.gateway("exclusive", "x", "x-j") + d.end("e2") + d.flows("c x j") + d.flow("x", "e2", "=k = 2")
    played = Played(d.process(inclusive(leaving)), k=1)
    played.do("b")
    assert played.waiting == "c"
    played.do("c", k=2)
    assert played.waiting == "n"


def test_parallel_split_and_join() -> None:
    parts = (d.start(), d.gateway("parallel", "f"), d.task("a"), d.task("b"), d.gateway("parallel", "j"), d.task("n"))
    played = Played(d.process(*parts, d.end(), d.flows("s f a j n e", "f b j")))
    played.do("b")
    assert played.waiting == "a"
    played.do("a")
    assert played.waiting == "n"


def test_parallel_gateway_that_joins_two_and_splits_two() -> None:
    parts = (d.start(), d.gateway("parallel", "f"), d.task("a"), d.task("b"), d.gateway("parallel", "j"), d.task("c"))
    played = Played(d.process(*parts, d.task("d"), d.end(), d.flows("s f a j c e", "f b j d e")))
    played.do("a")
    assert played.waiting == "b"
    played.do("b")
    assert played.waiting == "c d"


def test_complex_gateway_is_refused() -> None:
    xml = d.xml(d.start(), d.gateway("complex", "g"), d.task("a"), d.end(), d.flows("s g a e"))
    assert refused(xml, "nothing_unsupported", "g")


# --- event-based gateways ---------------------------------------------------------------------------------------


def race(first: str, second: str, *, receive: bool = False) -> Played:
    if receive:
        events = d.el("receiveTask", "c1", messageRef="message_m") + d.el("receiveTask", "c2", messageRef="message_k")
    else:
        events = d.catch("c1", first) + d.catch("c2", second)
    ways = d.flows("s g c1 a e", "g c2 b e")
    return Played(d.process(d.start(), d.gateway("eventBased", "g"), events, d.task("a"), d.task("b"), d.end(), ways))


def test_event_based_gateway_message_first_the_timer_is_dropped() -> None:
    played = race(d.on("message", "m"), d.timer("PT1H"))
    played.do("c1", p=1)
    assert played.waiting == "a"
    assert [fact.element for fact in played.facts if isinstance(fact, f.TimerDropped)] == ["c2"]
    assert played.variables["p"] == 1


def test_event_based_gateway_timer_first() -> None:
    played = race(d.on("message", "m"), d.timer("PT1H"))
    played.do("c2")
    assert played.waiting == "b"


@pytest.mark.parametrize("times", [("PT2H", "PT1H"), ("PT1H", "PT2H")])
def test_event_based_gateway_two_timers_the_shorter_is_due_first_wherever_it_stands(times: tuple[str, str]) -> None:
    played = race(d.timer(times[0]), d.timer(times[1]))
    due = sorted((kept["due"]["$moment"], kept["element"]) for kept in played.open.values())
    shorter = "c1" if times[0] == "PT1H" else "c2"
    assert due[0][1] == shorter
    played.do(shorter)
    assert played.waiting == ("a" if shorter == "c1" else "b")


def test_event_based_gateway_two_timers_with_the_same_label() -> None:
    drawn = d.xml(
        d.start(), d.gateway("eventBased", "g"), d.catch("c1", d.timer("PT2H")), d.catch("c2", d.timer("PT1H")),
        d.task("a"), d.task("b"), d.end(), d.flows("s g c1 a e", "g c2 b e"),
    ).replace('name="c2"', 'name="c1"')  # fmt: skip
    played = Played(read(drawn.encode()))
    played.do("c2")
    assert played.waiting == "b"


def test_event_based_gateway_receive_tasks_as_branches() -> None:
    played = race("", "", receive=True)
    played.do("c1")
    assert played.waiting == "a"
    played.do("a")
    assert played.over


def test_event_based_gateway_reached_twice_message_each_time() -> None:
    parts = (d.start(), d.gateway("exclusive", "m"), d.gateway("eventBased", "g"), d.catch("c1", d.on("message", "k")))
    played = Played(
        d.process(*parts, d.catch("c2", d.timer("PT1H")), d.task("a"), d.end(), d.flows("s m g c1 a m", "g c2 e"))
    )
    for _ in range(2):
        played.do("c1")
        assert played.waiting == "a"
        played.do("a")
    played.do("c2")
    assert played.over
