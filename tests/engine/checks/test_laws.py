"""Every law lets its valid diagram pass, and finds the fault in its invalid one, at the right element."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

from engine.notation import checks, library
from engine.notation.checks import LAWS, Known, check
from engine.notation.checks.examples import FILES as DIAGRAMS
from engine.notation.checks.examples import example
from engine.words.errors import Finding
from tests.conftest import files_of

# What each invalid diagram is refused (or warned) for: the severity and the element.
FAULTS: dict[str, set[tuple[str, str]]] = {
    "ids_are_there": {("error", "")},
    "ids_are_unique": {("error", "sign")},
    "ids_are_free": {("error", "Start")},
    "nothing_unsupported": {("error", "merge")},
    "one_start": {("error", "again")},
    "flows_join_neighbours": {("error", "lost")},
    "nodes_are_reached": {("error", "verify")},
    "ways_end": {("warning", "verify")},
    "splits_decide": {("error", "back")},
    "joins_get_all": {("error", "meet")},
    "cases_can_end": {("error", "again")},
    "steps_can_happen": {("error", "close")},
    "ways_meet_in_joins": {("warning", "meet")},
    "soundness_is_decided": {("warning", "loop")},
    "gateways_have_a_direction": {("warning", "idle")},
    "persons_are_kept_apart": {("warning", "sign")},
    "papers_are_labelled": {("warning", "order")},
    "tasks_have_a_deadline": {("warning", "sign")},
    "tasks_have_a_form": {("warning", "sign")},
    "labels_can_be_read": {("warning", "closed")},
    "conditions_count": {("error", "to_verify")},
    "event_gateways_wait": {("error", "ask")},
    "event_subprocesses_begin": {("error", "urged")},
    "errors_are_caught": {("error", "failed")},
    "compensation_is_drawn": {("error", "unblock")},
    "transactions_cancel": {("error", "dropped")},
    "adhoc_can_finish": {("error", "begun")},
    "data_objects_are_fields": {("error", "sign")},
    "links_and_signals_meet": {("error", "leap"), ("error", "land")},
    "calls_reach_a_process": {("error", "report")},
    "calls_give_what_is_asked": {("warning", "report")},
    "inputs_and_outputs_go_over": {("error", "report")},
    "messages_find_their_way": {("warning", "ask")},
    "boundary_events_cling": {("error", "late")},
    "expressions_are_feel": {("error", "to_closed")},
    "scripts_have_text": {("error", "count")},
    "names_are_known": {("error", "large")},
    "types_go_together": {("error", "large")},
    "values_are_set": {("warning", "reckon")},
    "timers_are_readable": {("error", "late")},
    "limits_are_readable": {("error", "sign")},
    "clocks_exist": {("error", "sign")},
    "messages_have_names": {("error", "answered")},
    "tasks_have_a_role": {("error", "sign")},
    "roles_are_known": {("error", "sign")},
    "labels_are_bilingual": {("error", "sign")},
    "forms_are_well_formed": {("error", "sign")},
    "fields_are_used": {("warning", "sign")},
    "tables_are_readable": {("error", "c_2")},
    "decisions_exist": {("error", "triage")},
    "rules_do_not_clash": {("error", "row_2")},
    "every_rule_counts": {("warning", "row_2")},
    "every_input_has_a_rule": {("warning", "triage_table")},
    "repeats_are_complete": {("error", "sign")},
    "topics_are_known": {("error", "remind")},
    "stages_are_known": {("error", "sign")},
    "references_lead_somewhere": {("error", "review")},
    "imports_are_settled": {("error", "sign")},
    "nothing_is_ignored": {("warning", "sign")},
    "every_word_is_read": {("error", "sign")},
    "lanes_hold_everything": {("warning", "sign")},
    "picture_is_complete": {("warning", "sign")},
    "ids_stay": {("warning", "Activity_0x1y2z")},
}
IDS = [law.id for law in LAWS]


def found_in(law: str, kind: str) -> list[Finding]:
    shown = example(law, kind)
    return check(shown.content, shown.tables, known=shown.known, previous=shown.previous)


@pytest.mark.parametrize("law", IDS)
def test_the_valid_diagram_passes_every_law(law: str) -> None:
    assert found_in(law, "valid") == []


@pytest.mark.parametrize("law", IDS)
def test_the_invalid_diagram_is_found_out(law: str) -> None:
    findings = [finding for finding in found_in(law, "invalid") if finding.law == law]
    assert {(finding.severity, finding.element) for finding in findings} == FAULTS[law]
    for finding in findings:
        assert finding.line is not None
        assert finding.zh != finding.en
        assert "{it}" not in finding.zh + finding.en
        assert finding.zh.endswith("。")
        assert finding.en.endswith((".", "…"))


def test_every_file_with_a_law_is_registered_and_says_what_it_wants() -> None:
    files = [import_module(f"{checks.__name__}.{found.name}") for found in iter_modules(checks.__path__)]
    laws = {module.LAW: module for module in files if hasattr(module, "LAW")}
    assert set(laws) == set(IDS) == set(FAULTS)
    assert len(IDS) == len(set(IDS))
    for name, module in laws.items():
        assert module.__name__.endswith(f".{name}")
    for law in LAWS:
        assert law.meaning.endswith(".")
        assert law.meaning_zh.endswith("。")
        assert "\n" not in law.meaning
        assert law.why.endswith(".")
        assert law.why_zh.endswith("。")


def test_a_picker_of_a_kind_of_which_there_is_no_unit_is_said_to_be_empty() -> None:
    content, tables = files_of("medical")

    def told(*kinds: str) -> list[tuple[str, str]]:
        found = check(content, tables, known=Known(unit_kinds=frozenset(kinds)))
        return [(finding.element, finding.severity) for finding in found if finding.law == "roles_are_known"]

    assert told("医疗机构", "街道") == []
    assert told("街道") == [(id, "warning") for id in ("clinic_visit", "patient_handed_over", "arrange_transfer")]
    assert check(content, tables) == []  # away from its city


def test_units_are_compared_only_where_the_city_is_known() -> None:
    content = (DIAGRAMS / "roles_are_known.valid.bpmn").read_bytes().replace(b"@=lead_unit,", b"@D99,")
    assert check(content, {}) == []
    assert {f.law for f in check(content, {}, known=Known(units=frozenset({"D01"})))} == {"roles_are_known"}
    assert check(content, {}, known=Known(units=frozenset({"D99"}))) == []


@pytest.mark.parametrize("law", IDS)
def test_what_the_laws_let_pass_the_engine_can_build(law: str) -> None:
    content = (DIAGRAMS / f"{law}.valid.bpmn").read_bytes()
    table = (DIAGRAMS / "triage.valid.dmn").read_text("utf-8")
    published = library.read_published(1, content, {"triage.dmn": table})
    assert published.diagram.user_tasks


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'label="意见" type="text">',
            'label="意见" type="text"><camunda:validation><camunda:constraint name="readonly"/></camunda:validation>',
            "总是空的",
        ),
        (
            '<camunda:property id="label.en" value="Opinion"/>',
            '<camunda:property id="label.en" value="Opinion"/><camunda:property id="show" value="=false"/>',
            "总是 false",
        ),
    ],
)
def test_a_field_nobody_sees_or_fills_is_pointed_out(old: str, new: str, said: str) -> None:
    text = (DIAGRAMS / "fields_are_used.valid.bpmn").read_text("utf-8")
    assert old in text
    (finding,) = (f for f in check(text.replace(old, new).encode(), {}) if f.law == "fields_are_used")
    assert said in finding.zh
    assert (finding.severity, finding.element) == ("warning", "sign")


def test_an_answer_of_a_repeated_step_that_something_reads_is_used() -> None:
    text = (DIAGRAMS / "fields_are_used.invalid.bpmn").read_text("utf-8")
    until = "<bpmn:completionCondition>=opinion != null</bpmn:completionCondition>"
    end = "</bpmn:multiInstanceLoopCharacteristics>"
    read = text.replace('elementVariable="co_unit"/>', f'elementVariable="co_unit">{until}{end}')
    assert read != text
    assert not [f for f in check(read.encode(), {}) if f.law == "fields_are_used"]
