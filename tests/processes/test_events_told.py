"""The stories of each process tell all there is: every event fires, every connection is taken, and every answer that
sends a case another way is given. What these are is read from the diagrams and tables, from nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.acts import stories
from engine.notation import choices, diagram
from engine.notation.diagram import EVENTS, Diagram
from engine.notation.elements import Element
from tests.conftest import PROCESSES, files_of
from tests.processes.played import book_of, covered, told

Record = Callable[[str, object], None]
LIBRARY = sorted(file.parent.name for file in PROCESSES.glob("*/*.bpmn"))
# What no story can reach, each with the reason: process → id of an event or connection, or a choice as it is printed.
OUT_OF_REACH: dict[str, dict[str, str]] = {}


def drawing_of(process: str) -> Diagram:
    return diagram.read(files_of(process)[0])


def events_of(process: str) -> list[Element]:
    return [element for element in drawing_of(process).elements.values() if element.kind in EVENTS]


@pytest.mark.parametrize("process", LIBRARY)
def test_every_event_fires_in_a_story(process: str, record_property: Record) -> None:
    events = {element.id for element in events_of(process)}
    silent = events & set(covered(process).elements_missed)
    record_property("events", (len(events) - len(silent), len(events)))
    assert silent - OUT_OF_REACH.get(process, {}).keys() == set()


@pytest.mark.parametrize("process", LIBRARY)
def test_every_connection_is_taken_in_a_story(process: str, record_property: Record) -> None:
    taken, missed = covered(process).flows_passed, covered(process).flows_missed
    record_property("connections", (len(taken), len(taken) + len(missed)))
    assert set(missed) - OUT_OF_REACH.get(process, {}).keys() == set()


@pytest.mark.parametrize("process", LIBRARY)
def test_every_way_out_of_a_form_is_chosen_in_a_story(process: str, record_property: Record) -> None:
    made, never = covered(process).choices_made, [str(one) for one in covered(process).choices_missed]
    record_property("choices", (len(made), len(made) + len(never)))
    assert set(never) - OUT_OF_REACH.get(process, {}).keys() == set()


def test_what_is_said_to_be_out_of_reach_is_there_and_is_not_reached() -> None:
    for process, reasons in OUT_OF_REACH.items():
        passed = covered(process)
        missed = {*passed.elements_missed, *passed.flows_missed, *map(str, passed.choices_missed)}
        assert reasons.keys() <= missed, process
        assert all(reasons.values()), process


def test_without_the_story_that_tells_it_an_event_or_a_choice_is_missed() -> None:
    drawn, tables = files_of("escalation")
    left_out = {"daily_settled", "silent_then_raised"}
    rest = [told("escalation", one.id) for one in book_of("escalation").stories if one.id not in left_out]
    missed = stories.coverage(drawn, rest, tables)
    assert {"unexplained", "not_done"} <= set(missed.elements_missed)
    assert [str(one) for one in missed.choices_missed] == ["daily: ruling = raise", "daily: ruling = settle"]


def test_what_counts_as_a_choice() -> None:
    """All of a field that a condition looks at; of one that only tables read, what their rules name."""
    drawn, tables = files_of("escalation")
    offered = [str(one) for one in choices.offered(diagram.read(drawn), tables)]
    assert [one for one in offered if one.startswith("daily")] == [
        "daily: ruling = order", "daily: ruling = raise", "daily: ruling = settle",
    ]  # fmt: skip
    assert [one for one in offered if one.startswith("by_hand")] == [
        "by_hand: urgent = true", "by_hand: coordination = none", "by_hand: coordination = hard",
    ]  # fmt: skip
