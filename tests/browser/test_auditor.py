"""The auditor at a browser: finds facts, takes them away, proves the chain, notices a byte, and changes nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, update

from engine.acts import definitions
from models import Entry
from tests.browser.office import Office
from tests.browser.office.desk import PATIENCE, Desk
from tests.cast import Cast
from tests.conftest import files_of
from tests.walk import Walk

pytestmark = pytest.mark.browser


@pytest.fixture
def walk(office: Office, issue_loop: Cast) -> Walk:
    """A case that waits for its report, and a second one just raised."""
    walked = Walk(office.sessions, issue_loop, at=office.at)
    walked.to("report", photos_before=[], source_paragraph="社区卡口无人值守。")
    office.at = walked.at
    other = Walk(office.sessions, issue_loop, at=office.at)
    other.raise_issue(title="另一件")
    return walked


def entries(office: Office, *conditions: object) -> int:
    with office.sessions() as session:
        return session.scalar(select(func.count()).select_from(Entry).where(*conditions)) or 0  # type: ignore[arg-type]


def taken(desk: Desk, kind: str, folder: Path) -> Path:
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name=kind, exact=True).click()
    download.value.save_as(folder / kind)
    return folder / kind


def prove(desk: Desk) -> None:
    desk.page.get_by_role("link", name="校验记录链").click()
    desk.page.get_by_role("button", name="现在校验").click()
    expect(desk.page.locator(".verdict")).to_be_visible(timeout=PATIENCE)


def test_facts_are_found_and_taken_away(office: Office, walk: Walk, tmp_path: Path) -> None:
    auditor = office.desk("auditor")
    auditor.page.locator(".rooms").get_by_role("link", name="审计").click()
    auditor.page.fill("#book", "2026-000001")
    auditor.page.fill("#officer", "clerk")
    auditor.page.select_option("#kind", "TaskCompleted")
    auditor.page.get_by_role("button", name="筛选").click()
    clerk = (Entry.book == walk.case, Entry.kind == "TaskCompleted", Entry.officer_id == walk.cast.people["clerk"])
    expect(auditor.page.locator("tr[data-row]")).to_have_count(entries(office, *clerk), timeout=PATIENCE)
    assert entries(office, *clerk) == 2
    auditor.page.locator("tr[data-row] summary").first.click()
    auditor.sees("已增派人员", "本条指纹")
    auditor.picture("audit-filtered")

    lines = taken(auditor, "JSONL", tmp_path).read_text("utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["TaskCompleted"] * 2
    auditor.page.get_by_role("link", name="清除").click()
    lines = taken(auditor, "JSONL", tmp_path).read_text("utf-8").splitlines()
    assert len(lines) == entries(office)
    with taken(auditor, "CSV", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + entries(office)
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_changed_byte_is_named_on_the_page(office: Office, walk: Walk) -> None:
    auditor = office.desk("auditor")
    auditor.go("/audit")
    prove(auditor)
    auditor.sees("记录链完好", f"共核对 {entries(office)} 条记录")
    auditor.picture("verification-intact")
    with office.sessions() as session, session.begin():
        entry = session.scalars(select(Entry).where(Entry.book == walk.case, Entry.body.contains("已增派人员"))).first()
        assert entry is not None
        assert entry.body is not None
        changed = entry.body.replace("已增派人员", "已增派人名")
        session.execute(update(Entry).where(Entry.id == entry.id).values(body=changed))
    prove(auditor)
    expect(auditor.page.locator(".verdict")).to_contain_text("记录链已断：1 处")
    row = auditor.page.locator(".verdict tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("2026-000001")
    expect(row.locator("td").first).to_have_text(str(entry.seq))
    auditor.picture("verification-broken")


def test_the_auditor_changes_nothing(office: Office, walk: Walk) -> None:
    auditor = office.desk("auditor")
    before = entries(office)
    expect(auditor.page.get_by_role("link", name="提出问题")).to_have_count(0)
    auditor.go("/ledger")
    auditor.page.get_by_role("link", name="2026-000001").click()
    auditor.sees("码头社区卡口无人值守", "整改情况反馈")
    assert auditor.page.locator("main form").count() == 0
    assert auditor.page.locator("a[href*='/inbox/tasks/'], a[href*='/inbox/waits/']").count() == 0
    assert auditor.go("/intake/issue_loop") == 403
    auditor.sees("审计人员只查阅")
    task = f"/inbox/tasks/{walk.task('report').id}"
    assert auditor.go(task) == 200
    assert auditor.page.locator("form.paper, main form").count() == 0
    token = auditor.page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    for address in (f"{task}/completion", f"{task}/claim", "/intake/issue_loop", "/designer/issue_loop/publication"):
        answer = auditor.context.request.post(address, form={"csrf_token": token}, max_redirects=0)
        assert answer.status == 403, (address, answer.text())
    assert entries(office) == before


def test_who_changed_a_process_is_told(office: Office, walk: Walk) -> None:
    diagram, tables = files_of("issue_loop")
    longer = {**tables, "deadline_class.dmn": tables["deadline_class.dmn"].replace('"PT1H"', '"PT9H"')}
    with office.sessions() as session, session.begin():
        designer = walk.cast.actor(session, "designer")
        definitions.publish(session, diagram, longer, note="签收放宽", by=designer, at=office.at)
    auditor = office.desk("auditor")
    auditor.go("/audit")
    auditor.page.get_by_role("link", name="流程变更").click()
    first = auditor.page.locator("main section").first
    for said in ("第 2 版", "流程设计员", "签收放宽", "PT1H", "PT9H"):
        expect(first).to_contain_text(said)
    auditor.picture("publications")
