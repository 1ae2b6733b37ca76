"""Ad-hoc sub-processes: officers choose what to do, at the same time or in turn, until it is finished."""

from __future__ import annotations

from engine.words import facts as f
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def adhoc(*parts: str, until: str = "", **attributes: str) -> str:
    inside = "".join(parts) or d.task("a") + d.task("b")
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    return d.el("adHocSubProcess", "w", inside + condition, **attributes)


def around(inside: str, *parts: str, **variables: object) -> Played:
    return Played(d.process(d.start(), inside, d.task("n"), d.end(), d.flows("s w n e"), *parts), **variables)


def test_ad_hoc_no_completion_condition_goes_on_when_all_is_done() -> None:
    played = around(adhoc())
    assert played.waiting == "a b"
    played.do("b")
    assert played.waiting == "a"
    played.do("a")
    assert played.waiting == "n"


def test_ad_hoc_finished_by_one_task_takes_the_others_back() -> None:
    played = around(adhoc(until="=k = 1"), k=0)
    assert played.waiting == "a b"
    played.do("a", k=1)
    assert played.waiting == "n"
    assert [fact.element for fact in played.facts if isinstance(fact, f.TaskCancelled)] == ["b"]


def test_ad_hoc_cancel_remaining_instances_false_waits_for_the_open_ones() -> None:
    played = around(adhoc(until="=k = 1", cancelRemainingInstances="false"), k=0)
    played.do("a", k=1)
    assert played.waiting == "b"
    played.do("b", k=0)
    assert played.waiting == "n"


def test_ad_hoc_condition_not_yet_true_everything_is_offered_anew() -> None:
    played = around(adhoc(until="=k = 1"), k=0)
    played.do("a")
    played.do("b")
    assert played.waiting == "a b"
    played.do("b", k=1)
    assert played.waiting == "n"


def test_ad_hoc_sequential_one_at_a_time_as_officers_choose() -> None:
    played = around(adhoc(ordering="Sequential"))
    assert kinds(played) == ["wait a", "wait b"]
    opened = [fact for fact in played.facts if isinstance(fact, f.WaitOpened)]
    assert [fact.button for fact in opened] == ["a", "b"]
    played.do("b")
    assert kinds(played) == ["task b"]
    assert [fact.element for fact in played.facts if isinstance(fact, f.StepChosen)] == ["b"]
    played.do("b")
    assert kinds(played) == ["wait a"]
    played.do("a")
    played.do("a")
    assert played.waiting == "n"


def test_ad_hoc_sequential_with_a_condition_offers_anew_what_is_left_then_all() -> None:
    played = around(adhoc(ordering="Sequential", until="=k = 1"), k=0)
    for id in ("a", "a", "b", "b"):
        played.do(id)
    assert kinds(played) == ["wait a", "wait b"]
    played.do("a")
    played.do("a", k=1)
    assert played.waiting == "n"


def test_ad_hoc_a_step_done_again_and_again_until_an_officer_finishes() -> None:
    again = d.el("userTask", "a", d.properties(again="true"))
    finish = d.el("userTask", "b", d.properties(finishes="true"))
    played = around(adhoc(again, finish))
    for _ in range(3):
        played.do("a")
        assert played.waiting == "a b"
    played.do("b")
    assert played.waiting == "n"


def test_ad_hoc_sequential_again_and_finish() -> None:
    again = d.el("userTask", "a", d.properties(again="true"))
    finish = d.el("userTask", "b", d.properties(finishes="true"))
    played = around(adhoc(again, finish, ordering="Sequential"))
    for _ in range(2):
        played.do("a")
        assert kinds(played) == ["task a"]
        played.do("a")
        assert kinds(played) == ["wait a", "wait b"]
    played.do("b")
    played.do("b")
    assert played.waiting == "n"


def test_ad_hoc_what_may_be_done_again_does_not_keep_it_open() -> None:
    again = d.el("userTask", "a", d.properties(again="true"))
    for ordering, moves in (("Parallel", "a b"), ("Sequential", "a a b b")):
        played = around(adhoc(again, d.task("b"), ordering=ordering))
        for id in moves.split():
            played.do(id)
        assert played.waiting == "n", ordering


def test_ad_hoc_flows_inside_lead_from_step_to_step() -> None:
    inside = (d.task("a"), d.task("b"), d.task("c"), d.flows("a c"))
    played = around(adhoc(*inside, ordering="Sequential"))
    assert kinds(played) == ["wait a", "wait b"]
    played.do("a")
    played.do("a")
    assert kinds(played) == ["task c"]
    played.do("c")
    assert kinds(played) == ["wait b"]


