"""Published escapes stay inside, and what would never end is stopped within the budget."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest

from engine.notation.expressions import ExpressionFailed, explain, put
from engine.notation.feel import sandbox, script
from tests.fuzz.escapes import FEEL, OVERRUNS_FEEL, OVERRUNS_SCRIPTS, SCRIPTS

AT = datetime(2026, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", SCRIPTS)
def test_no_script_gets_out(text: str) -> None:
    try:
        result = script.run(text, {"x": {"a": [1]}})
    except script.ScriptFailed as failed:
        result = {} if failed.said else {"escaped": "it ran out of time"}
    assert result.get("escaped", False) in (False, None)


@pytest.mark.parametrize("text", FEEL)
def test_no_expression_reaches_the_host(text: str) -> None:
    try:
        value = explain(text, {"x": {}}, at=AT).value
    except ExpressionFailed:
        return
    assert value in (None, False, [], {}, [None], 1) or value in ("b", "$constructor"), value


def test_nothing_that_was_tried_is_left_behind() -> None:
    """The interpreter lives on after each of them, and knows nothing of what they wrote into prototypes."""
    for text in FEEL:
        put([{"kind": "expression", "context": 0, "text": text}], [{"x": {}}], AT, UTC)
    assert explain("{}.polluted", {}, at=AT).value is None
    assert explain("[3, 1][item > 1]", {}, at=AT).value == [3]


@pytest.mark.parametrize("text", OVERRUNS_FEEL)
def test_an_expression_that_never_ends_is_stopped(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    began = time.process_time()
    with contextlib.suppress(ExpressionFailed):
        assert explain(text, {}, at=AT).value is None or text.startswith("2 **")
    assert time.process_time() - began < 8
    monkeypatch.undo()
    assert explain("1 + 1", {}, at=AT).value == 2


@pytest.mark.parametrize("text", OVERRUNS_SCRIPTS)
def test_a_script_that_never_ends_is_stopped(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    # The processor's time: the machine may be busy with something else meanwhile.
    began = time.process_time()
    with contextlib.suppress(script.ScriptFailed):
        assert script.run(text, {}) == {}
    assert time.process_time() - began < 8


def test_a_script_sees_its_input_frozen_and_gives_an_object() -> None:
    names = {"attempts": 2, "due": AT, "units": ["a"], "case": {"level": 3}}
    assert script.run("return {attempts: input.attempts + 1, level: input.case.level, due: input.due}", names) == {
        "attempts": 3, "level": 3, "due": "2026-05-05T00:00:00+00:00",
    }  # fmt: skip
    for text in ("input.attempts = 9; return {}", "input.case.level = 9; return {}", "input.units.push(1); return {}"):
        with pytest.raises(script.ScriptFailed, match="TypeError"):
            script.run(text, names)
    for text in ("return 5", "return [1]", "1 + 1", "return null", "return async () => 1"):
        with pytest.raises(script.ScriptFailed, match="no object"):
            script.run(text, names)
    assert script.problem("return {")
    assert script.problem("return {a: 1}") is None
    assert "execution" in (script.problem("execution.setVariable('x', 1); return {}") or "")
    assert "returned" in (script.problem("x = 1") or "")


def test_the_same_script_gives_the_same_answer() -> None:
    text = "let n = 0; for (const k of Object.keys(globalThis)) n += k.length; return {n, s: [3, 1, 2].sort()}"
    assert len({str(script.run(text, {})) for _ in range(3)}) == 1
