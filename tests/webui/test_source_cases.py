"""Sources list the cases their officer may see: filtered, page by page, and nothing that is personal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions
from engine.words.officers import CLOCK
from models import Case
from tests.cast import Cast
from tests.conftest import files_of
from tests.stores import ON_BOTH
from tests.webui.conftest import Clock
from tests.webui.test_source_api import VARIABLES, Source, source

pytestmark = ON_BOTH
__all__ = ["source"]
LIST = "/api/v1/cases"


@pytest.fixture
def cast(published: Cast) -> Cast:
    return published


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [one["case"] for one in answer.json["cases"]]


def test_page_by_page_each_case_comes_once_with_the_same_filters(source: Callable[..., Source], clock: Clock) -> None:
    camera, raised = source(), []
    for number in range(7):
        clock.at += timedelta(hours=12)
        title = f"甲桥 {number}" if number % 2 else f"乙桥 {number}"
        answer = camera.post("/cases", definition="issue_loop", variables={**VARIABLES, "title": title})
        raised.append(answer.json["case"])
    got, href = [], f"{LIST}?limit=3&status=open&definition=issue_loop"
    for _ in range(3):
        answer = camera.get(href)
        got += numbers(answer)
        href = answer.json["next"]
    assert href is None
    assert got == raised[::-1]
    assert numbers(camera.get(f"{LIST}?text=甲桥&limit=2")) == [raised[5], raised[3]]
    assert numbers(camera.get(f"{LIST}?after={raised[2]}")) == [raised[1], raised[0]]
    days = {one["case"]: one["opened_at"][:10] for one in camera.get(LIST).json["cases"]}
    assert 1 < len(numbers(camera.get(f"{LIST}?since=2026-03-11&until=2026-03-12"))) < len(days) == 7
    assert numbers(camera.get(f"{LIST}?since=2026-03-20")) == []
    assert numbers(camera.get(f"{LIST}?status=ended")) == []
    assert numbers(camera.get(f"{LIST}?status=stopped")) == []
    assert numbers(camera.get(f"{LIST}?stage=registered&stage=other")) == raised[::-1]
    assert numbers(camera.get(f"{LIST}?stage=other")) == []
    assert numbers(camera.get(f"{LIST}?unit=HARBOUR")) == []
    (first,) = camera.get(f"{LIST}?after={raised[1]}").json["cases"]
    assert (first["title"], first["status"], first["stage"], first["round"]) == ("乙桥 0", "open", "registered", 1)
    assert first["href"] == f"{LIST}/{raised[0]}"
    assert (first["overdue"], first["ended_at"], first["outcome"]) == (False, None, None)
    clock.at += timedelta(days=30)
    late = camera.get(f"{LIST}?overdue=true").json["cases"]
    assert all(one["overdue"] and one["due_at"] for one in late)
    assert [one["case"] for one in late] == [one["case"] for one in camera.get(LIST).json["cases"] if one["overdue"]]


def test_each_source_sees_what_its_officer_may_see(source: Callable[..., Source], app: Flask) -> None:
    raised = source().post("/cases", definition="issue_loop", variables=VARIABLES).json["case"]
    assert numbers(source("auditor").get(LIST)) == [raised]
    assert numbers(source("liaison").get(LIST)) == [raised]
    assert numbers(source("health_clerk").get(LIST)) == []
    assert app.test_client().get(LIST).status_code == 401


def test_who_a_reporter_is_is_in_no_list(
    source: Callable[..., Source], sessions: sessionmaker[Session], clock: Clock
) -> None:
    with sessions() as session, session.begin():
        definitions.publish(session, *files_of("tip_off"), note="线索", by=CLOCK, at=clock.at)
    hotline = source("liaison", "tip_reported")
    tip = {"title": "夜间聚集", "description": "连续三晚。", "place": "码头", "anonymous": False,
           "reporter": "王小明", "contact": "13800001234"}  # fmt: skip
    begun = hotline.post("/messages", name="tip_reported", correlation="h", payload=tip).json
    listed = hotline.get(f"{LIST}?definition=tip_off")
    assert numbers(listed) == [begun["case"]]
    for secret in ("王小明", "13800001234"):
        assert secret not in listed.get_data(as_text=True)
        assert numbers(hotline.get(f"{LIST}?text={secret}")) == []
    with sessions() as session:
        assert session.get_one(Case, int(begun["case"].replace("-", ""))).process_id == "tip_off"


def test_what_is_asked_wrongly_is_told_by_name(source: Callable[..., Source]) -> None:
    camera = source()
    for asked, field in (
        ("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("limit=1e2", "limit"),
        ("after=1", "after"), ("after=9999-999999", "after"), ("parent=x", "parent"), ("nonsense=1", "nonsense"),
        ("after=2026-1;drop", "after"), ("status=all", "status"), ("overdue=maybe", "overdue"),
        ("since=gestern", "since"),
        ("until=2026-02-30", "until"), ("unit=NOWHERE", "unit"),
        ("text=" + "x" * 101, "text"), ("text=%00", "text"), ("status=open&status=ended", "status"),
        ("&".join(f"stage=s{n}" for n in range(21)), "stage"), ("limit=%D9%A3", "limit"),
    ):  # fmt: skip
        answer = camera.get(f"{LIST}?{asked}")
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), asked
        assert [fault["field"] for fault in answer.json["faults"]] == [field], asked
    both = camera.get(f"{LIST}?limit=0&more=1")
    assert {fault["field"] for fault in both.json["faults"]} == {"limit", "more"}
    assert numbers(camera.get(f"{LIST}?text=%25&after=2147-483647")) == []
