"""The help pages: every process under its group, every mechanism with its places, the source documents as stories."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import definitions
from engine.words.officers import CLOCK
from tests.cast import MORNING, Cast
from tests.conftest import files_of
from tests.webui.conftest import Browser


@pytest.fixture
def library(cast: Cast, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for process in ("issue_loop", "inspection", "recheck"):
            definitions.publish(session, *files_of(process), note="", by=CLOCK, at=MORNING)


def test_a_designer_goes_from_a_mechanism_to_its_step(library: None, browser: Callable[[str], Browser]) -> None:
    page = browser("designer").get("/help/mechanisms").text
    assert 'href="/designer/inspection?at=check_site#diagram"' in page
    assert 'href="/designer/inspection/tables/inspection_checklist.dmn"' in page
    assert 'data-bpmn-at="check_site"' in browser("designer").get("/designer/inspection?at=check_site").text


def test_others_read_where_it_is(library: None, browser: Callable[[str], Browser]) -> None:
    page = browser("clerk").get("/help/mechanisms").text
    assert "现场检查" in page
    assert "/designer/" not in page
    assert 'href="/ledger"' in page


def test_who_may_begin_a_process_is_offered_it(library: None, browser: Callable[[str], Browser]) -> None:
    inspector, clerk = browser("inspector"), browser("clerk")
    assert "/intake/inspection" in inspector.get("/intake").text
    assert "/intake/inspection" in inspector.get("/help").text
    assert "/intake/inspection" not in clerk.get("/intake", follow_redirects=True).text
    refused = clerk.get("/intake/inspection")
    assert refused.status_code == 403
    assert "这个流程由督查组发起" in refused.text


def test_the_source_documents_are_told(library: None, browser: Callable[[str], Browser]) -> None:
    page = browser("clerk").get("/help/seeds").text
    assert page.count("<svg") >= 5
    assert "销号核查" in page
    assert "None" not in page
