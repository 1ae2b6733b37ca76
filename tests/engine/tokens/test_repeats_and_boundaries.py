"""Steps done several times, loops, side tasks, and boundary events that happen again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine.words.values import from_json
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import BEGIN, Played

LIST = ["x", "y", "z"]


def around(host: str, *parts: str, **variables: object) -> Played:
    return Played(d.process(d.start(), host, d.task("n"), d.end(), d.flows("s a n e"), *parts), **variables)


def collecting(loop: str) -> str:
    return d.el("userTask", "a", d.properties(collect="all") + loop)


def test_sequential_multi_instance_over_a_collection_outputs_in_order() -> None:
    played = around(collecting(d.several(over="=list", sequential=True)), list=LIST)
    for answer in ("A", "B", "C"):
        assert played.waiting == "a"
        played.do("a", said=answer)
    assert played.waiting == "n"
    assert [(one["one"], one["said"]) for one in played.variables["all"]] == [("x", "A"), ("y", "B"), ("z", "C")]


def test_parallel_multi_instance_outputs_in_order_of_the_members() -> None:
    played = around(collecting(d.several(over="=list")), list=LIST)
    for id, answer in zip(reversed(list(played.open)), ("C", "B", "A"), strict=True):
        played._act(id, {"said": answer})
    assert [(one["one"], one["said"]) for one in played.variables["all"]] == [("x", "A"), ("y", "B"), ("z", "C")]
    assert "said" not in played.variables


def test_multi_instance_subprocess_keeps_its_answers_and_collects_them() -> None:
    host = d.sub("a", d.properties(collect="all"), d.several(over="=list"), d.start("as"), d.task("u"), d.task("v"),
                 d.end("ae"), d.flows("as u v ae"))  # fmt: skip
    played = around(host, list=LIST)
    assert played.waiting == "u u u"
    for element in ("u", "v"):
        for number in range(3):
            played.do(element, **{element: number})
    assert [(one["one"], one["u"], one["v"]) for one in played.variables["all"]] == [
        ("x", 0, 0),
        ("y", 1, 1),
        ("z", 2, 2),
    ]


def test_parallel_multi_instance_completion_condition_cancels_the_rest() -> None:
    played = around(d.task("a", d.several(over="=list", until="=said = 1")), list=LIST)
    played.do("a", said=0)
    assert played.waiting == "a a"
    played.do("a", said=1)
    assert played.waiting == "n"


def test_multi_instance_over_an_empty_collection() -> None:
    assert around(d.task("a", d.several(over="=list")), list=[]).waiting == "n"
    assert around(d.task("a", d.several("0", sequential=True))).waiting == "n"


def test_multi_instance_over_an_empty_collection_collects_nothing() -> None:
    for sequential in (True, False):
        played = around(
            collecting(d.several(over="=list", sequential=sequential)), list=[], all=["of an earlier round"]
        )
        assert played.waiting == "n"
        assert played.variables["all"] == []


def test_what_a_repeated_step_in_an_instance_collects_stays_with_the_instance() -> None:
    inner = d.el("userTask", "u", d.properties(collect="found") + d.several("2"))
    host = d.sub("a", d.properties(collect="all"), d.several(over="=list"), d.start("as"), inner, d.end("ae"),
                 d.flows("as u ae"))  # fmt: skip
    played = around(host, list=["x", "y"])
    for number in range(4):
        played.do("u", said=number)
    found = [(one["one"], [part["said"] for part in one["found"]]) for one in played.variables["all"]]
    assert found == [("x", [0, 1]), ("y", [2, 3])]
    assert "found" not in played.variables


def test_interrupting_boundary_timer_on_a_parallel_multi_instance_user_task() -> None:
    ways = d.boundary("b", "a", d.timer("PT1H")) + d.task("h") + d.flows("b h e")
    played = around(d.task("a", d.several("3")), ways)
    assert played.waiting == "a a a b"
    played.do("b")
    assert played.waiting == "h"


def test_standard_loop_maximum_3() -> None:
    played = around(d.task("a", '<standardLoopCharacteristics loopMaximum="3"/>'))
    for _ in range(3):
        assert played.waiting == "a"
        played.do("a")
    assert played.waiting == "n"


def test_standard_loop_condition_do_while() -> None:
    loop = "<standardLoopCharacteristics><loopCondition>=k &lt; 3</loopCondition></standardLoopCharacteristics>"
    played = around(d.task("a", loop), k=5)
    assert played.waiting == "a"
    played.do("a", k=1)
    played.do("a", k=2)
    assert played.waiting == "a"
    played.do("a", k=3)
    assert played.waiting == "n"


def test_standard_loop_that_tests_before() -> None:
    condition = "<loopCondition>=k &lt; 3</loopCondition>"
    loop = f'<standardLoopCharacteristics testBefore="true">{condition}</standardLoopCharacteristics>'
    assert around(d.task("a", loop), k=5).waiting == "n"
    assert around(d.task("a", loop), k=2).waiting == "a"


def test_standard_loop_of_a_subprocess_writes_to_the_case() -> None:
    loop = "<standardLoopCharacteristics><loopCondition>=k &lt; 2</loopCondition></standardLoopCharacteristics>"
    host = d.sub("a", loop, d.start("as"), d.task("u"), d.end("ae"), d.flows("as u ae"))
    played = around(host, k=0)
    played.do("u", k=1)
    played.do("u", k=2)
    assert played.waiting == "n"
    assert played.variables["k"] == 2


def test_boundary_message_non_interrupting_twice() -> None:
    ways = d.boundary("b", "a", d.on("message", "m"), interrupting=False) + d.task("h") + d.end("he")
    played = around(d.task("a"), ways, d.flows("b h he"))
    played.do("b")
    played.do("b")
    assert played.waiting == "a b h h"


def test_what_a_non_interrupting_cycle_opened_stays_open_when_the_host_is_done() -> None:
    ways = d.boundary("b", "a", d.timer("R3/PT1H"), interrupting=False) + d.task("h") + d.end("he")
    played = around(d.task("a"), ways, d.flows("b h he"))
    played.do("b")
    played.do("a")
    assert played.waiting == "h n"
    played.do("n")
    assert not played.over
    played.do("h")
    assert played.over


def test_a_non_interrupting_cycle_happens_so_many_times() -> None:
    ways = d.boundary("b", "a", d.timer("R2/PT1H"), interrupting=False) + d.task("h") + d.end("he")
    played = around(d.task("a"), ways, d.flows("b h he"))
    played.do("b")
    assert played.waiting == "a b h"
    played.do("b")
    assert played.waiting == "a h h"


def test_a_cycle_counts_from_when_it_was_due_and_makes_up_for_nothing() -> None:
    ways = d.boundary("b", "a", d.timer("R/PT1H"), interrupting=False) + d.task("h") + d.end("he")
    played = around(d.task("a"), ways, d.flows("b h he"))
    assert due(played) == BEGIN + timedelta(hours=1)
    played.scene = replace(played.scene, at=BEGIN + timedelta(hours=1, minutes=20))
    played.do("b")
    assert due(played) == BEGIN + timedelta(hours=2)
    played.scene = replace(played.scene, at=BEGIN + timedelta(days=2, minutes=10))
    played.do("b")
    assert due(played) == BEGIN + timedelta(days=2, hours=1)


def test_a_monthly_cycle_keeps_the_day_it_began_with() -> None:
    monthly = d.timer("R/2029-12-31T08:00:00+00:00/P1M")
    ways = d.boundary("b", "a", monthly, interrupting=False) + d.task("h") + d.end("he")
    played = around(d.task("a"), ways, d.flows("b h he"))
    seen = []
    for _ in range(4):
        seen.append(f"{due(played):%m-%d}")
        played.scene = replace(played.scene, at=due(played) + timedelta(minutes=3))
        played.do("b")
    assert seen == ["12-31", "01-31", "02-28", "03-31"]


def due(played: Played) -> datetime:
    found: datetime = next(from_json(kept["due"]) for kept in played.open.values() if kept["element"] == "b")
    return found


def test_interrupting_boundary_with_a_cycle_happens_once() -> None:
    played = around(d.task("a"), d.boundary("b", "a", d.timer("R3/PT1H")), d.task("h"), d.flows("b h e"))
    played.do("b")
    assert played.waiting == "h"


def test_interrupting_timer_whose_flow_goes_straight_back_to_its_own_task() -> None:
    played = around(d.task("a"), d.boundary("b", "a", d.timer("PT1H")), d.flows("b a"))
    for _ in range(3):
        played.do("b")
        assert played.waiting == "a b"


def test_event_based_gateway_two_timers_each_has_its_own_time() -> None:
    played = Played(
        d.process(
            d.start(),
            d.gateway("eventBased", "g"),
            d.catch("c1", d.timer("PT2H")),
            d.catch("c2", d.timer("PT1H")),
            d.task("n1"),
            d.task("n2"),
            d.end(),
            d.flows("s g c1 n1 e", "g c2 n2 e"),
        )
    )
    due = {kept["element"]: kept["due"] for kept in played.open.values()}
    assert due["c1"] != due["c2"]
    played.do("c2")
    assert played.waiting == "n2"


def test_an_optional_task_with_a_reminder_does_not_keep_its_scope_open() -> None:
    optional = d.el("userTask", "o", d.properties(optional="true"))
    host = d.sub("a", d.start("as"), d.gateway("parallel", "f"), d.task("u"), d.end("ae"), optional,
                 d.boundary("x", "o", d.timer("PT1H")), d.flows("as f u ae", "f o ae", "x ae"))  # fmt: skip
    played = around(host)
    assert played.waiting == "o u x"
    played.do("u")
    assert played.waiting == "n"


def test_an_optional_task_does_not_keep_its_scope_open() -> None:
    host = d.sub("a", d.start("as"), d.gateway("parallel", "f"), d.task("u"), d.end("ae"),
                 d.el("userTask", "o", d.properties(optional="true")), d.flows("as f u ae", "f o ae"))  # fmt: skip
    played = around(host)
    assert played.waiting == "o u"
    played.do("u")
    assert played.waiting == "n"
