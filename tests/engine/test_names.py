"""What officers are shown is called by its name: messages, counts, choices, and which one of a repeated step it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.notation import forms
from engine.notation.diagram import Diagram, read
from engine.notation.elements import Field
from engine.reads.names import Names
from engine.words.terms import Term

LIBRARY = Path(__file__).parent.parent.parent / "processes"
UNITS = {"north_gate": Term("北门卡口", "North Gate")}


def names(process: str) -> Names:
    return Names(drawn(process), {}, UNITS, {}, {}, {})


def drawn(process: str) -> Diagram:
    return read((LIBRARY / process / f"{process}.bpmn").read_bytes())


def test_a_message_is_called_after_the_step_that_sends_it() -> None:
    assert names("accountability").message("appeal_lodged") == Term("移交申诉", "Lodge it")
    # It only waits for this one.
    assert names("accountability").message("appeal_decided") == Term("appeal_decided", "appeal_decided")


def test_a_count_is_called_after_the_step_that_counts() -> None:
    assert names("bulletin").counter("unread") == Term("未阅计数", "Count the unread")
    assert names("bulletin").counter("nobody_counts") == Term("nobody_counts", "nobody_counts")


def test_a_choice_brought_by_a_message_is_called_as_where_it_is_chosen() -> None:
    told = names("checkpoint").value("animals_how", "seized")
    assert told == Term("暂扣移交", "Seized")


@pytest.mark.parametrize(
    ("item", "zh"),
    [
        (None, ""),
        ("north_gate", "北门卡口"),
        ({"unit": "north_gate", "slots": "night"}, "北门卡口、夜间"),
        ({"number": "2026-000027", "title": "登记不全", "process": "issue_loop"}, "2026-000027 登记不全"),
        ({"title": "甲" * 200}, "甲" * 80 + "…"),
        ({"description": "只有说明", "photos": [{"sha": "a" * 64}]}, "只有说明"),
    ],
)
def test_an_instance_of_a_repeated_step_is_told_in_a_few_words(item: object, zh: str) -> None:
    assert names("inspection").instance(item).zh == zh


def test_a_case_that_never_names_a_responsible_unit_is_not_asked_for_one() -> None:
    assert drawn("issue_loop").names_unit
    assert drawn("drill").names_unit
    assert not drawn("bulletin").names_unit


@pytest.mark.parametrize(("said_en", "en"), [(None, ""), ('=string(count(found)) + " found"', "2 found")])
def test_a_note_speaks_english_where_it_says_so(said_en: str | None, en: str) -> None:
    at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    properties = {"default.en": said_en} if said_en else {}
    default = '="共 " + string(count(found)) + " 项"'
    note = Field("n", "note", "共几项", "How many", default, (), {}, properties, None)
    (shown,) = forms.shown([note], {"found": [1, 2]}, None, at)
    assert (shown.text, shown.said_en) == ("共 2 项", en)
