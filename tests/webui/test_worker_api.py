"""Programs outside at their door: tokens, jobs taken and answered in JSON, every refusal a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import worker_keys
from engine.words.officers import CLOCK
from models import Case, WorkerToken
from tests.cast import Cast
from tests.engine.breadth.outside import outside
from tests.engine.poison import Ward, user
from tests.engine.tokens.drawn import end, flows, start
from tests.webui.conftest import Browser, Clock

Enter = Callable[[str], Browser]
JOBS = "/api/v1/jobs"


class Worker:
    def __init__(self, app: Flask, token: str) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, path: str = "", **told: Any) -> Any:
        return self.client.post(JOBS + path, json=told, headers=self.headers)

    def one(self) -> dict[str, Any]:
        (job,) = self.call("/lease", topics=["ask"], lease_seconds=30).json["jobs"]
        found: dict[str, Any] = job
        return found


@pytest.fixture
def ward(cast: Cast, sessions: sessionmaker[Session], clock: Clock) -> Ward:
    step = outside("ask", "ask", "in =x+1 number", "in =date(&quot;2026-03-10&quot;) day", "out y b", retries="0")
    ward = Ward(sessions, cast, start(), user("tell"), step, user("use"), end(), flows("s tell ask use e"))
    case = ward.open()
    ward.do(case, "tell", x=4)
    clock.at = ward.at + timedelta(minutes=1)
    return ward


@pytest.fixture
def token(ward: Ward, sessions: sessionmaker[Session], clock: Clock) -> str:
    with sessions() as session, session.begin():
        return worker_keys.make_token(session, "permits", ["ask"], by=CLOCK, at=clock.at)


@pytest.fixture
def worker(app: Flask, token: str) -> Worker:
    return Worker(app, token)


def test_a_job_is_taken_and_answered(worker: Worker, ward: Ward, browser: Enter) -> None:
    job = worker.one()
    assert job["inputs"] == {"number": 5, "day": "2026-03-10"}
    assert (job["topic"], job["step"], job["try"], job["retries"]) == ("ask", "ask", 1, 0)
    assert job["idempotency_key"] == f"bihuan-{job['id']}"
    assert worker.call("/lease", topics=["ask"]).json == {"jobs": []}
    waiting = worker.client.get(JOBS, headers=worker.headers).json["topics"]
    assert [(one["topic"], one["waiting"], one["held"]) for one in waiting] == [("ask", 0, 1)]
    assert worker.call(f"/{job['id']}/lease", lease=job["lease"], seconds=600).status_code == 200
    answer = worker.call(f"/{job['id']}/completion", lease=job["lease"], outputs={"y": 8})
    assert (answer.status_code, answer.json) == (200, {"state": "done"})
    again = worker.call(f"/{job['id']}/completion", lease=job["lease"], outputs={"y": 9})
    assert again.status_code == 409
    assert again.mimetype == "application/problem+json"
    assert "by this very lease" in again.json["detail"]
    with ward.sessions() as session:
        case = session.get_one(Case, int(job["id"].partition("-")[0]))
        assert case.variables["b"] == 8
    story = browser("auditor").get(f"/cases/{case.id}").text
    assert "办完" in story
    assert "permits" in story


def test_who_may_not_and_what_is_wrong_is_told(worker: Worker, app: Flask, sessions: sessionmaker[Session]) -> None:
    refused = Worker(app, "bihuan_of_nobody").call("/lease", topics=["ask"])
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert app.test_client().post(f"{JOBS}/lease", json={"topics": ["ask"]}).status_code == 401
    assert worker.call("/lease", topics=["other"]).status_code == 403
    for wrong in ({}, {"topics": "ask"}, {"topics": ["ask"], "most": 1000}, {"topics": ["ask"], "most": 1.5},
                  {"topics": ["ask"], "lease_seconds": 0}, {"topics": []}):  # fmt: skip
        answer = worker.call("/lease", **wrong)
        assert answer.status_code == 422, wrong
        assert answer.json["faults"]
    sent = worker.client.post(f"{JOBS}/lease", data="no json", headers=worker.headers)
    assert "JSON" in sent.json["detail"]
    job = worker.one()
    assert worker.call(f"/{job['id']}/completion").json["faults"][0]["field"] == "lease"
    for body in ({"outputs": []}, {"outputs": {"y": {"$day": "never"}}}):
        assert worker.call(f"/{job['id']}/completion", lease=job["lease"], **body).status_code == 422
    assert worker.call(f"/{job['id']}/completion", lease="another").status_code == 409
    for nobody in ("1-1", "x", "9" * 30 + "-1"):
        assert worker.call(f"/{nobody}/completion", lease="x").status_code == 404
    assert worker.client.get(f"{JOBS}/x/nothing", headers=worker.headers).status_code == 404
    with sessions() as session, session.begin():
        worker_keys.end_token(session, session.query(WorkerToken).one().id, by=CLOCK, at=job_time(worker))
    assert worker.call("/lease", topics=["ask"]).status_code == 401


def job_time(worker: Worker) -> Any:
    return worker.client.application.config["CLOCK"]()


def test_a_lost_lease_is_told_and_an_end_is_an_incident(worker: Worker, clock: Clock, browser: Enter) -> None:
    job = worker.one()
    clock.at += timedelta(seconds=31)
    other = worker.one()
    late = worker.call(f"/{job['id']}/completion", lease=job["lease"], outputs={})
    assert late.status_code == 409
    assert "permits holds this job now" in late.json["en"]
    answer = worker.call(f"/{other['id']}/failure", lease=other["lease"], message="查不到")
    assert answer.json["state"] == "incident"
    designer = browser("designer")
    case = int(job["id"].partition("-")[0])
    page = designer.get(f"/repair/{case}").text
    assert "查不到" in page
    assert 'name="output" value="b"' in page
    sent = {"reason": "电话问到", "output": "b", "output.kind": "number", "output.value": "七"}
    assert designer.post(f"/repair/{case}/skip", sent).status_code == 422
    assert designer.post(f"/repair/{case}/skip", {**sent, "output.value": "7"}).location == "/repair"
    story = browser("auditor").get(f"/cases/{case}").text
    assert "结果由人工填写" in story


def test_the_administrator_makes_and_ends_tokens_and_allows_hosts(ward: Ward, browser: Enter, app: Flask) -> None:
    admin, auditor = browser("admin"), browser("auditor")
    page = admin.get("/operations/outside")
    assert "<code>ask</code>" in page.text
    assert admin.post("/operations/outside/tokens", {"name": " ", "topics": ""}).status_code == 422
    page = admin.post("/operations/outside/tokens", {"name": "许可查询", "topics": "ask，other"}).text
    shown = page.partition('<code class="token">')[2].partition("<")[0]
    assert shown.startswith("bihuan_")
    assert shown not in admin.get("/operations/outside").text
    assert Worker(app, shown).one()["inputs"]["number"] == 5
    assert "办理中" in auditor.get("/operations/outside").text
    assert auditor.post("/operations/outside/tokens", {"name": "x"}).status_code == 403
    assert admin.post("/operations/outside/tokens/1/end").status_code == 302
    assert Worker(app, shown).call("/lease", topics=["ask"]).status_code == 401
    assert admin.post("/operations/outside/hosts", {"hosts": "http://x/"}).status_code == 422
    assert admin.post("/operations/outside/hosts", {"hosts": "permits.example.org:8443\nB.example"}).status_code == 302
    assert "b.example\npermits.example.org:8443" in admin.get("/operations/outside").text
    assert "等待外部程序的任务" in admin.get("/operations").text
    assert browser("clerk").get("/operations/outside").status_code == 403


@pytest.mark.parametrize("page", ["outside", "workers", "incidents"])
def test_help_speaks_both_languages(page: str, browser: Enter, ward: Ward) -> None:
    designer = browser("designer")
    words = {"outside": ("怎样画", "How to draw it"), "workers": ("被拒绝时", "When it is refused"),
             "incidents": ("怎样处理", "What helps")}[page]  # fmt: skip
    assert words[0] in designer.get(f"/help/{page}").text
    designer.client.set_cookie("language", "en")
    assert words[1] in designer.get(f"/help/{page}").text
    assert browser("clerk").get(f"/help/{page}").status_code == 403
