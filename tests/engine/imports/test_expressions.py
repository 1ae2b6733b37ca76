"""Expressions of other engines become FEEL of the same meaning, or are refused; nothing of them is ever run."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.notation.expressions import evaluate
from engine.notation.imports import translate
from engine.notation.imports.pieces import NotCertain

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "feel"),
    [
        ("${amount > 1000}", "", "amount > 1000"),
        ("#{ a == 1 and b ne 'x' }", "", 'a = 1 and b != "x"'),
        ("${a eq 1 or b ge 2}", "", "a = 1 or b >= 2"),
        ("${!approved}", "", "not(approved = true)"),
        ("${order.items[0].price le 10.5}", "", "order.items[1].price <= 10.5"),
        ("${map['key'] == 'v'}", "", 'map.key = "v"'),
        ("${a == '5'}", "", 'string(a) = "5"'),
        ("${state.equals('done')}", "", 'state = "done"'),
        ("${list.size() > 2}", "", "count(list) > 2"),
        ("${execution.getVariable('ok')}", "", "ok"),
        ("${vars:equals(x, 3)}", "", "x = 3"),
        ("${variables:get(x)}", "", "x"),
        ("${dateTime().plusDays(3)}", "", 'now + duration("P3D")'),
        ("= a > 3", "", "a > 3"),
        ('return s.equals("x");', "http://www.java.com/java", 's = "x"'),
        ("x in ['a', 'b']", "python", 'list contains(["a", "b"], x)'),
        ("1 < x < 5", "python", "1 < x and x < 5"),
        ("order['total'] == 3", "python", "order.total = 3"),
        ("a === 'x' && b > 1", "javascript", 'a = "x" and b > 1'),
    ],
)
def test_what_is_certain_is_put_into_feel(text: str, language: str, feel: str) -> None:
    assert translate.condition(text, language).text == feel


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("${bean.decide(execution)}", ""),
        ("${execution.processInstanceId}", ""),
        ("${nrOfCompletedInstances == 2}", ""),
        ("${a + 'x'}", ""),
        ("${list[i]}", ""),
        ("${a == 1", ""),
        ("${}", ""),
        ("${if}", ""),
        ("__import__('os').system('true')", "python"),
        ("open('/etc/hosts').read()", "python"),
        ("(lambda: 1)()", "python"),
        ("[x for x in y]", "python"),
        ("x := 3", "python"),
        ("a is b", "python"),
        ('name == "x"', "java"),
        ('"a" as String', "groovy"),
        ('x == "${y}"', "groovy"),
        ("new java.io.File('x')", "groovy"),
        ("a; b", "javascript"),
        ("/a/.test(x)", "javascript"),
        ("anything", "cobol"),
        ("(" * 5000, "python"),
        ("${" + "(" * 500 + "a" + ")" * 500 + "}", ""),
        ("${" + "!" * 1000 + "a}", ""),
        ("${" + "a" * 5000 + "}", ""),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused(text: str, language: str) -> None:
    with pytest.raises(NotCertain) as refusal:
        translate.condition(text, language)
    assert refusal.value.zh
    assert refusal.value.en


@pytest.mark.parametrize(
    ("text", "language", "result", "feel"),
    [
        ("a = 1\nb = a + 1", "python", "", "{a: 1, b: a + 1}"),
        ("n += 1", "python", "", "{n: n + 1}"),
        ("print('hello')", "python", "", "{}"),
        ("x > 3", "python", "ok", "{ok: x > 3}"),
        ('execution.setVariable("a", 1 + b);', "groovy", "", "{a: 1 + b}"),
        ('System.out.println("hello " + name);', "java", "", "{}"),
        ('kcontext.setVariable("x", y.equals("a"));', "java", "", '{x: y = "a"}'),
        ("var z = 2 + 1; execution.setVariable('a', z * 2)", "javascript", "", "{a: (2 + 1) * 2}"),
        ("a * 2", "javascript", "twice", "{twice: a * 2}"),
        ("{a: 1}", "feel", "", "{a: 1}"),
    ],
)
def test_scripts_that_only_set_variables_become_contexts(text: str, language: str, result: str, feel: str) -> None:
    assert translate.script(text, language, result=result).text == feel


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("import os", "python"),
        ("x = 1\nx = 2", "python"),
        ("d['a'] = 1", "python"),
        ("for i in x: pass", "python"),
        ("print(open('x'))", "python"),
        ("exec('1')", "python"),
        ("System.out.println(f(x));", "java"),
        ("x = 1; x = 2", "groovy"),
        ("service.call()", "groovy"),
        ("if (a) { b = 1 }", "javascript"),
        ("println(x = 3)", "groovy"),
    ],
)
def test_scripts_that_do_more_are_refused(text: str, language: str) -> None:
    with pytest.raises(NotCertain):
        translate.script(text, language)


def test_assignments_count_only_where_the_other_engine_keeps_them() -> None:
    with pytest.raises(NotCertain):
        translate.script("a = 1", "groovy", keeps_bindings=False)


def test_a_text_with_expressions_in_it_is_joined() -> None:
    given = translate.value("PT${hours}H")
    assert given is not None
    assert evaluate(given.text, {"hours": 4}, at=AT) == "PT4H"
    assert evaluate(given.text, {"hours": None}, at=AT) == "PTH"
    assert translate.value("plain text") is None


# What Python itself says about an expression, FEEL must say about its translation.
_NAMES = {
    "a": 3,
    "b": 0,
    "s": "done",
    "t": "",
    "yes": True,
    "no": False,
    "none": None,
    "l": [1, 2],
    "e": [],
    "d": {"k": 1},
}
_LEAVES = st.sampled_from(["yes", "no", "a > 2", "b > 2", "a == 3", "s == 'done'", "t != 'x'", "none is None", "1 in l",
                           "5 not in l", "'on' in s", "'k' in d", "len(l) == 2", "len(s) >= 4", "a + b * 2 == 3",
                           "(a - 5) % 4 == 2", "a // 2 == 1", "d['k'] == 1", "l[0] == 1", "l[-1] == 2", "1 < a < 5",
                           "s.upper() == 'DONE'", "s.startswith('do')", "a", "b", "s", "t", "none", "l"])  # fmt: skip
_LOGIC = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} and {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} or {pair[1]})"),
        inner.map(lambda one: f"(not {one})"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]} if {three[1]} else {three[2]})"),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(_LOGIC)
def test_python_and_its_translation_agree(text: str) -> None:
    said: Any = eval(text, {"__builtins__": {"len": len}}, dict(_NAMES))
    assert (evaluate(translate.condition(text, "python").text, _NAMES, at=AT) is True) == bool(said)


_TRUTHS = {"a": True, "b": False, "n": 3, "s": "x", "nothing": None, "l": [1], "e": []}
_JUEL = st.recursive(
    st.sampled_from([("a", True), ("b", False), ("nothing", False), ("n > 2", True), ("n == 4", False),
                     ("s eq 'x'", True),
                     ("empty e", True), ("empty l", False), ("empty nothing", True), ("s != nothing", True),
                     ("n % 2 == 1", True), ("l.size() == 1", True)]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: (f"({p[0][0]} && {p[1][0]})", p[0][1] and p[1][1])),
        st.tuples(inner, inner).map(lambda p: (f"({p[0][0]} or {p[1][0]})", p[0][1] or p[1][1])),
        inner.map(lambda p: (f"!({p[0]})", not p[1])),
        st.tuples(inner, inner, inner).map(
            lambda p: (f"({p[0][0]} ? {p[1][0]} : {p[2][0]})", p[1][1] if p[0][1] else p[2][1])
        ),
    ),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_JUEL)
def test_juel_and_its_translation_agree(pair: tuple[str, bool]) -> None:
    text, said = pair
    assert (evaluate(translate.condition(f"${{{text}}}").text, _TRUTHS, at=AT) is True) == said


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", "juel", "python", "groovy", "java", "javascript", "mvel", "feel"]))
def test_any_text_is_translated_or_refused(text: str, language: str) -> None:
    for way in (translate.condition, translate.script, translate.value):
        with suppress(NotCertain):
            way(text, language)
