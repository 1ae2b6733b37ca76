"""五色图: every area with what is open there, and the colour a table gives it, in words and not by colour alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions
from engine.reads import areas
from engine.words.errors import NotPublishable
from engine.words.officers import CLOCK
from models import Case, Unit
from tests.cast import MORNING, Cast
from tests.conftest import files_of
from tests.walk import Walk
from tests.webui.conftest import Browser

Enter = Callable[[str], Browser]


@pytest.fixture
def town(cast: Cast, sessions: sessionmaker[Session]) -> Walk:
    """The harbour street with a community below it, and one issue each of which differs in weight."""
    with sessions() as session, session.begin():
        definitions.publish(session, *files_of("issue_loop"), note="", by=CLOCK, at=MORNING)
        for code, kind in (("HARBOUR", "街道"), ("PIER", "社区")):
            session.execute(update(Unit).where(Unit.code == code).values(kind=kind))
    walk = Walk(sessions, cast)
    walk.to("sign")
    return walk


def sheet(walk: Walk, login: str = "dispatcher", **later: float) -> dict[str, areas.Area]:
    with walk.sessions() as session:
        at = walk.at + timedelta(**later)
        (only,) = areas.sheets(session, walk.cast.actor(session, login, at), at=at)
        assert (only.process, only.table, only.why) == ("issue_loop", "risk_colour.dmn", None)
        return {area.name.en: area for area in only.areas}


def weigh(walk: Walk, **changes: Any) -> None:
    with walk.sessions() as session, session.begin():
        session.execute(update(Case).where(Case.id == walk.case).values(**changes))


def test_an_area_has_the_colour_of_what_is_open_in_it_and_below(town: Walk) -> None:
    weigh(town, severity="minor", level=0, round=1, lead_unit_id=town.cast.units["PIER"])
    found = sheet(town)
    assert set(found) == {"Harbour street", "Pier community"}
    for area in found.values():  # what is below counts above
        assert (area.colour, area.index, area.numbers["open"]) == ("blue", 1, 1)
    weigh(town, severity="critical", round=2)
    assert {(a.colour, a.index) for a in sheet(town).values()} == {("blue", 9)}
    assert {(a.colour, a.index) for a in sheet(town, days=30).values()} == {("yellow", 13)}  # overdue
    weigh(town, level=3)
    assert {a.colour for a in sheet(town).values()} == {"orange"}
    weigh(town, level=4)
    assert {a.colour for a in sheet(town).values()} == {"red"}
    weigh(town, stage="closed")
    assert {(a.colour, a.index) for a in sheet(town).values()} == {("green", 0)}


def test_the_thresholds_are_those_of_the_newest_table(town: Walk) -> None:
    diagram, tables = files_of("issue_loop")
    weigh(town, severity="minor", level=0, round=1, lead_unit_id=town.cast.units["HARBOUR"])
    stricter = {
        **tables,
        "risk_colour.dmn": tables["risk_colour.dmn"].replace("<text>&gt;= 40</text>", "<text>&gt;= 1</text>"),
    }
    with town.sessions() as session, session.begin():
        definitions.publish(session, diagram, stricter, note="一件就红", by=CLOCK, at=town.at)
    found = sheet(town)
    assert (found["Harbour street"].colour, found["Pier community"].colour) == ("red", "green")
    without = {name: text for name, text in tables.items() if name != "risk_colour.dmn"}
    with town.sessions() as session, session.begin(), pytest.raises(NotPublishable) as refused:
        definitions.publish(session, diagram, without, note="", by=CLOCK, at=town.at)
    assert [one.law for one in refused.value.findings if one.severity == "error"] == ["decisions_exist"]


def test_the_page_says_the_colour_in_words_and_leads_to_the_list(town: Walk, browser: Enter) -> None:
    weigh(town, severity="minor", level=4, lead_unit_id=town.cast.units["HARBOUR"])
    shown = browser("dispatcher").get("/areas").text
    for words in ("五色图", "红色", "绿色", "红色督办", "港口街道", f"unit={town.cast.units['HARBOUR']}"):
        assert words in shown, words
    assert "risk_colour.dmn" not in shown
    red = browser("dispatcher").get("/areas?colour=red").text
    assert f"unit={town.cast.units['HARBOUR']}" in red
    assert f"unit={town.cast.units['PIER']}" not in red
    assert "没有这样的片区" in browser("dispatcher").get("/areas?colour=orange").text
    assert "/designer/issue_loop/tables/risk_colour.dmn" in browser("designer").get("/areas").text
    assert "/areas" in browser("dispatcher").get("/ledger").text


def test_a_table_that_fails_is_told(town: Walk, browser: Enter) -> None:
    """Two rows that match together for what is open now: no law can see that from the table alone."""
    diagram, tables = files_of("issue_loop")
    table = tables["risk_colour.dmn"].replace('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"')
    start, end = table.index("<rule "), table.rindex("</rule>") + len("</rule>")
    row = (
        '<rule id="r{0}"><inputEntry id="a{0}"><text>? {1} open</text></inputEntry>'
        '<inputEntry id="b{0}"><text/></inputEntry><outputEntry id="c{0}"><text>"red"</text></outputEntry>'
        '<outputEntry id="d{0}"><text>1</text></outputEntry></rule>'
    )
    clashing = table[:start] + row.format(1, "&gt;=") + row.format(2, "&lt;=") + table[end:]
    with town.sessions() as session, session.begin():
        definitions.publish(session, diagram, {**tables, "risk_colour.dmn": clashing}, note="", by=CLOCK, at=town.at)
    assert "决策表没有给出结果" in browser("dispatcher").get("/areas").text


def test_without_such_a_process_the_page_says_so(browser: Enter) -> None:
    assert "没有流程给片区上色" in browser("dispatcher").get("/areas").text
