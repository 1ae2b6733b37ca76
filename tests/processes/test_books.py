"""Diagrams ask the books: which cases, what figures, which units; a question nobody can read is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from engine.notation import questions
from engine.notation.questions import QuestionNotReadable
from engine.reads.books import BooksOf
from engine.words.worktime import HOME
from tests.cast import Cast
from tests.walk import Walk


@pytest.fixture
def walk(issue_loop: Cast, sessions: sessionmaker[Session]) -> Walk:
    return Walk(sessions, issue_loop)


def test_a_question_is_read_and_its_days_are_whole() -> None:
    asked = questions.read(
        {"process": "issue_loop, recheck", "opened_from": date(2026, 3, 2), "opened_to": "2026-03-02", "open": "true"}
    )
    assert asked.among["process"] == ("issue_loop", "recheck")
    assert asked.moments["opened_from"] == datetime(2026, 3, 2, tzinfo=HOME)
    assert asked.moments["opened_to"] == datetime(2026, 3, 3, tzinfo=HOME)
    assert asked.open is True
    assert asked.overdue is None


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"stage": "nowhere"}, "nowhere"),
        ({"opened_from": "soon"}, "soon"),
        ({"level": "7"}, "level"),
        ({"open": "perhaps"}, "open"),
        ({"by": "colour"}, "by"),
        ({"limit": 0}, "limit"),
    ],
)
def test_what_cannot_be_read_is_said_in_both_languages(given: dict[str, object], word: str) -> None:
    with pytest.raises(QuestionNotReadable) as refused:
        questions.read(given)
    assert word in refused.value.zh
    assert word in refused.value.en


def test_cases_and_figures_agree_with_the_facts(walk: Walk) -> None:
    walk.to("sign")
    first = walk.row.number
    walk.raise_issue()
    walk.to("close_off")
    walk.do("close_off")
    late = walk.at + timedelta(days=60)
    with walk.sessions() as session:
        books = BooksOf(session, 0)
        listed = books.cases(questions.read({"open": True, "fields": ["found_at", "no_such"]}), at=late)
        assert first in [one["number"] for one in listed]
        assert {one["no_such"] for one in listed} == {None}
        every = books.figures(questions.read({"clocks": "dispatch, rectify"}), at=late)
        assert every["total"] == every["open"] + every["closed"]
        assert every["clocks"]["dispatch"]["on_time"] >= 2
        by_unit = books.figures(questions.read({"by": "unit"}), at=late)
        assert sum(row["total"] for row in by_unit) == every["total"]
        assert books.cases(questions.read({"except": [one["number"] for one in listed], "open": True}), at=late) == []
        assert BooksOf(session, walk.case).figures(questions.read({}), at=late)["total"] == every["total"] - 1


def test_units_by_kind_place_and_role(walk: Walk) -> None:
    with walk.sessions() as session:
        books = BooksOf(session, 0)
        every = books.units(questions.read({}))
        assert "HARBOUR" in every
        assert books.units(questions.read({"below": "no_such_unit"})) == []
        with_clerk = books.units(questions.read({"role": "unit_clerk"}))
        assert "HARBOUR" in with_clerk
        assert set(with_clerk) < set(every)
        assert "HARBOUR" not in books.units(questions.read({"role": "unit_clerk", "except": "HARBOUR"}))
