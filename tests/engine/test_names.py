"""What officers are shown is called by its name: messages, counts, choices, and which one of a repeated step it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.notation import forms
from engine.notation.diagram import Diagram, read
from engine.notation.elements import Field
from engine.reads import phrases
from engine.reads.names import Names
from engine.words.terms import Term

LIBRARY = Path(__file__).parent.parent.parent / "processes"
MADE = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t"><bpmn:process id="made" isExecutable="true">
<bpmn:extensionElements><camunda:properties>%s</camunda:properties></bpmn:extensionElements>
<bpmn:startEvent id="s"/></bpmn:process></bpmn:definitions>"""
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


def made(words: dict[str, str]) -> Diagram:
    lines = [f'<camunda:property name="word.{name}" value="{text}"/>' for name, text in words.items()]
    return read((MADE % "".join(lines)).encode())


WORDS = {
    "title.{day} {name}.en": "{name}, {day}",
    "title.{where} 转运 {n} 人.en": "Transfer of {n} from {where}",
    "title.本月演练.en": "Drill of this month",
    "title.{a}对{a}.en": "{a} to {a}, {unknown}",
    "title.无英文 {a}": "无英文（{a}）",
    "name.日报.en": "Daily report",
}


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2026-03-02 日报", "2026-03-02 日报", "Daily report, 2 Mar 2026"),
        # A hole called like a field with words takes only these: somebody wrote this one.
        ("2026-03-02 月报", "2026-03-02 月报", "2026-03-02 月报"),
        # No day of the calendar.
        ("2026-02-30 日报", "2026-02-30 日报", "Daily report, 2026-02-30"),
        ("东 门 转运 3 人", "东 门 转运 3 人", "Transfer of 3 from 东 门"),
        ("(.*) 转运 \\1 人", "(.*) 转运 \\1 人", "Transfer of \\1 from (.*)"),
        ("转运 3 人", "转运 3 人", "转运 3 人"),
        ("本月演练", "本月演练", "Drill of this month"),
        ("甲对甲", "甲对甲", "甲 to 甲, {unknown}"),
        ("甲对乙", "甲对乙", "甲对乙"),
        ("无英文 甲", "无英文（甲）", "无英文（甲）"),
        ("", "", ""),
    ],
)
def test_a_title_that_the_diagram_puts_together_is_said_in_both_languages(text: str, zh: str, en: str) -> None:
    drawing = made(WORDS)
    assert phrases.title(drawing, text) == Term(zh, en)
    assert Names(drawing, {}, {}, {}, {}, {}).title(text) == Term(zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("1 work day", "1个工作日", "1 work day"),
        ("same day", "当日", "same day"),
        ("a work day", "a work day", "a work day"),
    ],
)
def test_a_limit_out_of_a_table_is_told_as_limits_are(value: str, zh: str, en: str) -> None:
    assert names("recheck").value("due_within", value) == Term(zh, en)


def test_a_column_beside_it_gives_the_english_of_a_text() -> None:
    told = names("issue_loop").value("ladder", {"label": "催办单", "label_en": "Reminder", "other_en": "alone"})
    assert told.en.count("Reminder") == 1
    assert "催办单" in told.zh
    assert "alone" in told.en


def test_a_code_of_the_ledger_that_its_own_process_does_not_know_is_looked_up_once_it_turns_up() -> None:
    asked: list[str] = []

    def office() -> dict[tuple[str, str], Term]:
        asked.append("")
        return {("category", "checkpoint"): Term("卡口管理", "Checkpoints")}

    told = Names(drawn("recheck"), {}, {}, {}, {}, {}, find=office)
    # What people wrote, and what its own forms say, is no matter for the office.
    assert (told.value("category", "卫生").en, told.value("severity", "major").en) == ("卫生", "Major")
    assert asked == []
    assert told.value("category", "checkpoint") == Term("卡口管理", "Checkpoints")
    assert told.value("category", "nobody_knows").en == "nobody_knows"
