"""Sources outside at their door: a hotline or a device raises issues and brings messages, by the rules of the form."""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, worker_keys
from engine.words.officers import CLOCK
from models import Case, Entry, Evidence, Officer, OutgoingMessage, PersonalValue, WorkerToken
from tests.cast import Cast
from tests.conftest import files_of
from tests.engine.breadth.town import ANYTHING, Town, properties
from tests.engine.tokens import drawn as d
from tests.stores import ON_BOTH
from tests.walk import ISSUE
from tests.webui.conftest import Browser, Clock
from tests.webui.test_twenty_issues import photo
from webui.outside_help import SOURCE

pytestmark = ON_BOTH
Enter = Callable[[str], Browser]
VARIABLES = {name: value for name, value in ISSUE.items() if name not in {"photos_before", "source_level"}}
VARIABLES |= {"source": "video", "severity": "minor", "source_paragraph": "卡口十分钟无人。"}


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


class Source:
    def __init__(self, app: Flask, token: str) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, key: str = "", **told: Any) -> Any:
        headers = {**self.headers, "Idempotency-Key": key} if key else self.headers
        return self.client.post(f"/api/v1{path}", json=told, headers=headers)

    def send(self, body: str | bytes, path: str = "/cases") -> Any:
        return self.client.post(f"/api/v1{path}", data=body, headers=self.headers, content_type="application/json")

    def upload(self, *files: Any, key: str = "") -> Any:
        headers = {**self.headers, "Idempotency-Key": key} if key else self.headers
        return self.client.post("/api/v1/evidence", data={"file": list(files)}, headers=headers)

    def get(self, href: str) -> Any:
        return self.client.get(href, headers=self.headers)


@pytest.fixture
def source(app: Flask, sessions: sessionmaker[Session], clock: Clock) -> Callable[..., Source]:
    def made(officer: str = "expert", *messages: str) -> Source:
        with sessions() as session, session.begin():
            token = worker_keys.make_token(
                session, "cameras", [], by=CLOCK, at=clock.at, officer=officer, messages=messages
            )
        return Source(app, token)

    return made


def count(sessions: sessionmaker[Session], model: Any = Case) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_issue_is_raised_once_with_a_photo_and_waits_for_the_liaison(
    source: Callable[..., Source], sessions: sessionmaker[Session], browser: Enter, cast: Cast
) -> None:
    camera = source()
    kept = camera.upload(photo(), key="p1")
    assert (kept.status_code, kept.json["media"]) == (201, "image/jpeg")
    assert camera.upload(photo(), key="p1").json == kept.json
    variables = {**VARIABLES, "photos_before": [kept.json["reference"]]}
    first = camera.post("/cases", "k1", definition="issue_loop", variables=variables)
    assert first.status_code == 201, first.json
    again = camera.post("/cases", "k1", definition="issue_loop", variables=variables)
    assert (again.status_code, again.json, again.headers["Idempotent-Replayed"]) == (201, first.json, "true")
    assert count(sessions) == 1
    other = camera.post("/cases", "k1", definition="issue_loop", variables={**variables, "title": "另一件"})
    assert (other.status_code, other.json["faults"][0]["field"]) == (422, "Idempotency-Key")
    assert count(sessions) == 1

    number = first.json["case"]
    assert number in browser("liaison").get("/inbox").text
    told = camera.get(first.json["href"]).json
    assert (told["case"], told["status"], told["stage"], told["round"]) == (number, "open", "registered", 1)
    assert told["outcome"] is None
    assert all(one["due_at"] for one in told["deadlines"])
    with sessions() as session:
        case = session.scalars(select(Case)).one()
        assert (case.opened_by, case.raiser_unit_id) == (cast.people["expert"], cast.units["EXPERTS"])
        assert case.variables["photos_before"][0]["name"] == "整改后.jpg"
        assert case.variables["found_at"] == {"$day": "2026-03-10"}  # left out: the form's own default


