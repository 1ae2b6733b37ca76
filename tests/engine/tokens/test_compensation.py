"""Compensation: what was completed is undone, the last first; transactions are cancelled and leave nothing done."""

from __future__ import annotations

import pytest

from engine.words import facts as f
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def step(id: str, inner: str = "", *, by: str = "") -> str:
    """A task, and what compensates it: by default a task called un-…"""
    return d.task(id, inner) + d.undone(id, by or d.task(f"un-{id}"))


def undone(played: Played) -> list[tuple[str, str]]:
    return [(fact.element, fact.handler) for fact in played.facts if isinstance(fact, f.StepUndone)]


def throwing(*, ref: str = "", waits: bool = True) -> str:
    return d.throws("t", d.compensate(ref, waits=waits))


def test_compensation_throw_event_runs_the_handler() -> None:
    played = Played(d.process(d.start(), step("a"), throwing(), d.task("n"), d.end(), d.flows("s a t n e")))
    assert played.waiting == "a"
    played.do("a")
    assert played.waiting == "un-a"
    assert undone(played) == [("a", "un-a")]
    played.do("un-a")
    assert played.waiting == "n"
    played.do("n")
    assert played.over


def test_order_is_the_reverse_of_completion() -> None:
    parts = (d.start(), step("a"), step("b"), step("c"), d.gateway("parallel", "g"), d.gateway("parallel", "j"))
    played = Played(d.process(*parts, throwing(), d.end(), d.flows("s g a j t e", "g b j", "g c j")))
    for id in ("b", "c", "a"):
        played.do(id)
    for id in ("un-a", "un-c", "un-b"):
        assert played.waiting == id
        played.do(id)
    assert played.over


def test_compensation_of_one_step_only() -> None:
    played = Played(d.process(d.start(), step("a"), step("b"), throwing(ref="a"), d.task("n"), d.end(),
                              d.flows("s a b t n e")))  # fmt: skip
    played.do("a")
    played.do("b")
    assert played.waiting == "un-a"
    played.do("un-a")
    assert played.waiting == "n"


def test_a_step_done_twice_is_undone_twice_and_never_again() -> None:
    played = Played(
        d.process(
            d.start(), d.gateway("exclusive", "m"), step("a"), d.gateway("exclusive", "x", "x-t"), throwing(),
            d.task("n"), d.gateway("exclusive", "y", "y-e"), d.end(), d.flows("s m a x", "t n y"),
            d.flow("x", "m", "=k = 1"), d.flow("x", "t"), d.flow("y", "t", "=k = 2"), d.flow("y", "e"),
        ), k=0,
    )  # fmt: skip
    played.do("a", k=1)
    played.do("a", k=0)
    played.do("un-a")
    played.do("un-a")
    assert played.waiting == "n"
    played.do("n", k=2)
    assert played.waiting == "n"


def test_only_what_is_completed_is_undone() -> None:
    parts = (d.start(), d.gateway("parallel", "g"), step("a"), step("b"), throwing(), d.task("n"), d.end())
    played = Played(d.process(*parts, d.flows("s g a t n e", "g b e")))
    played.do("a")
    assert played.waiting == "b un-a"
    played.do("b")
    played.do("un-a")
    assert played.waiting == "n"


def test_nothing_completed_nothing_to_undo() -> None:
    played = Played(d.process(d.start(), throwing(), step("a"), d.end(), d.flows("s t a e")))
    assert played.waiting == "a"


def test_compensation_end_event_keeps_its_scope_open_until_all_is_undone() -> None:
    inside = d.sub("w", d.start("ws"), step("a"), d.end("we", d.compensate()), d.flows("ws a we"))
    played = Played(d.process(d.start(), inside, d.task("n"), d.end(), d.flows("s w n e")))
    played.do("a")
    assert played.waiting == "un-a"
    played.do("un-a")
    assert played.waiting == "n"


def test_without_waiting_the_way_goes_on_at_once() -> None:
    played = Played(d.process(d.start(), step("a"), throwing(waits=False), d.task("n"), d.end(), d.flows("s a t n e")))
    played.do("a")
    assert played.waiting == "n un-a"
    played.do("n")
    assert not played.over
    played.do("un-a")
    assert played.over


