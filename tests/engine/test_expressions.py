"""FEEL as designers write it: values, moments, budgets, and what is said when it cannot be read."""

from __future__ import annotations

import os
import threading
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.notation import expressions
from engine.notation.expressions import (
    ExpressionFailed,
    evaluate,
    evaluate_many,
    explain,
    matches,
    names_used,
    problems,
)
from engine.notation.feel import sandbox
from engine.words.durations import Duration

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 5, 5, 20, 30, tzinfo=UTC)  # already the sixth of May in Shanghai


def value(expression: str, /, **names: object) -> Any:
    """As the interpreter says; the short way past it is held against it in `test_simple.py`."""
    return explain(expression, names, at=AT).value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("=1 + 2", 3),
        (" = \n level + 1", 3),
        ("7 / 2", 3.5),
        ("0.1 + 0.2", 0.3),
        ("4 / 2", 2),
        ("1 / 0", None),
        ('"闭" + "环"', "闭环"),
        ("level >= 2 and raised", True),
        ("unknown", None),
        ("unknown > 1", None),
        ("unknown = null", True),
        ("false and unknown", False),
        ("true or unknown", True),
        ("not(raised)", False),
        ('if kind = "fire" then "急" else "普通"', "急"),
        ("责任单位", "u01"),
        ("case.level + 1", 3),
        ("case.nothing", None),
        ("count(units)", 2),
        ('units[kind = "town"].code', ["t1"]),
        ("units[1].code", "b1"),
        ("units[-1].code", "t1"),
        ("for unit in units return unit.code", ["b1", "t1"]),
        ('some unit in units satisfies unit.kind = "bureau"', True),
        ("every unit in units satisfies count(unit.code) > 5", False),
        ("{ attempts: level + 1, decision: null, twice: attempts * 2 }", {"attempts": 3, "decision": None, "twice": 6}),
        ("level in [1..3]", True),
        ("level between 3 and 5", False),
        ('list contains(["a", "b"], "b")', True),
        ("sort([3, 1, 2], function(a, b) a < b)", [1, 2, 3]),
        ('matches("2026-001", "^\\d{4}-\\d+$")', True),
        ("max([1, level, 3])", 3),
        ("(function(a, b: number) a + b)(1, 2)", 3),
        ("1 // a remark", 1),
        ("[1, [2, null]]", [1, [2, None]]),
    ],
)
def test_values(expression: str, expected: object) -> None:
    units = [{"code": "b1", "kind": "bureau"}, {"code": "t1", "kind": "town"}]
    got = value(expression, level=2, raised=True, kind="fire", 责任单位="u01", case={"level": 2}, units=units)
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("now", AT),
        ("now()", AT),
        ("today", date(2026, 5, 6)),
        ("today()", date(2026, 5, 6)),
        ("now().hour", 4),
        ("date(now) = today()", True),
        ("due - now", Duration(time=timedelta(hours=3, minutes=30))),
        ("due", datetime(2026, 5, 6, 0, 0, 0, 123456, tzinfo=UTC)),
        ("now + duration(wait)", AT + timedelta(hours=2)),
        ('now + @"P1M"', datetime(2026, 6, 5, 20, 30, tzinfo=UTC)),
        ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)),
        ('duration("P1DT2H")', Duration(time=timedelta(hours=26))),
        ('duration("P14M")', Duration(months=14)),
        ('time("12:00:00")', time(12)),
        # a moment without a zone is one on the clock of the city, also when compared or subtracted
        ('date and time("2026-05-06T04:30:00") = now', True),
        ('@"2026-05-05T20:30:00Z" = now', True),
        ('now > date and time("2026-05-06T04:29:00")', True),
        ('now - date and time("2026-05-05T20:00:00Z")', Duration(time=timedelta(minutes=30))),
        ('date and time("2026-07-01T12:00@Europe/Paris") - date and time("2026-07-01T10:00:00Z")', Duration()),
        ('time(now) < time("12:00:00")', True),
        ("time(now)", time(4, 30)),
        ('date and time(today, time("12:00:00"))', datetime(2026, 5, 6, 4, tzinfo=UTC)),
        ('now in [date and time("2026-05-06T04:00:00")..date and time("2026-05-06T05:00:00")]', True),
        ("weekday + string(today.day)", "Wednesday6"),
    ],
)
def test_moments_and_durations(expression: str, expected: object) -> None:
    got = (
        value(
            expression,
            due=datetime(2026, 5, 6, 0, 0, 0, 123456, tzinfo=UTC),
            wait="PT2H",
            weekday=value("day of week(today)"),
        )
        if "due -" not in expression
        else value(expression, due=datetime(2026, 5, 6, tzinfo=UTC))
    )
    assert got == expected
    assert type(got) is type(expected)


