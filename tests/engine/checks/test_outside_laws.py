"""What the laws say of steps that programs outside do: right ones pass, each mistake is named."""

from __future__ import annotations

import pytest

from engine.notation.checks import check
from engine.words.errors import Finding
from tests.engine.breadth.outside import outside
from tests.engine.tokens import drawn as d


def findings(step: str, *more: str) -> list[Finding]:
    told = d.xml(d.start(), step, d.end(), d.flows("s ask e"), *more)
    about = {"topics_are_known", "nothing_is_ignored", "errors_are_caught", "messages_have_names", "names_are_known",
             "expressions_are_feel"}  # fmt: skip
    return [finding for finding in check(told.encode(), {}) if finding.law in about]


@pytest.mark.parametrize(
    "step",
    [
        outside("ask", "permits.lookup"),
        outside("ask", "permits.lookup", "in =case.number x", "out y b", "out =answer.y+z c", retries="0"),
        outside("ask", "permits.lookup", "out *", retries="=case.round", backoff="PT10S, PT1M, PT1H"),
        outside("ask", "tell", "in =case.number x", kind="sendTask"),
        outside("ask", "http", "out status status", url="https://permits.example.org/", method="POST", retries="5"),
        outside("ask", "mail", to="a@example.org", subject="x", text="y", kind="sendTask"),
    ],
)
def test_what_is_right_passes(step: str) -> None:
    assert findings(step) == []


@pytest.mark.parametrize(
    ("step", "severity", "said"),
    [
        (outside("ask", "permits", worker="extern"), "error", "worker = external"),
        (outside("ask", "notify"), "error", "one of Bihuan's own"),
        (outside("ask", "notify", kind="sendTask"), "error", "one of Bihuan's own"),
        (outside("ask", "=topic"), "error", "fixed name"),
        (outside("ask", "permits", retries="often"), "error", "no whole number"),
        (outside("ask", "permits", backoff="a while"), "error", "at most a day"),
        (outside("ask", "permits", backoff="P2D"), "error", "at most a day"),
        (outside("ask", "permits", "in x x"), "warning", "nothing in the diagram gives"),
        (outside("ask", "permits", "out =1+ b"), "error", "cannot be read"),
        (outside("ask", "permits", "in =stranger x"), "warning", "stranger"),
        (outside("ask", "http", "in =1 x", url="http://a/"), "warning", "camunda:in"),
        (outside("ask", "http"), "error", '"url"'),
        (outside("ask", "http", url="http://a/", method="STEAL"), "error", "STEAL"),
        (outside("ask", "mail", to="a@example.org"), "error", '"subject"'),
        (outside("ask", "permits", retrys="3"), "warning", "retrys"),
    ],
)
def test_what_is_wrong_is_named(step: str, severity: str, said: str) -> None:
    found = findings(step)
    assert any(one.severity == severity and said in one.en for one in found), found
    assert all(one.element == "ask" and one.zh != one.en for one in found)


def test_an_error_by_name_is_caught_on_a_step_done_outside_only() -> None:
    border = d.boundary("b", "ask", d.on("error", "refused")) + d.end("he") + d.flows("b he")
    assert findings(outside("ask", "permits"), border) == []
    (found,) = findings(d.el("serviceTask", "ask", d.properties(name="x"), camunda_type="external",
                             camunda_topic="counter.add"), border)  # fmt: skip
    assert (found.law, found.element) == ("errors_are_caught", "b")
