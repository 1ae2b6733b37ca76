"""What is known of a case's variables from the drawing alone: names, types, and whether they are set in time."""

from __future__ import annotations

import pytest

from engine.notation.checks import check
from engine.notation.diagram import read
from engine.notation.variables.kinds import entries, fits, of_text, pairs
from engine.notation.variables.settled import Settled
from engine.notation.variables.sources import variables
from tests.engine.tokens import drawn as d

TYPES = {"t": "text", "n": "number", "day": "date", "at": "moment", "yes": "boolean", "long": "duration", "l": "list"}


@pytest.mark.parametrize(
    "text",
    [
        "t > 3",
        'n = "a"',
        "day + 3",
        "t + n",
        'yes = "true"',
        "day < now",
        "n and t > 1",
        "if yes then t - 1 else 2",
        'case.round = "2"',
        "clocks.rectify.due > 3",
        "t * n",
        "long + 1",
        "{ a: n + t }",
    ],
)
def test_what_never_goes_together(text: str) -> None:
    assert any(not fits(pair, TYPES) for pair in pairs(text))


@pytest.mark.parametrize(
    "text",
    [
        't = "a"',
        "n + 1 > 3",
        "day < today",
        "at - day",
        "at + long",
        "t = null",
        "unknown + t",
        'l = "a"',
        "n - 1",
        "count(l) > n",
        'l[item > "a"]',
        "some x in l satisfies x > t",
        "n * 2 + n",
        "long / long",
        "-n + 3",
        "t + t",
    ],
)
def test_what_may_go_together_is_left_alone(text: str) -> None:
    assert all(fits(pair, TYPES) for pair in pairs(text))


def test_the_type_of_an_expression() -> None:
    told = {
        text: of_text(text, TYPES) for text in ("n", "n + 1", "t", '"x"', "true", "[1]", "{ a: 1 }", "date(t)", "?")
    }
    assert list(told.values()) == ["number", "number", "text", "text", "boolean", "list", "context", "date", "any"]


def test_the_entries_of_a_context() -> None:
    text = '{ a: 1, "b": if a = 1 then "x, y: z" else f(1, 2), c: { d: 3, e: [4, 5] } }'
    assert dict(entries(text)) == {"a": "1", "b": 'if a = 1 then "x, y: z" else f(1, 2)', "c": "{ d: 3, e: [4, 5] }"}
    assert list(entries("a + 1")) == []


def test_what_is_set_on_every_way() -> None:
    one, two = d.script("one", "{ a: 1 }"), d.script("two", "{ b: 2 }")
    for kind, expected in (("exclusive", set()), ("parallel", {"a", "b"})):
        parts = [d.start(), one, two, d.gateway(kind, "split"), d.gateway(kind, "join"), d.task("t"), d.end()]
        diagram = read(d.xml(*parts, d.flows("s split one join t e", "split two join")).encode())
        assert Settled(diagram, variables(diagram, {}, frozenset())).before("t") == expected


def test_a_boundary_event_knows_what_its_task_began_with() -> None:
    inner = d.sub("u", d.start("s2"), d.script("one", "{ a: 1 }"), d.end("e2"), d.flows("s2 one e2"))
    late = d.boundary("b", "u", d.timer("PT1H"))
    diagram = read(
        d.xml(d.start(), inner, late, d.task("t"), d.task("v"), d.end(), d.flows("s u t e", "b v e")).encode()
    )
    settled = Settled(diagram, variables(diagram, {}, frozenset()))
    assert (settled.before("t"), settled.before("v")) == ({"a"}, set())


def test_a_name_that_a_message_may_bring_is_only_doubted() -> None:
    parts = [d.start(), d.script("one", "{ a: 1 }"), d.script("two", "{ b: zulu }"), d.end()]
    plain = d.xml(*parts, d.flows("s one two e")).encode()
    told = [f.severity for f in check(plain, {}) if f.law == "names_are_known"]
    asked = d.xml(*parts, d.catch("m", d.on("message", "news")), d.flows("s m one two e")).encode()
    doubted = [f.severity for f in check(asked, {}) if f.law == "names_are_known"]
    assert (told, doubted) == (["error"], ["warning"])


def test_a_member_of_a_list_is_known_inside_its_step_only() -> None:
    step = d.sub(
        "u", d.several(over="units"), d.start("s2"), d.script("one", "{ a: one }"), d.end("e2"), d.flows("s2 one e2")
    )
    given = d.script("first", "{ units: [1] }")
    after = d.script("after", "{ b: one }")
    drawn = d.xml(d.start(), given, step, after, d.end(), d.flows("s first u after e")).encode()
    assert [f.element for f in check(drawn, {}) if f.law == "names_are_known"] == ["after"]
