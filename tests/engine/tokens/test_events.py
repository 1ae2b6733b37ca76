"""Signals, errors, escalations, conditions, links: thrown, caught, at borders and ends."""

from __future__ import annotations

import pytest

from engine.words.errors import CannotGoOn
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def inside(*parts: str, way: str = "as u ae") -> str:
    return d.sub("a", d.start("as"), d.task("u"), d.flows(way), *parts)


def around(host: str, *parts: str) -> Played:
    """s → host → n → e, and whatever else."""
    return Played(d.process(d.start(), host, d.task("n"), d.end(), d.flows("s a n e"), *parts), k=0)


def border(trigger: str, *, interrupting: bool = True, host: str = "a") -> str:
    return (
        d.boundary("b", host, trigger, interrupting=interrupting) + d.task("h") + d.end("he") + d.flows("b h he")
    )  # fmt: skip


# --- signals ----------------------------------------------------------------------------------------------------


def test_signal_throw_reaches_all_catchers() -> None:
    played = Played(
        d.process(
            d.start(),
            d.gateway("parallel", "g"),
            d.catch("c1", d.on("signal", "go")),
            d.task("n1"),
            d.catch("c2", d.on("signal", "go")),
            d.task("n2"),
            d.catch("c3", d.on("signal", "other")),
            d.task("n3"),
            d.task("u"),
            d.throws("t", d.on("signal", "go")),
            d.end(),
            d.flows("s g c1 n1 e", "g c2 n2 e", "g c3 n3 e", "g u t e"),
        )
    )
    assert played.waiting == "u"
    played.do("u")
    assert played.waiting == "n1 n2"


def test_signal_end_event_is_thrown() -> None:
    played = Played(
        d.process(
            d.start(),
            d.gateway("parallel", "g"),
            d.catch("c", d.on("signal", "go")),
            d.task("n"),
            d.end(),
            d.task("u"),
            d.end("t", d.on("signal", "go")),
            d.flows("s g c n e", "g u t"),
        )
    )
    played.do("u")
    assert played.waiting == "n"


@pytest.mark.parametrize("interrupting", [True, False])
def test_boundary_signal(interrupting: bool) -> None:
    played = Played(
        d.process(
            d.start(),
            d.gateway("parallel", "g"),
            d.task("a"),
            d.end(),
            d.task("u"),
            d.end("t", d.on("signal", "go")),
            d.flows("s g a e", "g u t"),
            border(d.on("signal", "go"), interrupting=interrupting),
        )
    )
    played.do("u")
    assert played.waiting == ("h" if interrupting else "a h")


def test_event_based_gateway_takes_a_signal() -> None:
    played = Played(
        d.process(
            d.start(),
            d.gateway("parallel", "f"),
            d.task("u"),
            d.end("t", d.on("signal", "go")),
            d.gateway("eventBased", "g"),
            d.catch("c1", d.on("signal", "go")),
            d.catch("c2", d.timer("PT1H")),
            d.task("n1"),
            d.task("n2"),
            d.end(),
            d.flows("s f u t", "f g c1 n1 e", "g c2 n2 e"),
        )
    )
    assert played.waiting == "c2 u"
    played.do("u")
    assert played.waiting == "n1"


# --- errors -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("caught", ["x", ""])
def test_error_end_event_to_error_boundary(caught: str) -> None:
    played = around(inside(d.end("ae", d.on("error", "x"))), border(d.on("error", caught)))
    played.do("u")
    assert played.waiting == "h"


def test_error_by_name_goes_before_the_one_that_catches_all() -> None:
    both = border(d.on("error")) + d.boundary("b2", "a", d.on("error", "x")) + d.task("h2") + d.flows("b2 h2 he")
    played = around(inside(d.end("ae", d.on("error", "x"))), both)
    played.do("u")
    assert played.waiting == "h2"


def test_error_goes_through_subprocesses_to_the_first_that_catches_it() -> None:
    inner = d.sub("i", d.start("is"), d.task("u"), d.end("ie", d.on("error", "x")), d.flows("is u ie"))
    middle = d.boundary("ib", "i", d.on("error", "y")) + d.end("ibe") + d.flows("ib ibe")
    host = d.sub("a", d.start("as"), inner, middle, d.end("ae"), d.flows("as i ae"))
    played = around(host, border(d.on("error", "x")))
    played.do("u")
    assert played.waiting == "h"


@pytest.mark.parametrize("caught", [border(d.on("error", "y")), ""])
def test_error_end_event_code_does_not_match_the_error_is_not_swallowed(caught: str) -> None:
    played = around(inside(d.end("ae", d.on("error", "x"))), caught)
    with pytest.raises(CannotGoOn) as stuck:
        played.do("u")
    assert stuck.value.element == "ae"
    assert played.waiting == "u"


def test_error_end_event_at_process_level_nobody_catches() -> None:
    played = Played(d.process(d.start(), d.task("u"), d.end("e", d.on("error", "x")), d.flows("s u e")))
    with pytest.raises(CannotGoOn):
        played.do("u")


def test_error_end_event_cancels_the_rest_of_the_subprocess() -> None:
    host = inside(
        d.gateway("parallel", "f"), d.task("w"), d.end("ae", d.on("error", "x")), d.end("we"), way="as f u ae"
    )
    host = host.replace("</subProcess>", d.flows("f w we") + "</subProcess>")
    played = around(host, border(d.on("error", "x")))
    assert played.waiting == "u w"
    played.do("u")
    assert played.waiting == "h"


