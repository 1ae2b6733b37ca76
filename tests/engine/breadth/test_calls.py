"""Called processes: a case of their own, values in and out, errors and escalations, withdrawn, repeated, recursive."""

from __future__ import annotations

import pytest

from engine.acts import repairs
from engine.notation.spiff.calling import DEEPEST
from tests.engine.breadth.town import Town, call, form, user
from tests.engine.tokens import drawn as d

STOP = "<terminateEventDefinition/>"
CALLED = (d.start(inner=form("x")), user("v", "y"), d.end(), d.flows("s v e"))


def caller(*handed: str, rest: str = "", inner: str = "") -> tuple[str, ...]:
    return (
        d.start(inner=form("a")), call("c", "called", *handed, inner=inner), user("n"), d.end(), d.flows("s c n e"),
        rest,
    )  # fmt: skip


def border(trigger: str, *, interrupting: bool = True) -> str:
    return d.boundary("b", "c", trigger, interrupting=interrupting) + user("h") + d.end("he") + d.flows("b h he")


def begun(town: Town, *parts: str, **answers: int) -> tuple[int, int]:
    """The caller's case and the one it has called."""
    town.publish("caller", *parts)
    case = town.open("caller", **answers)
    assert town.children(case) == []  # on its way
    town.hand_on()
    (child,) = town.children(case)
    return case, child


def test_a_call_begins_a_case_of_its_own_and_goes_on_when_that_has_ended(town: Town) -> None:
    town.publish("called", *CALLED)
    case, child = begun(town, *caller("in a x", "out y b"), a=7)
    assert town.waiting(case) == ""
    assert town.waiting(child) == "v"
    assert town.values(child) == {"x": 7}
    assert town.case(child).process_id == "called"
    town.do(child, "v", y=8)
    assert town.waiting(case) == ""  # the answer is on its way
    town.hand_on()
    assert town.case(child).ended_at is not None
    assert town.waiting(case) == "n"
    assert town.values(case) == {"a": 7, "b": 8}
    town.do(case, "n")
    assert town.case(case).ended_at is not None
    town.lawful()


def test_only_what_is_declared_goes_in_and_comes_out(town: Town) -> None:
    town.publish("called", *CALLED)
    case, child = begun(town, *caller("in =a+1 x", "out =x+y b"), a=1)
    assert town.values(child) == {"x": 2}
    town.do(child, "v", y=5)
    town.hand_on()
    assert town.values(case) == {"a": 1, "b": 7}


def test_everything_goes_in_and_comes_out_when_the_diagram_says_so(town: Town) -> None:
    town.publish("called", *CALLED)
    case, child = begun(town, *caller("in *", "out *"), a=1)
    assert town.values(child)["a"] == 1
    town.do(child, "v", y=5)
    town.hand_on()
    assert town.values(case)["y"] == 5
    town.lawful()


def test_which_process_is_called_may_be_an_expression(town: Town) -> None:
    town.publish("called", *CALLED)
    town.publish("caller", d.start(inner=form("a")), call("c", '=if a = 1 then "called" else "none"'), d.end(),
                 d.flows("s c e"))  # fmt: skip
    case = town.open("caller", a=1)
    town.hand_on()
    assert [town.case(one).process_id for one in town.children(case)] == ["called"]


def test_the_newest_version_at_the_moment_of_the_call_is_taken_and_kept(town: Town) -> None:
    town.publish("called", *CALLED)
    town.publish("caller", *caller())
    first = town.open("caller", a=1)
    town.hand_on()
    town.publish("called", d.start(), user("w"), d.end(), d.flows("s w e"))
    second = town.open("caller", a=1)
    town.hand_on()
    assert town.waiting(*town.children(first)) == "v"
    assert town.waiting(*town.children(second)) == "w"
    town.do(*town.children(first), "v", y=1)
    town.hand_on()
    assert town.waiting(first) == "n"
    town.lawful()


# --- errors and escalations ---------------------------------------------------------------------------------------


def test_an_error_comes_out_of_the_call_activity(town: Town) -> None:
    town.publish("called", d.start(), user("v"), d.end("e", d.on("error", "bad")), d.flows("s v e"))
    case, child = begun(town, *caller(rest=border(d.on("error", "bad"))))
    town.do(child, "v")
    town.hand_on()
    assert town.case(child).ended_at is not None
    assert town.waiting(case) == "h"
    town.lawful()


def test_an_error_inside_a_sub_process_of_the_called_one_ends_it_whole(town: Town) -> None:
    inside = d.sub("p", d.start("ps"), user("v"), d.end("pe", d.on("error", "bad")), d.flows("ps v pe"))
    town.publish(
        "called", d.start(), d.gateway("parallel", "g"), inside, user("w"), d.end(), d.flows("s g p e", "g w e")
    )
    case, child = begun(town, *caller(rest=border(d.on("error"))))
    assert town.waiting(child) == "v w"
    town.do(child, "v")
    town.hand_on()
    assert town.case(child).ended_at is not None
    assert town.left_over(child) == 0
    assert town.waiting(case) == "h"
    town.lawful()


