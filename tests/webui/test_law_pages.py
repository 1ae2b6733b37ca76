"""Every law of the check has its page with an incorrect and a correct picture, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from engine.notation import checks
from tests.cast import Cast
from tests.webui.conftest import Browser
from webui import law_pages

IDS = [law.id for law in checks.LAWS]


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def designer(browser: Callable[[str], Browser]) -> Browser:
    return browser("designer")


def test_every_law_has_its_page_with_both_pictures(designer: Browser) -> None:
    for law in checks.LAWS:
        answer = designer.get(f"/designer/help/laws/{law.id}")
        assert answer.status_code == 200, law.id
        page = answer.text
        assert law.meaning_zh in page
        assert law.why_zh in page
        wrong, right = page.split("law-head-good")
        for half in (wrong, right):
            assert "<svg" in half or "law-table" in half, law.id
        assert "law-bad" in wrong, f"{law.id}: nothing is marked as wrong"
        assert "law-bad" not in right, law.id
        assert "finding-error" in wrong or "finding-warning" in wrong, law.id
        assert "finding-" not in right, law.id


def test_the_laws_of_the_file_have_pages_too(designer: Browser) -> None:
    for id, _meaning, meaning_zh in checks.OF_THE_FILE:
        page = designer.get(f"/designer/help/laws/{id}").text
        assert meaning_zh in page
        assert page.count("<pre") == 2


def test_the_pages_lead_from_one_to_the_next(designer: Browser) -> None:
    seen, law = [], law_pages.ALL[0]
    while law:
        seen.append(law)
        page = designer.get(f"/designer/help/laws/{law}").text
        found = re.search(r'rel="next" href="/designer/help/laws/(\w+)"', page)
        law = found[1] if found else ""
    assert seen == list(law_pages.ALL)
    listed = designer.get("/designer/help/laws").text
    assert all(f'href="/designer/help/laws/{law}"' in listed for law in seen)


def test_english_readers_read_english(designer: Browser) -> None:
    designer.post("/language", {"language": "en"})
    page = designer.get("/designer/help/laws/splits_decide").text
    assert "When no condition holds" in page
    assert "Incorrect" in page


def test_an_unknown_law_has_no_page(designer: Browser) -> None:
    assert designer.get("/designer/help/laws/nonsense").status_code == 404
    assert set(IDS) < set(law_pages.ALL)