def test_moments_are_seen_on_the_clock_of_the_zone_that_was_asked_for_and_come_back_in_utc() -> None:
    noon = evaluate('date and time("2026-07-01T12:00:00")', {}, at=AT, zone=PARIS)
    assert noon == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert noon.tzinfo is UTC
    assert evaluate("today", {}, at=AT, zone=UTC) == date(2026, 5, 5)
    second_pass = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)  # 02:30 for the second time
    assert evaluate("x", {"x": second_pass}, at=AT, zone=PARIS) == second_pass


def test_every_value_survives_the_way_there_and_back() -> None:
    things = {
        "text": 'a"\\\n\u2028闭环🔥\ud800',
        "whole": 2**53,
        "part": 1.5,
        "list": [None, True, [], {}],
        "dollar": {"$": "date", "v": "no date", "w": {"$": 1}},
        "odd name": {"a-b": 1, "__proto__": 2},
        "moment": AT,
        "day": date(2024, 2, 29),
        "time": time(23, 59, 59),
        "months": Duration(months=-3),
        "clock": Duration(time=timedelta(seconds=-90.5)),
    }
    assert value("x", x=things) == things
    assert value("x", x=(Decimal("2.0"), Decimal("0.1"), timedelta(hours=1), 2**60, float("nan"))) == [
        2, 0.1, Duration(time=timedelta(hours=1)), 2**60, None,
    ]  # fmt: skip


def test_what_feel_has_no_value_for_is_an_error_of_the_program() -> None:
    with pytest.raises(TypeError, match="object"):
        value("x", x=object())
    with pytest.raises(ValueError, match="zone"):
        explain("1", {}, at=datetime(2026, 5, 5))  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        value("x", x=datetime(2026, 5, 5))  # noqa: DTZ001


def test_a_missing_variable_named_like_a_function_is_null() -> None:
    assert value("mode = null and count([1]) = 1") is True
    assert value("mode", mode="quick") == "quick"
    assert value("mode([1, 1, 2])[1]") == 1
    assert matches("count", None, {}, at=AT)
    assert not matches("count", 3, {}, at=AT)


def test_names_with_spaces_and_signs_are_found() -> None:
    assert value("applicant age + 1", **{"applicant age": 17}) == 18
    assert value("a-b", **{"a-b": 5, "a": 1, "b": 2}) == 5
    assert evaluate("a-b", {"a-b": 5, "a": 1, "b": 2}, at=AT) == 5
    assert value("a-b", a=1, b=2) == -1
    assert value("person.first name", person={"first name": "x"}) == "x"


def test_the_told_moment_cannot_be_hidden_by_a_variable() -> None:
    assert value("now", now="yesterday", today=1) == AT


def test_the_same_question_has_the_same_answer() -> None:
    assert {value("string(now()) + string(today())") for _ in range(3)} == {
        "2026-05-06T04:30:00@Asia/Shanghai2026-05-06"
    }
    later = evaluate("now()", {}, at=AT + timedelta(days=1))
    assert later == AT + timedelta(days=1)


def test_many_questions_are_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    ask = sandbox.ask
    monkeypatch.setattr(sandbox, "ask", lambda text: calls.append(text) or ask(text))  # type: ignore[func-returns-value]
    names = {"a": 1}
    assert evaluate_many([("a", names), ("a + b", {"a": 2, "b": 3}), ("=a * 10", names)], at=AT) == [1, 5, 10]
    assert len(calls) == 1
    with pytest.raises(ExpressionFailed) as told:
        evaluate_many([("a", names), ("a +", names)], at=AT)
    assert told.value.expression == "a +"