def test_an_error_nobody_catches_stops_the_caller_with_an_incident(town: Town) -> None:
    town.publish("called", d.start(), user("v"), d.end("e", d.on("error", "bad")), d.flows("s v e"))
    case, child = begun(town, *caller())
    town.do(child, "v")
    town.hand_on()
    assert (town.case(case).stuck_why or {})["element"] == "c"
    assert "bad" in (town.case(case).stuck_why or {})["en"]
    town.lawful()


def test_an_error_goes_through_two_calls(town: Town) -> None:
    town.publish("deep", d.start(), user("v"), d.end("e", d.on("error", "bad")), d.flows("s v e"))
    town.publish("called", d.start(), call("c", "deep"), d.end(), d.flows("s c e"))
    case, child = begun(town, *caller(rest=border(d.on("error", "bad"))))
    (deep,) = town.children(child)
    assert (town.case(child).depth, town.case(deep).depth) == (1, 2)
    town.do(deep, "v")
    town.hand_on()
    assert town.case(child).ended_at is not None
    assert town.waiting(case) == "h"
    town.lawful()


@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_comes_out_while_the_called_case_goes_on(town: Town, interrupting: bool) -> None:
    town.publish("called", d.start(), d.throws("t", d.on("escalation", "help")), user("v"), d.end(), d.flows("s t v e"))
    case, child = begun(town, *caller(rest=border(d.on("escalation", "help"), interrupting=interrupting)))
    assert town.waiting(case) == "h"
    assert (town.case(child).ended_at is not None) == interrupting  # an interrupted call is withdrawn
    if not interrupting:
        town.do(child, "v")
        town.hand_on()
        assert town.waiting(case) == "h n"
    town.lawful()


# --- withdrawn ----------------------------------------------------------------------------------------------------


def test_a_timer_on_the_call_withdraws_the_called_case_with_all_it_called(town: Town) -> None:
    town.publish("deep", d.start(), user("w"), d.catch("t", d.timer("PT9H")), d.end(), d.flows("s w t e"))
    town.publish("called", d.start(), call("c", "deep"), d.end(), d.flows("s c e"))
    case, child = begun(town, *caller(rest=border(d.timer("PT1H"))))
    (deep,) = town.children(child)
    town.later(hours=2)
    assert town.waiting(case) == "h"
    for one in (child, deep):
        assert town.case(one).ended_at is not None
        assert town.case(one).outcome == "cancelled"
        assert town.left_over(one) == 0
    town.lawful()


def test_a_terminate_event_withdraws_the_called_case(town: Town) -> None:
    town.publish("called", *CALLED)
    case, child = begun(
        town, d.start(), d.gateway("parallel", "g"), call("c", "called"), user("u"), d.end("t", STOP),
        d.end(), d.flows("s g c e", "g u t"),
    )  # fmt: skip
    town.do(case, "u")
    assert town.case(case).ended_at is not None
    town.hand_on()
    assert town.case(child).outcome == "cancelled"
    town.lawful()


def test_a_call_withdrawn_before_it_began_never_begins(town: Town) -> None:
    town.publish("called", *CALLED)
    town.publish("caller", d.start(), d.gateway("parallel", "g"), call("c", "called"), user("u"),
                 d.end("t", STOP), d.end(), d.flows("s g c e", "g u t"))  # fmt: skip
    case = town.open("caller")
    town.do(case, "u")
    town.hand_on()
    assert town.children(case) == []
    assert [one.due_at for one in town.outbox()] == [None, None]
    town.lawful()


@pytest.mark.parametrize("first", ["child", "parent"])
def test_the_caller_is_cancelled_while_the_called_case_ends(town: Town, first: str) -> None:
    """Both before anything is handed on: neither is lost, nothing happens twice."""
    town.publish("called", *CALLED)
    case, child = begun(
        town, d.start(), d.gateway("parallel", "g"), call("c", "called", "out y b"), user("u"), d.end(), user("n"),
        d.end("t", STOP), d.flows("s g c n e", "g u t"),
    )  # fmt: skip
    for who in ("child", "parent") if first == "child" else ("parent", "child"):
        if who == "child":
            town.do(child, "v", y=3)
        else:
            town.do(case, "u")
    town.hand_on()
    assert town.case(case).ended_at is not None
    assert town.case(child).ended_at is not None
    assert town.case(child).outcome is None  # it had ended by itself
    assert "b" not in town.values(case)
    assert all(one.due_at is None for one in town.outbox())
    town.lawful()


