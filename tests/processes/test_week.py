"""A small week of the city: a day and a half, every process, and then every rule and every number is tried."""

from __future__ import annotations

import pytest

from tests.processes.week import count
from tests.processes.week.city import Week


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    week = Week(tmp_path_factory.mktemp("week"), issues=6, days=2)
    week.settle()
    week.pass_by()
    return week


def test_every_rule_holds_at_the_end(week: Week) -> None:
    assert week.done["raised issue_loop"] == 6
    assert week.done["acts"] > 200
    assert week.done["acts by page"] > 3
    assert count.broken(week) == []


def test_the_pages_say_what_the_facts_say(week: Week) -> None:
    numbers = count.pages(week)
    assert len(numbers) > 25
    assert [pair for pair in numbers if pair[1] != pair[2]] == []


def test_the_day_runs_by_itself(week: Week) -> None:
    """Nobody calls for them: the daily meeting, the reports of all units and of the schools, the special report."""
    days = count.rhythm(week)
    first = days["11-16"]
    assert first["daily_dispatch"] == 1
    assert first["daily_report"] == 2
    assert first["bulletin"] >= 1
    assert {"daily_dispatch", "daily_report", "bulletin"} <= set(days["11-17"])
    told = count.day_by_clock(week)
    assert told["reports asked for"] >= 25
    assert told["reports missing and chased"] > 0
    assert told["meetings prepared"] >= 2
    assert told["rankings frozen"] >= 1