def test_what_is_wrong_is_named_and_may_be_corrected_under_the_same_key(
    source: Callable[..., Source], sessions: sessionmaker[Session], browser: Enter
) -> None:
    camera = source()

    def refused(**variables: Any) -> list[str]:
        answer = camera.post("/cases", "k", definition="issue_loop", variables=variables)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
        return [fault["field"] for fault in answer.json["faults"]]

    assert "title" in refused(**{**VARIABLES, "title": ""})
    assert refused(**VARIABLES, nonsense=1) == ["nonsense"]
    assert refused(**{**VARIABLES, "title": {"a": [[["deep"]]]}}) == ["title"]
    assert refused(**{**VARIABLES, "category": "no such"}) == ["category"]
    assert refused(**{**VARIABLES, "suggested_unit": "NOWHERE"}) == ["suggested_unit"]
    for forged in ("a" * 64, {"sha": "a" * 64, "name": "x.jpg"}, 7, ["bad"]):
        assert refused(**VARIABLES, photos_before=forged) == ["photos_before"]
    assert refused(**{**VARIABLES, "on_spot": [True]}) == ["on_spot"]
    assert count(sessions) == 0
    corrected = camera.post("/cases", "k", definition="issue_loop", variables=VARIABLES)
    assert corrected.status_code == 201
    assert camera.post("/cases", definition="nowhere", variables={}).status_code == 404
    assert camera.post("/cases", definition="issue_loop", more=1).json["faults"][0]["field"] == "more"
    assert camera.post("/cases", variables={}).json["faults"][0]["field"] == "definition"
    assert camera.post("/cases", "x" * 201, definition="issue_loop", variables=VARIABLES).status_code == 422
    assert camera.post("/nothing").status_code == 404


def test_a_reference_is_good_only_for_whom_it_was_given(source: Callable[..., Source]) -> None:
    reference = source("liaison").upload(photo()).json["reference"]
    stolen = source("expert").post(
        "/cases", definition="issue_loop", variables={**VARIABLES, "photos_before": [reference]}
    )
    assert stolen.json["faults"][0]["field"] == "photos_before"


def test_uploads_are_refused_as_on_the_pages(source: Callable[..., Source], sessions: sessionmaker[Session]) -> None:
    camera = source()
    for files in ((), (photo(), photo()), ((io.BytesIO(b""), "empty.jpg"),), ((io.BytesIO(b"MZ\x90"), "a.exe"),)):
        assert camera.upload(*files).status_code == 422
    assert camera.upload((io.BytesIO(b"\0" * (20 * 1024 * 1024 + 1)), "large.jpg")).status_code == 422
    assert count(sessions, Evidence) == 0


def test_hostile_bodies_are_refused(source: Callable[..., Source], sessions: sessionmaker[Session]) -> None:
    camera = source("expert", "tip_reported")
    for body in ("no json", "[]", "null", b"\xff\xfe", "[" * 100_000, '{"a":' * 100_000, '{"definition": NaN}',
                 b'{"definition": "\\ud800"}', '{"definition": "issue_loop", "variables": []}',
                 '{"definition": {"$ne": 1}}', '{"definition": "issue_loop", "variables": {"title": "\\u0000"}}',
                 '{"definition": "a\\u0000b"}'):  # fmt: skip
        answer = camera.send(body)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), body[:40]
    assert camera.send(b'{"x": "' + b"y" * 1024 * 1024 + b'"}').status_code == 422
    assert count(sessions) == 0