# --- several, and deep --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sequential", [False, True])
def test_one_case_for_each_member_and_the_outputs_in_order(town: Town, sequential: bool) -> None:
    town.publish("called", *CALLED)
    many = d.several(over="[11, 12, 13]", sequential=sequential)
    gathers = (
        '<extensionElements><camunda:properties><camunda:property name="collect" value="all"/></camunda:properties>'
        '<camunda:in source="one" target="x"/><camunda:out source="y" target="y"/></extensionElements>'
    )
    each = d.el("callActivity", "c", gathers + many, calledElement="called")
    town.publish("caller", d.start(), each, user("n"), d.end(), d.flows("s c n e"))
    case = town.open("caller")
    town.hand_on()
    if sequential:
        for _ in range(3):
            child = town.children(case)[-1]
            town.do(child, "v", y=town.values(child)["x"] * 10)
            town.hand_on()
    else:
        assert [town.values(one)["x"] for one in town.children(case)] == [11, 12, 13]
        for child in reversed(town.children(case)):
            town.do(child, "v", y=town.values(child)["x"] * 10)
        town.hand_on()
    assert town.waiting(case) == "n"
    assert [one["y"] for one in town.values(case)["all"]] == [110, 120, 130]
    town.lawful()


def test_a_completion_condition_withdraws_the_other_called_cases(town: Town) -> None:
    town.publish("called", *CALLED)
    many = d.several("3", until="y = 1")
    inner = '<extensionElements><camunda:out source="y" target="y"/></extensionElements>' + many
    town.publish("caller", d.start(), d.el("callActivity", "c", inner, calledElement="called"), user("n"), d.end(),
                 d.flows("s c n e"))  # fmt: skip
    case = town.open("caller")
    town.hand_on()
    first, *others = town.children(case)
    town.do(first, "v", y=1)
    town.hand_on()
    assert town.waiting(case) == "n"
    assert [town.case(one).outcome for one in others] == ["cancelled", "cancelled"]
    town.lawful()


def test_a_hundred_called_cases(town: Town) -> None:
    town.publish("called", d.start(), d.script("x"), d.end(), d.flows("s x e"))
    town.publish("caller", d.start(), d.el("callActivity", "c", d.several("100"), calledElement="called"), user("n"),
                 d.end(), d.flows("s c n e"))  # fmt: skip
    case = town.open("caller")
    town.hand_on()
    assert len(town.children(case)) == 100
    assert town.waiting(case) == "n"
    town.lawful()


def test_a_process_may_call_itself_until_its_condition_says_stop(town: Town) -> None:
    count = d.script("less", "{left: left - 1}")
    town.publish(
        "rec", d.start(inner=form("left")), count, d.gateway("exclusive", "g", default="g-e"),
        call("c", "rec", "in left left"), d.end(), d.flow("g", "c", "left > 0"), d.flow("g", "e"),
        d.flows("s less g", "c e"),
    )  # fmt: skip
    town.open("rec", left=4)
    town.hand_on()
    assert [town.case(one).depth for one in town.cases("rec")] == [0, 1, 2, 3]
    assert all(town.case(one).ended_at for one in town.cases("rec"))
    town.lawful()


def test_processes_that_call_each_other_without_end_are_stopped(town: Town) -> None:
    town.publish("rec", d.start(), call("c", "rec"), d.end(), d.flows("s c e"))
    town.open("rec")
    town.hand_on(most=DEEPEST + 10)
    deepest = town.cases("rec")[-1]
    assert len(town.cases("rec")) == DEEPEST + 1
    assert (town.case(deepest).stuck_why or {})["element"] == "c"
    assert str(DEEPEST) in (town.case(deepest).stuck_why or {})["en"]
    town.lawful()


def test_a_called_process_that_is_missing_is_an_incident_until_it_is_published(town: Town) -> None:
    town.publish("caller", *caller())
    case = town.open("caller", a=1)
    town.hand_on()
    assert "'called'" in (town.case(case).stuck_why or {})["en"]
    town.later(minutes=5)
    assert town.children(case) == []
    town.publish("called", *CALLED)
    with town.sessions() as session, session.begin():
        repairs.retry(session, case, "已发布", by=town.cast.actor(session, "admin"), at=town.at)
    town.later(minutes=2)
    assert len(town.children(case)) == 1
    assert town.case(case).stuck_at is None
    town.lawful()


def test_a_called_case_that_cannot_begin_stops_by_itself_and_goes_on_after_repair(town: Town) -> None:
    gate = d.gateway("exclusive", "g")
    town.publish("called", d.start(inner=form("w")), gate, user("v"), d.end(), d.flow("s", "g"),
                 d.flow("g", "v", "w = 5"), d.flow("g", "e", "w = 6"), d.flows("v e"))  # fmt: skip
    case, child = begun(town, *caller("out w b"))
    assert town.case(case).stuck_at is None
    assert (town.case(child).stuck_why or {})["element"] == "g"
    with town.sessions() as session, session.begin():
        repairs.correct(session, child, {"w": 5}, "补录", by=town.cast.actor(session, "admin"), at=town.at)
    assert town.waiting(child) == "v"
