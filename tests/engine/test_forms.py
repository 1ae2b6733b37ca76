"""Forms: what is asked now, what the answers mean, and all faults at once, named by the field's label."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.notation import forms
from engine.notation.diagram import Choice, Field
from engine.words.errors import NotValid

# A Tuesday, 09:00 in the city's zone.
AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
CITY = ZoneInfo("Asia/Shanghai")
SHA = "ab" * 32


def field(id: str, type: str = "string", *, default: str | None = None, **rules: str) -> Field:
    """Constraints by their name; what the diagram calls a property comes as `p_name` (`p_label_en`, `p_show`)."""
    properties = {name[2:].replace("_en", ".en"): text for name, text in rules.items() if name.startswith("p_")}
    properties = {name if name != "required.if" else "required_if": text for name, text in properties.items()}
    choices = (Choice("fix", "限期整改", "Rectify"), Choice("close", "销号", "Close off"))
    return Field(
        id=id,
        type=type,
        label=f"字段{id}",
        label_en=f"Field {id}",
        default=default,
        choices=choices if type in {"enum", "multi"} else (),
        constraints={name: text for name, text in rules.items() if not name.startswith("p_")},
        properties=properties,
        line=None,
    )


def read(fields: list[Field], names: dict[str, Any] | None = None, **raw: str | list[str]) -> dict[str, Any]:
    posted = {id: texts if isinstance(texts, list) else [texts] for id, texts in raw.items()}
    return forms.read(fields, posted, names=names or {}, at=AT)


def faults(fields: list[Field], names: dict[str, Any] | None = None, **raw: str | list[str]) -> dict[str, str]:
    with pytest.raises(NotValid) as refused:
        read(fields, names, **raw)
    assert all(fault.en for fault in refused.value.faults)
    return {fault.field: fault.zh for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        ("string", "  码头社区  ", "码头社区"),
        ("string", "一\r\n二", "一 二"),
        ("text", "一\r\n二\x00", "一\n二"),
        ("long", "1,200", 1200),
        ("long", "１２", 12),
        ("number", "3.50", Decimal("3.50")),
        ("number", "4.0", 4),
        ("date", "2026-03-12", date(2026, 3, 12)),
        ("datetime", "2026-03-12T09:30", datetime(2026, 3, 12, 9, 30, tzinfo=CITY)),
        ("boolean", "true", True),
        ("boolean", "否", False),
        ("enum", "fix", "fix"),
        ("multi", ["fix", "close", "fix"], ["fix", "close"]),
        ("unit", "HARBOUR", "HARBOUR"),
        ("units", ["HARBOUR", ""], ["HARBOUR"]),
        ("officer", "clerk", "clerk"),
        ("issue", "2026-12", "2026-000012"),
        ("photo", json.dumps({"sha": SHA, "name": "a.jpg"}), [{"sha": SHA, "name": "a.jpg", "kind": "document"}]),
    ],
)
def test_what_was_typed_becomes_a_value(type: str, text: str | list[str], value: object) -> None:
    assert read([field("x", type)], x=text) == {"x": value}


@pytest.mark.parametrize(
    ("type", "text", "said"),
    [
        ("long", "3.5", "须填整数"),
        ("long", "12 000 元", "须填整数"),
        ("number", "1e400", "须填数字"),
        ("date", "2026-02-30", "须填日期"),
        ("datetime", "明天", "须填日期和时间"),
        ("boolean", "maybe", "只能填是或否"),
        ("enum", "burn", "没有“burn”这个选项"),
        ("multi", ["fix", "burn"], "没有“burn”这个选项"),
        ("issue", "12/2026", "须填问题编号"),
        ("photo", "not json", "附件无法识别"),
        ("photo", '{"sha": "../../etc/passwd"}', "附件无法识别"),
    ],
)
def test_what_cannot_be_a_value_is_said(type: str, text: str | list[str], said: str) -> None:
    assert said in faults([field("x", type)], x=text)["x"]


def test_all_faults_come_at_once_and_name_the_field() -> None:
    form = [
        field("a", required="true"),
        field("b", "long", min="3"),
        field("c", minlength="5"),
        field("d", "enum", required="true"),
    ]
    told = faults(form, b="1", c="短")
    assert list(told) == ["a", "b", "c", "d"]
    assert told["a"] == "“字段a”不能为空。"
    assert told["b"] == "“字段b”不能小于 3。"
    assert told["d"] == "“字段d”须选择。"


def test_days_count_until_they_are_over() -> None:
    later, earlier = field("x", "date", future="true"), field("x", "date", past="true")
    assert read([later], x="2026-03-10")
    assert read([earlier], x="2026-03-10")
    assert "早于" in faults([later], x="2026-03-09")["x"]
    assert faults([earlier], x="2026-03-11")
    moment = field("x", "datetime", future="true")
    assert faults([moment], x="2026-03-10T08:59")
    assert read([moment], x="2026-03-10T09:30")


def test_limits_may_be_expressions() -> None:
    form = [field("until", "date", max="=rectify_by"), field("n", "long", max="=members * 2")]
    names = {"rectify_by": date(2026, 3, 20), "members": 2}
    assert read(form, names, until="2026-03-20", n="4") == {"until": date(2026, 3, 20), "n": 4}
    assert set(faults(form, names, until="2026-03-21", n="5")) == {"until", "n"}
    assert forms.shown(form, names, None, AT)[0].limits["max"] == "2026-03-20"


def test_a_hidden_field_is_not_asked_and_not_taken() -> None:
    form = [field("decision", "enum"), field("reason", required="true", p_show='decision = "close"')]
    assert read(form, decision="fix", reason="写了也不算") == {"decision": "fix"}
    assert "reason" in faults(form, decision="close")
    assert [one.field.id for one in forms.shown(form, {}, {"decision": ["fix"]}, AT)] == ["decision"]
    shown = forms.shown(form, {}, {"decision": ["close"]}, AT)
    assert [(one.field.id, one.live, one.required) for one in shown] == [
        ("decision", True, False),
        ("reason", False, True),
    ]


def test_what_a_hidden_field_said_does_not_show_the_next() -> None:
    form = [
        field("a", "boolean"),
        field("b", "boolean", p_show="a = true"),
        field("c", required="true", p_show="b = true"),
    ]
    assert read(form, b="true") == {"a": False}


def test_required_if_and_check_see_the_other_answers() -> None:
    form = [
        field("photos", "photo", p_required_if="paragraph = null"),
        field("paragraph", p_required_if="count(photos) = 0"),
        field("n", "long", p_check="n > 2 * members"),
    ]
    form[2].properties["check.text"] = "须多于两倍"  # type: ignore[index]
    assert set(faults(form, {"members": 1}, n="2")) == {"photos", "paragraph", "n"}
    assert faults(form, {"members": 1}, paragraph="原文", n="1")["n"] == "“字段n”：须多于两倍"
    assert read(form, {"members": 1}, paragraph="原文", n="3")["photos"] == []


def test_readonly_notes_and_strangers_are_not_taken() -> None:
    form = [field("title", readonly="true", default="=title"), field("note", "note", default="请注意"), field("x")]
    assert read(form, {"title": "原题"}, title="改了", note="?", x="1", y="2") == {"x": "1"}
    assert forms.shown(form, {"title": "原题"}, {"title": ["改了"]}, AT)[0].raw == ("原题",)


def test_defaults_stand_on_the_first_page_and_in_fields_that_appear() -> None:
    form = [
        field("on", "boolean", default="false"),
        field("day", "date", default="=date(now)", p_show="on = true"),
        field("n", "long", default="=members"),
    ]
    first = forms.shown(form, {"members": 3}, None, AT)
    assert [(one.field.id, one.text) for one in first] == [("on", "false"), ("n", "3")]
    posted = {"on": ["true"], "n": [""]}
    then = forms.shown(form, {"members": 3}, posted, AT, before=frozenset({"on", "n"}))
    assert [(one.field.id, one.text) for one in then] == [("on", "true"), ("day", "2026-03-10"), ("n", "")]


def test_names_must_be_known() -> None:
    form = [field("lead", "unit"), field("photos", "photo")]
    posted = {"lead": ["NOWHERE"], "photos": [json.dumps({"sha": SHA, "name": "a.jpg"})]}
    with pytest.raises(NotValid) as refused:
        forms.read(form, posted, names={}, at=AT, known=lambda asked, _value: asked.id != "lead")
    assert [fault.field for fault in refused.value.faults] == ["lead"]
    assert "NOWHERE" in refused.value.zh


def test_an_act_checks_values_again() -> None:
    form = [field("day", "date"), field("n", "number"), field("yes", "boolean"), field("who", "units")]
    answers = read(form, day="2026-03-12", n="3.5", yes="true", who=["A", "B"])
    assert forms.check(form, answers, names={}, at=AT) == answers
    with pytest.raises(NotValid):
        forms.check(form, {**answers, "day": "soon"}, names={}, at=AT)


@given(
    st.text(max_size=300), st.sampled_from(["string", "text", "long", "number", "date", "datetime", "enum", "issue"])
)
def test_whatever_is_posted_is_read_or_refused_in_words(text: str, type: str) -> None:
    form = [field("x", type)]
    told = None
    try:
        answers = read(form, x=text)
    except NotValid as refused:
        told = refused.zh
    assert told is None or told.startswith("“字段x”")
    assert told is not None or forms.check(form, answers, names={}, at=AT) == answers


# --- checklists -----------------------------------------------------------------------------------------------------

GATE = [
    {"item": "gun", "text": "体温枪可用", "text_en": "Thermometer works", "severity": "minor", "photo": True},
    {"item": "duty", "text": "两人在岗"},
    "扫码登记",
]


def line(item: str, checked: str, note: str = "", photos: list[dict[str, str]] | None = None) -> str:
    return json.dumps({"item": item, "checked": checked, "note": note, "photos": photos or []})


def test_checklist_asks_line_by_line_and_keeps_the_columns_of_the_table() -> None:
    checks = field("checks", "checklist", required="", p_items="gate")
    photo = {"sha": SHA, "name": "gun.jpg"}
    answers = read(
        [checks], {"gate": GATE}, checks=[line("3", "na"), line("gun", "fault", "没电", [photo]), line("duty", "ok")]
    )
    assert answers["checks"] == [
        {**GATE[0], "checked": "fault", "note": "没电", "photos": [{**photo, "kind": "document"}]},  # type: ignore[dict-item]
        {**GATE[1], "checked": "ok", "note": "", "photos": []},  # type: ignore[dict-item]
        {"item": "3", "text": "扫码登记", "checked": "na", "note": "", "photos": []},
    ]
    again = forms.check([checks], answers, names={"gate": GATE}, at=AT)
    assert again == answers


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([line("gun", "ok"), line("duty", "")], "“字段checks”还有 2 项没有选，先看“两人在岗”。"),
        ([line("gun", "fault"), line("duty", "ok"), line("3", "ok")], "“字段checks”中“体温枪可用”不符合，须写明情况。"),
        (
            [line("gun", "fault", "没电"), line("duty", "ok"), line("3", "ok")],
            "“字段checks”中“体温枪可用”不符合，须拍照。",
        ),
        (["{"], "“字段checks”中有一行无法识别，请重新选择。"),
        ([line("gun", "perhaps")], "“字段checks”中有一行无法识别，请重新选择。"),
    ],
)
def test_checklist_says_what_is_wrong(lines: list[str], told: str) -> None:
    checks = field("checks", "checklist", required="", p_items="gate")
    assert faults([checks], {"gate": GATE}, checks=lines) == {"checks": told}


def test_checklist_takes_no_line_that_the_table_does_not_ask_for() -> None:
    checks = field("checks", "checklist", p_items="=gate")
    assert read([checks], {"gate": ["一"]}, checks=[line("1", "ok"), line("bribe", "ok")])["checks"] == [
        {"item": "1", "text": "一", "checked": "ok", "note": "", "photos": []}
    ]
    assert read([checks], {"gate": None})["checks"] == []


def test_checklist_photo_must_have_been_uploaded() -> None:
    checks = field("checks", "checklist", p_items="gate")
    raw = {"checks": [line("gun", "fault", "没电", [{"sha": SHA, "name": "gun.jpg"}])]}
    with pytest.raises(NotValid) as refused:
        forms.read([checks], raw, names={"gate": GATE}, at=AT, known=lambda _field, _name: False)
    assert "gun.jpg" in refused.value.faults[0].zh


def test_what_follows_from_a_checklist_is_drawn_as_soon_as_it_is_answered() -> None:
    checks = field("checks", "checklist", p_items="gate")
    after = field("after", "string", p_show='count(checks[checked = "fault"]) > 0')

    def ids(*lines: str) -> list[str]:
        drawn = forms.shown([checks, after], {"gate": GATE}, {"checks": lines, "after": ["换了电池"]}, AT)
        return [one.field.id for one in drawn]

    assert ids() == ids(line("gun", "ok")) == ["checks"]
    assert ids(line("gun", "ok"), line("duty", "fault", "缺一人")) == ["checks", "after"]


def test_checklist_is_drawn_with_what_was_answered() -> None:
    checks = field("checks", "checklist", p_items="gate")
    (drawn,) = forms.shown([checks], {"gate": GATE}, {"checks": [line("duty", "fault", "缺一人")]}, AT)
    assert [(one["item"], one["checked"], one["note"]) for one in drawn.lines] == [
        ("gun", None, ""), ("duty", "fault", "缺一人"), ("3", None, ""),
    ]  # fmt: skip