def test_who_may_not_is_told(
    source: Callable[..., Source], sessions: sessionmaker[Session], app: Flask, clock: Clock
) -> None:
    nobody = Source(app, "bihuan_of_nobody").post("/cases", definition="issue_loop", variables=VARIABLES)
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert app.test_client().get("/api/v1/cases/2026-000001").status_code == 401
    assert app.test_client().post("/api/v1/evidence").status_code == 401
    with sessions() as session, session.begin():
        worker = Source(app, worker_keys.make_token(session, "permits", ["ask"], by=CLOCK, at=clock.at))
    assert worker.post("/cases", definition="issue_loop", variables=VARIABLES).status_code == 403
    assert worker.post("/messages", name="m").status_code == 403
    assert worker.upload(photo()).status_code == 403
    camera = source()
    assert camera.post("/jobs/lease", topics=["ask"]).status_code == 403
    assert camera.post("/messages", name="issue_closed", correlation="x").status_code == 403
    assert source("auditor").post("/cases", definition="issue_loop", variables=VARIABLES).status_code == 403
    raised = camera.post("/cases", definition="issue_loop", variables=VARIABLES).json["href"]
    assert source("health_clerk").get(raised).status_code == 404
    assert source("health_clerk").get("/api/v1/cases/2026-999999").status_code == 404
    with sessions() as session, session.begin():
        session.execute(update(Officer).where(Officer.login == "expert").values(ended_at=clock.at))
    assert camera.get(raised).status_code == 401


def test_a_message_begins_a_case_by_its_form_and_what_is_personal_is_not_told_again(
    source: Callable[..., Source], sessions: sessionmaker[Session], clock: Clock, browser: Enter
) -> None:
    with sessions() as session, session.begin():
        definitions.publish(session, *files_of("tip_off"), note="线索", by=CLOCK, at=clock.at)
    hotline = source("liaison", "tip_reported")
    tip = {"title": "夜间聚集", "description": "连续三晚。", "place": "码头", "anonymous": False,
           "reporter": "王小明", "contact": "13800001234"}  # fmt: skip
    begun = hotline.post("/messages", "t1", name="tip_reported", correlation="h-7", payload=tip)
    assert (begun.status_code, begun.json.get("state")) == (201, "began"), begun.json
    assert hotline.post("/messages", "t1", name="tip_reported", correlation="h-7", payload=tip).json == begun.json
    open_already = hotline.post("/messages", "t2", name="tip_reported", correlation="h-7", payload=tip)
    assert (open_already.status_code, open_already.json["state"], open_already.json["why"]) == (202, "kept", "open")
    assert hotline.post("/messages", name="tip_reported", payload={**tip, "x": 1}).json["faults"][0]["field"] == "x"
    assert count(sessions) == 1
    with sessions() as session:
        for written in (*session.scalars(select(Entry.body)), *session.scalars(select(Case.variables))):
            assert "13800001234" not in str(written)
            assert "王小明" not in str(written)
        assert session.scalar(select(func.count()).select_from(PersonalValue)) == 2
    shown = hotline.get(begun.json["href"])
    assert (shown.status_code, "王小明" in shown.text) == (200, False)
    wrong = hotline.post("/messages", name="tip_reported", payload={**tip, "place": "", "contact": "13800009999" * 50})
    assert wrong.status_code == 422
    assert "13800009999" not in wrong.text


