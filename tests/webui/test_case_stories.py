"""A recorded case is turned into a story in the browser and at the command line."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import stories
from engine.reads import case_story
from models import Case, Entry, Officer
from tests.cast import Cast
from tests.conftest import files_of
from tests.walk import ISSUE, Walk
from tests.webui.conftest import Browser


@pytest.fixture(autouse=True)
def cast(published: Cast) -> Cast:
    """The copied database is put in place before anything opens it."""
    return published


@pytest.fixture
def walk(cast: Cast, sessions: sessionmaker[Session]) -> Walk:
    return Walk(sessions, cast)


def test_a_case_is_told_as_it_went_without_names_and_texts(walk: Walk) -> None:
    walk.to("verify")
    with walk.sessions() as session:
        text = case_story.of_case(session, walk.case)
        names = [name for (name,) in session.query(Officer.name)]
    assert ISSUE["description"] not in text
    assert not [name for name in names if name in text]
    book = stories.read(text)
    told = stories.run(*files_of("issue_loop"), book, book.stories[0])
    assert told.failures == ()
    assert [step.what for step in book.stories[0].steps if step.kind == "does"][-1] == "review"
    assert book.stories[0].steps[-1].expect["tasks"] == ["verify"]


def test_the_page_shows_the_text_and_how_it_went(walk: Walk, browser: Callable[[str], Browser]) -> None:
    walk.to("dispatch")
    auditor = browser("auditor")
    page = html.unescape(auditor.get(f"/cases/{walk.case}/as-story").text)
    assert "在第 1 版上走通" in page
    assert "does: register" in page
    assert "存为流程的故事" not in page
    file = auditor.get(f"/cases/{walk.case}/as-story/stories.yaml")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert stories.read(file.text).stories
    assert "/as-story" in auditor.get(f"/cases/{walk.case}").text
    clerk = browser("liaison")
    assert "/as-story" not in clerk.get(f"/cases/{walk.case}").text
    assert clerk.get(f"/cases/{walk.case}/as-story").status_code == 403


def test_a_text_that_was_changed_no_longer_goes_well(walk: Walk) -> None:
    walk.to("dispatch")
    with walk.sessions() as session:
        text = case_story.of_case(session, walk.case)
        assert session.get_one(Case, walk.case).stage == "filed"
    book = stories.read(text.replace("stage: filed", "stage: closed"))
    told = stories.run(*files_of("issue_loop"), book, book.stories[0])
    assert "stage should be" in told.failures[-1].en


def test_a_case_no_story_can_tell_says_why(walk: Walk, browser: Callable[[str], Browser]) -> None:
    walk.to("dispatch")
    with walk.sessions.begin() as session:
        session.execute(update(Entry).where(Entry.book == walk.case, Entry.seq == 3).values(body=None))
    page = browser("auditor").get(f"/cases/{walk.case}/as-story")
    assert page.status_code == 200
    assert "转不成故事" in page.text
