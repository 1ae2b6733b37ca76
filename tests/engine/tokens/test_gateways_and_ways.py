"""Joins, splits without a gateway, implicit starts and ends, dead ends that are said, diamonds that do not double."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import pytest

from engine.notation.diagram import Diagram, read
from engine.notation.spiff import step
from engine.notation.spiff.token import Token
from engine.words.errors import CannotGoOn
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def test_inclusive_join_token_comes_by_the_second_parent_of_an_input() -> None:
    played = Played(
        d.process(
            d.start(), d.gateway("inclusive", "g", "g-x"), d.task("x"), d.task("a"), d.task("b"), d.task("u2"),
            d.gateway("exclusive", "m"), d.gateway("inclusive", "j"), d.task("n"), d.end(),
            d.flows("s g x m j n e", "a m", "b j", "u2 m"), d.flow("g", "a", "=k = 9"), d.flow("g", "b", "=k = 1"),
            d.flow("g", "u2", "=k = 1"),
        ), k=1,
    )  # fmt: skip
    played.do("b")
    assert played.waiting == "u2"
    played.do("u2")
    assert played.waiting == "n"


def test_inclusive_join_token_that_can_no_longer_arrive_does_not_block() -> None:
    played = Played(
        d.process(
            d.start(),
            d.gateway("inclusive", "g", "g-a"),
            d.task("a"),
            d.task("b"),
            d.gateway("inclusive", "j"),
            d.task("n"),
            d.end(),
            d.flows("s g a j n e", "b j"),
            d.flow("g", "b", "=k = 1"),
        )
    )
    played.do("a")
    assert played.waiting == "n"


def test_parallel_join_in_a_loop_waits_for_both_every_time() -> None:
    played = Played(
        d.process(
            d.start(), d.gateway("exclusive", "m"), d.gateway("parallel", "f"), d.task("a"), d.task("b"),
            d.gateway("parallel", "j"), d.task("u"), d.gateway("exclusive", "x", "x-m"), d.end(),
            d.flows("s m f a j u x m", "f b j"), d.flow("x", "e", "=k = 1"),
        ), k=0,
    )  # fmt: skip
    for _ in range(3):
        assert played.waiting == "a b"
        played.do("a")
        assert played.waiting == "b"
        played.do("b")
        played.do("u")
    assert played.waiting == "a b"


def test_parallel_join_after_an_exclusive_split_is_said() -> None:
    played = Played(
        d.process(
            d.start(),
            d.task("u"),
            d.gateway("exclusive", "g", "g-a"),
            d.task("a"),
            d.task("b"),
            d.gateway("parallel", "j"),
            d.end(),
            d.flows("s u g a j e", "b j"),
            d.flow("g", "b", "=k = 1"),
        )
    )
    played.do("u")
    with pytest.raises(CannotGoOn) as stuck:
        played.do("a")
    assert stuck.value.element == "j"


def test_two_parallel_branches_merge_in_a_plain_task_it_runs_twice() -> None:
    played = Played(
        d.process(d.start(), d.gateway("parallel", "g"), d.task("n"), d.task("a"), d.end(), d.flows("s g n e", "g a n"))
    )
    played.do("a")
    assert played.waiting == "n n"


def test_exclusive_gateway_two_conditions_true_the_order_of_the_file_counts() -> None:
    for first, second in (("a", "b"), ("b", "a")):
        played = Played(
            d.process(
                d.start(),
                d.task("u"),
                d.gateway("exclusive", "g"),
                d.task("a"),
                d.task("b"),
                d.end(),
                d.flows("s u g", "a e", "b e"),
                d.flow("g", first, "=k = 1"),
                d.flow("g", second, "=k > 0"),
            )
        )
        played.do("u", k=1)
        assert played.waiting == first


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
def test_gateway_no_condition_true_and_no_default_is_said(kind: str) -> None:
    played = Played(
        d.process(
            d.start(),
            d.task("u"),
            d.gateway(kind, "g"),
            d.task("a"),
            d.task("b"),
            d.end(),
            d.flows("s u g", "a e", "b e"),
            d.flow("g", "a", "=k = 1"),
            d.flow("g", "b", "=k = 2"),
        )
    )
    with pytest.raises(CannotGoOn) as stuck:
        played.do("u", k=3)
    assert stuck.value.element == "g"


def test_task_with_two_outgoing_flows_is_a_parallel_split() -> None:
    played = Played(d.process(d.start(), d.task("u"), d.task("a"), d.task("b"), d.end(), d.flows("s u a e", "u b e")))
    played.do("u")
    assert played.waiting == "a b"


def test_conditional_flow_out_of_a_task() -> None:
    task = d.el("userTask", "u", default="u-c")
    ways = d.flow("u", "a", "=k > 0") + d.flow("u", "b", "=k > 1") + d.flow("u", "c")
    parts = (d.start(), task, d.task("a"), d.task("b"), d.task("c"), d.end(), d.flows("s u", "a e", "b e", "c e"), ways)
    for k, waiting in ((0, "c"), (1, "a"), (2, "a b")):
        played = Played(d.process(*parts))
        played.do("u", k=k)
        assert played.waiting == waiting


def test_conditional_flow_out_of_a_task_none_true_is_said() -> None:
    played = Played(d.process(d.start(), d.task("u"), d.end(), d.flows("s u"), d.flow("u", "e", "=k = 1")))
    with pytest.raises(CannotGoOn):
        played.do("u", k=0)
    played.do("u", k=1)
    assert played.over


def test_the_only_flow_out_of_a_task_has_a_condition() -> None:
    drawn = (d.start(), d.task("u"), d.task("a"), d.end(), d.flows("s u", "a e"), d.flow("u", "a", "=k > 0"))
    played = Played(d.process(*drawn))
    played.do("u", k=1)
    assert played.waiting == "a"
    played = Played(d.process(*drawn))
    with pytest.raises(CannotGoOn) as stuck:
        played.do("u", k=0)
    assert stuck.value.element == "u"
    assert played.waiting == "u"


def test_task_without_outgoing_flow_implicit_end() -> None:
    played = Played(d.process(d.start(), d.task("u"), d.flows("s u")))
    played.do("u")
    assert played.over


def test_subprocess_with_a_start_and_an_implicit_end() -> None:
    inside = d.sub("a", d.start("as"), d.task("u"), d.task("v"), d.flows("as u v"))
    played = Played(d.process(d.start(), inside, d.task("n"), d.end(), d.flows("s a n e")))
    played.do("u")
    assert played.waiting == "v"
    played.do("v")
    assert played.waiting == "n"


def test_subprocess_with_implicit_start_and_end() -> None:
    played = Played(
        d.process(d.start(), d.sub("a", d.task("u"), d.task("v")), d.task("n"), d.end(), d.flows("s a n e"))
    )
    assert played.waiting == "u v"
    played.do("u")
    played.do("v")
    assert played.waiting == "n"


def test_sequence_flow_without_an_id() -> None:
    drawn = d.xml(d.start(), d.task("u"), d.end(), d.flows("s u e")).replace('id="u-e" ', "")
    played = Played(read(drawn.encode()))
    played.do("u")
    assert played.over


def test_loop_without_an_end_is_stopped_and_said() -> None:
    with pytest.raises(CannotGoOn):
        Played(
            d.process(d.start(), d.gateway("exclusive", "m"), d.el("task", "p"), d.end(), d.flows("s m p m"))
        )  # fmt: skip


def test_a_loop_run_1000_times_stays_as_light_as_at_first() -> None:
    played = Played(
        d.process(
            d.start(), d.gateway("exclusive", "m"), d.task("u"), d.gateway("exclusive", "x", "x-m"), d.end(),
            d.flows("s m u x m"), d.flow("x", "e", "=k = 1"),
        ), k=0,
    )  # fmt: skip
    played.do("u", k=0)
    size = len(played.state)
    for _ in range(1000):
        played.do("u", k=0)
    assert len(played.state) < size + 10
    played.do("u", k=1)
    assert played.over


def diamonds(number: int, side: Callable[[str], str]) -> Diagram:
    """So many parallel diamonds in a row, with a step on each side."""
    parts, last = [d.start(), d.end()], "s"
    for i in range(number):
        parts += [d.gateway("parallel", f"f{i}"), side(f"a{i}"), side(f"b{i}"), d.gateway("parallel", f"j{i}")]
        parts.append(d.flows(f"{last} f{i} a{i} j{i}", f"f{i} b{i} j{i}"))
        last = f"j{i}"
    return d.process(*parts, d.flow(last, "e"))


def work(diagram: Diagram) -> tuple[int, int]:
    """How much is done when a case of it starts: calls of functions, tokens made. No clock has a say in it."""
    calls: Counter[str] = Counter()

    def hear(frame: FrameType, what: str, _of: object) -> None:
        if what == "call":
            calls["all"] += 1
            calls["tokens"] += frame.f_code is Token.__init__.__code__

    scene = replace(Played(diagram).scene, variables={}, serial=0)  # the version has been read and built by now
    sys.setprofile(hear)
    try:
        step.start(scene, {})
    finally:
        sys.setprofile(None)
    return calls["all"], calls["tokens"]


def test_parallel_diamonds_ahead_cost_nothing_and_those_gone_through_the_same_each() -> None:
    ahead = [work(diamonds(number, d.task)) for number in (5, 20, 80)]
    assert [tokens for _calls, tokens in ahead] == [ahead[0][1]] * 3
    assert ahead[2][0] <= 1.05 * ahead[0][0]
    ten, twenty, forty = (work(diamonds(number, d.script)) for number in (10, 20, 40))
    assert forty[1] - twenty[1] == 2 * (twenty[1] - ten[1])
    assert forty[0] - twenty[0] <= 2.1 * (twenty[0] - ten[0])


def test_twenty_parallel_diamonds_in_a_row_are_done_one_by_one() -> None:
    played = Played(diamonds(20, d.task))
    for i in range(20):
        played.do(f"a{i}")
        played.do(f"b{i}")
    assert played.over


def test_terminate_end_event_ends_only_its_scope() -> None:
    host = d.sub(
        "a", d.start("as"), d.gateway("parallel", "f"), d.task("u"), d.task("v"), d.end("ae", d.on("terminate")),
        d.end("ve"), d.flows("as f u ae", "f v ve"),
    )  # fmt: skip
    played = Played(d.process(d.start(), host, d.task("n"), d.end(), d.flows("s a n e")))
    played.do("u")
    assert played.waiting == "n"
