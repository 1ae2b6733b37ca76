"""What officers read is in their words: units proposed, repeated steps told apart, no name of a variable or message."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions
from engine.notation import diagram as bpmn
from engine.reads.names import Names
from engine.words.officers import CLOCK
from models import Task, Unit
from tests.cast import MORNING, Cast
from tests.conftest import PROCESSES, files_of
from tests.walk import Walk
from tests.webui.conftest import Browser, Clock

Enter = Callable[[str], Browser]


@pytest.fixture
def library(cast: Cast, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for process in ("transfer", "issue_loop"):
            definitions.publish(session, *files_of(process), note="", by=CLOCK, at=MORNING)


def names(process: str) -> Names:
    return Names(bpmn.read((PROCESSES / process / f"{process}.bpmn").read_bytes()), {}, {}, {}, {}, {})


def test_a_start_form_proposes_the_officers_own_unit(library: None, browser: Enter) -> None:
    page = browser("clerk").get("/intake/transfer").text
    picker = page.split('name="from_unit"')[1].split("</select>")[0]
    assert re.findall(r'value="(\w+)" selected', picker) == ["HARBOUR"]
    assert "提交后由转出单位派车" in page


def test_what_is_only_shown_stays_as_it_is_when_a_choice_changes_the_form(
    library: None, browser: Enter, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session, session.begin():  # persons are taken to a hospital
        session.execute(update(Unit).where(Unit.code == "HEALTH").values(kind="医疗机构"))
    clerk = browser("clerk")
    clerk.get("/intake/transfer")
    waiting = {
        "origin_place": "码头集中点", "from_unit": "HARBOUR", "to_unit": "HEALTH", "persons": "40", "class": "contact",
    }  # fmt: skip
    assert clerk.post("/intake/transfer", waiting).status_code == 302
    with sessions() as session:
        task = session.scalars(select(Task).where(Task.element == "arrange")).one()
    page = clerk.get(f"/inbox/tasks/{task.id}").text
    fields = re.search(r'name="_fields" value="([^"]*)"', page)
    assert fields is not None
    answer = clerk.post(f"/inbox/tasks/{task.id}/form", {"_fields": fields[1], "own_vehicle": "city"}).text
    swapped = set(re.findall(r'id="(need-\w+)"', answer))
    assert "need-own_vehicle" in swapped
    assert "need-pending_now" not in swapped


def test_a_repeated_step_says_whom_it_is_for(
    issue_loop: Cast, app: Flask, browser: Enter, clock: Clock, sessions: sessionmaker[Session]
) -> None:
    walk = Walk(sessions, issue_loop)
    walk.to("dispatch")
    walk.do("dispatch", co_units=["HEALTH"])
    clock.at = walk.at
    health = browser("health_clerk")
    line = re.search(r'<th scope="row" class="what">.*?</th>', health.get("/inbox?tray=unit").text)
    assert line is not None
    assert "市卫健局" in line[0]


def test_what_no_form_asks_for_is_called_as_the_process_says() -> None:
    transfer = names("transfer")
    assert (transfer.label("trip").zh, transfer.label("trip").en) == ("第几趟", "Trip")
    assert transfer.label("arrange").zh == "安排车辆"  # a limit is given under the id of its step
    assert (transfer.label("far_away").zh, transfer.label("far_away").en) == ("far_away", "far away")
    improvement = names("systemic_improvement")  # a message brings the bare code, an officer chooses it by name
    assert (improvement.value("category", "ledger").zh, improvement.value("category", "ledger").en) != ("ledger",) * 2
    loop = names("issue_loop")
    assert loop.value("triage", "leading_group").zh == loop.value("triage_decision", "leading_group").zh == "报领导小组"


@pytest.mark.parametrize(
    "process", sorted(each.name for each in PROCESSES.iterdir() if (each / "stories.yaml").is_file())
)
def test_every_word_of_the_library_has_a_name_in_both_languages(process: str) -> None:
    known, words = names(process), set[str]()
    assert known.diagram is not None
    for element in known.diagram.elements.values():
        words |= {element.result, *re.findall(r"(?:^|[{,])\s*([a-z_]+)\s*:", element.script or "")}
    for file in (PROCESSES / process).glob("*.dmn"):
        table = etree.parse(file)
        words |= {str(output.get("name")) for output in table.iterfind(".//{*}output")}
        words |= {str(text.text) for text in table.iterfind(".//{*}inputExpression/{*}text")}
    said = {word: known.label(word) for word in words if word and re.fullmatch("[a-z_]+", word)}
    assert said
    assert [word for word, term in said.items() if term.zh == word] == []
    assert [word for word, term in said.items() if re.search("[\u4e00-\u9fff]", term.en)] == []


def test_a_checklist_tells_its_faults_and_counts_the_rest() -> None:
    lines = [
        {"text": "独立通风", "text_en": "Air of its own", "checked": "ok", "note": "", "photos": []},
        {"text": "两通道", "text_en": "Two passages", "checked": "fault", "note": "共用一门", "photos": []},
        {"text": "门磁", "text_en": "Sensors", "checked": "na", "note": "", "photos": []},
        {"text": "医废", "text_en": "Waste", "checked": "ok", "note": "", "photos": []},
    ]
    told = names("quarantine_resource").value("zone_checks", lines)
    assert told.zh == "两通道：不符合（共用一门）；符合 2 项；不适用 1 项"
    assert told.en == "Two passages: Not OK (共用一门); OK: 2; Not applicable: 1"
