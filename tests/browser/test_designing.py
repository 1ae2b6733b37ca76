"""A designer lengthens a deadline and adds a field in the browser, publishes; new issues follow, old ones do not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from engine.notation import diagram
from models import Case, Version
from tests.browser.office import Office
from tests.browser.office.desk import Desk
from tests.cast import Cast
from tests.walk import Walk

pytestmark = pytest.mark.browser
PATIENCE = 30_000


def cell(page: Page, row: int, column: str) -> str:
    """The place of a table's cell, found by the label above it."""
    heads = page.locator("thead th.output-cell, thead th.input-cell").all_inner_texts()
    place = next(number for number, head in enumerate(heads) if column in head.split("\n"))
    return f"tbody tr:nth-child({row}) td:nth-child({place + 2})"


def lengthen_signing(designer: Desk, row: int, limit: str) -> None:
    page = designer.page
    designer.go("/designer/issue_loop/tables/deadline_class.dmn")
    page.wait_for_selector("#dmn[data-ready]")
    page.locator(cell(page, row, "签收")).click()
    page.keyboard.press("Control+a")
    page.keyboard.type(f'"{limit}"')
    expect(page.locator("#saved")).to_contain_text("未保存")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text("已保存", timeout=PATIENCE)
    expect(page.locator("#findings")).to_contain_text("检查通过")


def choose(page: Page, element: str) -> None:
    """Brings the element into view the way a designer does: by searching for it."""
    page.locator("#modeler .djs-container > svg").first.focus()
    page.keyboard.press("Control+f")
    expect(page.locator(".djs-search-input input")).to_be_focused()
    page.keyboard.type(element)
    page.locator(f'.djs-search-result[data-result-id="{element}"]').click()
    expect(page.locator(f'.djs-element.selected[data-element-id="{element}"]')).to_be_attached()


def add_field(designer: Desk, element: str, id: str, label: str, label_en: str) -> None:
    page = designer.page
    designer.go("/designer/issue_loop/diagram")
    page.wait_for_selector("#modeler[data-ready]", timeout=PATIENCE)
    choose(page, element)
    group = page.locator('[data-group-id="group-house-form"]')
    count = int(group.locator(".bio-properties-panel-list-badge").inner_text())
    group.locator(".bio-properties-panel-add-entry").click()
    for name, text in (("id", id), ("label", label), ("label-en", label_en)):
        page.fill(f'[data-entry-id="field-{count}-{name}"] input', text)
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text("已保存", timeout=PATIENCE)


def test_a_rule_and_a_form_are_changed_and_published(office: Office, issue_loop: Cast) -> None:
    before = Walk(office.sessions, issue_loop, at=office.at)
    before.to("sign")
    old_limit = before.timers["sign_overdue"]

    designer = office.desk("designer")
    lengthen_signing(designer, 3, "PT9H")
    add_field(designer, "rectify", "expense", "整改费用说明", "What it cost")

    page = designer.page
    designer.go("/designer/issue_loop/publication")
    designer.sees("检查通过", "整改费用说明", "PT9H")
    page.wait_for_selector("[data-diff][data-ready]", timeout=PATIENCE)
    designer.picture("publication")
    page.fill("#note", "签收放宽到九小时；整改时说明费用")
    page.get_by_role("button", name="发布第 2 版").click()
    designer.sees("第 2 版已发布", "签收放宽到九小时")

    after = Walk(office.sessions, issue_loop, at=office.at)
    after.to("sign")
    new_limit = after.timers["sign_overdue"]
    assert new_limit is not None
    assert old_limit is not None
    assert new_limit - after.at == timedelta(hours=9)
    assert new_limit > old_limit
    with office.sessions() as session:
        numbers = {
            case: session.execute(
                select(Version.number).join(Case, Case.version_id == Version.id).where(Case.id == case)
            ).scalar_one()
            for case in (before.case, after.case)
        }
        newest = session.execute(select(Version.diagram).where(Version.number == 2)).scalar_one()
    assert numbers == {before.case: 1, after.case: 2}
    assert diagram.read(newest).element("rectify").form[-1].id == "expense"

    clerk = office.desk("clerk")
    for walked, shows in ((before, False), (after, True)):
        walked.do("sign")
        form = clerk.context.request.get(f"/inbox/tasks/{walked.task('rectify').id}").text()
        assert ("整改费用说明" in form) is shows

    auditor = office.desk("auditor")
    auditor.go("/designer/issue_loop/differences?before=1&after=2")
    auditor.sees("整改费用说明", "PT9H", "deadline_class")
    auditor.page.wait_for_selector("[data-diff][data-ready]", timeout=PATIENCE)
    auditor.picture("differences")


def test_the_menus_of_the_real_drawing_board_are_filled(office: Office) -> None:
    designer = office.desk("designer")
    page = designer.page
    designer.go("/designer/issue_loop/diagram")
    page.wait_for_selector("#modeler[data-ready]", timeout=PATIENCE)
    choose(page, "rectify")
    page.click('.djs-context-pad [data-action="replace"]')
    expect(page.locator(".djs-popup .entry").first).to_be_visible()
    assert page.locator(".djs-popup .entry").count() > 3


def test_findings_lead_to_the_element(office: Office) -> None:
    designer = office.desk("designer")
    page = designer.page
    designer.go("/designer/issue_loop/diagram")
    page.wait_for_selector("#modeler[data-ready]", timeout=PATIENCE)
    choose(page, "report")
    page.locator('[data-group-id="group-general"] > .bio-properties-panel-group-header').click()
    page.fill('[data-entry-id="name"] textarea', "Report")
    page.locator("#properties").click(position={"x": 5, "y": 5})
    page.click("[data-act=check]")
    expect(page.locator("#findings")).to_contain_text("没有中文名称", timeout=PATIENCE)
    page.locator("#findings button", has_text="没有中文名称").click()
    expect(page.locator('.djs-element.selected[data-element-id="report"]')).to_be_attached()
    page.screenshot(path=office.pictures / "findings.png")


@pytest.mark.parametrize(
    "name", ["", "/issue_loop", "/help/laws", "/issue_loop/diagram", "/issue_loop/tables/triage.dmn"]
)
def test_the_room_fits_every_screen(office: Office, name: str) -> None:
    designer = office.desk("designer")
    designer.go(f"/designer{name}")
    designer.picture(f"designer{name.replace('/', '-')}")