def test_ad_hoc_finished_nothing_more_follows_inside() -> None:
    inside = (d.task("a"), d.task("b"), d.task("c"), d.flows("a c"))
    played = around(adhoc(*inside, until="=k = 1", cancelRemainingInstances="false"), k=0)
    played.do("a", k=1)
    assert played.waiting == "b"


def test_ad_hoc_with_a_sub_process_a_repeated_step_and_a_script_inside() -> None:
    inside = (
        d.sub("i", d.start("is"), d.task("u"), d.task("v"), d.end("ie"), d.flows("is u v ie")),
        d.task("m", d.several("2")),
        d.script("x", "{ k: k + 1 }"),
    )
    played = around(adhoc(*inside, until="=k = 3"), k=0)
    assert played.waiting == "m m u"
    played.do("u")
    played.do("m")
    played.do("m")
    played.do("v", k=3)
    assert played.waiting == "n"


def test_ad_hoc_boundary_and_event_subprocess() -> None:
    handler = d.sub("es", d.start("hs", d.on("message", "m"), isInterrupting="false"), d.task("h"), d.end("he"),
                    d.flows("hs h he"), triggeredByEvent="true")  # fmt: skip
    played = around(adhoc(d.task("a"), handler), d.boundary("x", "w", d.timer("PT1H")), d.flows("x e"))
    assert played.waiting == "a hs x"
    played.do("hs")
    played.do("a")
    assert played.waiting == "h hs x"
    played.do("h")
    assert played.waiting == "n"
    played = around(adhoc(ordering="Sequential"), d.boundary("x", "w", d.timer("PT1H")), d.flows("x e"))
    played.do("x")
    assert played.over


def test_ad_hoc_optional_steps_do_not_keep_it_open() -> None:
    optional = d.el("userTask", "a", d.properties(optional="true"))
    for ordering, moves in (("Parallel", "b"), ("Sequential", "b b")):
        played = around(adhoc(optional, d.task("b"), ordering=ordering))
        for id in moves.split():
            played.do(id)
        assert played.waiting == "n"


def test_ad_hoc_repeated_each_instance_has_its_own_choices() -> None:
    inside = d.several(over="=list") + d.task("a") + d.task("b")
    played = around(adhoc(inside, until="=said = 1"), list=["x", "y"])
    assert played.waiting == "a a b b"
    played.do("a", said=1)
    assert played.waiting == "a b"
    played.do("b", said=1)
    assert played.waiting == "n"


def test_ad_hoc_completed_is_compensated() -> None:
    inside = d.task("a") + d.undone("a", d.task("un-a")) + d.task("b") + d.undone("b", d.task("un-b"))
    throw = d.throws("t", d.compensate()) + d.flows("n t")
    played = Played(d.process(d.start(), adhoc(inside), d.task("n"), throw, d.flows("s w n")))
    for id in ("b", "a", "n"):
        played.do(id)
    assert played.waiting == "un-a"
    played.do("un-a")
    assert played.waiting == "un-b"


def kinds(played: Played) -> list[str]:
    return sorted(f"{kept['kind']} {kept['element']}" for kept in played.open.values())


def test_ad_hoc_with_a_data_object_inside() -> None:
    inside = (d.data("v"), d.task("a", d.writes("v")), d.task("b"))
    played = around(adhoc(*inside, until="=v = 1"))
    played.do("a", v=1)
    assert played.waiting == "n"
    played = around(adhoc(*inside, until="=v = 1", cancelRemainingInstances="false"))
    played.do("a", v=1)
    assert played.waiting == "b"
    played.do("b")
    assert played.waiting == "n"
    played = around(adhoc(*inside, ordering="Sequential"))
    assert kinds(played) == ["wait a", "wait b"]
    played.do("a")
    assert kinds(played) == ["task a"]  # one at a time
    played.do("a", v=1)
    assert kinds(played) == ["wait b"]
    played = around(adhoc(*inside))  # frozen and thawed halfway
    played.do("a", v=1)
    assert played.waiting == "b"
    played.do("b")
    assert played.waiting == "n"


def test_ad_hoc_in_turn_completed_is_compensated_and_offers_nothing() -> None:
    inside = d.task("a") + d.undone("a", d.task("un-a")) + d.task("b")
    throw = d.throws("t", d.compensate(waits=False)) + d.flows("w t n")
    played = Played(d.process(d.start(), adhoc(inside, ordering="Sequential", until="=k = 1"), throw, d.task("n"),
                              d.flows("s w")), k=0)  # fmt: skip
    for _ in range(2):
        played.do("a", k=1)
    assert played.waiting == "n un-a"
    played.do("un-a", k=0)
    assert played.waiting == "n"