def completed_sub(*more: str) -> tuple[str, ...]:
    inside = d.sub("w", d.start("ws"), step("a"), step("b"), d.end("we"), d.flows("ws a b we"), *more)
    return d.start(), step("z"), inside, d.task("u"), throwing(), d.task("n"), d.end(), d.flows("s z w u t n e")


def test_a_completed_sub_process_is_undone_from_inside() -> None:
    played = Played(d.process(*completed_sub()))
    for id in ("z", "a", "b", "u"):
        played.do(id)
    assert undone(played) == [("w", ""), ("b", "un-b")]
    for id in ("un-b", "un-a", "un-z"):
        assert played.waiting == id
        played.do(id)
    assert played.waiting == "n"


def test_a_handler_on_the_sub_process_replaces_what_lies_inside() -> None:
    played = Played(d.process(*completed_sub(), d.undone("w", d.task("un-w"))))
    for id in ("z", "a", "b", "u"):
        played.do(id)
    for id in ("un-w", "un-z"):
        assert played.waiting == id
        played.do(id)
    assert played.waiting == "n"


def test_event_subprocess_compensation_start_runs_only_on_the_compensation() -> None:
    handler = d.sub("h", d.start("hs", d.compensate()), d.task("un"), d.throws("ht", d.compensate("a")), d.end("he"),
                    d.flows("hs un ht he"), triggeredByEvent="true")  # fmt: skip
    played = Played(d.process(*completed_sub(handler)))
    for id in ("z", "a", "b"):
        played.do(id)
    assert played.waiting == "u"
    played.do("u")
    for id in ("un", "un-a", "un-z"):
        assert played.waiting == id
        played.do(id)
    assert played.waiting == "n"


def test_from_an_event_subprocess_what_was_done_around_it_is_undone() -> None:
    handler = d.sub("h", d.start("hs", d.on("error", "x")), step("c"), d.throws("ht", d.compensate()), d.end("he"),
                    d.flows("hs c ht he"), triggeredByEvent="true")  # fmt: skip
    inside = d.sub("w", d.start("ws"), step("a"), step("b"), d.end("we", d.on("error", "x")), d.flows("ws a b we"),
                   handler)  # fmt: skip
    played = Played(d.process(d.start(), inside, d.task("n"), d.end(), d.flows("s w n e")))
    for id in ("a", "b", "c", "un-c", "un-b", "un-a"):
        assert played.waiting == id
        played.do(id)
    assert played.waiting == "n"


def test_a_cancelled_sub_process_cannot_be_undone() -> None:
    inside = d.sub("w", d.start("ws"), step("a"), d.task("v"), d.end("we"), d.flows("ws a v we"))
    parts = (inside, d.boundary("late", "w", d.timer("PT1H")), throwing(), d.task("n"), d.end())
    played = Played(d.process(d.start(), *parts, d.flows("s w e", "late t n e")))
    played.do("a")
    played.do("late")
    assert played.waiting == "n"


def test_each_instance_is_undone_by_itself_and_seen() -> None:
    handler = d.script("un-a", "{ undone: append(undone, one) }")
    played = Played(
        d.process(d.start(), step("a", d.several(over="=list"), by=handler), throwing(), d.task("n"), d.end(),
                  d.flows("s a t n e")), list=["x", "y", "z"], undone=[],
    )  # fmt: skip
    first, second, third = list(played.open)
    for id in (second, first, third):
        played._act(id, {})
    assert played.waiting == "n"
    assert played.variables["undone"] == ["z", "x", "y"]


def test_each_instance_of_a_repeated_sub_process_is_undone_from_inside() -> None:
    handler = d.script("un-a", "{ undone: append(undone, one) }")
    inside = d.sub("w", d.several(over="=list", sequential=True), d.start("ws"), step("a", by=handler), d.end("we"),
                   d.flows("ws a we"))  # fmt: skip
    played = Played(
        d.process(d.start(), inside, throwing(), d.task("n"), d.end(), d.flows("s w t n e")), list=["x", "y"], undone=[]
    )
    played.do("a")
    played.do("a")
    assert played.waiting == "n"
    assert played.variables["undone"] == ["y", "x"]