def test_a_message_reaches_the_one_case_that_waits(
    source: Callable[..., Source], sessions: sessionmaker[Session], engine: Engine, cast: Cast, clock: Clock
) -> None:
    town = Town(engine, cast)
    town._count = 100  # beside what is published already
    form = ANYTHING.format('<camunda:formField id="key" type="string"/>')
    wait = d.catch("c", properties(d.on("message", "m"), correlation="=key"))
    town.publish("waits", d.start("s", form), wait, d.task("n"), d.end(), d.flows("s c n e"))
    device = source("clerk", "m", "other")
    case = town.open("waits", key="x")
    two = [town.open("waits", key="two") for _ in range(2)]
    several = device.post("/messages", name="m", correlation="two")
    assert (several.status_code, several.mimetype) == (409, "application/problem+json")
    assert all(Case(id=one).number in several.json[language] for one in two for language in ("zh", "en"))
    assert count(sessions, OutgoingMessage) == 0
    for payload in ({"level": {"personal": "1-a", "digest": "x"}}, {"$moment": "x"}, {"a": "\0"}, {"a b": 1},
                    {"a": [[[[[[{"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}]]]]]]}, []):  # fmt: skip
        assert device.post("/messages", name="m", correlation="x", payload=payload).status_code == 422, payload
    arrived = device.post("/messages", "a", name="m", correlation="x", payload={"level": 5})
    assert arrived.status_code == 200
    assert (arrived.json["state"], arrived.json["case"]) == ("delivered", Case(id=case).number)
    assert device.post("/messages", "a", name="m", correlation="x", payload={"level": 5}).json == arrived.json
    assert device.post("/messages", name="m", correlation="x").status_code == 202
    with sessions() as session:
        assert session.get_one(Case, case).variables["level"] == 5
        assert all("level" not in session.get_one(Case, other).variables for other in two)


def test_the_administrator_makes_and_ends_the_token_of_a_source(
    browser: Enter, app: Flask, sessions: sessionmaker[Session]
) -> None:
    admin = browser("admin")
    admin.get("/operations/outside")
    rows = "/operations/outside/tokens"
    for wrong in ({"officer": "nobody"}, {"officer": "expert", "topics": "ask"}, {"messages": "m"}):
        assert admin.post(rows, {"name": "摄像头", **wrong}).status_code == 422
    made = admin.post(rows, {"name": "摄像头", "officer": "expert", "messages": "tip_reported，other"}).text
    shown = made.partition('<code class="token">')[2].partition("<")[0]
    page = admin.get("/operations/outside").text
    assert "以 expert 的名义提出问题" in page
    assert "other, tip_reported" in page
    assert shown not in page
    with sessions() as session:
        number = session.scalars(select(WorkerToken.id)).one()
    camera = Source(app, shown)
    assert camera.post("/cases", definition="issue_loop", variables=VARIABLES).status_code == 201
    assert "以专家甲的名义提出问题" in browser("auditor").get("/audit").text
    assert admin.post(f"{rows}/{number}/end").status_code == 302
    assert camera.post("/cases", definition="issue_loop", variables=VARIABLES).status_code == 401


def test_help_speaks_both_languages_and_its_curl_line_raises_an_issue(
    browser: Enter, source: Callable[..., Source]
) -> None:
    designer, camera = browser("designer"), source()
    for language, title in (("zh", "信息来源怎样提出问题"), ("en", "How sources raise issues")):
        designer.client.set_cookie("language", language)
        page = designer.get("/help/sources").text
        assert title in page
        reference = camera.upload(photo()).json["reference"]
        (shown,) = re.findall(r"-d '(.*?)'</code>", page, re.DOTALL)
        assert camera.send(html.unescape(shown).replace("'$REFERENCE'", reference).encode()).status_code == 201


def test_the_program_of_the_help_page_raises_an_issue_once(
    address: str, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with sessions() as session, session.begin():
        token = worker_keys.make_token(session, "camera", [], by=CLOCK, at=datetime.now(UTC), officer="expert")
    program, picture = tmp_path / "source.py", tmp_path / "photo.jpg"
    program.write_text(SOURCE.read_text("utf-8"), "utf-8")
    picture.write_bytes(photo()[0].getvalue())
    told = {**os.environ, "BIHUAN_URL": address, "BIHUAN_TOKEN": token, "PYTHONIOENCODING": "utf-8"}
    said = [
        subprocess.run([sys.executable, program, picture], env=told, capture_output=True, text=True, timeout=60)
        for _ in range(2)
    ]
    assert [one.returncode for one in said] == [0, 0], said[0].stderr
    assert said[0].stdout == said[1].stdout
    assert said[0].stdout.split()[1] == "registered"
    assert count(sessions) == 1
