"""Coverage of a round: planned and done are counted from what the case has recorded, by target, with whom and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.notation.diagram import read
from engine.reads import coverage
from tests.engine.tokens import drawn as d

AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


def counted(targets: Any, visits: Any) -> coverage.Coverage:
    xml = d.xml(d.start(), d.task("u"), d.end(), d.flows("s u e"))
    step = read(xml.encode()).element("u")
    planned = targets if isinstance(targets, list) else []
    names = coverage.Names(None, {}, {}, {}, {}, {})
    return coverage._coverage(step, planned, visits, names)


def test_counts_what_is_done_of_what_was_planned() -> None:
    visits = [{"item": "b", "at": AT, "by": "chen"}]
    found = counted(["a", "b", "c"], visits)
    assert (found.planned, found.done, found.percent) == (3, 1, 33)
    assert [(target.name.zh, target.at) for target in found.targets] == [("a", None), ("b", AT), ("c", None)]
    assert found.targets[1].by is not None
    assert found.targets[1].by.zh == "chen"


def test_a_target_planned_twice_is_done_when_it_was_visited_twice() -> None:
    slots = [{"unit": "a", "slots": "夜间"}, {"unit": "a", "slots": "白天"}, {"unit": "a", "slots": "夜间"}]
    found = counted(slots, [{"item": slots[0], "at": AT, "by": "chen"}])
    assert [target.at is not None for target in found.targets] == [True, False, False]
    assert found.targets[0].name.zh == "a 夜间"
    assert counted(slots, [{"item": slots[0], "at": AT}] * 2).done == 2


def test_nothing_planned_is_nothing_covered() -> None:
    assert counted([], []).percent == 0
