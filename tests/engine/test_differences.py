"""What changed between two versions is said by step, field and cell, in both languages, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.notation import checks
from engine.notation.diagram import read
from engine.notation.differences import differences

DIAGRAMS = Path(checks.__file__).parent / "examples"
OLD = (DIAGRAMS / "forms_are_well_formed.valid.bpmn").read_text("utf-8")
FLOWS = (DIAGRAMS / "splits_decide.valid.bpmn").read_text("utf-8")
TABLE = (DIAGRAMS / "triage.valid.dmn").read_text("utf-8")
NEW_FIELD = (
    '<camunda:formField id="cost" label="费用" type="number"><camunda:properties>'
    '<camunda:property id="label.en" value="Cost"/></camunda:properties></camunda:formField></camunda:formData>'
)


def changed(old: str, *swaps: tuple[str, str]) -> list[tuple[str, str, str | None, str | None]]:
    new = old
    for before, after in swaps:
        assert before in new
        new = new.replace(before, after)
    found = differences(read(old.encode()), read(new.encode()))
    for each in found:
        assert each.zh
        assert each.en
        assert each.what_zh != each.what_en
    return [(each.element, each.what, each.before, each.after) for each in found]


def tables_changed(old: str | None, new: str | None) -> list[tuple[str, str, str | None, str | None]]:
    drawing = read(OLD.encode())
    before, after = ({"triage.dmn": text} if text is not None else {} for text in (old, new))
    return [(e.element, e.what_en, e.before, e.after) for e in differences(drawing, drawing, before, after)]


def test_the_same_is_no_difference() -> None:
    assert changed(OLD) == []
    assert differences(None, read(OLD.encode())) == []


@pytest.mark.parametrize(
    ("swap", "expected"),
    [
        (('name="签收"', 'name="确认"'), ("sign", "name", "签收", "确认")),
        (('value="Sign for"', 'value="Confirm"'), ("sign", "property name.en", "Sign for", "Confirm")),
        (
            ('camunda:dueDate="3 work days"', 'camunda:dueDate="5工作日"'),
            ("sign", "due", "3 work days", "5工作日"),
        ),
        (("</camunda:formData>", NEW_FIELD), ("sign", "field cost", None, "费用（number）")),
        (('config="10"', 'config="20"'), ("sign", "field cause constraint minlength", "10", "20")),
        (('label="原因"', 'label="根本原因"'), ("sign", "field cause label", "原因", "根本原因")),
        (('<dc:Bounds x="246"', '<dc:Bounds x="300"'), ("loop", "picture", None, "…")),
    ],
)
def test_one_change_is_one_difference(swap: tuple[str, str], expected: tuple[str, str, str | None, str | None]) -> None:
    assert changed(OLD, swap) == [expected]


def test_a_step_that_is_gone_or_new_is_named_with_its_flows() -> None:
    gone = changed(FLOWS, ('id="review"', 'id="check"'), ('"review"', '"check"'))
    assert ("check", "added", None, "用户任务“审核”") in gone
    assert ("review", "removed", "用户任务“审核”", None) in gone
    assert ("to_review", "way", "从“签收”到“审核”的连线", "从“签收”到“审核”的连线") in gone


def test_conditions_and_defaults_of_flows() -> None:
    assert changed(FLOWS, ('=result = "pass"', '=result = "fail"')) == [
        ("to_closed", "condition", '=result = "pass"', '=result = "fail"')
    ]
    assert changed(FLOWS, (' default="back"', "")) == [("back", "default", "✓", "✗")]


def test_a_cell_a_row_a_column_of_a_table() -> None:
    assert tables_changed(TABLE, TABLE) == []
    assert tables_changed(TABLE, TABLE.replace('"unit"', '"leader"')) == [
        ("triage.dmn", 'row 2, "去向"', '"unit"', '"leader"')
    ]
    row = TABLE[TABLE.index('<rule id="row_2"') : TABLE.index("</decisionTable>")]
    assert tables_changed(TABLE, TABLE.replace(row, "")) == [
        ("triage.dmn", "former row 2 removed", '严重程度："major", "minor"；去向："unit"', None)
    ]
    assert tables_changed(TABLE, TABLE.replace("FIRST", "UNIQUE")) == [("triage.dmn", "hit policy", "FIRST", "UNIQUE")]
    assert tables_changed(None, TABLE) == [("triage.dmn", "new file", None, None)]
    assert tables_changed(TABLE, None) == [("triage.dmn", "file removed", None, None)]
    assert tables_changed(TABLE, "<broken") == [("triage.dmn", "text", None, "…")]
