"""The auditor reads everything, proves the chain, takes it away, and changes nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions
from models import Entry
from tests.cast import Cast
from tests.conftest import files_of
from tests.walk import Walk
from tests.webui.conftest import Browser, Clock

Opens = Callable[[str], Browser]
KINDS = re.compile(r'<tr data-row id="entry-\d+">')


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def walk(cast: Cast, sessions: sessionmaker[Session], clock: Clock) -> Walk:
    walked = Walk(sessions, cast)
    walked.to("sign")
    clock.at = walked.at
    return walked


def total(sessions: sessionmaker[Session], *conditions: object) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Entry).where(*conditions)) or 0  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["", "/publications", "/verification", "/export.csv", "/export.jsonl"])
def test_only_auditors_and_administrators_come_in(browser: Opens, walk: Walk, path: str) -> None:
    assert browser("auditor").get(f"/audit{path}").status_code == 200
    assert browser("admin").get(f"/audit{path}").status_code == 200
    for login in ("clerk", "leader", "designer"):
        assert browser(login).get(f"/audit{path}").status_code == 403


def test_nothing_can_be_changed_here(app: Flask, walk: Walk) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("audit."):
            assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("book=2026-000001&kind=TaskCompleted", (Entry.book == 2026000001, Entry.kind == "TaskCompleted")),
        ("book=0&kind=RoleGranted", (Entry.kind == "RoleGranted",)),
        ("officer=dispatcher&kind=TaskCompleted", (Entry.officer_id == 5, Entry.kind == "TaskCompleted")),
        ("officer=派遣员&kind=StageChanged", (Entry.officer_id == 5, Entry.kind == "StageChanged")),
        ("officer=clock&kind=UnitAdded", (Entry.officer_id.is_(None), Entry.kind == "UnitAdded")),
        ("text=落实值守&kind=TaskCompleted", (Entry.body.contains("落实值守"), Entry.kind == "TaskCompleted")),
        ("since=2026-03-11", (Entry.id < 0,)),
        ("until=2026-03-09", (Entry.id < 0,)),
        ("book=nonsense", (Entry.id < 0,)),
        ("kind=DocumentIssued&unit=2", (Entry.kind == "DocumentIssued",)),
    ],
)
def test_filters(
    browser: Opens, walk: Walk, sessions: sessionmaker[Session], query: str, condition: tuple[object, ...]
) -> None:
    page = browser("auditor").get(f"/audit?{query}").text
    assert len(KINDS.findall(page)) == total(sessions, *condition) <= 50


def test_pages_by_key_reach_the_first_entry(browser: Opens, walk: Walk, sessions: sessionmaker[Session]) -> None:
    auditor, link, read = browser("auditor"), "/audit", 0
    while link:
        page = auditor.get(link).text
        read += len(KINDS.findall(page))
        following = re.search(r'href="([^"]+)" rel="next"', page)
        link = following[1].replace("&amp;", "&") if following else ""
    assert read == total(sessions)


def test_an_entry_shows_its_fact_by_name_and_its_seal(
    browser: Opens, walk: Walk, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session:
        entry = session.scalars(select(Entry).where(Entry.kind == "DocumentIssued")).first()
        assert entry is not None
    page = browser("auditor").get("/audit?kind=DocumentIssued").text
    assert entry.hash in page
    assert entry.previous in page
    assert "送达单位" in page


def test_files_hold_every_entry_of_the_filter(browser: Opens, walk: Walk, sessions: sessionmaker[Session]) -> None:
    auditor = browser("auditor")
    lines = auditor.get("/audit/export.jsonl").data.splitlines()
    assert len(lines) == total(sessions)
    first, last = json.loads(lines[0]), json.loads(lines[-1])
    assert (first["book"], first["seq"], first["kind"]) == (0, 1, "UnitAdded")
    assert last["case"] == "2026-000001"
    assert last["zh"]
    assert last["en"]
    rows = list(csv.DictReader(io.StringIO(auditor.get("/audit/export.csv?book=2026-000001").data.decode("utf-8-sig"))))
    assert len(rows) == total(sessions, Entry.book == 2026000001)
    assert [int(row["序号"]) for row in rows] == list(range(1, len(rows) + 1))
    assert json.loads(rows[0]["内容"])["process"] == "issue_loop"


def test_the_chain_is_proved_from_the_page(browser: Opens, walk: Walk, sessions: sessionmaker[Session]) -> None:
    auditor = browser("auditor")
    assert "记录链完好" not in auditor.get("/audit/verification").text
    page = auditor.get("/audit/verification?now=1").text
    assert "记录链完好" in page
    assert f"共核对 {total(sessions)} 条记录" in page
    assert "记录链完好" in auditor.get("/audit/verification?now=1&book=2026-000001").text
    assert "没有这个编号的记录" in auditor.get("/audit/verification?now=1&book=2026-777777").text


def test_a_changed_byte_is_found_and_named(browser: Opens, walk: Walk, sessions: sessionmaker[Session]) -> None:
    with sessions() as session, session.begin():
        entry = session.scalars(select(Entry).where(Entry.book == walk.case, Entry.kind == "StageChanged")).first()
        assert entry is not None
        changed = (entry.body or "").replace("filed", "files").replace("registered", "registerex")
        assert changed != entry.body
        session.execute(update(Entry).where(Entry.id == entry.id).values(body=changed))
        seq = entry.seq
    page = browser("auditor").get("/audit/verification?now=1").text
    assert "记录链已断：1 处" in page
    assert f'data-label="第几条">{seq}</td>' in page
    assert "/audit?book=2026-000001" in page


def test_an_erased_body_is_said_and_the_chain_still_holds(
    browser: Opens, walk: Walk, sessions: sessionmaker[Session]
) -> None:
    with sessions() as session, session.begin():
        session.execute(update(Entry).where(Entry.book == walk.case, Entry.kind == "TaskCompleted").values(body=None))
    auditor = browser("auditor")
    assert "内容已按期限清除" in auditor.get("/audit?kind=TaskCompleted").text
    assert "记录链完好" in auditor.get("/audit/verification?now=1").text
    assert "内容已按期限清除" in auditor.get("/cases/2026-000001").text


def test_publications_say_who_changed_what_in_which_process(
    browser: Opens, walk: Walk, sessions: sessionmaker[Session]
) -> None:
    diagram, tables = files_of("issue_loop")
    changed = diagram.replace('name="销号核查"'.encode(), 'name="现场核查"'.encode(), 1)
    assert changed != diagram
    with sessions() as session, session.begin():
        designer = walk.cast.actor(session, "designer", walk.at)
        definitions.publish(session, changed, tables, note="核查一律到现场", by=designer, at=walk.at)
    page = browser("auditor").get("/audit/publications").text
    newest, first = page.split('aria-labelledby="publication-')[1:]
    assert "发布流程「问题闭环」第 2 版（1 处改动）" in newest
    assert "流程设计员" in newest
    assert "核查一律到现场" in newest
    assert 'data-label="改前">销号核查</td><td data-label="改后">现场核查</td>' in newest
    assert "发布流程「问题闭环」第 1 版" in first
    # A case that runs keeps its own words.
    assert "销号核查" in browser("auditor").get("/cases/2026-000001/diagram.bpmn").text
