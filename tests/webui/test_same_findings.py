"""What the browser is told while drawing and what publishing refuses are the same, each with element and line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.notation import checks
from engine.notation.checks.examples import INVALID, example
from tests.cast import Cast
from tests.webui.conftest import Browser
from tests.webui.test_designer import JSON, saved

LOOP = "loop"  # what the process of every example is called


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def designer(browser: Callable[[str], Browser]) -> Browser:
    return browser("designer")


def test_the_check_while_drawing_and_the_one_at_publishing_say_the_same(designer: Browser) -> None:
    designer.post("/designer", {"id": LOOP, "name": "小闭环", "name_en": "Small loop"})
    headers = {**JSON, "X-CSRFToken": designer.token}
    revision, refused = 1, 0
    for law in checks.LAWS:
        content = example(law.id, INVALID).content
        while_drawing = designer.client.post(f"/designer/{LOOP}/diagram/findings", data=content, headers=headers)
        assert while_drawing.status_code == 200, law.id
        found = while_drawing.get_json()["findings"]
        for finding in found:
            assert finding["line"], finding
            assert finding["element"] or law.id == "ids_are_there", finding
        status, answer = saved(designer, f"/designer/{LOOP}/diagram/xml", content, revision)
        assert status == 200, (law.id, answer)
        assert answer["findings"] == found, law.id
        revision += 1
        if any(finding["severity"] == "error" for finding in found):
            refused += 1
            form = {"revision": revision, "note": "试", "csrf_token": designer.token}
            published = designer.client.post(
                f"/designer/{LOOP}/publication", data=form, headers={"Accept": "application/json"}
            )
            assert published.status_code == 422, law.id
            page = published.text
            assert all(finding["law"] in page for finding in found), law.id
            assert all(f">{finding['element']}<" in page for finding in found if finding["element"]), law.id
    assert refused > 30
