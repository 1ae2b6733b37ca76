"""Messages find their case by its keys, or stand among those not received; pools of one file are processes each."""

from __future__ import annotations

from engine.acts import lost_letters
from engine.notation.checks import Known, check
from engine.notation.imports import bring
from models import Subscription
from tests.engine.breadth.gate import refused
from tests.engine.breadth.town import Town, form, properties, user
from tests.engine.tokens import drawn as d

WAITER = (
    d.start(inner=form("a")), user("w"), d.catch("c", properties(d.on("message", "m"), correlation="=a")), user("n"),
    d.end(), d.flows("s w c n e"),
)  # fmt: skip


def sender(**said: str) -> tuple[str, ...]:
    throws = d.throws("t", properties(d.on("message", "m"), payload="={p: a}", **said))
    return d.start(inner=form("a")), throws, user("u"), d.end(), d.flows("s t u e")


def reached(town: Town, a: int) -> int:
    """A case that waits for the message with this key."""
    case = town.open("waiter", a=a)
    town.do(case, "w")
    return case


def never_received(town: Town) -> bool:
    """Tried again and again, at last it stands among those not received."""
    for _ in range(60):
        town.later(hours=6)
        (sent,) = town.outbox("message")
        assert sent.delivered_at is None
        if sent.dead_why:
            return True
    return False


def test_a_message_that_comes_before_its_catch_is_reached_is_kept_for_it(town: Town) -> None:
    town.publish("waiter", *WAITER)
    town.publish("sender", *sender(correlation="=a"))
    case = town.open("waiter", a=1)
    town.open("sender", a=1)
    town.hand_on()
    town.do(case, "w")
    assert town.waiting(case) == ""
    town.later(hours=1)
    assert town.waiting(case) == "n"
    assert town.values(case)["p"] == 1
    town.lawful()


def test_a_message_that_comes_far_too_early_is_put_aside_and_can_be_given_by_hand(town: Town) -> None:
    town.publish("waiter", *WAITER)
    town.publish("sender", *sender(correlation="=a"))
    case = town.open("waiter", a=1)
    town.open("sender", a=1)
    assert never_received(town)
    town.do(case, "w")
    town.later(hours=6)
    assert town.waiting(case) == ""
    (early,) = town.outbox("message")
    with town.sessions() as session, session.begin():
        wait = session.query(Subscription).filter_by(case_id=case).one()
        postmaster = town.cast.actor(session, "admin")
        lost_letters.match(session, early.id, wait.id, "come too early", by=postmaster, at=town.at)
    town.hand_on()
    assert town.waiting(case) == "n"
    town.lawful()


def test_a_message_is_thrown_and_caught_in_parallel_branches_of_one_case(town: Town) -> None:
    town.publish(
        "both", d.start(), d.gateway("parallel", "g"), d.catch("c", d.on("message", "m")), user("n"), user("u"),
        d.throws("t", d.on("message", "m")), d.end(), d.flows("s g c n e", "g u t e"),
    )  # fmt: skip
    case, other = town.open("both"), town.open("both")
    town.do(case, "u")
    town.hand_on()
    assert (town.waiting(case), town.waiting(other)) == ("n", "u")
    town.lawful()


def test_a_message_with_another_key_is_not_taken_not_even_by_the_first_catch_of_a_case(town: Town) -> None:
    town.publish("waiter", *WAITER)
    town.publish("sender", *sender(correlation="=a"))
    case = reached(town, 1)  # nothing has been said to it before
    town.open("sender", a=2)
    assert never_received(town)
    assert town.waiting(case) == ""
    assert town.values(case) == {"a": 1}  # and its key stays its own
    town.open("sender", a=1)
    town.hand_on()
    assert town.waiting(case) == "n"
    town.lawful()


def test_a_message_without_any_key_is_not_taken_by_a_case_that_has_one(town: Town) -> None:
    town.publish("waiter", *WAITER)
    town.publish("sender", *sender())
    case = reached(town, 1)
    town.open("sender", a=1)
    assert never_received(town)
    assert town.waiting(case) == ""
    town.lawful()


# --- several pools in one file --------------------------------------------------------------------------------------


FLOW = '<messageFlow id="mf" sourceRef="t" targetRef="ms"/>'


def process(id: str, *parts: str) -> str:
    return f'<process id="{id}" isExecutable="true">{"".join(parts)}</process>'


def two(first: str, second: str, around: str = "") -> str:
    """Two processes in one file."""
    message = '<message id="message_m" name="m"/>'
    return d.xml().replace('<process id="drawn" isExecutable="true"></process>', message + around + first + second)


def published(town: Town, content: str) -> None:
    """Refused as it is: only one process of a file may be executable. The import makes a file of each."""
    assert refused(content, "one_process_a_file")
    for arrival in bring(content.encode()).arrivals:
        town.publish_file(arrival.content)


def test_two_pools_of_one_file_become_two_processes_and_the_message_of_one_starts_the_other(town: Town) -> None:
    throws = d.throws("t", properties(d.on("message", "m"), payload="={p: a}"))
    first = process("asks", d.start(inner=form("a")), throws, user("u"), d.end(), d.flows("s t u e"))
    second = process("answers", d.start("ms", d.on("message", "m")), user("u2"), d.end("e2"), d.flows("ms u2 e2"))
    pools = "".join(f'<participant id="p_{id}" name="{id}" processRef="{id}"/>' for id in ("asks", "answers"))
    published(town, two(first, second, f'<collaboration id="co">{pools}{FLOW}</collaboration>'))
    town.open("asks", a=4)
    town.hand_on()
    (case,) = town.cases("answers")
    assert town.waiting(case) == "u2"
    assert town.values(case) == {"p": 4}
    town.lawful()


def test_a_called_process_in_the_same_file_becomes_one_beside_it(town: Town) -> None:
    call = d.el("callActivity", "c", calledElement="called")
    first = process("caller", d.start(), call, user("n"), d.end(), d.flows("s c n e"))
    second = process("called", d.start("s2"), user("v"), d.end("e2"), d.flows("s2 v e2"))
    published(town, two(first, second))
    case = town.open("caller")
    town.hand_on()
    (child,) = town.children(case)
    assert town.waiting(child) == "v"
    town.do(child, "v")
    town.hand_on()
    assert town.waiting(case) == "n"
    town.lawful()


def test_a_call_of_a_process_that_is_missing_is_refused() -> None:
    xml = d.xml(d.start(), d.el("callActivity", "c", calledElement="nope"), d.end(), d.flows("s c e")).encode()
    found = [one for one in check(xml, {}, known=Known(processes=frozenset({"called"}))) if one.severity == "error"]
    assert [one.element for one in found if one.law == "calls_reach_a_process"] == ["c"]
    assert any('"nope", which is not published' in one.en for one in found)


def test_two_published_files_with_the_same_sub_process_id(town: Town) -> None:
    inside = d.sub("sp", d.start("a"), user("u"), d.end("b"), d.flows("a u b"))
    town.publish("first", d.start(), inside, d.end(), d.flows("s sp e"))
    town.publish("second", d.start(), user("before"), inside, d.end(), d.flows("s before sp e"))
    one, other = town.open("first"), town.open("second")
    assert (town.waiting(one), town.waiting(other)) == ("u", "before")
    town.do(other, "before")
    town.do(one, "u")
    assert town.case(one).ended_at is not None
    assert town.waiting(other) == "u"
    town.do(other, "u")
    assert town.case(other).ended_at is not None
    town.lawful()
