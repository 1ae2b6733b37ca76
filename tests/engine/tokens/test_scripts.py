"""Scripts in JavaScript: what they return becomes the case's, what goes wrong is an incident of that case."""

from __future__ import annotations

import pytest

from engine.notation.feel import sandbox
from engine.words.errors import CannotGoOn
from tests.engine.tokens import drawn as d
from tests.engine.tokens.play import Played


def process(text: str) -> str:
    script = d.script("x", text).replace('scriptFormat="feel"', 'scriptFormat="javascript"')
    return d.process(d.start(), d.task("u"), script, d.task("n"), d.end(), d.flows("s u x n e"))


def test_what_a_script_returns_becomes_variables() -> None:
    played = Played(process("return { twice: input.k * 2, day: typeof input.today, of: input.case.process };"))
    played.do("u", k=21)
    assert played.variables["twice"] == 42
    assert played.variables["day"] == "string"
    assert played.variables["of"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("return 5;", "no object"), ("return { a: input.k.x.y };", "TypeError"), ("while (true) {}", "too long")],
)
def test_a_script_that_fails_stops_the_case_with_a_sentence(
    text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.3)
    played = Played(process(text))
    with pytest.raises(CannotGoOn, match=said):
        played.do("u", k=1)
