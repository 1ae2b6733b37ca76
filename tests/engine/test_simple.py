"""The short way and the interpreter agree on everything the short way answers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.notation import expressions, simple

AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
NAMES: dict[str, Any] = {
    "lead_unit": "HARBOUR",
    "mode": None,
    "limits": {"rectify": "same day", "max": 2, "publicity": False, "inner": {"x": 1.5}},
    "co_units": ["A", "B"],
    "found_at": date(2026, 3, 9),
    "returns": 0,
    "systemic": True,
}
ANSWERED = [
    "lead_unit", "limits.rectify", "limits.inner.x", "limits.nothing", "missing", "missing.more", "mode", '"text"',
    "12",
    "-3.5", "true", "null", 'lead_unit = "HARBOUR"', 'lead_unit != "HARBOUR"', "mode = null", "mode != null",
    'mode = "immediate"', 'mode != "immediate"', "returns = 0", "systemic = true", "limits.publicity = true",
    "limits.max = 2", "lead_unit = null", "found_at", "co_units", "limits",
    'returns = 0 and lead_unit = "HARBOUR"', 'returns = 0 and mode = "a and b" and systemic = true', 'mode = "a and b"',
    '"督办单：" + lead_unit', 'lead_unit + " / " + limits.rectify + "+"', '"a" + "b"',
    'if lead_unit = "HARBOUR" then "here" else limits',
    'if mode != null and returns = 0 then limits else limits.publicity',
    'if mode = null then mode else "then"', 'if returns = 0 then "x" + lead_unit else "else " + mode',
    'if limits.rectify = "if then else" then 1 else missing', 'if systemic = true then true else false',
    '{"weight": 2}', '{weight: 2, unit: lead_unit, why: "a, {b: 1}"}', "{ level: limits.max,\n  none: missing }",
]  # fmt: skip


@pytest.mark.parametrize("expression", ANSWERED)
def test_the_short_way_gives_what_the_interpreter_gives(expression: str) -> None:
    short = simple.evaluate(expression, NAMES)
    assert short is not simple.NOT_SIMPLE
    assert short == expressions.explain(expression, NAMES, at=AT).value
    assert type(short) is type(expressions.explain(expression, NAMES, at=AT).value)


@pytest.mark.parametrize(
    "expression",
    ["now", "found_at.year", "co_units.x", "a + b", 'returns = "0"', "not(x)", 'x = "a" or x = "b"',
     "if a then b else c", "if returns = 0 then returns else 1", "if returns = 0 then limits else null",
     'if returns = 0 then (if mode = null then 1 else 2) else "x"', 'if mode = null then "a" else if mode = 1 then "b"',
     'if returns = 0 then "a"', 'ifx = 1 then "a" else "b"', 'if returns > 0 then "a" else "b"', "if",
     'if mode = null then found_at else "x"', '"a" + mode', '"a" + returns', '"a" + missing', "returns + 1",
     '"a" + (lead_unit)',
     '"a" + now', '"a" + found_at', "co_units + co_units", '"a" +', '"a" + "b" = "ab"', '"a\\"" + lead_unit',
     "{a: 1, b: a}", "{a: 1 + 1}", "{a: {b: 1}}", "{}", "{a: [1, 2]}", "{a: now}", "{a: 1, a: 2}", "a and b",
     'a = 1 and (b = 2)', 'a = 1 and b = 2 or c = 3', 'x = 1 and between', "not(x) and y = 1",
     "co_units.x = 1 and y = 1",
     'x = "a\\"b"', "count(co_units)", "x[1]", "", "=", "1 2"],
)  # fmt: skip
def test_what_is_not_surely_plain_is_left_to_the_interpreter(expression: str) -> None:
    assert simple.evaluate(expression, NAMES) is simple.NOT_SIMPLE


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=12), st.text(st.characters(codec="utf-8"), max_size=12), st.sampled_from(["=", "!="]))
def test_texts_put_together_and_chosen_agree(told: str, other: str, sign: str) -> None:
    names = {"told": told, "other": other}
    for expression in ('"：" + told + other', f'if told {sign} "" then other + told else "none"'):
        short = simple.evaluate(expression, names)
        assert short is not simple.NOT_SIMPLE
        assert short == expressions.explain(expression, names, at=AT).value


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["lead_unit", "mode", "limits.max", "systemic", "missing", "limits.rectify", "limits.inner.x"]),
    st.sampled_from(["=", "!="]),
    st.sampled_from(['"HARBOUR"', '""', "2", "1.5", "true", "false", "null", '"same day"']),
)
def test_comparisons_agree(left: str, sign: str, right: str) -> None:
    expression = f"{left} {sign} {right}"
    short = simple.evaluate(expression, NAMES)
    if short is not simple.NOT_SIMPLE:
        assert short == expressions.explain(expression, NAMES, at=AT).value
