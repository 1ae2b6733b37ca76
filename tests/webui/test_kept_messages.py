"""A message from outside that nobody waits for is kept: shown by age, handed on in its time, matched, dropped."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, lost_letters, outbox, sources, worker_keys
from engine.record import chain, seals
from engine.words.officers import CLOCK
from models import Case, Entry, OutgoingMessage, Subscription
from tests.cast import Cast
from tests.conftest import files_of
from tests.engine.breadth.town import ANYTHING, Town, properties, user
from tests.engine.tokens import drawn as d
from tests.stores import ON_BOTH
from tests.webui.conftest import Browser, Clock
from tests.webui.test_source_api import Source

pytestmark = ON_BOTH
Enter = Callable[[str], Browser]
KEY = ANYTHING.format('<camunda:formField id="key" type="string"/>')
LEVEL = (
    '<extensionElements><camunda:formData><camunda:formField id="level" label="水位" type="long"/>'
    "</camunda:formData><camunda:properties>{}</camunda:properties></extensionElements>"
)


def told_by_form(**told: str) -> str:
    return LEVEL.format("".join(f'<camunda:property name="{name}" value="{text}"/>' for name, text in told.items()))


class Post(Town):
    """A town where cases wait for the message m: with any payload ("waits"), or by a form ("asks")."""

    def __init__(self, engine: Engine, cast: Cast, app: Flask, clock: Clock) -> None:
        super().__init__(engine, cast)
        self.app, self.clock = app, clock
        wait = d.catch("c", properties(d.on("message", "m"), correlation="=key"))
        self.publish("waits", d.start("s", KEY), wait, user("n"), d.end(), d.flows("s c n e"))
        asks = d.catch("c", told_by_form(correlation="=key") + d.on("message", "m"))
        self.publish("asks", d.start("s", KEY), asks, user("n"), d.end(), d.flows("s c n e"))

    def source(self, officer: str = "clerk", *messages: str) -> Source:
        with self.sessions() as session, session.begin():
            token = worker_keys.make_token(
                session, "水位计", [], by=CLOCK, at=self.at, officer=officer, messages=messages or ("m",)
            )
        return Source(self.app, token)

    def later(self, **time: float) -> int:
        done = super().later(**time)
        self.clock.at = self.at
        return done

    def wait_of(self, case: int) -> str:
        with self.sessions() as session:
            return session.scalars(select(Subscription.id).where(Subscription.case_id == case)).one()

    def kept(self) -> list[OutgoingMessage]:
        return [one for one in self.outbox("message") if one.case_id is None]

    def told(self, book: int) -> list[str]:
        with self.sessions() as session:
            return list(session.scalars(select(Entry.kind).where(Entry.book == book).order_by(Entry.seq)))


@pytest.fixture
def post(engine: Engine, cast: Cast, app: Flask, clock: Clock) -> Post:
    return Post(engine, cast, app, clock)


def keep(source: Source, key: str = "x", **payload: Any) -> Any:
    answer = source.post("/messages", name="m", correlation=key, payload=payload)
    assert (answer.status_code, answer.json["state"]) == (202, "kept"), answer.json
    return answer.json


def test_it_is_kept_once_with_who_when_and_what_and_reaches_the_case_that_comes_to_wait(
    post: Post, browser: Enter, cast: Cast
) -> None:
    device = post.source()
    first = device.post("/messages", "a", name="m", correlation="x", payload={"level": 5, "place": {"name": "东闸"}})
    assert (first.status_code, first.json["state"], first.json["why"]) == (202, "kept", "nobody")
    assert "留存" in first.json["zh"]
    assert "kept" in first.json["en"]
    again = device.post("/messages", "a", name="m", correlation="x", payload={"level": 5, "place": {"name": "东闸"}})
    assert (again.status_code, again.json, again.headers["Idempotent-Replayed"]) == (202, first.json, "true")
    (kept,) = post.kept()
    assert (kept.id, kept.name, kept.correlation) == (first.json["id"], "m", "x")
    assert (kept.officer_id, kept.unit_id) == (cast.people["clerk"], cast.units["HARBOUR"])
    assert kept.sent_at == post.at
    assert post.told(chain.POST) == ["MessageKept"]
    post.lawful()
    assert post.later(minutes=1) == 0  # tried, and nobody waits
    shown = browser("dispatcher").get(f"/messages/{kept.id}").text
    for words in ("水位计", "港口街道", ">水位<", ">5<", "东闸", "没有事项在等", "试投 1 次"):
        assert words in shown, words
    state = device.get(first.json["href"]).json
    assert (state["state"], state["case"], state["at"]) == ("kept", None, None)

    case = post.open("waits", key="x")
    other = post.open("waits", key="y")
    post.later(minutes=10)
    assert (post.waiting(case), post.waiting(other)) == ("n", "")
    assert (post.values(case)["level"], post.values(case)["place"]) == (5, {"name": "东闸"})
    assert post.told(chain.POST) == ["MessageKept", "MessageDelivered", "ContentErased"]
    assert [(one.delivered_to, one.content, one.salt) for one in post.kept()] == [(case, None, None)]
    state = device.get(first.json["href"]).json
    assert (state["state"], state["case"]) == ("delivered", Case(id=case).number)
    assert "没有未送达的消息" in browser("dispatcher").get("/messages").text
    assert "外部 · 水位计" in browser("auditor").get(f"/cases/{Case(id=case).number}/letters").text
    post.lawful()


def test_it_stands_among_the_others_by_age_until_somebody_sees_to_it(post: Post, browser: Enter) -> None:
    keep(post.source(), level=5)
    dispatcher = browser("dispatcher")
    assert "1 条未送达" in dispatcher.get("/inbox").text
    for past, age in ((0, "hour"), (2, "day"), (30, "days"), (48, "older")):
        post.later(hours=past)
        page = dispatcher.get(f"/messages?age={age}").text
        assert "水位计" in page, age
        assert '<span class="badge-soft">外部</span>' in page
    for _ in range(12):
        post.later(days=2)
    (kept,) = post.kept()
    assert (kept.dead_why, kept.due_at) == ("nobody", None)  # no longer tried, and still there
    assert "水位计" in dispatcher.get("/messages").text
    dispatcher.client.set_cookie("language", "en")
    page = dispatcher.get(f"/messages/{kept.id}").text
    assert "From outside" in page
    assert "No longer tried by itself" in page
    post.lawful()


def test_it_is_matched_by_hand_with_a_reason_by_those_who_may(post: Post, browser: Enter) -> None:
    kept = keep(post.source(), "写错的键", level=7)
    case = post.open("waits", key="x")
    address, sent = f"/messages/{kept['id']}", {"wait": post.wait_of(case), "reason": "键写错了一位"}
    for login, code in (("clerk", 403), ("auditor", 403)):
        officer = browser(login)
        officer.get("/inbox")
        assert officer.post(f"{address}/match", sent).status_code == code
    assert browser("auditor").get(address).status_code == 200
    dispatcher = browser("dispatcher")
    assert Case(id=case).number in dispatcher.get(address).text
    assert dispatcher.post(f"{address}/match", {**sent, "reason": ""}).status_code == 422
    assert dispatcher.post(f"{address}/match", {"reason": "没有选"}).status_code == 422
    assert post.told(chain.POST) == ["MessageKept"]
    assert dispatcher.post(f"{address}/match", sent).location == "/messages"
    assert (post.waiting(case), post.values(case)["level"]) == ("n", 7)
    assert post.told(chain.POST) == ["MessageKept", "MessageMatched", "MessageDelivered", "ContentErased"]
    assert dispatcher.get(address).status_code == 404
    for act in ("drop", "resend", "match"):
        assert dispatcher.post(f"{address}/{act}", sent).status_code == 409
    page = browser("auditor").get("/audit?book=1").text
    assert "键写错了一位" in page
    assert "“水位计”送来消息「m」" in page
    post.lawful()


def test_by_hand_or_by_the_worker_it_has_to_fit_the_form_of_whoever_waits(post: Post, browser: Enter) -> None:
    device, dispatcher = post.source(), browser("dispatcher")
    wrong, right = keep(device, level="很高"), keep(device, "y", level=3)
    case = post.open("asks", key="x")
    post.later(minutes=5)
    (kept,) = [one for one in post.kept() if one.id == wrong["id"]]
    assert (kept.dead_why, kept.delivered_at) == ("unfit", None)
    page = dispatcher.get(f"/messages/{kept.id}").text
    assert "内容不合接收方的表单" in page
    refused = dispatcher.post(f"/messages/{kept.id}/match", {"wait": post.wait_of(case), "reason": "试一试"})
    assert refused.status_code == 422
    assert "水位" in refused.text
    assert post.waiting(case) == ""
    assert device.get(wrong["href"]).json["state"] == "aside"
    sent = {"wait": post.wait_of(case), "reason": "这一条才对"}
    dispatcher.get(f"/messages/{right['id']}")
    assert dispatcher.post(f"/messages/{right['id']}/match", sent).status_code == 302
    assert post.values(case)["level"] == 3
    post.lawful()


def test_what_is_dropped_says_why_and_what_it_said_is_deleted_in_the_end(
    post: Post, browser: Enter, sessions: sessionmaker[Session]
) -> None:
    device, admin = post.source(), browser("admin")
    kept = keep(device, note="闸口王大爷说的")
    admin.get(f"/messages/{kept['id']}")
    assert admin.post(f"/messages/{kept['id']}/drop", {"reason": ""}).status_code == 422
    assert admin.post(f"/messages/{kept['id']}/drop", {"reason": "试机时误发"}).location == "/messages"
    assert device.get(kept["href"]).json["state"] == "dropped"
    page = admin.get("/messages").text
    assert "没有未送达的消息" in page
    assert "外部送来已作废 1" in page
    assert "水位计" in admin.get("/messages?age=dropped").text
    page = admin.get(f"/messages/{kept['id']}").text
    assert "闸口王大爷说的" in page
    assert "重新投递" not in page
    assert admin.post(f"/messages/{kept['id']}/resend", {"reason": "再试"}).status_code == 409
    post.open("waits", key="x")
    post.later(days=1)
    assert post.told(chain.POST) == ["MessageKept", "MessageDropped"]
    assert lost_letters.erase_due(sessions, at=post.at + timedelta(days=178)) == 0
    assert lost_letters.erase_due(sessions, at=post.at + timedelta(days=180)) == 1
    assert lost_letters.erase_due(sessions, at=post.at + timedelta(days=400)) == 0
    (row,) = post.kept()
    assert (row.content, row.salt, row.dead_why) == (None, None, "dropped")
    assert admin.get(f"/messages/{kept['id']}").status_code == 404
    assert "试机时误发" in admin.get("/audit?book=1").text
    post.lawful()


def test_sent_off_anew_it_is_tried_at_once(post: Post, browser: Enter) -> None:
    kept = keep(post.source(), level=5)
    for _ in range(12):
        post.later(days=2)
    assert post.kept()[0].dead_why == "nobody"
    case = post.open("waits", key="x")
    admin = browser("admin")
    admin.get(f"/messages/{kept['id']}")
    assert admin.post(f"/messages/{kept['id']}/resend", {"reason": "现在有了"}).location == "/messages"
    post.hand_on()
    assert post.waiting(case) == "n"
    post.lawful()


def test_for_two_cases_it_is_refused_with_both_numbers_and_not_kept(post: Post) -> None:
    both = [post.open("waits", key="x") for _ in range(2)]
    refused = post.source().post("/messages", "a", name="m", correlation="x", payload={"level": 1})
    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")
    for case in both:
        assert Case(id=case).number in refused.json["zh"]
        assert Case(id=case).number in refused.json["en"]
    assert post.outbox() == []
    assert post.told(chain.POST) == []


def test_kept_for_one_and_then_waited_for_by_two_it_is_for_a_person(post: Post, browser: Enter) -> None:
    kept = keep(post.source(), level=4)
    both = [post.open("waits", key="x") for _ in range(2)]
    post.later(minutes=5)
    assert post.kept()[0].dead_why == "several"
    dispatcher = browser("dispatcher")
    dispatcher.get(f"/messages/{kept['id']}")
    sent = {"wait": post.wait_of(both[1]), "reason": "送的是第二件"}
    assert dispatcher.post(f"/messages/{kept['id']}/match", sent).status_code == 302
    assert (post.waiting(both[0]), post.waiting(both[1])) == ("", "n")
    post.lawful()


def test_while_the_case_that_waits_is_stuck_it_is_kept(post: Post, browser: Enter) -> None:
    wait = d.catch("c", properties(d.on("message", "m"), correlation="=key"))
    ways = d.flow("x", "a", "=key = 1", id="f")
    post.publish(
        "torn", d.start("s", KEY), d.gateway("parallel", "p"), wait, user("u"), d.gateway("exclusive", "x"), d.end("a"),
        d.end("b"), d.flows("s p c b", "p u x"), ways,
    )  # fmt: skip
    case = post.open("torn", key="x")
    post.do(case, "u")
    assert post.case(case).stuck_at is not None
    kept = post.source().post("/messages", name="m", correlation="x", payload={"level": 2})
    assert (kept.status_code, kept.json["why"]) == (202, "stuck")
    post.later(minutes=5)
    page = browser("admin").get("/messages").text
    assert "等待的事项停住了" in page
    assert Case(id=case).number in page
    post.lawful()


def test_a_process_that_comes_to_begin_with_it_begins(post: Post, cast: Cast) -> None:
    device = post.source("clerk", "fire")
    kept = device.post("/messages", name="fire", correlation="f1", payload={"place": "码头"})
    assert kept.status_code == 202
    post.publish("fires", d.start("ms", d.on("message", "fire")), user("v"), d.end(), d.flows("ms v e"))
    post.later(minutes=5)
    (case,) = post.cases("fires")
    assert (post.waiting(case), post.values(case)["place"]) == ("v", "码头")
    assert post.case(case).raiser_unit_id == cast.units["HARBOUR"]
    post.lawful()


def test_two_workers_hand_each_on_once(post: Post) -> None:
    device = post.source()
    for number in range(8):
        keep(device, f"k{number}", level=number)
    cases = [post.open("waits", key=f"k{number}") for number in range(8)]
    post.at += timedelta(minutes=1)
    together = Barrier(2)

    def work() -> int:
        together.wait()
        return outbox.deliver_due(post.sessions, at=post.at)

    with ThreadPoolExecutor(2) as workers:
        done = sum(one.result() for one in [workers.submit(work) for _ in range(2)])
    done += post.deliver()
    assert done == len(cases)
    assert [post.values(case)["level"] for case in cases] == list(range(8))
    assert sorted(post.told(chain.POST)) == sorted(["MessageKept", "MessageDelivered", "ContentErased"] * 8)
    post.lawful()


def test_two_programs_bring_the_first_messages_at_once(post: Post) -> None:
    devices = [post.source() for _ in range(4)]
    together = Barrier(4)

    def bring(number: int) -> str:
        together.wait()
        id: str = keep(devices[number], f"k{number}", level=number)["id"]
        return id

    with ThreadPoolExecutor(4) as programs:
        ids = {one.result() for one in [programs.submit(bring, number) for number in range(4)]}
    assert len(ids) == 4
    post.lawful()


def test_one_program_cannot_bury_the_others(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_KEPT", 3)
    mad, other = post.source(), post.source()
    for number in range(3):
        keep(mad, f"k{number}")
    full = mad.post("/messages", name="m", correlation="k4", payload={})
    assert (full.status_code, "3" in full.json["zh"]) == (409, True)
    keep(other)
    assert len(post.kept()) == 4


@pytest.mark.parametrize(
    "payload",
    [
        {"level": {"personal": "1-a", "digest": "x"}}, {"$moment": "x"}, {"a": "\0"}, {"a b": 1}, {"a": "\x1b[31m"},
        {"a": [[[[[[{"b": {"c": {"d": 1}}}]]]]]]}, {"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}, [], 5, "text",
    ],
)  # fmt: skip
def test_hostile_payloads_are_not_kept(post: Post, payload: Any) -> None:
    device = post.source()
    assert device.post("/messages", name="m", correlation="x", payload=payload).status_code == 422
    assert post.outbox() == []


def test_hostile_bodies_are_not_kept_and_odd_ones_are_shown_as_text(post: Post, browser: Enter) -> None:
    device = post.source()
    for body in (b'{"name": "m", "payload": {"a": NaN}}', b'{"name": 5}', b'{"name": ""}', b'{"name": "m", "more": 1}',
                 b'{"name": "m", "payload": {"a": "' + b"y" * 1024 * 1024 + b'"}}',
                 b'{"name": "m", "payload": "\\ud800"}',
                 b'{"name": "m", "correlation": {"a": {"personal": "1", "digest": "2"}}}'):  # fmt: skip
        assert device.send(body, "/messages").status_code in {422, 413}, body[:40]
    assert device.post("/messages", name="other").status_code == 403
    assert post.outbox() == []
    odd = keep(device, "<b>k</b>" * 60, text="<script>alert(1)</script>", none=None, many=[1, "二", {"x": True}],
               large=12345678901234567890, long="长" * 5000)  # fmt: skip
    page = browser("admin").get(f"/messages/{odd['id']}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert browser("admin").get("/messages").status_code == 200
    for other in ("1-999", "1-x", "0-1", "nothing", "1-1'--"):
        assert device.get(f"/api/v1/messages/{other}").status_code == 404
    assert post.source("head").get(odd["href"]).status_code == 404  # another officer's
    post.lawful()


def test_who_the_reporter_is_stands_in_no_entry_and_is_masked_on_the_page(
    post: Post, browser: Enter, clock: Clock
) -> None:
    with post.sessions() as session, session.begin():
        definitions.publish(session, *files_of("tip_off"), note="线索", by=CLOCK, at=clock.at)
    hotline = post.source("liaison", "tip_reported")
    tip = {"title": "夜间聚集", "description": "连续三晚。", "place": "码头", "anonymous": False,
           "reporter": "王小明", "contact": "13800001234"}  # fmt: skip
    assert hotline.post("/messages", name="tip_reported", correlation="h", payload=tip).status_code == 201
    open_already = hotline.post("/messages", name="tip_reported", correlation="h", payload=tip)
    assert (open_already.status_code, open_already.json["why"]) == (202, "open")
    page = browser("dispatcher").get(f"/messages/{open_already.json['id']}").text
    assert "夜间聚集" in page
    assert "王＊" in page
    for secret in ("王小明", "13800001234"):
        assert secret not in page
        assert secret not in browser("auditor").get("/audit?book=1").text
        with post.sessions() as session:
            assert not [body for body in session.scalars(select(Entry.body)) if body and secret in body]
    post.later(minutes=1)
    assert post.kept()[0].dead_why == "open"
    post.lawful()


@pytest.mark.parametrize(
    "change",
    [{"content": '{"level":9}'}, {"salt": "0" * 32}, {"content": None, "salt": None}, {"correlation": "z"},
     {"officer_id": None}, {"name": "n"}],
)  # fmt: skip
def test_whoever_changes_it_is_found_out(post: Post, change: dict[str, Any]) -> None:
    keep(post.source(), level=5)
    post.lawful()
    with post.sessions() as session, session.begin():
        session.execute(update(OutgoingMessage).values(**change))
    with pytest.raises(AssertionError):
        post.lawful()


def test_the_book_of_the_post_is_sealed_as_well(post: Post, browser: Enter) -> None:
    keep(post.source(), level=5)
    with post.sessions() as session, session.begin():
        assert seals.seal(session, at=post.at) == 1
        assert seals.seal(session, at=post.at + timedelta(hours=1)) == 0
    page = browser("auditor").get("/audit/verification?now=1&book=1").text
    assert "记录链完好" in page
    with post.sessions() as session, session.begin():
        session.execute(update(Entry).where(Entry.book == chain.POST).values(body="{}"))
    page = browser("auditor").get("/audit/verification?now=1").text
    assert re.search(r'href="/audit\?book=1">收发<', page)
