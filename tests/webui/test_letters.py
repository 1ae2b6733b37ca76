"""Messages not received are seen by age, given to a case, sent anew or dropped; who called whom is on the case page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import cases, definitions, lost_letters, outbox
from engine.acts import story_checks as laws
from engine.reads import case_page, kin, unreceived
from engine.words.errors import NotAllowed, NotValid, OutOfDate
from engine.words.officers import CLOCK
from engine.words.terms import Term
from models import Case, OutgoingMessage, Subscription
from tests.cast import MORNING, Cast
from tests.stores import ON_BOTH
from tests.webui.conftest import Browser, Clock

pytestmark = ON_BOTH

LIBRARY = Path(__file__).parents[1] / "fixtures" / "side_by_side"
Enter = Callable[[str], Browser]


class Street:
    """Road works that call paving, and deliveries of asphalt by the name of the street."""

    def __init__(self, sessions: sessionmaker[Session], cast: Cast) -> None:
        self.sessions, self.cast, self.at = sessions, cast, MORNING
        with sessions() as session, session.begin():
            for process in ("paving", "delivery", "road_works"):
                drawn = (LIBRARY / process / f"{process}.bpmn").read_bytes()
                definitions.publish(session, drawn, {}, note="", by=CLOCK, at=self.at)

    def open(self, process: str, **answers: object) -> int:
        with self.sessions() as session, session.begin():
            return cases.open(session, process, answers, by=self.cast.actor(session, "dispatcher"), at=self.at)

    def deliver(self, **later: float) -> None:
        self.at += timedelta(**later)
        outbox.deliver_due(self.sessions, at=self.at)

    def message(self, name: str) -> OutgoingMessage:
        with self.sessions() as session:
            newest = (
                select(OutgoingMessage)
                .where(OutgoingMessage.name == name)
                .order_by(OutgoingMessage.sent_at.desc(), OutgoingMessage.case_id.desc())
            )
            return session.scalars(newest.limit(1)).one()

    def wait_of(self, case: int) -> str:
        with self.sessions() as session:
            return session.scalars(select(Subscription.id).where(Subscription.case_id == case)).one()

    def tonnes(self, case: int) -> object:
        with self.sessions() as session:
            return session.get_one(Case, case).variables.get("tonnes")

    def lawful(self) -> None:
        with self.sessions() as session:
            assert list(laws.broken_laws(session)) == []


@pytest.fixture
def street(engine: Engine, cast: Cast, sessions: sessionmaker[Session]) -> Street:
    return Street(sessions, cast)


def lost(street: Street) -> tuple[int, int, OutgoingMessage]:
    """Two pavings of one street, and a delivery that could be for either."""
    first, second = (street.open("paving", title=f"坑洼{n}", place="东街") for n in (1, 2))
    street.open("delivery", place="东街", tonnes=12)
    street.deliver()
    message = street.message("asphalt_delivered")
    assert message.dead_why == "several"
    return first, second, message


def test_a_message_for_two_cases_is_given_to_one_by_hand(street: Street, browser: Enter, clock: Clock) -> None:
    _first, second, message = lost(street)
    clock.at = street.at + timedelta(minutes=5)
    dispatcher = browser("dispatcher")
    assert "1 条未送达" in dispatcher.get("/inbox").text
    page = dispatcher.get("/messages").text
    assert ">送达</a>" in page  # as the sender's diagram calls it
    assert "不止一个事项在等" in page
    address = f"/messages/{message.id}"
    page = dispatcher.get(address).text
    assert "<h1>送达" in page
    assert "asphalt_delivered" in page
    assert "坑洼1" in page
    assert "坑洼2" in page
    assert ">12<" in page
    answer = dispatcher.post(f"{address}/match", {"wait": street.wait_of(second), "reason": ""})
    assert answer.status_code == 422
    assert "请写明理由" in answer.text
    assert dispatcher.post(f"{address}/match", {"reason": "送错"}).status_code == 422
    sent = {"wait": street.wait_of(second), "reason": "运单写的是这件"}
    assert dispatcher.post(f"{address}/match", sent).location == "/messages"
    assert "没有未送达的消息" in dispatcher.get("/messages").text
    assert street.tonnes(second) == 12
    assert dispatcher.get(address).status_code == 404
    assert dispatcher.post(f"{address}/drop", {"reason": "不要了"}).status_code == 409
    assert "运单写的是这件" in browser("auditor").get(f"/cases/{message.case_id}").text
    street.lawful()


def test_an_auditor_reads_only_and_others_do_not_come_in(street: Street, browser: Enter, clock: Clock) -> None:
    first, _second, message = lost(street)
    clock.at = street.at
    auditor = browser("auditor")
    page = auditor.get(f"/messages/{message.id}")
    assert page.status_code == 200
    assert "作废这条消息" not in page.text
    sent = {"wait": street.wait_of(first), "reason": "试试"}
    for act in ("match", "resend", "drop"):
        assert auditor.post(f"/messages/{message.id}/{act}", sent).status_code == 403
    assert browser("clerk").get("/messages").status_code == 403


def test_a_dropped_message_is_gone_and_stays_written_down(street: Street, browser: Enter, clock: Clock) -> None:
    _first, _second, message = lost(street)
    clock.at = street.at
    admin = browser("admin")
    admin.get(f"/messages/{message.id}")
    assert admin.post(f"/messages/{message.id}/drop", {"reason": "两处都不需要"}).location == "/messages"
    assert "没有未送达的消息" in admin.get("/messages").text
    assert "已作废" in admin.get(f"/cases/{message.case_id}/letters").text
    with street.sessions() as session, session.begin(), pytest.raises(OutOfDate):
        lost_letters.resend(session, message.id, "再试", by=street.cast.actor(session, "admin"), at=street.at)
    street.deliver(hours=9)
    assert street.message("asphalt_delivered").delivered_at is None
    street.lawful()


def test_sent_anew_it_reaches_the_one_that_still_waits(street: Street, browser: Enter, clock: Clock) -> None:
    first, second, message = lost(street)
    wait = street.wait_of(first)
    with street.sessions() as session, session.begin():
        actor = street.cast.actor(session, "admin")
        lost_letters.match(session, message.id, wait, "先给第一件", by=actor, at=street.at)
    street.open("delivery", place="西街", tonnes=3)
    third = street.open("paving", title="坑洼3", place="西街")
    waiting = street.message("asphalt_delivered")
    clock.at = street.at
    admin = browser("admin")
    assert "即将投递" in admin.get("/messages").text
    assert admin.post(f"/messages/{waiting.id}/resend", {"reason": "已有人等"}).status_code == 302
    assert (street.tonnes(third), street.tonnes(second)) == (3, None)  # handed on behind the act itself
    street.lawful()


def test_every_message_is_in_just_one_group_of_age(street: Street) -> None:
    for hours in (0, 0.99, 0.01, 22, 1, 47, 1, 500):
        street.at += timedelta(hours=hours)
        street.open("delivery", place=f"{hours}街", tonnes=1)
    with street.sessions() as session:
        actor = street.cast.actor(session, "auditor")
        counted = unreceived.counts(session, actor, at=street.at)
        listed = unreceived.listed(session, actor, at=street.at)
        assert sum(counted.values()) == unreceived.count(session, actor) == len(listed) == 8
        for age, number in counted.items():
            found = unreceived.listed(session, actor, at=street.at, age=age)
            assert len(found) == number
            assert {one.age for one in found} <= {age}
        assert [one.sent_at for one in listed] == sorted(one.sent_at for one in listed)


def test_only_a_message_of_that_name_and_only_for_those_who_may(street: Street) -> None:
    first, _second, message = lost(street)
    call, wait = street.open("road_works", title="整治", place="北街"), street.wait_of(first)
    with street.sessions() as session, session.begin():
        admin, clerk = street.cast.actor(session, "admin"), street.cast.actor(session, "clerk")
        (asked,) = unreceived.listed(session, admin, at=street.at)[1:]
        assert (asked.kind, asked.case) == ("call", call)
        with pytest.raises(NotAllowed):
            lost_letters.match(session, message.id, wait, "不该我办", by=clerk, at=street.at)
        for wrong in (lost_letters.drop, lost_letters.resend):
            with pytest.raises(NotAllowed):
                wrong(session, message.id, "不该我办", by=clerk, at=street.at)
        with pytest.raises(NotValid):
            lost_letters.match(session, asked.id, wait, "这是调用", by=admin, at=street.at)
        with pytest.raises(NotValid):
            lost_letters.drop(session, asked.id, "这是调用", by=admin, at=street.at)
        with pytest.raises(OutOfDate):
            lost_letters.match(session, message.id, f"{first}-999", "没有这个等待", by=admin, at=street.at)


def test_who_called_whom_is_on_both_pages_and_on_the_diagram(street: Street, browser: Enter, clock: Clock) -> None:
    case = street.open("road_works", title="东街整治", place="东街")
    street.deliver()
    clock.at = street.at
    admin = browser("admin")
    number = f"{case // 1_000_000}-{case % 1_000_000:06d}"
    child = f"{case // 1_000_000}-{case % 1_000_000 + 1:06d}"
    assert f"/cases/{child}" in admin.get(f"/cases/{number}").text
    assert f"/cases/{number}" in admin.get(f"/cases/{child}").text
    position = admin.get(f"/cases/{number}/position.json").json
    assert position["tokens"] == ["pave_road"]
    assert position["called"] == {"pave_road": [{"number": child, "url": f"/cases/{child}"}]}
    listed = admin.get(f"/ledger?parent={number}").text
    assert f"/cases/{child}" in listed
    assert f'href="/cases/{number}"' not in listed
    told = admin.get(f"/ledger/export.csv?parent={number}").text.splitlines()
    assert (len(told), told[0].endswith("上级事项"), told[1].endswith(number)) == (2, True, True)
    page = admin.get(f"/cases/{number}/letters").text
    assert "发起下级事项" in page
    assert "下级事项" in page
    assert "上级事项" in admin.get(f"/cases/{child}/letters").text


def test_slips_of_sender_and_receiver(street: Street) -> None:
    paving = street.open("paving", title="坑洼", place="东街")
    delivery = street.open("delivery", place="东街", tonnes=2)
    street.deliver(minutes=1)
    with street.sessions() as session:
        actor = street.cast.actor(session, "auditor")
        (sent,) = kin.slips(session, case_page.find(session, delivery, actor=actor), actor)
        (got,) = kin.slips(session, case_page.find(session, paving, actor=actor), actor)
    assert (sent.sent, sent.fate, sent.other, sent.received_at) == (True, "received", paving, street.at)
    assert (got.sent, got.other, got.received_at) == (False, delivery, street.at)
    assert (sent.name, got.name) == (Term("送达", "Arrived"), Term("沥青送到", "Asphalt delivered"))
