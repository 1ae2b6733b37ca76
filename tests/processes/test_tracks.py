"""Each of the 180 findings of the source documents, brought in by the real import and registered, ends in the track, at
the unit and under the deadline it belongs to.

The source documents give a deadline for 24 of them and no track. `tracks.csv` holds beside each finding what follows
from their own rules: D1 (important ones, and what national or provincial experts call major, go to the leading group;
the rest get a notice), D6 (at once and same day; by a date; surveys of a people's congress are long-term), and who
answers for it: the unit the finding names where the city has it, else by place, else by category. These columns were
written from the rules, not by the tables under test.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions, desk, imports, officers, tasks
from engine.acts.story_answers import filled
from engine.words.officers import CLOCK
from engine.words.values import from_json
from models import Case, Officer, Task, Unit
from tests.conftest import files_of
from webui.demo import city

TRACKS = Path(__file__).parent.parent / "fixtures" / "tracks.csv"
AT = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
# Class → what the unit has for rectification, and the officer for dispatch.
RECTIFY = {
    "emergency": "same day", "expert": "same day", "same_day": "same day", "urgent": "2 work days",
    "ordinary": "10 work days",
}  # fmt: skip


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_all_180_findings_end_in_the_right_track(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        city.settle(session, at=AT)
        definitions.publish(session, *files_of("issue_loop"), note="", by=CLOCK, at=AT)
    with TRACKS.open(encoding="utf-8") as file:
        expected = {row["id"]: row for row in csv.DictReader(file)}
    assert len(expected) == 180
    found = imports.read_issues(TRACKS.read_bytes())
    assert set(found.unknown) == {"ends_mode", "ends_track", "ends_class", "ends_unit"}
    wrong = []
    with sessions.begin() as session:
        by = officers.actor(session, session.scalars(select(Officer.id).where(Officer.login == "liaison")).one(), at=AT)
        raiser = session.scalars(select(Unit.id).where(Unit.code == "visitors")).one()
        for row in found.rows:
            line = imports.issue(session, row, by=by, at=AT, raiser_unit=raiser)
            assert line.verdict == "raised", line
            assert line.case is not None
            ought = expected[line.key]
            task = session.scalars(select(Task).where(Task.case_id == line.case, Task.element == "register")).one()
            laid = desk.at_task(session, task, by=by, at=AT)
            given = {"finding": "verified", "mode": ought["ends_mode"]}
            tasks.complete(session, task.id, filled(session, laid, given, at=AT), by=by, at=AT)
            case = session.get_one(Case, line.case)
            told = {name: from_json(value) for name, value in case.variables.items()}
            limits = told["limits"]
            got = (told["triage"], limits["class"], told["responsible_unit"])
            if got != (ought["ends_track"], ought["ends_class"], ought["ends_unit"]):
                wrong.append((line.key, got, (ought["ends_track"], ought["ends_class"], ought["ends_unit"])))
            assert limits["dispatch"] == "PT2H", line.key
            if ought["ends_class"] in RECTIFY:
                assert limits["rectify"] == RECTIFY[ought["ends_class"]], line.key
    assert wrong == []