@pytest.mark.parametrize(
    ("tests", "tested", "passes"),
    [
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ("-", None, True),
        ("  ", 1, True),
        (">= limit", 3, True),
        ("< limit", 3, False),
        ("[1..5]", 5, True),
        ("]1..5[", 5, False),
        ("3", 3, True),
        ("= 3", 3, True),
        ("=3", 4, False),
        ("null", None, True),
        ("null", "x", False),
        ("> 3", None, False),
        ("true", True, True),
        ("false", True, False),
        ('? > 3 and other = "x"', 4, True),
        ('contains(?, "火")', "火灾", True),
        ('> date("2026-01-01")', date(2026, 2, 1), True),
        ("> now", AT + timedelta(seconds=1), True),
        ("list contains(?, 2)", [1, 2], True),
    ],
)
def test_cells(tests: str, tested: object, passes: bool) -> None:
    assert matches(tests, tested, {"limit": 3, "other": "x"}, at=AT) is passes


@pytest.mark.parametrize(
    ("expression", "start", "zh", "en"),
    [
        ("1 +", 3, "没有写完", "not finished"),
        ("=1 +", 4, "没有写完", "not finished"),
        ("", 0, "没有写完", "not finished"),
        ("(1", 2, "没有写完", "not finished"),
        ("a && b", 2, "第 3 个字符起“&&”处看不懂（“并且”写作 and）", '"&&" (write "and")'),
        ("=a && b", 3, "第 4 个字符起“&&”", "character 4"),
        ("a = 'x'", 4, "双引号", "double quotes"),
        ("a = “x”", 4, "半角", "plain double quote"),
        ("a，b", 1, "全角标点", "full-width"),
        ("a == 3", 2, "只写一个 =", "single ="),
        ("cuont(xs) > 1", 0, "没有名为“cuont”的函数", 'no function "cuont"'),
        ("${level > 1}", 0, "变量直接写名称", "name alone"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(expression: str, start: int, zh: str, en: str) -> None:
    found = problems(expression)
    assert found
    assert found[0].start == start
    assert zh in found[0].zh
    assert en in found[0].en


def test_cells_are_checked_as_cells() -> None:
    assert problems('"a", "b"', unary=True) == ()
    assert problems("-", unary=True) == problems("", unary=True) == problems("not(1, 2)", unary=True) == ()
    assert "看不懂" in problems('"a" "b"', unary=True)[0].zh
    assert "只写一个" in problems("== 5", unary=True)[0].zh
    assert "完整的判断" in problems("> 3 and < 5", unary=True)[0].zh
    assert "commas" in problems('"a" or "b"', unary=True)[0].en
    assert problems('"a", "b"')


GOOD = [
    "a + b",
    "now() > x",
    "for a in xs return abs(a)",
    "function(f) f(1)",
    "{f: function(x) x, y: f(1)}",
    'date("2026-01-01")',
    '"，。"',
    'get value(a, "b")',
    "x instance of list<number>",
    "some x in y satisfies x > 1",
    "(a) and not(b) or c = 1",
    "[1..10] = [1..10]",
    "x in (> 3, < 1)",
    "xs[> 3]",
]


@pytest.mark.parametrize("expression", GOOD)
def test_good_expressions_have_no_problems(expression: str) -> None:
    assert problems(expression) == ()


def test_functions_among_the_variables_are_known_ones() -> None:
    assert problems("fee(3) > 18")
    assert problems("fee(3) > 18", names=frozenset({"fee"})) == ()


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("case.level > 1 and clocks.rectify.overdue", {"case", "clocks"}),
        ("for x in xs, y in x return x + y + z + partial[1]", {"xs", "z"}),
        ("some q in l satisfies q > m", {"l", "m"}),
        ("{a: 1, b: a + q, c: function(p) p + w}", {"q", "w"}),
        ("{a: b, b: a}", {"b"}),
        ("count(xs) + count", {"xs", "count"}),
        ("now() + today().day", set()),
        ("units[item.kind = wanted and code != own].code", {"units", "wanted", "code", "own"}),
        ("foo(1)", {"foo"}),
        ("x instance of number", {"x"}),
        ("=  责任单位", {"责任单位"}),
        ("f(named: y)", {"f", "y"}),
        ("applicant age > 18", {"applicant age"}),
    ],
)
def test_names_used(expression: str, names: set[str]) -> None:
    assert names_used(expression) == names


def test_names_in_filters_may_be_fields() -> None:
    assert names_used("units[kind = wanted].code", in_filters=False) == {"units"}
    assert names_used('? > limit, "a"', unary=True) == {"limit"}
    assert names_used("-", unary=True) == frozenset()


def test_warnings_say_why_a_part_is_null() -> None:
    explained = explain("=levle + 1", {"level": 1}, at=AT)
    assert explained.value is None
    assert [(w.start, w.end) for w in explained.warnings] == [(1, 6), (7, 8)]
    assert "没有变量“levle”" in explained.warnings[0].zh
    assert 'no variable "levle"' in explained.warnings[0].en
    assert "类型" in explained.warnings[1].zh
    assert explain("level + 1", {"level": 1}, at=AT).warnings == ()


@pytest.mark.parametrize(
    ("expression", "zh"),
    [
        ("1 +", "没有写完"),
        ("[1..3]", "区间或比较"),
        ("function(x) x", "函数"),
        ("> 5", "区间或比较"),
        ("(function(f) f(f))(function(f) f(f))", "太多次"),
    ],
)
def test_what_gives_no_value_fails_with_a_sentence(expression: str, zh: str) -> None:
    with pytest.raises(ExpressionFailed) as told:
        value(expression)
    assert zh in told.value.sentence_zh
    assert told.value.sentence_en
    assert told.value.expression == expression


@pytest.mark.parametrize(
    "greedy",
    ["count(for a in 1..100000, b in 1..100000 return 1)", f'matches("{"a" * 40}!", "^(a+)+$")'],
)
def test_a_runaway_expression_is_stopped_and_others_go_on(greedy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.3)
    with pytest.raises(ExpressionFailed, match="too long"):
        value(greedy)
    monkeypatch.undo()
    assert value("1 + 1") == 2


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.close()
    monkeypatch.setattr(sandbox, "BYTES", 40 * 1024 * 1024)
    with pytest.raises(ExpressionFailed, match="memory"):
        value("count(for a in 1..3000000 return [a, a, a, a])")
    sandbox.close()
    monkeypatch.undo()
    assert value("1 + 1") == 2


@pytest.mark.parametrize(
    "name",
    [
        "globalThis",
        "process",
        "Date",
        "Math",
        "constructor",
        "__proto__",
        "toString",
        "eval",
        "feel",
        "Function",
        "setTimeout",
    ],
)
def test_nothing_of_the_host_is_in_reach(name: str) -> None:
    assert value(name) is None
    assert value(f"x.{name}", x={}) is None
    assert value(f'"text".{name}') is None
    assert value(f'get value(x, "{name}")', x={}) is None


def test_threads_share_the_isolate() -> None:
    got: list[int] = []
    threads = [threading.Thread(target=lambda n=n: got.append(value("n * 2", n=n))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [n * 2 for n in range(8)]


def test_a_forked_child_evaluates_too() -> None:
    assert value("1 + 1") == 2
    child = os.fork()
    if child == 0:
        os._exit(0 if value("40 + 2") == 42 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert value("1 + 2") == 3


def test_a_missing_bundle_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    sandbox.close()
    monkeypatch.setattr(sandbox, "_BUNDLE", tmp_path / "feel.js")
    with pytest.raises(sandbox.NotBuilt, match="build"):
        value("1")
    assert expressions.cell(" - ") is None


def test_names_that_one_text_binds_are_not_known_to_the_next() -> None:
    found = expressions.names_of_many([("{a-b: 1, c: a-b}", False), ("a-b", False), ("a-b", True), ("-", True)])
    assert found == [frozenset(), {"a", "b"}, {"a", "b"}, frozenset()]
