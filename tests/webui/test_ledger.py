"""The ledger page: the address says what is asked, and the files hold the same rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session, sessionmaker

from tests.cast import Cast
from tests.told import Statements
from tests.walk import Walk
from tests.webui.conftest import Browser, Clock

Opens = Callable[[str], Browser]
NUMBER = re.compile(r'<td class="issue-number">\s*<a class="case-number" href="[^"]+">(\d{4}-\d{6})</a>')


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def walk(cast: Cast, sessions: sessionmaker[Session], clock: Clock) -> Walk:
    """Four issues: waiting for dispatch, dispatched to the harbour, to the health bureau, and just raised."""
    walked = Walk(sessions, cast)
    walked.to("dispatch", title="未派发的问题")
    walked.to("sign", title="港口的问题", place="三号泊位")
    walked.to("dispatch", title="=卫健的问题", severity="critical")
    if "instruct" in walked.waiting:
        walked.do("instruct")
    walked.do("dispatch", lead_unit="HEALTH")
    walked.raise_issue(title="刚提出的问题")
    clock.at = walked.at
    return walked


def numbers(page: str) -> list[str]:
    return NUMBER.findall(page)


def test_an_officer_sees_own_cases_and_the_auditor_all(browser: Opens, walk: Walk) -> None:
    assert len(numbers(browser("auditor").get("/ledger").text)) == 4
    assert numbers(browser("clerk").get("/ledger").text) == ["2026-000002"]
    assert numbers(browser("health_clerk").get("/ledger").text) == ["2026-000003"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=泊位", ["2026-000002"]),
        ("text=2026-000003", ["2026-000003"]),
        ("stage=filed", ["2026-000001"]),
        ("stage=dispatched&stage=filed", ["2026-000003", "2026-000002", "2026-000001"]),
        ("severity=critical", ["2026-000003"]),
        ("category=supplies", []),
        ("level=4", []),
        ("process=issue_loop&stage=registered", ["2026-000004"]),
        ("since=2026-03-11", []),
        ("again=1", []),
    ],
)
def test_the_address_filters(browser: Opens, walk: Walk, query: str, found: list[str]) -> None:
    page = browser("auditor").get(f"/ledger?{query}").text
    assert numbers(page) == found
    assert ("没有符合条件的问题" in page) == (not found)


@pytest.mark.parametrize(
    "query",
    ["unit=x&level=y", "since=yesterday&until=2026-13-40", "sort=none&after=~~", "after=9999", "unit=-1&level=99"],
)
def test_what_cannot_be_read_in_an_address_is_no_error(browser: Opens, walk: Walk, query: str) -> None:
    assert browser("auditor").get(f"/ledger?{query}").status_code == 200


def test_tabs_count_by_stage_and_keep_the_other_filters(browser: Opens, walk: Walk) -> None:
    page = browser("auditor").get("/ledger?sort=due&severity=major").text
    tally = page.split('class="tally"')[1].split("</nav>")[0]
    told = re.findall(r'href="([^"]+)"[^>]*><b>(\d+)</b> (\S+)</a>', tally)
    assert ("3", "全部") in [(number, label) for _, number, label in told]
    assert all("severity=major" in link and "sort=due" in link for link, _, _ in told)


def test_pages_follow_by_key(browser: Opens, walk: Walk) -> None:
    auditor = browser("auditor")
    for n in range(50):
        walk.raise_issue(title=f"第{n}件")
    first = auditor.get("/ledger").text
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = auditor.get(following[1].replace("&amp;", "&")).text
    read = numbers(first) + numbers(second)
    assert len(set(read)) == len(read) == 54
    assert read == sorted(read, reverse=True)


def test_files_hold_the_same_rows_in_full(browser: Opens, walk: Walk) -> None:
    auditor = browser("auditor")
    answer = auditor.get("/ledger/export.csv?stage=dispatched")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="ledger-2026')
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["问题编号"] for row in rows] == ["2026-000003", "2026-000002"]
    assert rows[0]["问题名称"] == "'=卫健的问题"
    assert rows[1]["责任单位"] == "港口街道"
    assert rows[1]["问题类别"] == "卡口值守"
    sheet = load_workbook(io.BytesIO(auditor.get("/ledger/export.xlsx").data)).worksheets[0]
    assert sheet.max_row == 5
    assert {cell.data_type for cell in sheet["C"][1:]} == {"s"}


def test_a_file_holds_only_what_the_officer_may_see(browser: Opens, walk: Walk) -> None:
    text = browser("clerk").get("/ledger/export.csv").data.decode("utf-8-sig")
    assert "港口的问题" in text
    assert "卫健" not in text


def test_a_page_of_many_takes_as_few_statements_as_one_of_few(
    browser: Opens, walk: Walk, sessions: sessionmaker[Session]
) -> None:
    auditor = browser("auditor")
    auditor.get("/ledger")
    with sessions() as session, Statements(session) as few:
        auditor.get("/ledger")
    for n in range(20):
        walk.raise_issue(title=f"第{n}件")
    with sessions() as session, Statements(session) as many:
        assert len(numbers(auditor.get("/ledger").text)) == 24
    assert len(many) == len(few) <= 16


def test_in_english(browser: Opens, walk: Walk) -> None:
    auditor = browser("auditor")
    auditor.client.set_cookie("language", "en")
    page = auditor.get("/ledger").text
    for word in ("Issue ledger", "Responsible unit", "Dispatched", "Major", "Excel file"):
        assert word in page
    assert auditor.get("/ledger/export.csv").data.decode("utf-8-sig").startswith("No.,Number,Title")
