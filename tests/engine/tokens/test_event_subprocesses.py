"""Event sub-processes: what begins beside the main way when something happens, instead of it or in addition."""

from __future__ import annotations

import pytest

from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def handler(trigger: str, *, interrupting: bool) -> str:
    return d.sub(
        "es",
        d.start("hs", trigger, isInterrupting=str(interrupting).lower()),
        d.task("h"),
        d.end("he"),
        d.flows("hs h he"),
        triggeredByEvent="true",
    )


def main(*parts: str, way: str = "s u e") -> Played:
    return Played(d.process(d.start(), d.task("u"), d.end(), d.flows(way), *parts), n=0)


def test_event_subprocess_message_interrupting() -> None:
    played = main(handler(d.on("message", "m"), interrupting=True))
    assert played.waiting == "hs u"
    played.do("hs")
    assert played.waiting == "h"
    played.do("h")
    assert played.over


def test_event_subprocess_message_non_interrupting_twice() -> None:
    played = main(handler(d.on("message", "m"), interrupting=False))
    played.do("hs")
    played.do("hs")
    assert played.waiting == "h h hs u"
    played.do("u")
    assert played.waiting == "h h hs"
    played.do("h")
    played.do("h")
    assert played.over


def test_event_subprocess_never_triggered_the_process_completes() -> None:
    played = main(handler(d.on("message", "m"), interrupting=True))
    played.do("u")
    assert played.over
    assert played.waiting == ""


@pytest.mark.parametrize("interrupting", [True, False])
def test_event_subprocess_signal(interrupting: bool) -> None:
    played = main(
        d.throws("t", d.on("signal", "go")), d.task("v"), handler(d.on("signal", "go"), interrupting=interrupting),
        way="s u t v e",
    )  # fmt: skip
    assert played.waiting == "u"
    played.do("u")
    assert played.waiting == ("h" if interrupting else "h v")


def test_event_subprocess_error_start_runs_only_on_the_error() -> None:
    played = main(d.end("bad", d.on("error", "x")), handler(d.on("error", "x"), interrupting=True), way="s u bad")
    assert played.waiting == "u"
    played.do("u")
    assert played.waiting == "h"


def test_event_subprocess_error_start_is_not_caught_by_the_same_scope_again() -> None:
    inside = d.sub(
        "es", d.start("hs", d.on("error")), d.end("he", d.on("error", "x")), d.flows("hs he"), triggeredByEvent="true"
    )
    around = d.sub("a", d.start("as"), d.task("u"), d.end("bad", d.on("error", "x")), d.flows("as u bad"), inside)
    played = Played(
        d.process(
            d.start(),
            around,
            d.end(),
            d.flows("s a e"),
            d.boundary("b", "a", d.on("error", "x")),
            d.task("v"),
            d.end("be"),
            d.flows("b v be"),
        )
    )
    played.do("u")
    assert played.waiting == "v"


@pytest.mark.parametrize("interrupting", [True, False])
def test_event_subprocess_escalation_start_runs_only_on_the_escalation(interrupting: bool) -> None:
    played = main(
        d.throws("t", d.on("escalation", "up")), d.task("v"),
        handler(d.on("escalation", "up"), interrupting=interrupting), way="s u t v e",
    )  # fmt: skip
    assert played.waiting == "u"
    played.do("u")
    assert played.waiting == ("h" if interrupting else "h v")


def test_event_subprocess_timer_interrupting() -> None:
    played = main(handler(d.timer("PT1H"), interrupting=True))
    played.do("hs")
    assert played.waiting == "h"


def test_event_subprocess_timer_not_fired_the_process_completes_with_its_main_path() -> None:
    played = main(handler(d.timer("PT1H"), interrupting=True))
    played.do("u")
    assert played.over


def test_event_subprocess_timer_cycle_happens_so_many_times() -> None:
    played = main(handler(d.timer("R2/PT1H"), interrupting=False))
    played.do("hs")
    played.do("hs")
    assert played.waiting == "h h u"


def test_event_subprocess_conditional_non_interrupting() -> None:
    played = main(handler(d.condition("=n > 0"), interrupting=False), d.task("v"), way="s u v e")
    assert played.waiting == "u"
    played.do("u", n=1)
    assert played.waiting == "h v"


def test_event_subprocess_inside_a_subprocess_message_interrupting() -> None:
    inside = d.sub("a", d.start("as"), d.task("u"), d.end("ae"), d.flows("as u ae"),
                   handler(d.on("message", "m"), interrupting=True))  # fmt: skip
    played = Played(d.process(d.start(), inside, d.task("n"), d.end(), d.flows("s a n e")))
    assert played.waiting == "hs u"
    played.do("hs")
    assert played.waiting == "h"
    played.do("h")
    assert played.waiting == "n"
    played.do("n")
    assert played.over


def test_event_subprocess_that_interrupts_disarms_the_others() -> None:
    other = d.sub("o", d.start("os", d.on("message", "k")), d.end("oe"), d.flows("os oe"), triggeredByEvent="true")
    played = main(handler(d.on("message", "m"), interrupting=True), other)
    assert played.waiting == "hs os u"
    played.do("hs")
    assert played.waiting == "h"
