"""A decision that rests on others leaves a fact for each of them, in the order they were taken."""

from __future__ import annotations

from typing import Any

import pytest

from engine.notation import decisions, library
from engine.words import facts as f
from tests.engine.test_decisions import decision, file, literal, needs, table
from tests.engine.tokens import drawn as d
from tests.engine.tokens import play
from tests.engine.tokens.play import Played


def test_every_decision_taken_is_a_fact_with_its_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    read = decisions.read(
        file(
            decision(table([["< 3", '"low"'], [">= 3", '"high"']], inputs=("harm",)), id="risk", name="risk"),
            decision(literal('if risk = "high" then 1 else 2'), requires=needs("risk")),
        )
    )
    plain = play.Published

    def published(number: int, diagram: Any, _: Any, specs: Any) -> library.Published:
        return plain(number, diagram, dict.fromkeys(read.ids, read), specs)

    monkeypatch.setattr(play, "Published", published)
    asked = d.el("businessRuleTask", "x", **{"camunda:decisionRef": "triage", "camunda:resultVariable": "level"})
    played = Played(d.process(d.start(), d.task("u"), asked, d.task("n"), d.end(), d.flows("s u x n e")))
    played.do("u", harm=5)
    made = [fact for fact in played.facts if isinstance(fact, f.DecisionMade)]
    assert [(fact.decision, fact.inputs, fact.rules, fact.outcome) for fact in made] == [
        ("risk", {"harm": 5}, ["r2"], "high"),
        ("triage", {"risk": "high"}, [], 1),
    ]
    assert played.variables["level"] == 1
