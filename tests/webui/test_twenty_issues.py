"""The seeds' 180 findings are imported, twenty of them driven to closure through the web forms, and the ledger counts
what the facts say."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import lxml.html
import orjson
import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import imports
from engine.words.terms import SETTLED, STAGES
from models import Case, Entry
from tests.cast import Cast
from tests.walk import ANSWERS, WHO
from tests.webui.conftest import Browser, Clock

ISSUES = Path(__file__).parent.parent / "fixtures" / "issues.csv"
# How many go on after each step: one is left behind at most of them, so that every stage is held by some.
WAY = {
    "register": 27, "file_issue": 26, "instruct": 12, "dispatch": 24, "sign": 23, "rectify": 22, "report": 22,
    "head_sign": 22, "review": 21, "verify": 21, "close_off": 20,
}  # fmt: skip


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


def photo() -> tuple[io.BytesIO, str]:
    written = io.BytesIO()
    Image.new("RGB", (320, 240), (40, 120, 80)).save(written, "JPEG")
    written.seek(0)
    return written, "整改后.jpg"


def bring_in(sessions: sessionmaker[Session], cast: Cast, clock: Clock) -> None:
    for row in imports.read_issues(ISSUES.read_bytes()).rows:
        with sessions.begin() as session:
            by = cast.actor(session, "liaison")
            line = imports.issue(session, row, by=by, at=clock.at, raiser_unit=cast.units["EXPERTS"])
        assert line.verdict == "raised", line


def waiting(officer: Browser, element: str) -> list[str]:
    """Addresses of the tasks of this step on the first page of the officer's inbox."""
    page = lxml.html.fromstring(officer.get(f"/inbox?tray=unit&element={element}").text)
    return [link.get("href") for link in page.xpath("//tr[@data-row]//th//a[starts-with(@href, '/inbox/tasks/')]")]


def answer(officer: Browser, address: str, given: dict[str, Any]) -> None:
    """Opens the task, keeps what its form holds already, and sends it with what is given."""
    page = lxml.html.fromstring(officer.get(address).text)
    (form,) = [form for form in page.forms if (form.get("action") or "").endswith("/completion")]
    filled: dict[str, Any] = {}
    for name, value in form.form_values():
        filled.setdefault(name, []).append(value)
    asked = filled["_fields"][0].split(",")
    filled.update({name: value for name, value in given.items() if name in asked})
    answered = officer.client.post(form.get("action"), data=filled, content_type="multipart/form-data")
    assert answered.location == "/inbox", re.findall(r'class="field-error"[^>]*>([^<]*)<', answered.text) or address


def given_for(element: str, number: int, clock: Clock) -> dict[str, Any]:
    given = {**ANSWERS[element]}
    if element == "file_issue":
        # Half of them are for the leading group, so that the leader's instruction comes in between.
        given["triage_decision"] = "leading_group" if number % 2 else "notice"
    if element == "report":
        given |= {"done_at": f"{clock.at + timedelta(hours=8, minutes=-1):%Y-%m-%dT%H:%M}", "photos_after": [photo()]}
    if element == "close_off":
        given["publicity_done"] = "true"
    return {name: "true" if value is True else "" if value is False else value for name, value in given.items()}


def counted_by_facts(sessions: sessionmaker[Session]) -> Counter[str]:
    """The stage of every case that was opened, by its last `StageChanged`; registered as long as there is none."""
    query = select(Entry.book, Entry.kind, Entry.body).where(Entry.kind.in_(["CaseOpened", "StageChanged"]))
    last: dict[int, str] = {}
    with sessions() as session:
        for book, kind, body in session.execute(query.order_by(Entry.book, Entry.seq)):
            last[book] = "registered" if kind == "CaseOpened" else orjson.loads(body)["after"]
    return Counter(last.values())


def counted_on_the_page(page: str) -> dict[str, int]:
    tally = lxml.html.fromstring(page).xpath("//nav[@class='tally']//a")
    return {link.xpath("string(text()[last()])").strip(): int(link.xpath("string(b)")) for link in tally}


def test_twenty_of_the_seeds_findings_are_closed_through_the_forms(
    browser: Callable[[str], Browser], cast: Cast, clock: Clock, sessions: sessionmaker[Session]
) -> None:
    bring_in(sessions, cast, clock)
    officers = {login: browser(login) for login in set(WHO.values())}
    for element, many in WAY.items():
        clock.at += timedelta(minutes=1)
        officer = officers[WHO[element]]
        for number, address in enumerate(waiting(officer, element)[:many]):
            answer(officer, address, given_for(element, number, clock))

    facts = counted_by_facts(sessions)
    assert facts["closed"] == 20
    assert facts.total() == 180
    assert len(facts) >= 7, facts
    page = browser("auditor").get("/ledger").text
    told = counted_on_the_page(page)
    assert told["全部"] == 180
    assert told["在办"] == sum(number for stage, number in facts.items() if stage not in SETTLED)
    assert {stage: told.get(STAGES[stage].zh, 0) for stage in facts} == dict(facts)
    assert sum(told[STAGES[stage].zh] for stage in facts) == 180
    with sessions() as session:
        closed = session.scalars(select(Case).where(Case.stage == "closed")).all()
        assert {case.outcome for case in closed} == {"closed"}
        assert all(re.fullmatch(r"I\d{3}", case.external_id or "") for case in closed)
    closed_page = browser("auditor").get("/ledger?stage=closed").text
    assert len(lxml.html.fromstring(closed_page).xpath("//tr[@data-row]")) == 20
