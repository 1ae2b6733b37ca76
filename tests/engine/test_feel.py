"""FEEL as the standard has it: exact numbers, times of any year and zone, ranges, functions, and null where due."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.notation.expressions import ExpressionFailed, explain, put

AT = datetime(2026, 5, 5, 20, 30, tzinfo=UTC)


def exactly(expression: str) -> Any:
    """The value to the last digit; moments without a zone stay without one."""
    (answer,) = put(
        [{"kind": "expression", "context": 0, "text": expression, "exact": True}], [{}], AT, UTC, exact=True
    )
    assert "error" not in answer, answer
    value = answer["value"]
    return value["v"] if isinstance(value, dict) and "$" in value else value


NUMBERS = [
    ("0.1 + 0.2", "0.3"),
    ("1/3", "0.3333333333333333333333333333333333"),
    ("12345678901234567890 * 10", "123456789012345678900"),
    ("2 ** 0.5", "1.414213562373095048801688724209698"),
    ("decimal(2.5, 0)", "2"),
    ("decimal(1.115, 2)", "1.12"),
    ("round half up(-2.5, 0)", "-3"),
    ("round half down(2.5, 0)", "2"),
    ("floor(1.56, 1)", "1.5"),
    ("ceiling(-1.56, 1)", "-1.5"),
    ("modulo(-12, 5)", "3"),
    ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
    ("median([6, 1, 2, 3])", "2.5"),
    ('number("1.000,5", ".", ",")', "1000.5"),
    ('number("1,000.5", ",", ",")', None),
    ('number("1 0")', None),
    ("1.2e3", "1200"),
    ("sqrt(-1)", None),
    ("10 ** 7000", None),
    ("sum([])", None),
    ('"a" + 1', None),
    ("string(1.10)", "1.1"),
]
TIMES = [
    ('date("-0044-03-15")', "-0044-03-15"),
    ('date("999999999-12-31").year', "999999999"),
    ('date("2023-02-29")', None),
    ('date("2024-01-31") + @"P1M"', "2024-02-29"),
    ('@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H"', "2026-03-29T03:30:00@Europe/Paris"),
    ('@"2026-10-25T02:30:00@Europe/Paris" + @"PT1H"', "2026-10-25T02:30:00@Europe/Paris"),
    ('date and time("2026-07-01T12:00:00@Europe/Paris") = date and time("2026-07-01T10:00:00Z")', True),
    ('is(@"10:00:00Z", @"11:00:00+01:00")', False),
    ('@"10:00:00Z" = @"11:00:00+01:00"', True),
    ('date and time("2026-07-01T12:00:00") < date and time("2026-07-01T10:00:00Z")', None),
    ('date and time("2026-07-01T12:00:00@Nowhere/City")', None),
    ('time(10, 30, 0.5, @"PT8H")', "10:30:00.5+08:00"),
    ('@"10:00:00+08:00".time offset', "PT8H"),
    ('@"P1DT36H"', "P2DT12H"),
    ('-@"P1Y2M"', "-P1Y2M"),
    ('@"PT1H" * 1.5', "PT1H30M"),
    ('@"P1Y" / 5', "P2M"),
    ('@"P1D" / @"PT8H"', "3"),
    ('@"P1Y" > @"P300D"', None),
    ('abs(@"-PT5M")', "PT5M"),
    ('years and months duration(@"2011-12-22", @"2013-08-24")', "P1Y8M"),
    ('week of year(@"2005-01-01")', "53"),
    ('day of week(@"2026-05-06")', "Wednesday"),
    ('date and time(@"2026-05-06", @"24:00:00")', None),
    ('(@"2026-05-06").weekday', "3"),
]
LISTS = [
    ("[1, 2, 3][-1]", "3"),
    ("[1, 2, 3][item > 5]", []),
    ("sublist([1, 2, 3], -2, 1)[1]", "2"),
    ("list replace([2, 4], function(item, new) item < 3, 5)[1]", "5"),
    ("index of([1, null, 1], null)[1]", "2"),
    ("flatten([1, [2, [3]]])[3]", "3"),
    ('context put({x: {y: 1}}, ["x", "y"], 2).x.y', "2"),
    ("context merge([{a: 1}, {a: 2}]).a", "2"),
    ('get value({a: {b: 1}}, ["a", "b"])', "1"),
    ("{a: 1, a: 2}", None),
    ("(for i in 3..1 return i * i)[1]", "9"),
    ("count(for i in 1..2, j in [1, 2, 3] return partial)", "6"),
    ("(for i in 1..3 return if i = 1 then 1 else partial[-1] * i)[3]", "6"),
    ("some i in [1, null] satisfies i > 5", None),
    ("all([true, null])", None),
    ("any([null, true])", True),
    ("abs([-3])", "3"),
]
TEXTS = [
    ('string length("🐎闭环")', "3"),
    ('substring("🐎abc", 2, 2)', "ab"),
    ('"\\U01F40E"', "🐎"),
    ('matches("hello world", "HELLO\\ world", "ix")', False),
    ('matches("abracadabra", "bra$")', True),
    ('matches("b", "[a-z-[aeiou]]")', True),
    ('matches("a", "[a-z-[aeiou]]")', False),
    ('matches("é", "\\p{IsBasicLatin}")', False),
    ('matches("a", "(?=a)")', None),
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
    ('replace("a", "x*", "y")', None),
    ('string join(["a", null, "b"], "; ")', "a; b"),
    ('string([1, "a", @"P1D"])', '[1, "a", @"P1D"]'),
]
RANGES = [
    ("before([1..5), [5..8])", True),
    ("after(5, [1..5))", True),
    ("meets([1..5], [5..8])", True),
    ("overlaps([1..5], (5..8])", False),
    ("overlaps before([1..5], [3..8])", True),
    ("overlaps after([3..8], [1..5])", True),
    ("finishes(10, [1..10])", True),
    ("includes([1..10], (1..10))", True),
    ("starts(1, (1..10])", False),
    ("coincides([1..5], [1..5])", True),
    ("during(5, [1..4])", False),
    ("[1..3] = [1..3]", True),
    ("5 in ]4..6[", True),
    ("5 in (> 3, < 1)", True),
    ('range("[1..3)").end included', False),
    ("[1..3].start", "1"),
    ("3 between 1 and null", None),
]
TYPES = [
    ("[1, 2] instance of list<number>", True),
    ("{a: 1} instance of context<a: string>", False),
    ("(function(a: number) a) instance of function<number> -> number", True),
    ("[1..2] instance of range<number>", True),
    ("null instance of number", False),
    ('@"P1D" instance of days and time duration', True),
    ('(function(a: number) a)("x")', None),
    ("(function(a, b) a - b)(b: 1, a: 3)", "2"),
    ('(function(a) external {java: {class: "java.lang.System"}})(1)', None),
    ('if "yes" then 1 else 2', "2"),
    ('1 = "1"', None),
    ("not(1)", None),
    ("null = null", True),
    ("date(2026, 1)", None),
]


@pytest.mark.parametrize(("expression", "value"), NUMBERS + TIMES + LISTS + TEXTS + RANGES + TYPES)
def test_the_standard(expression: str, value: object) -> None:
    assert exactly(expression) == value


def test_a_moment_without_a_zone_is_on_the_clock_of_the_city() -> None:
    """Where the standard says null, officials mean their own clock."""
    (answer,) = put([{"kind": "expression", "context": 0, "text": WALL}], [{}], AT, UTC, exact=True)
    assert answer["value"] is None
    assert explain(WALL, {}, at=AT).value is True


WALL = 'date and time("2026-05-06T04:30:00") = @"2026-05-05T20:30:00Z"'


def test_a_value_beyond_the_calendar_of_the_program_is_told() -> None:
    with pytest.raises(ExpressionFailed, match="beyond"):
        explain('date("12026-01-01")', {}, at=AT)


def test_functions_call_themselves_and_each_other() -> None:
    assert (
        explain("{f: function(n) if n < 2 then 1 else n * f(n - 1), v: f(20)}.v", {}, at=AT).value
        == 2432902008176640000
    )


def test_the_order_of_a_context_is_kept() -> None:
    value = explain('{"2": 1, "1": 2, b: 3}', {}, at=AT).value
    assert list(value) == ["2", "1", "b"]


def test_words_side_by_side_are_one_unknown_name() -> None:
    (warning, *_) = explain("applicant age > 18", {}, at=AT).warnings
    assert 'no variable "applicant age"' in warning.en
