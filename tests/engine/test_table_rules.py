"""How the rules of a table stand to each other: what is said agrees with what the table does for every input."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.notation import decisions, expressions
from engine.notation.table_rules import Verdict, judge
from tests.engine.test_decisions import decision, file, table

AT = datetime(2026, 5, 5, tzinfo=UTC)


def verdict(rows: list[list[str]], **how: Any) -> Verdict:
    found = decisions.read(file(decision(table(rows, **how)))).table("triage")
    assert found is not None
    return judge(found)


@pytest.mark.parametrize(
    ("first", "second", "example"),
    [
        ("[1..5]", "[5..8]", "5"),
        ("[1..5)", "[5..8]", None),
        ("< 3", "> 2", "2.5"),
        ("<= 3", "> 3", None),
        ('date("2026-01-01")', '<= date("2026-01-01")', '@"2026-01-01"'),
        ('> date("2026-01-01")', '< date("2026-01-02")', None),
        ('[duration("PT1H")..duration("PT3H")]', '> @"PT2H"', '@"PT2H30M"'),
        ('"a", "b"', 'not("a")', '"b"'),
        ('"a"', '"b"', None),
        ("true", "false", None),
        ('not("a", "b")', "-", '"other"'),
        ("null", "-", "null"),
        ("in_any_case", "-", None),
    ],
)
def test_overlaps_have_an_example(first: str, second: str, example: str | None) -> None:
    found = verdict([[first, "1"], [second, "2"]]).clashes
    assert [each.example for each in found] == ([{"kind": example}] if example else [])


def test_rules_that_agree_may_match_together_where_any_counts() -> None:
    assert not verdict([["< 5", "1"], ["> 3", "1"]], policy="ANY").clashes
    (clash,) = verdict([["< 5", "1"], ["> 3", "2"]], policy="ANY").clashes
    assert (clash.first.number, clash.second.number, clash.example) == (1, 2, {"kind": "4"})
    (idle,) = verdict([["< 5", "1"], ["< 3", "1"]], policy="ANY").idle
    assert (idle.why, idle.rule.number, [rule.number for rule in idle.by]) == ("repeated", 2, [1])


def test_masked_rules_name_those_before_them() -> None:
    (idle,) = verdict([["< 3", "1"], [">= 3", "2"], ["[1..9]", "3"]], policy="FIRST").idle
    assert (idle.why, idle.rule.number, [rule.number for rule in idle.by]) == ("masked", 3, [1, 2])
    listed = '<outputValues><text>"red", "blue"</text></outputValues>'
    (idle,) = verdict([["[1..2]", '"blue"'], ["-", '"red"']], policy="PRIORITY", output_parts=listed).idle
    assert (idle.rule.number, idle.example) == (1, {"kind": "1"})


def test_a_rule_none_of_the_allowed_values_passes_is_impossible() -> None:
    allowed = '<inputValues><text>"a", "b"</text></inputValues>'
    (idle,) = verdict([['"c"', "1"], ['"a", "b"', "2"]], input_parts=allowed).idle
    assert (idle.why, idle.rule.number) == ("impossible", 1)


@pytest.mark.parametrize(
    ("rows", "gap"),
    [
        ([["< 3", "1"], ["> 3", "2"]], {"kind": "3"}),
        ([["< 3", "1"], [">= 3", "2"]], None),
        ([['"a"', "1"], ['not("a")', "2"]], None),
        ([["true", "1"]], {"kind": "false"}),
        ([["-", "1"]], None),
    ],
)
def test_gaps_have_an_example(rows: list[list[str]], gap: dict[str, str] | None) -> None:
    assert verdict(rows).gap == gap
    assert verdict(rows, policy="COLLECT").gap is None
    default = "<defaultOutputEntry><text>0</text></defaultOutputEntry>"
    assert verdict(rows, output_parts=default).gap is None


def test_general_expressions_are_left_open() -> None:
    found = verdict([["< 3", "1"], ["? > limit", "2"]])
    assert ([rule.number for rule in found.open], found.gap, found.sure) == ([2], {"kind": "3"}, False)
    found = verdict([["< 3", "? > limit", "1"], ["> 3", "-", "2"]], inputs=("kind", "other"))
    assert (found.gap, found.sure) == ({"kind": "3"}, True)


def test_a_table_with_too_many_combinations_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.notation.table_rules.MAX_BOXES", 3)
    rows = [[f"{n}", f"{n}", f"{n}", "1"] for n in range(5)]
    assert verdict(rows, policy="FIRST", inputs=("a", "b", "c")).limited


CELL = st.sampled_from(["-", "< 3", "[2..5]", "not(4)", "1, 4", "> 4", "]1..3[", "5"])
ROW = st.tuples(CELL, CELL)


@given(rows=st.lists(ROW, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_the_verdict_agrees_with_every_input(rows: list[tuple[str, str]]) -> None:
    """Asked half by half, so that what lies between two numbers is met, too."""
    found = verdict([[a, b, str(n)] for n, (a, b) in enumerate(rows)], inputs=("x", "y"))
    halves = [n / 2 for n in range(-1, 14)]
    passing = [
        [[expressions.matches(cell, n, {}, at=AT) for n in halves] for cell in column]
        for column in zip(*rows, strict=True)
    ]
    together, missed = set(), False
    for a, b in product(range(len(halves)), repeat=2):
        hits = [n for n in range(len(rows)) if passing[0][n][a] and passing[1][n][b]]
        missed = missed or not hits
        together |= {(first + 1, second + 1) for first in hits for second in hits if first < second}
    assert {(each.first.number, each.second.number) for each in found.clashes} == together
    assert (found.gap is not None) == missed
