"""The bundles in a real browser: our content policy holds, menus are filled, what a designer enters is in the XML."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.notation import diagram
from tests.browser.board import EDITORS, POLICY, Board, serve

pytestmark = pytest.mark.browser

OPTIONS = """{"roles": [{"id": "unit_clerk", "name": "经办"}, {"id": "unit_head", "name": "负责人"}],
 "stages": [{"id": "rectifying", "name": "整改中"}],
 "types": [{"id": "string", "name": "短文本"}, {"id": "enum", "name": "单选"}]}"""
TOOLBAR = '<button data-act="save">保存</button><button data-act="undo">撤销</button><span id="saved"></span>'
PAGES = {
    "/officer": (
        ["app"],
        '<span class="light light-ok"><span class="light-text">正常</span>'
        '<time data-countdown datetime="2020-01-01T00:00:00Z">?</time></span>'
        '<form hx-post="/refused" hx-target="#answer" method="post"><button>送出</button></form><div id="answer"></div>'
        '<form method="post" action="/sent" data-confirm="确定？">'
        '<button id="ask" name="act" value="yes">办结</button></form>',
        POLICY,
    ),
    "/viewer": (
        ["app", "viewer"],
        """<div data-bpmn-url="/small.bpmn" data-tokens='["rectify", "rectify"]'"""
        """ data-passed='["raise", "register"]'></div>""",
        POLICY,
    ),
    "/modeler": (
        ["app", "modeler"],
        f'<div class="designer"><div class="toolbar">{TOOLBAR}</div><div id="modeler" data-xml-url="/small.bpmn" '
        'data-save-url="/save" data-check-url="/check" data-revision="1" data-name="small"></div>'
        '<div id="properties"></div>'
        f'<div id="findings"></div></div><script type="application/json" id="modeler-options">{OPTIONS}</script>',
        EDITORS,
    ),
    "/dmn": (
        ["app", "dmn"],
        f'<div class="designer"><div class="toolbar">{TOOLBAR}</div><div id="dmn" data-xml-url="/small.dmn" '
        'data-save-url="/save" data-check-url="/check" data-revision="1"></div><div id="findings"></div></div>',
        EDITORS,
    ),
}


@pytest.fixture
def board() -> Iterator[Board]:
    with serve(PAGES) as served:
        yield served


def is_elsewhere(url: str, board: Board) -> bool:
    return not url.startswith((board.address, "data:", "blob:"))


@pytest.fixture
def page(browser: Browser, board: Board) -> Iterator[Page]:
    """A page that must end without a script error, a broken content policy or a request to another host."""
    wrong: list[str] = []
    opened = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=board.address)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "request",
        lambda request: (
            None if request.url.startswith((board.address, "data:", "blob:")) else wrong.append(request.url)
        ),
    )
    opened.add_init_script(
        "window.broken = [];"
        "document.addEventListener('securitypolicyviolation', (e) => window.broken.push(e.violatedDirective))"
    )
    yield opened
    wrong += opened.evaluate("window.broken")
    opened.close()
    assert wrong == []


def choose(page: Page, element: str) -> None:
    """An empty place first: the pad of what was chosen before may lie over the next element."""
    page.mouse.click(500, 690)
    page.locator(f'.djs-element[data-element-id="{element}"] > .djs-hit').first.click(force=True)
    expect(page.locator(f'.djs-element.selected[data-element-id="{element}"]')).to_be_attached()


def unfold(page: Page, group: str) -> None:
    header = page.locator(f'[data-group-id="group-{group}"] > .bio-properties-panel-group-header')
    if "open" not in (header.get_attribute("class") or ""):
        header.click()


def entry(page: Page, name: str, kind: str = "input") -> str:
    return f'[data-entry-id="{name}"] {kind}'


def test_an_officers_page_tells_the_time_left_and_takes_back_a_refused_form(page: Page, board: Board) -> None:
    page.goto("/officer")
    expect(page.locator(".light-over .light-text")).to_have_text("超期")
    page.click("text=送出")
    expect(page.locator("#answer .field-error")).to_have_text("不能早于今天")
    expect(page.locator("text=送出")).to_be_enabled()
    assert board.received[0].headers["X-CSRFToken"] == "token"


def test_what_cannot_be_undone_is_asked_first_and_sent_with_its_button(page: Page, board: Board) -> None:
    page.goto("/officer")
    page.click("#ask")
    page.click("dialog button[value=no]")
    assert board.received == []
    page.click("#ask")
    page.click("dialog button[value=yes]")
    page.wait_for_url("**/sent")
    assert [received.body for received in board.received] == ["act=yes"]


def test_the_viewer_shows_where_a_case_stands_and_how_it_came(page: Page) -> None:
    page.goto("/viewer")
    page.wait_for_selector("[data-ready]")
    expect(page.locator('.is-token[data-element-id="rectify"]')).to_be_attached()
    expect(page.locator(".token-badge")).to_have_text("2")
    assert page.locator(".is-passed").evaluate_all("all => all.map((e) => e.dataset.elementId).sort()") == [
        "f1",
        "raise",
        "register",
    ]
    page.goto("/viewer?lang=en")
    page.wait_for_selector("[data-ready]")
    expect(page.locator('[data-element-id="register"] .djs-label').first).to_have_text("Register")


def test_menus_are_filled_and_leave_out_what_is_not_run(page: Page) -> None:
    """Two copies of one library would leave every menu empty without a word."""
    page.goto("/modeler")
    page.wait_for_selector("#modeler[data-ready]")
    choose(page, "done")
    page.click('.djs-context-pad [data-action="replace"]')
    page.wait_for_selector(".djs-popup .entry")
    offered = page.locator(".djs-popup .entry").evaluate_all("all => all.map((e) => e.dataset.id)")
    assert "replace-with-message-end" in offered
    assert not [name for name in offered if re.search("signal-end|compensation|link|cancel", name)]
    texts = "".join(page.locator(".djs-popup .entry").all_inner_texts())
    assert not re.search("[A-Za-z]{3}", texts), texts


def test_a_remark_while_drawing_can_be_seen(page: Page, board: Board) -> None:
    board.findings = [
        {"severity": "error", "element": "rectify", "line": 9, "zh": "卡住了", "en": "Stuck", "law": "joins_get_all",
         "path": ["raise", "register", "rectify"], "there": ["rectify"]},
        {"severity": "warning", "element": "done", "line": 9, "zh": "不在泳道", "en": "No lane", "law": "lanes"},
    ]  # fmt: skip
    page.goto("/modeler")
    page.wait_for_selector("#modeler[data-ready]")
    mark = page.locator('[data-container-id="rectify"] .finding-badge-error')
    expect(mark).to_be_visible()
    assert mark.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    expect(page.locator('[data-container-id="done"] .finding-badge-warning')).to_be_visible()
    page.click("#findings .way-button")
    expect(page.locator('[data-element-id="rectify"].is-way-bad')).to_be_visible()
    expect(page.locator(".way-number")).to_have_count(3)
    assert sorted(page.locator(".way-number").all_inner_texts()) == ["1", "2", "3"]
    # What is drawn on is checked again by itself, and what is mended goes away, its way with it.
    board.findings = []
    choose(page, "done")
    page.keyboard.press("Delete")
    expect(page.locator("#findings")).to_contain_text("没有问题")
    expect(page.locator(".way-number, .finding-badge")).to_have_count(0)


def test_what_a_designer_enters_is_what_the_engine_reads(page: Page, board: Board) -> None:
    board.findings = [{"severity": "error", "element": "close", "line": 9, "zh": "没有结果", "en": "No outcome"}]
    page.goto("/modeler")
    page.wait_for_selector("#modeler[data-ready]")
    choose(page, "rectify")
    unfold(page, "house-who")
    page.click('[data-group-id="group-house-who"] .bio-properties-panel-add-entry')
    page.select_option(entry(page, "house-who-1-role", "select"), "unit_head")
    page.click('[data-group-id="group-house-form"] .bio-properties-panel-add-entry')
    page.fill(entry(page, "field-0-id"), "measures")
    page.fill(entry(page, "field-0-label"), "整改措施")
    page.fill(entry(page, "field-0-label-en"), "Measures")
    page.select_option(entry(page, "field-0-type", "select"), "enum")
    page.fill(entry(page, "field-0-values", "textarea"), "a | 甲 | First\nb | 乙")
    page.check(entry(page, "field-0-required"))
    page.click(entry(page, "field-0-show", ".cm-content"))
    page.keyboard.type("case.round > 1")
    unfold(page, "house")
    page.select_option(entry(page, "house-stage", "select"), "rectifying")
    page.fill(entry(page, "house-clock"), "rectify")
    page.fill(entry(page, "house-clock-limit"), "3工作日")
    expect(page.locator("#saved")).to_contain_text("未保存")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text("已保存")

    saved = [each for each in board.received if each.method == "PUT"][-1]  # what is drawn is checked meanwhile, too
    assert (saved.headers["If-Match"], saved.headers["X-CSRFToken"]) == ("1", "token")
    task = diagram.read(saved.body.encode()).element("rectify")
    assert task.groups == "unit_clerk@=lead_unit, unit_head"
    assert {"stage": "rectifying", "clock": "rectify", "clock.limit": "3工作日"}.items() <= task.properties.items()
    [field] = task.form
    assert (field.id, field.type, field.label, field.label_en, field.required) == (
        "measures",
        "enum",
        "整改措施",
        "Measures",
        True,
    )
    assert [(choice.id, choice.name, choice.name_en) for choice in field.choices] == [
        ("a", "甲", "First"),
        ("b", "乙", ""),
    ]
    assert field.properties["show"] == "case.round > 1"

    page.click("#findings button")
    expect(page.locator('.djs-element.selected[data-element-id="close"]')).to_be_attached()


def test_somebody_elses_save_is_not_overwritten(page: Page, board: Board) -> None:
    page.goto("/modeler")
    page.wait_for_selector("#modeler[data-ready]")
    board.revision = 2
    page.click("[data-act=save]")
    with page.expect_download() as download:
        page.click("dialog button[value=yes]")
    assert download.value.suggested_filename == "mine-small.bpmn"
    assert board.revision == 2


def test_a_decision_table_is_changed_in_chinese(page: Page, board: Board) -> None:
    page.goto("/dmn")
    page.wait_for_selector("#dmn[data-ready]")
    expect(page.locator(".dmn-decision-table-container")).to_contain_text("命中规则")
    page.locator("td.output-cell").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.type('"notice"')
    expect(page.locator("#saved")).to_contain_text("未保存")
    page.keyboard.press("Control+s")
    expect(page.locator("#saved")).to_have_text("已保存")
    assert '<text>"notice"</text>' in board.received[-1].body
