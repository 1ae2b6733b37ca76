"""Boundary events, compensation without a handler, steps done several times."""

from __future__ import annotations

from tests.engine.breadth.gate import refused
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def test_boundary_message_interrupting() -> None:
    parts = (d.start(), d.task("u"), d.boundary("b", "u", d.on("message", "m")), d.task("h"), d.end())
    played = Played(d.process(*parts, d.flows("s u e", "b h e")))
    assert played.waiting == "b u"
    played.do("b")
    assert played.waiting == "h"
    played.do("h")
    assert played.over


def test_boundary_event_without_a_definition_is_refused() -> None:
    xml = d.xml(d.start(), d.task("u"), d.boundary("b", "u", ""), d.task("h"), d.end(), d.flows("s u e", "b h e"))
    assert refused(xml, "boundary_events_cling", "b")


def test_compensation_boundary_event_the_main_path_goes_on() -> None:
    undone = d.undone("u", d.task("un"))
    played = Played(d.process(d.start(), d.task("u"), undone, d.task("n"), d.end(), d.flows("s u n e")))
    played.do("u")
    assert played.waiting == "n"


def test_compensation_throw_without_any_handler_drawn_is_refused() -> None:
    xml = d.xml(d.start(), d.task("u"), d.throws("t", d.compensate()), d.end(), d.flows("s u t e"))
    assert refused(xml, "compensation_is_drawn", "t")


def test_multi_instance_loop_cardinality_3() -> None:
    played = Played(d.process(d.start(), d.task("a", d.several("3")), d.task("n"), d.end(), d.flows("s a n e")))
    assert played.waiting == "a a a"
    for _ in range(3):
        played.do("a")
    assert played.waiting == "n"


def test_multi_instance_with_cardinality_and_collected_answers_run_twice_in_a_loop() -> None:
    step = d.el("userTask", "a", d.properties(collect="all") + d.several("2"))
    played = Played(
        d.process(
            d.start(), d.gateway("exclusive", "m"), step, d.gateway("exclusive", "x", "x-m"), d.task("n"), d.end(),
            d.flows("s m a x m", "n e"), d.flow("x", "n", "=count(all) = 2 and all[2].said = 4"),
        )
    )  # fmt: skip
    for said in (1, 2, 3, 4):
        played.do("a", said=said)
    assert played.waiting == "n"
    assert [one["said"] for one in played.variables["all"]] == [3, 4]


def test_multi_instance_survives_save_and_restore_halfway() -> None:
    step = d.el("userTask", "a", d.properties(collect="all") + d.several(over="=list"))
    played = Played(d.process(d.start(), step, d.end(), d.flows("s a e")), list=["x", "y", "z"])
    for id in reversed(list(played.open)):  # frozen and thawed between any two steps
        played._act(id, {"said": played.step})
    assert [(one["one"], one["said"]) for one in played.variables["all"]] == [("x", 2), ("y", 1), ("z", 0)]
    assert played.over