def test_error_in_one_instance_ends_the_repeated_step() -> None:
    host = d.sub("a", d.several("3"), d.start("as"), d.task("u"), d.end("ae", d.on("error", "x")), d.flows("as u ae"))
    played = around(host, border(d.on("error", "x")))
    assert played.waiting == "u u u"
    played.do("u")
    assert played.waiting == "h"


def test_script_task_that_fails_goes_on_at_its_error_boundary() -> None:
    parts = (d.start(), d.task("u"), d.script("a", "k"), d.task("n"), d.end(), d.flows("s u a n e"))
    played = Played(d.process(*parts, border(d.on("error"))), k=1)
    played.do("u")
    assert played.waiting == "h"
    with pytest.raises(CannotGoOn):
        Played(d.process(*parts), k=1).do("u")


# --- escalation -------------------------------------------------------------------------------------------------


def test_escalation_throw_in_a_subprocess_to_non_interrupting_boundary_both_go_on() -> None:
    host = inside(d.throws("t", d.on("escalation", "up")), d.task("v"), d.end("ae"), way="as u t v ae")
    played = around(host, border(d.on("escalation", "up"), interrupting=False))
    played.do("u")
    assert played.waiting == "h v"
    played.do("v")
    assert played.waiting == "h n"


def test_escalation_end_event_to_interrupting_boundary() -> None:
    played = around(inside(d.end("ae", d.on("escalation", "up"))), border(d.on("escalation")))
    played.do("u")
    assert played.waiting == "h"


def test_uncaught_escalation_goes_on() -> None:
    played = around(inside(d.throws("t", d.on("escalation", "up")), d.end("ae"), way="as u t ae"))
    played.do("u")
    assert played.waiting == "n"


# --- conditions -------------------------------------------------------------------------------------------------


def test_intermediate_conditional_event_already_true() -> None:
    parts = (d.start(), d.task("u"), d.catch("c", d.condition("=k > 0")), d.task("n"), d.end(), d.flows("s u c n e"))
    played = Played(d.process(*parts), k=0)
    played.do("u", k=1)
    assert played.waiting == "n"


def test_intermediate_conditional_event_changed_by_another_branch() -> None:
    played = Played(
        d.process(
            d.start(), d.data("drawn_k", "k"), d.gateway("parallel", "g"), d.task("n"), d.task("u"),
            d.catch("c", d.condition("=k != null and k > 0")), d.task("v", d.writes("drawn_k")), d.end(),
            d.flows("s g c n e", "g u v e"),
        )
    )  # fmt: skip
    played.do("u")
    assert played.waiting == "v"
    played.do("v", k=2)
    assert played.waiting == "n"


def test_a_condition_that_nobody_can_make_true_is_said() -> None:
    parts = (d.start(), d.task("u"), d.catch("c", d.condition("=k > 0")), d.end(), d.flows("s u c e"))
    with pytest.raises(CannotGoOn):
        Played(d.process(*parts), k=0).do("u")


def test_boundary_conditional_interrupting_set_by_a_parallel_branch() -> None:
    played = Played(
        d.process(
            d.start(), d.data("drawn_k", "k"), d.gateway("parallel", "g"), d.task("a"), d.end(),
            d.task("u", d.writes("drawn_k")), d.flows("s g a e", "g u e"), border(d.condition("=k != null and k > 0")),
        )
    )  # fmt: skip
    assert played.waiting == "a u"
    played.do("u", k=1)
    assert played.waiting == "h"


def test_boundary_conditional_non_interrupting_happens_each_time_it_becomes_true() -> None:
    played = Played(
        d.process(
            d.start(), d.gateway("parallel", "g"), d.gateway("exclusive", "m"), d.task("a"), d.task("u"), d.end(),
            d.flows("s g a e", "g m u m"), border(d.condition("=k > 0"), interrupting=False),
        ), k=0,
    )  # fmt: skip
    for k, handlers in ((1, 1), (2, 1), (0, 1), (3, 2)):
        played.do("u", k=k)
        assert played.waiting.split().count("h") == handlers


def test_event_based_gateway_conditional_branch() -> None:
    played = Played(
        d.process(
            d.start(), d.gateway("parallel", "f"), d.task("u"), d.gateway("eventBased", "g"),
            d.catch("c1", d.condition("=k > 0")), d.catch("c2", d.timer("PT1H")), d.task("n1"), d.task("n2"), d.end(),
            d.flows("s f u e", "f g c1 n1 e", "g c2 n2 e"),
        ), k=0,
    )  # fmt: skip
    played.do("u", k=1)
    assert played.waiting == "n1"


# --- links ------------------------------------------------------------------------------------------------------


def test_link_throw_to_link_catch() -> None:
    played = Played(
        d.process(
            d.start(),
            d.task("u"),
            d.throws("t1", d.on("link", "A")),
            d.throws("t2", d.on("link", "A")),
            d.gateway("exclusive", "g", "g-t2"),
            d.catch("c", d.on("link", "A")),
            d.task("n"),
            d.end(),
            d.flows("s u g t2", "c n e"),
            d.flow("g", "t1", "=k = 1"),
        )
    )
    played.do("u", k=1)
    assert played.waiting == "n"
    played.do("n")
    assert played.over


def test_link_is_a_way_for_the_inclusive_join() -> None:
    played = Played(
        d.process(
            d.start(),
            d.gateway("parallel", "g"),
            d.task("u"),
            d.throws("t", d.on("link", "A")),
            d.catch("c", d.on("link", "A")),
            d.task("v"),
            d.gateway("inclusive", "j"),
            d.task("n"),
            d.end(),
            d.flows("s g u t", "c j n e", "g v j"),
        )
    )
    played.do("v")
    assert played.waiting == "u"
    played.do("u")
    assert played.waiting == "n"
