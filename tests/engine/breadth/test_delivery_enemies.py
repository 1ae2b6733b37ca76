"""Handing on under attack: stopped between commit and delivery, two workers at once, an answer that comes twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update

from engine.acts import letters, outbox
from engine.acts.envelopes import Delivery, Envelope
from models import Case, Entry, OutgoingMessage
from tests.engine.breadth.test_between_cases import WAITER, sender
from tests.engine.breadth.test_calls import CALLED, begun, caller
from tests.engine.breadth.town import Town, user
from tests.engine.tokens import drawn as d


class Killed(BaseException):
    """The machine stops: nothing that would have come after it happens."""


def told(town: Town, case: int, kind: str) -> int:
    with town.sessions() as session:
        return len(session.scalars(select(Entry.id).where(Entry.book == case, Entry.kind == kind)).all())


def test_stopped_between_commit_and_delivery_nothing_is_lost(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.publish("waiter", *WAITER)
    town.publish("sender", *sender(correlation_x="=a", correlation_y="=b"))
    waits = town.open("waiter", a=1, b=2)
    sends = town.open("sender", a=1, b=2)  # committed; whoever hands it on is killed in the middle
    hand_over = letters.hand_over

    def killed(*given: object, **named: object) -> Delivery:
        hand_over(*given, **named)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(letters, "hand_over", killed)
        with pytest.raises(Killed):
            outbox.deliver_from(town.sessions, {sends}, at=town.at)
    assert (town.waiting(waits), told(town, waits, "MessageReceived")) == ("", 0)
    town.hand_on()
    assert (town.waiting(waits), told(town, waits, "MessageReceived")) == ("n", 1)
    town.lawful()


def test_two_workers_deliver_each_message_once(town: Town) -> None:
    town.publish("waiter", *WAITER)
    town.publish("sender", *sender(correlation_x="=a", correlation_y="=b"))
    pairs = [(town.open("waiter", a=n, b=n), town.open("sender", a=n, b=n)) for n in range(12)]
    together = Barrier(2)

    def work() -> int:
        together.wait()
        return outbox.deliver_due(town.sessions, at=town.at)

    with ThreadPoolExecutor(2) as workers:
        done = sum(one.result() for one in [workers.submit(work) for _ in range(2)])
    done += town.deliver()  # what each left because the other worked on it
    assert done == len(pairs)
    for waits, sends in pairs:
        assert (town.waiting(waits), told(town, waits, "MessageReceived")) == ("n", 1)
        assert told(town, sends, "MessageDelivered") == 1
    town.lawful()


def test_two_workers_begin_each_called_case_once(town: Town) -> None:
    town.publish("called", *CALLED)
    town.publish("caller", *caller())
    callers = [town.open("caller", a=n) for n in range(8)]
    together = Barrier(2)

    def work() -> int:
        together.wait()
        return outbox.deliver_due(town.sessions, at=town.at)

    with ThreadPoolExecutor(2) as workers:
        for one in [workers.submit(work) for _ in range(2)]:
            one.result()
    town.deliver()
    assert [len(town.children(case)) for case in callers] == [1] * len(callers)
    town.lawful()


def test_an_answer_that_comes_twice_moves_its_caller_once(town: Town) -> None:
    town.publish("called", *CALLED)
    case, child = begun(town, *caller("out y b"), a=1)
    town.do(child, "v", y=5)
    town.hand_on()
    (answer,) = town.outbox("answer")
    with town.sessions() as session, session.begin():  # as if its delivery had never been noted
        again = update(OutgoingMessage).where(OutgoingMessage.id == answer.id)
        session.execute(again.values(due_at=town.at, delivered_at=None, delivered_to=None))
    before = town.case(case).revision
    town.hand_on()
    assert (town.waiting(case), told(town, case, "CallAnswered")) == ("n", 1)
    assert town.case(case).revision == before
    assert town.values(case)["b"] == 5


def test_a_message_that_breaks_the_program_does_not_hold_up_the_others(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.publish("waiter", *WAITER)
    town.publish("sender", *sender(correlation_x="=a", correlation_y="=b"))
    bad, good = town.open("waiter", a=1, b=1), town.open("waiter", a=2, b=2)
    town.open("sender", a=1, b=1)
    town.open("sender", a=2, b=2)
    hand_over = letters.hand_over

    def broken(session: object, envelope: Envelope, case: Case, *rest: object, **named: object) -> Delivery:
        if case.id == bad:
            raise ZeroDivisionError
        return hand_over(session, envelope, case, *rest, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(letters, "hand_over", broken)
        town.hand_on()
        assert (town.waiting(bad), town.waiting(good)) == ("", "n")
    town.later(minutes=5)  # the program is mended
    assert town.waiting(bad) == "n"
    town.lawful()


def test_a_case_may_write_to_itself(town: Town) -> None:
    """A message to oneself: sender and receiver are one case, and it is handed on all the same."""
    town.publish(
        "self", d.start(), d.gateway("parallel", "g"), d.catch("c", d.on("message", "m")), user("n"),
        d.throws("t", d.on("message", "m")), d.end(), d.flows("s g c n e", "g t e"),
    )  # fmt: skip
    case = town.open("self")
    town.hand_on()
    assert (town.waiting(case), told(town, case, "MessageReceived")) == ("n", 1)
    town.lawful()
