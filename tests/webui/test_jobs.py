"""Long jobs and the machine room as their readers see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from engine.jobs import desk, pulse
from engine.jobs.exports import LedgerExport
from engine.jobs.kinds import Errand
from models import LongJob
from tests.cast import Cast
from tests.stores import ON_BOTH
from tests.walk import Walk
from tests.webui.conftest import Browser, Clock

pytestmark = ON_BOTH

Opens = Callable[[str], Browser]


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    return published


@pytest.fixture
def asked(
    browser: Opens, sessions: sessionmaker[Session], cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The liaison's ledger of one issue is too long to wait for; the id of the job."""
    monkeypatch.setattr("webui.ledger.MANY", 0)
    Walk(sessions, cast).raise_issue(title="码头卡口")
    page = browser("liaison").get("/ledger?text=码头")
    assert "后台导出 Excel" in page.text
    liaison = browser("liaison")
    liaison.get("/ledger?text=码头")
    answer = liaison.post("/ledger/export?text=码头", {"format": "csv"})
    assert answer.status_code == 302
    with sessions() as session:
        (job,) = desk.every(session)
        assert job.args["filters"]["text"] == "码头"
        return job.id


def do(sessions: sessionmaker[Session], cast: Cast, id: str, folder: Path, clock: Clock) -> None:
    kind = LedgerExport()
    with sessions() as session:
        job = session.get_one(LongJob, id)
        errand = Errand(id, job.args, cast.actor(session, "liaison"), job.asked_at, folder / id)
    total = kind.plan(sessions, errand)
    for number in range(total):
        kind.part(sessions, errand, number, at=clock.at)
    with sessions() as session, session.begin():
        desk.planned(session, id, total, at=clock.at)
        desk.ended(session, id, kind.finish(sessions, errand, at=clock.at), at=clock.at)


def test_a_long_ledger_is_asked_for_watched_and_fetched(
    asked: str, browser: Opens, app: Flask, sessions: sessionmaker[Session], cast: Cast, clock: Clock
) -> None:
    liaison = browser("liaison")
    waiting = liaison.get("/jobs").text
    assert "排队中" in waiting
    assert f'hx-get="/jobs/{asked}"' in waiting
    assert liaison.get(f"/jobs/{asked}/file").status_code == 404
    do(sessions, cast, asked, app.config["JOBS_FOLDER"], clock)
    row = liaison.get(f"/jobs/{asked}").text
    assert "已完成" in row
    assert "hx-get" not in row, "what is over is not asked for again"
    file = liaison.get(f"/jobs/{asked}/file")
    assert "码头卡口" in file.data.decode("utf-8-sig")
    assert "attachment" in file.headers["Content-Disposition"]


def test_a_job_is_nobody_else_s(asked: str, browser: Opens) -> None:
    clerk = browser("clerk")
    assert asked not in clerk.get("/jobs").text
    assert clerk.get(f"/jobs/{asked}").status_code == 404
    assert clerk.post(f"/jobs/{asked}/call-off").status_code == 404
    assert browser("admin").get(f"/jobs/{asked}").status_code == 200


def test_a_job_can_be_called_off_once(asked: str, browser: Opens) -> None:
    liaison = browser("liaison")
    liaison.get("/jobs")
    assert liaison.post(f"/jobs/{asked}/call-off").status_code == 302
    assert "已取消" in liaison.get("/jobs").text
    assert liaison.post(f"/jobs/{asked}/call-off").status_code == 409


def test_another_format_is_refused(asked: str, browser: Opens) -> None:
    liaison = browser("liaison")
    liaison.get("/jobs")
    assert liaison.post("/ledger/export", {"format": "exe"}).status_code == 404


def test_the_machine_room_is_for_those_who_run_it(browser: Opens) -> None:
    assert browser("clerk").get("/operations").status_code == 403
    assert browser("auditor").get("/operations").status_code == 200


def test_an_administrator_is_told_on_every_page_when_no_worker_runs(
    browser: Opens, sessions: sessionmaker[Session], clock: Clock
) -> None:
    admin = browser("admin")
    assert "没有后台进程在运行" in admin.get("/ledger").text
    assert "没有后台进程在运行" not in browser("clerk").get("/ledger").text
    with sessions() as session, session.begin():
        pulse.beat(session, "worker-1", pulse.due(session, at=clock.at), 7, at=clock.at)
    room = admin.get("/operations").text
    assert "没有后台进程在运行" not in room
    assert "worker-1" in room
    clock.at += timedelta(minutes=3)
    assert "没有消息" in admin.get("/operations").text
    assert "没有后台进程在运行" in admin.get("/ledger").text