def test_the_handler_sees_the_case_as_it_is_now() -> None:
    handler = d.script("un-a", "{ seen: k }")
    played = Played(d.process(d.start(), step("a", by=handler), d.task("u"), throwing(), d.end(),
                              d.flows("s a u t e")), k=0)  # fmt: skip
    played.do("a", k=1)
    played.do("u", k=2)
    assert played.variables["seen"] == 2


def test_a_repeated_handler_and_one_that_is_a_sub_process() -> None:
    inner = d.sub("un-b", d.start("bs"), d.task("v"), d.end("be"), d.flows("bs v be"), isForCompensation="true")
    played = Played(
        d.process(d.start(), step("a", by=d.task("un-a", d.several("2"))), d.task("b") + d.undone("b", inner),
                  throwing(), d.task("n"), d.end(), d.flows("s a b t n e"))
    )  # fmt: skip
    played.do("a")
    played.do("b")
    for waiting, id in (("v", "v"), ("un-a un-a", "un-a"), ("un-a", "un-a")):
        assert played.waiting == waiting
        played.do(id)
    assert played.waiting == "n"


# --- transactions -----------------------------------------------------------------------------------------------


def transaction(*parts: str, way: str) -> Played:
    inside = d.el("transaction", "w", "".join(parts) + d.start("ws") + d.end("we") + d.flows(way))
    border = d.boundary("cancelled", "w", "<cancelEventDefinition/>") + d.task("h") + d.flows("cancelled h e")
    return Played(d.process(d.start(), inside, border, d.task("n"), d.end(), d.flows("s w n e")), k=0)


def test_transaction_normal_end() -> None:
    played = transaction(step("a"), way="ws a we")
    played.do("a")
    assert played.waiting == "n"


def test_transaction_cancel_undoes_what_completed_inside_in_reverse() -> None:
    played = transaction(
        step("a"), step("b"), d.gateway("parallel", "g"), d.task("u"), d.task("v"), d.flows("g v we"),
        d.end("c", "<cancelEventDefinition/>"), way="ws a b g u c",
    )  # fmt: skip
    played.do("a")
    played.do("b")
    assert played.waiting == "u v"
    played.do("u")
    assert [fact.element for fact in played.facts if isinstance(fact, f.TransactionCancelled)] == ["w"]
    for id in ("un-b", "un-a"):
        assert played.waiting == id
        played.do(id)
    assert played.waiting == "h"


def test_transaction_cancel_with_nothing_done_goes_to_the_cancel_boundary() -> None:
    played = transaction(d.task("a"), d.end("c", "<cancelEventDefinition/>"), way="ws a c")
    played.do("a")
    assert played.waiting == "h"


def test_transaction_cancel_undoes_a_sub_process_inside() -> None:
    inner = d.sub("i", d.start("is"), step("a"), d.end("ie"), d.flows("is a ie"))
    played = transaction(inner, d.end("c", "<cancelEventDefinition/>"), way="ws i c")
    played.do("a")
    assert played.waiting == "un-a"
    played.do("un-a")
    assert played.waiting == "h"


def test_a_completed_transaction_is_undone_like_any_sub_process() -> None:
    inside = d.el("transaction", "w", d.start("ws") + step("a") + d.end("we") + d.flows("ws a we"))
    played = Played(d.process(d.start(), inside, throwing(), d.end(), d.flows("s w t e")))
    played.do("a")
    assert played.waiting == "un-a"


@pytest.mark.parametrize("way", ["message", "timer"])
def test_what_interrupts_the_scope_ends_the_undoing(way: str) -> None:
    trigger = d.on("message", "m") if way == "message" else d.timer("PT1H")
    inside = d.sub("w", d.start("ws"), step("a"), d.end("we", d.compensate()), d.flows("ws a we"))
    played = Played(
        d.process(d.start(), inside, d.boundary("b", "w", trigger), d.task("n"), d.end(), d.flows("s w e", "b n e"))
    )
    played.do("a")
    assert played.waiting == "b un-a"
    played.do("b")
    assert played.waiting == "n"
